package cmd

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/lab"
)

// variable is one variable of the environment.
type variable struct{ name, value string }

// syntax is how a shell is told about its environment.
type syntax struct {
	name   string
	suffix string // of a file with such lines
	set    string // with the name and the quoted value
	unset  string // with the name
	quote  func(string) string
}

func syntaxes() []syntax {
	return []syntax{
		{"posix", ".sh", "export %s=%s\n", "unset %s\n", shellescape.Quote},
		{"fish", ".fish", "set -gx %s %s\n", "set -e %s\n", func(s string) string {
			return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
		}},
		{"powershell", ".ps1", "$env:%s = %s\n", "Remove-Item Env:%s -ErrorAction Ignore\n", func(s string) string {
			return "'" + strings.ReplaceAll(s, "'", "''") + "'"
		}},
	}
}

// syntaxOf finds the syntax of a shell; posix for no name.
func syntaxOf(shell string) (syntax, error) {
	var names []string
	for _, s := range syntaxes() {
		if s.name == cmp.Or(shell, "posix") {
			return s, nil
		}
		names = append(names, s.name)
	}
	return syntax{}, failure.Usagef("--shell %s: there is no such shell%s (there are: %s)", shell, lab.DidYouMean(shell, names),
		strings.Join(names, ", "))
}

// export writes the lines that set variables.
func (s syntax) export(set []variable) string {
	var b strings.Builder
	for _, v := range set {
		fmt.Fprintf(&b, s.set, v.name, s.quote(v.value))
	}
	return b.String()
}

// clear writes the lines that take variables away.
func (s syntax) clear(names []string) string {
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, s.unset, name)
	}
	return b.String()
}

// syntaxFor is how a shell is told about its environment.
func syntaxFor(shell string) syntax {
	all := syntaxes()
	switch strings.TrimSuffix(filepath.Base(shell), ".exe") {
	case "fish":
		return all[1]
	case "pwsh", "powershell", "cmd":
		return all[2]
	}
	return all[0]
}
