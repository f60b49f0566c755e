package run

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labcheck/labcheck/checks"
)

// withhold leaves the commands out of a fix if a name in one of them cannot be typed or read safely: what is left of a
// sequence might do harm. The path in the console is still there.
func withhold(f checks.Fix) checks.Fix {
	for _, c := range f.Commands {
		if !readable(c.Args) || !readable(c.PipedTo) {
			return checks.Fix{Console: f.Console, Withheld: true}
		}
	}
	return f
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
