package reports

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/labcheck/labcheck/checks"
)

// bare is a word that means itself in PowerShell. There a comma makes a list, and an option with a full stop or a
// colon in it becomes two words.
var bare = regexp.MustCompile(`^(?:[A-Za-z0-9_./\\:=+][A-Za-z0-9_./\\:=+-]*|--?[A-Za-z0-9_][A-Za-z0-9_=-]*)$`)

// singleQuotes are what PowerShell takes for a single quotation mark, a typographic one too. Two of them in a text are
// the second one.
var singleQuotes = strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛")

// powerShellText writes a text in which nothing has a meaning of its own.
func powerShellText(text string) string { return "'" + singleQuotes.Replace(text) + "'" }

// powerShellLine writes a command so that Windows PowerShell 5.1 and PowerShell 7 give programs the same arguments.
// Of a quotation mark in an argument, and of an argument without a character, they make different things since 7.3,
// unless a variable asks for the old way. It is set in a block of its own: outside nothing changes.
// https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_parsing
func powerShellLine(c checks.Command) (line string, ok bool) {
	line, oldWay, ok := powerShellWords(c.Args, "")
	if ok && len(c.PipedTo) > 0 {
		var (
			piped  string
			old    bool
			target = c.PipedTo
		)
		if len(target) > 3 && target[0] == "xargs" && target[1] == "-I" {
			piped, old, ok = powerShellWords(target[3:], target[2])
			piped = "ForEach-Object { " + piped + " }"
		} else {
			piped, old, ok = powerShellWords(target, "")
		}
		line, oldWay = line+" | "+piped, oldWay || old
	}
	if oldWay {
		line = "& { $PSNativeCommandArgumentPassing = 'Legacy'; " + line + " }"
	}
	return line, ok
}

// powerShellWords writes a program with its arguments, of which one may stand for what comes through the pipe. oldWay
// says that they are written for the old way of giving arguments to a program.
func powerShellWords(args []string, piped string) (line string, oldWay, ok bool) {
	words := make([]string, len(args))
	for i, arg := range args {
		switch {
		case piped != "" && arg == piped:
			words[i] = "$_"
			continue
		case piped != "" && strings.Contains(arg, piped):
			return "", false, false
		case i > 0 && arg == "":
			arg, oldWay = `""`, true
		case arg == checks.PipedInput:
			return "", false, false
		case i > 0 && strings.Contains(arg, `"`):
			arg, oldWay = escapedQuotes(arg), true
		}
		if !survives(arg) {
			return "", false, false
		}
		words[i] = PowerShell.Quote(arg)
	}
	if words[0] != args[0] {
		words[0] = "& " + words[0]
	}
	return strings.Join(words, " "), oldWay, true
}

// escapedQuotes writes the quotation marks of an argument as programs on Windows read them: behind a backslash, and the
// backslashes before them twice.
func escapedQuotes(arg string) string {
	var b strings.Builder
	slashes := 0 // right before this place
	for _, r := range arg {
		switch r {
		case '\\':
			slashes++
		case '"':
			b.WriteString(strings.Repeat(`\`, slashes+1))
			slashes = 0
		default:
			slashes = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// survives says whether the old way keeps an argument with a blank in it together. 5.1 puts it between quotation marks
// only for a blank after an even number of such marks, and does not see a backslash before its own.
func survives(arg string) bool {
	marks, blank, kept := 0, false, false
	for _, r := range arg {
		switch {
		case r == '"':
			marks++
		case unicode.IsSpace(r):
			blank, kept = true, kept || marks%2 == 0
		}
	}
	return !blank || kept && !strings.HasSuffix(arg, `\`)
}
