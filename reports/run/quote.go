package run

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"al.essio.dev/pkg/shellescape"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// quoteFix words a fix for the report: commands quoted for a POSIX shell. A command with a name that cannot be typed
// or read safely is withheld, with all that would follow it; the path in the console is still there.
func quoteFix(f checks.Fix) reports.Fix {
	fix := reports.Fix{Console: f.Console, ConsoleOnly: f.ConsoleOnly, Simulate: f.Simulate, Commands: []string{}}
	for _, c := range f.Commands {
		if !readable(c.Args) || !readable(c.PipedTo) {
			return reports.Fix{Console: f.Console, Commands: []string{}, Withheld: true}
		}
		line := shellescape.QuoteCommand(c.Args)
		if len(c.PipedTo) > 0 {
			line += " | " + shellescape.QuoteCommand(c.PipedTo)
		}
		fix.Commands = append(fix.Commands, line)
	}
	return fix
}

// readable says whether arguments show on a screen as they are: no control characters, no marks that turn the
// direction of writing or show nothing, and none that the AWS CLI would read as the name of a file to load.
func readable(args []string) bool {
	for _, arg := range args {
		if !utf8.ValidString(arg) || strings.ContainsFunc(arg, unprintable) ||
			strings.HasPrefix(arg, "file://") || strings.HasPrefix(arg, "fileb://") {
			return false
		}
	}
	return true
}

func unprintable(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }
