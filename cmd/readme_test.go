package cmd

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/standard"
)

// The picture in the README is a real run: its lines are lines of the output, in order, and every jump between them is
// marked.
func TestReadmePicture(t *testing.T) {
	want := picture(t)
	t.Chdir(t.TempDir())
	env, stdout, _ := inProcess(t.Context(), "module-1.2", "--sandbox")
	env.Program = "./labcheck"
	require.Equal(t, exitNotPassed, Main(env, standard.Checks()...))
	output := lines(stdout.Bytes())

	next := 0
	for _, part := range want {
		at := next
		for at+len(part) <= len(output) && !slices.Equal(output[at:at+len(part)], part) {
			at++
		}
		require.LessOrEqual(t, at+len(part), len(output), "the README shows what a run does not print:\n%s",
			strings.Join(part, "\n"))
		next = at + len(part)
	}
	assert.Greater(t, next, 20, "the README shows the run")
}

// picture is what the README shows, in parts between which lines are left out.
func picture(t *testing.T) [][]string {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, after, found := strings.Cut(string(readme), "```text\n")
	require.True(t, found)
	block, _, _ := strings.Cut(after, "```")
	var parts [][]string
	for _, part := range strings.Split(block, "\n…\n") {
		parts = append(parts, lines([]byte(part)))
	}
	return parts
}

func lines(text []byte) []string {
	return strings.Split(strings.TrimRight(string(bytes.ReplaceAll(text, []byte("\r"), nil)), "\n"), "\n")
}
