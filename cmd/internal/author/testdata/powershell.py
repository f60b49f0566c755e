"""What PowerShell gives to programs, told without PowerShell: of each line on standard input the commands in it, as
Windows PowerShell 5.1 and PowerShell 7 start them. tree-sitter reads the line, and mslex reads a command line as
programs on Windows do. How an argument is put into a command line is from PowerShell's NativeCommandParameterBinder.
"""

import json
import sys

import mslex
import tree_sitter_pwsh
from tree_sitter import Language, Parser

SINGLE = "'\u2018\u2019\u201a\u201b"  # each begins and ends a text, and two of them in it are the second one
OLD_WAY = "$PSNativeCommandArgumentPassing = 'Legacy'"

parser = Parser(Language(tree_sitter_pwsh.language()))


def text(node):
    return node.text.decode()


def only(node):
    """Goes down while there is one child."""
    while len(node.children) == 1:
        node = node.children[0]
    return node


def literal(quoted):
    assert quoted[0] in SINGLE and quoted[-1] in SINGLE, quoted
    inner, said = quoted[1:-1], ""
    while inner:
        if inner[0] in SINGLE:
            assert len(inner) > 1 and inner[1] in SINGLE, "a text ends within " + quoted
            inner = inner[1:]
        said, inner = said + inner[0], inner[1:]
    return said


def word(node):
    node = only(node)
    if node.type == "verbatim_string_characters":
        return literal(text(node))
    if node.type == "$_":
        return text(node)
    assert node.type in ("generic_token", "command_parameter", "command_name", "decimal_integer_literal"), node.type
    assert not set(text(node)) & set("'\"`$,;|&(){}<>@# "), text(node)
    return text(node)


def statements(node):
    """The statements of a script or of a block."""
    found = []
    for child in node.children:
        if child.type == "pipeline":
            found.append(child)
        else:
            found += statements(child)
    return found


def commands(pipeline):
    """The commands of a pipeline, those of ForEach-Object in their turn, and whether the old way is asked for."""
    list, old = [], False
    for command in pipeline.children[0].children:
        if command.type == "|":
            continue
        assert command.type == "command", command.type
        parts = [c for c in command.children if c.type != "command_invocation_operator"]
        block = parts[0].children[0] if parts[0].type == "command_name_expr" else None
        if block is not None and block.type == "script_block_expression":
            first, second = statements(block)
            assert text(first) == OLD_WAY and len(parts) == 1, text(command)
            return commands(second)[0], True
        elements = [c for c in (parts[1].children if len(parts) > 1 else []) if c.type != "command_argument_sep"]
        if text(parts[0]) == "ForEach-Object":
            (inner,) = statements(elements[0])
            list += commands(inner)[0]
            continue
        list.append([word(parts[0])] + [word(e) for e in elements])
    return list, old


def command_line(args, version):
    """The old way: 5.1 counts every quotation mark, 7 none behind a backslash."""
    line = []
    for arg in args:
        marks, quote, before = 0, False, ""
        for c in arg:
            if c == '"' and (version == 5 or before != "\\"):
                marks += 1
            quote = quote or c.isspace() and marks % 2 == 0
            before = c
        if quote:
            arg = '"' + arg + (arg[len(arg.rstrip("\\")):] if version == 7 else "") + '"'
        line.append(arg)
    return " ".join(line)


def started(args, version, old):
    """The arguments with which a program is started."""
    if version == 7 and not old:
        return args
    return [args[0]] + mslex.split(command_line(args[1:], version), like_cmd=False)


answers = []
for line in json.load(sys.stdin):
    tree = parser.parse(line.encode())
    assert not tree.root_node.has_error, line
    pipelines = statements(tree.root_node)
    if text(pipelines[0]).startswith("$env:"):
        answers.append({"set": [text(p) for p in pipelines]})
        continue
    (pipeline,) = pipelines
    found, old = commands(pipeline)
    answers.append({str(v): [started(args, v, old) for args in found] for v in (5, 7)})
json.dump(answers, sys.stdout)
