package checks_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
)

// What a run writes is read back as the same arguments, whatever a stranger called a thing.
func TestCommandsAreReadBack(t *testing.T) {
	for text, c := range map[string]checks.Command{
		"":                                    {},
		"aws sts get-caller-identity":         checks.Sh("aws", "sts", "get-caller-identity"),
		"aws fix --name ''":                   checks.Sh("aws", "fix", "--name", ""),
		"aws fix --name 'two words'":          checks.Sh("aws", "fix", "--name", "two words"),
		"aws fix --name '$(rm -rf ~)'":        checks.Sh("aws", "fix", "--name", "$(rm -rf ~)"),
		"aws fix --name '`id` \\ $HOME #1'":   checks.Sh("aws", "fix", "--name", "`id` \\ $HOME #1"),
		`aws fix --name 'it'"'"'s "x"'`:       checks.Sh("aws", "fix", "--name", `it's "x"`),
		"aws fix --name 'a|b;c&d>e<f*?~{}()'": checks.Sh("aws", "fix", "--name", "a|b;c&d>e<f*?~{}()"),
		"export 'NAME=日本'":                    checks.Sh("export", "NAME=日本"),
		"aws get-token | docker login 'a b'": {
			Args: []string{"aws", "get-token"}, PipedTo: []string{"docker", "login", "a b"},
		},
		"echo '日本' | xargs -I ID aws use ID": {
			Args: []string{"echo", "日本"}, PipedTo: []string{"xargs", "-I", "ID", "aws", "use", "ID"},
		},
	} {
		assert.Equal(t, text, c.String())
		assert.Equal(t, c, checks.ReadCommand(text), text)
	}
}

// A text that is not in the form that is written may come from a report that somebody edited. It is kept to the byte:
// not run, not completed, not made into another command.
func TestOtherTextsAreKept(t *testing.T) {
	for _, text := range []string{
		" ", "aws  two-blanks", "aws trailing ", "aws 'unclosed", `aws "double quotes"`, `aws back\slash`, "aws $HOME",
		"aws `id`", "aws $(id)", "a; b", "a && b", "a > file", "2> file", "a | b | c", "| a", "a |", "a|b", "# comment",
		"line\nbreak", "\x1b[31mred", "a\xffb", "export NAME=日本", "(a)", "~", "*",
	} {
		c := checks.ReadCommand(text)
		assert.Equal(t, text, c.String())
		assert.Empty(t, c.Args, text)
		assert.Empty(t, c.PipedTo, text)
	}
}

func FuzzCommandText(f *testing.F) {
	f.Add("aws 'a b' | docker \"x\"", "aws", "it's")
	f.Fuzz(func(t *testing.T, text, program, name string) {
		assert.Equal(t, text, checks.ReadCommand(text).String())
		c := checks.Command{Args: []string{program, name}, PipedTo: []string{name, program}}
		back := checks.ReadCommand(c.String())
		assert.Equal(t, c.String(), back.String())
		if back.Args != nil {
			assert.Equal(t, c, back)
		}
	})
}

func TestFixAsJSON(t *testing.T) {
	fix := checks.Fix{
		Commands: []checks.Command{checks.Sh("aws", "fix", "two words"), checks.ReadCommand("aws $HOME")}, Console: "here",
	}
	data, err := json.Marshal(fix)
	require.NoError(t, err)
	assert.JSONEq(t, `{"commands":["aws fix 'two words'","aws $HOME"],"console":"here","consoleOnly":false}`, string(data))
	var back checks.Fix
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, fix, back)
}
