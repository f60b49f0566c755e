package reports

import (
	"regexp"
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"github.com/labcheck/labcheck/checks"
)

// Shell is whose quoting and whose words for the environment a printed command has. The zero value is POSIX.
type Shell string

// The shells.
const (
	POSIX      Shell = "posix" // sh, bash, zsh and their kin
	Fish       Shell = "fish"
	PowerShell Shell = "powershell" // 5.1 and 7
)

// Shells are all of them; the first one is that of most people.
func Shells() []Shell { return []Shell{POSIX, Fish, PowerShell} }

// ShellOf is the shell that a program is, such as "/usr/bin/fish"; POSIX for one that is not known.
func ShellOf(program string) Shell {
	program = strings.TrimSuffix(program[strings.LastIndexAny(program, `/\`)+1:], ".exe")
	switch program {
	case "fish":
		return Fish
	case "pwsh", "powershell", "cmd":
		return PowerShell
	}
	return POSIX
}

// Continued is what ends a line that goes on in the next one.
func (s Shell) Continued() string {
	if s == PowerShell {
		return "`"
	}
	return `\`
}

// bare is a word that means itself in PowerShell. There a comma makes a list, and an option with a full stop or a
// colon in it becomes two words.
var bare = regexp.MustCompile(`^(?:[A-Za-z0-9_./\\:=+][A-Za-z0-9_./\\:=+-]*|-[A-Za-z0-9_=+-]*)$`)

// Quote writes a word so that the shell takes it as it is.
func (s Shell) Quote(word string) string {
	switch {
	case s == PowerShell && bare.MatchString(word):
		return word
	case s == PowerShell:
		return "'" + strings.ReplaceAll(word, "'", "''") + "'"
	case s == Fish && shellescape.Quote(word) != word:
		return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(word) + "'"
	}
	return shellescape.Quote(word)
}

// Set is the line that sets a variable of the environment.
func (s Shell) Set(name, value string) string {
	switch s {
	case Fish:
		return "set -gx " + name + " " + s.Quote(value)
	case PowerShell:
		return "$env:" + name + " = '" + strings.ReplaceAll(value, "'", "''") + "'"
	default:
		return "export " + name + "=" + s.Quote(value)
	}
}

// Unset is the line that takes variables out of the environment.
func (s Shell) Unset(names ...string) string {
	switch s {
	case Fish:
		return "set -e " + strings.Join(names, " ")
	case PowerShell:
		return "Remove-Item Env:" + strings.Join(names, ", Env:") + " -ErrorAction Ignore"
	default:
		return "unset " + strings.Join(names, " ")
	}
}

// Command is a command as this shell takes it; not ok where there is no safe way to write it. A text that is not a
// Command's is a POSIX shell's: it is given as it is.
func (s Shell) Command(c checks.Command) (line string, ok bool) {
	if len(c.Args) == 0 || s == POSIX || s == "" {
		return c.String(), true
	}
	switch {
	case c.Args[0] == "unset" && allNames(c.Args[1:]):
		return s.Unset(c.Args[1:]...), true
	case c.Args[0] == "export" && len(c.Args) == 2:
		if name, value, found := strings.Cut(c.Args[1], "="); found && allNames([]string{name}) {
			return s.Set(name, value), true
		}
	}
	line, ok = s.words(c.Args)
	if len(c.PipedTo) > 0 && ok {
		var piped string
		piped, ok = s.words(c.PipedTo)
		line += " | " + piped
	}
	return line, ok
}

// variableName is what names a variable of the environment.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func allNames(words []string) bool {
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !variableName.MatchString(w) })
}

// words writes a program with its arguments.
func (s Shell) words(args []string) (line string, ok bool) {
	quoted := make([]string, len(args))
	for i, arg := range args {
		if s == PowerShell && i > 0 && strings.Contains(arg, `"`) {
			raw, ok := afterStop(args[i:])
			return strings.Join(append(quoted[:i], raw), " "), ok
		}
		quoted[i] = s.Quote(arg)
	}
	if s == PowerShell && quoted[0] != args[0] {
		quoted[0] = "& " + quoted[0]
	}
	return strings.Join(quoted, " "), true
}

// afterStop writes arguments behind --%, after which PowerShell gives the line to the program as it is: of a quotation
// mark in an argument its versions make different things. There the program's own rules hold, those of Windows, and a
// per cent sign and a bar still mean something.
// https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_parsing
func afterStop(args []string) (line string, ok bool) {
	written := []string{"--%"}
	for _, arg := range args {
		if strings.ContainsAny(arg, "%|") {
			return "", false
		}
		if arg != "" && !strings.ContainsAny(arg, " \t\"&<>^()") {
			written = append(written, arg)
			continue
		}
		var b strings.Builder
		slashes := 0 // before this place: they mean themselves unless a quotation mark follows
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
		written = append(written, `"`+b.String()+strings.Repeat(`\`, slashes)+`"`)
	}
	return strings.Join(written, " "), true
}
