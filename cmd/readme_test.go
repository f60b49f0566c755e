package cmd

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/standard"
)

// Every picture in the README is a real run: its lines are lines of the output, in order, and every jump between them is
// marked.
func TestReadmePictures(t *testing.T) {
	shown := regexp.MustCompile("(?s)<!-- picture: labcheck (.*?) \\(.*?\n```text\n(.*?)```").FindAllStringSubmatch(readme(t), -1)
	require.Len(t, shown, 2)
	t.Chdir(t.TempDir())
	for _, picture := range shown {
		t.Run(picture[1], func(t *testing.T) {
			env, stdout, stderr := inProcess(t.Context(), strings.Fields(picture[1])...)
			env.Program = "./labcheck"
			Main(env, standard.Checks()...)
			output := lines(stdout.Bytes())
			next := 0
			for part := range strings.SplitSeq(picture[2], "\n…\n") {
				part := lines([]byte(part))
				at := next
				for at+len(part) <= len(output) && !slices.Equal(output[at:at+len(part)], part) {
					at++
				}
				require.LessOrEqual(t, at+len(part), len(output), "the README shows what a run does not print:\n%s\n%s",
					strings.Join(part, "\n"), stderr)
				next = at + len(part)
			}
			assert.Greater(t, next, 20, "the README shows the run")
		})
	}
}

// Every command in the README is one that the program takes: its name, its flags and the number of its arguments.
func TestReadmeCommands(t *testing.T) {
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	text := strings.ReplaceAll(readme(t), "\\\n", " ")
	typed := regexp.MustCompile("(?m)(?:^|`|&& )(?:\\.\\./|\\./)?labcheck ([^#`\n]+)").FindAllStringSubmatch(text, -1)
	require.Greater(t, len(typed), 30)
	for _, line := range typed {
		root := (newApp(Env{Context: t.Context(), Program: "labcheck", Stdout: io.Discard, Stderr: io.Discard}, registry)).root()
		doNothing(root)
		var args []string
		for _, word := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line[1], -1) {
			args = append(args, strings.Trim(word, `"`))
		}
		root.SetArgs(args)
		root.SetOut(io.Discard)
		root.SetErr(io.Discard)
		assert.NoError(t, root.Execute(), line[0])
	}
}

// doNothing has the commands read their flags and no more.
func doNothing(c *cobra.Command) {
	if c.RunE != nil {
		c.RunE = func(*cobra.Command, []string) error { return nil }
	}
	for _, sub := range c.Commands() {
		doNothing(sub)
	}
}

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

func lines(text []byte) []string {
	return strings.Split(strings.TrimRight(string(bytes.ReplaceAll(text, []byte("\r"), nil)), "\n"), "\n")
}
