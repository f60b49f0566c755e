package declared

import (
	"slices"
	"strings"

	"github.com/mattn/go-shellwords"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared/strict"
)

// A remedy is how an expectation is put right, before the names in it are filled in.
type remedy struct {
	commands [][]template // the words of each command
	console  template
}

func (r remedy) isEmpty() bool { return len(r.commands) == 0 && r.console.text == "" }

// remedy reads commands and a console path.
func (l *loader) remedy(fix []strict.Text, console strict.Text, in scope) remedy {
	r := remedy{console: l.template(console, in)}
	for _, line := range fix {
		words, err := splitCommand(line.Text)
		switch {
		case err != "":
			l.At(line.At, "%s", err)
			continue
		case strings.Contains(words[0], "$"):
			l.At(line.At, "a fix begins with a program, such as aws")
			continue
		}
		var command []template
		for _, word := range words {
			command = append(command, l.template(strict.Text{At: line.At, Text: word}, in))
		}
		r.commands = append(r.commands, command)
	}
	return r
}

// splitCommand splits a command into words as a POSIX shell does. The second result says what is wrong with it.
func splitCommand(line string) ([]string, string) {
	var p shellwords.Parser // which expands nothing
	words, err := p.Parse(line)
	switch {
	case err != nil:
		return nil, "the command cannot be split into words: is a quote not closed?"
	case p.Position >= 0 || strings.ContainsAny(line, "`\n"):
		return nil, "a fix is one command: no pipe, no redirection, no second command"
	case len(words) == 0:
		return nil, "the command is empty"
	}
	return words, ""
}

// A step is a remedy with everything filled in.
type step struct {
	commands []checks.Command
	withheld bool
	console  string
}

// filledIn fills in a remedy for a finding. What cannot be filled in safely is left out, and so is what lacks a value.
func (r remedy) filledIn(e *environment, element any) step {
	e.element = element
	defer func() { e.element = nil }()
	s := step{console: e.words(r.console)}
	for _, command := range r.commands {
		args, safe, ok := e.command(command)
		switch {
		case !ok:
		case !safe:
			s.withheld = true
		default:
			s.commands = append(s.commands, checks.Sh(args...))
		}
	}
	if s.withheld { // a part of what is to be done is no fix
		s.commands = nil
	}
	return s
}

// notFetched are the options whose value the AWS CLI takes as it is, also where it looks like an address.
var notFetched = []string{"--queue-url", "--template-url", "--url"}

// command fills in a command. It is not safe where a value would be taken for something else than a value; ok is false
// where a value is missing.
func (e *environment) command(words []template) (args []string, safe, ok bool) {
	safe = true
	for i, word := range words {
		if word.isWhole() {
			v, err := e.value(word.segments[0])
			if err != nil {
				return nil, safe, false
			}
			if list, isList := v.([]string); isList {
				for _, item := range list {
					safe = safe && isSafe(item, "", "")
					args = append(args, item)
				}
				continue
			}
		}
		option := ""
		if i > 0 {
			option = words[i-1].text
		}
		var before strings.Builder
		for _, s := range word.segments {
			v, err := e.value(s)
			if err != nil {
				return nil, safe, false
			}
			text := wordOf(v)
			if s.kind != isLiteral {
				safe = safe && isSafe(text, before.String(), option)
			}
			before.WriteString(text)
		}
		args = append(args, before.String())
	}
	return args, safe, true
}

// isSafe says whether a value is taken for a value in a word, behind what stands before it there.
func isSafe(value, before, option string) bool {
	if strings.ContainsFunc(value, strict.IsControl) || strings.ContainsAny(value, "\n\t") {
		return false
	}
	if name, _, ok := strings.Cut(before, "="); ok && before == name+"=" && strings.HasPrefix(name, "--") {
		option, before = name, "" // --name=VALUE
	} else if before == "" && strings.HasPrefix(value, "-") {
		return false
	}
	if before == "" && !slices.Contains(notFetched, option) {
		for _, prefix := range []string{"file://", "fileb://", "http://", "https://"} {
			if strings.HasPrefix(strings.ToLower(value), prefix) {
				return false
			}
		}
	}
	if strings.HasPrefix(before, "{") || strings.HasPrefix(before, "[") { // inside JSON
		return !strings.ContainsAny(value, `"\`)
	}
	if strings.Contains(before, "=") { // in shorthand: Key=…
		return !strings.ContainsAny(value, ",={}[]\"'")
	}
	return true
}

// fixOf joins the steps of all findings that are not met, each command once.
func fixOf(steps []step) checks.Fix {
	var fix checks.Fix
	var paths []string
	withheld := false
	for _, s := range steps {
		withheld = withheld || s.withheld
		for _, c := range s.commands {
			if !slices.ContainsFunc(fix.Commands, func(other checks.Command) bool { return other.String() == c.String() }) {
				fix.Commands = append(fix.Commands, c)
			}
		}
		if s.console != "" && !slices.Contains(paths, s.console) {
			paths = append(paths, s.console)
		}
	}
	const most = 10
	if len(fix.Commands) > most {
		fix.Commands = fix.Commands[:most]
	}
	fix.Console = strings.Join(paths[:min(len(paths), 3)], "; ")
	if withheld {
		fix.Commands, fix.Withheld = nil, true
	}
	fix.ConsoleOnly = len(fix.Commands) == 0 && !fix.Withheld && fix.Console != ""
	return fix
}
