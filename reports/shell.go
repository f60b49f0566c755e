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
	PowerShell Shell = "powershell" // Windows PowerShell 5.1 and PowerShell 7 alike
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

// Quote writes a word so that the shell takes it as it is.
func (s Shell) Quote(word string) string {
	switch {
	case s == PowerShell && bare.MatchString(word):
		return word
	case s == PowerShell:
		return powerShellText(word)
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
		return "$env:" + name + " = " + powerShellText(value)
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
		return "$env:" + strings.Join(names, " = $null; $env:") + " = $null"
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
	if s == PowerShell {
		return powerShellLine(c)
	}
	line = s.words(c.Args)
	if len(c.PipedTo) > 0 {
		line += " | " + s.words(c.PipedTo)
	}
	return line, true
}

// variableName is what names a variable of the environment.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func allNames(words []string) bool {
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !variableName.MatchString(w) })
}

// words writes a program with its arguments.
func (s Shell) words(args []string) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		quoted[i] = s.Quote(arg)
	}
	return strings.Join(quoted, " ")
}
