package cmd

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// typed pastes commands into a shell in which every program only says how it was called, and returns what was called. A
// command that does anything else fails the test: there is no program, and nothing may be written.
func typed(t *testing.T, sh string, commands []string) [][]string {
	t.Helper()
	const record = `() { printf '%s\0' "$#" "$@" >&3; }` + "\n"
	var script strings.Builder
	for _, program := range []string{"aws", "docker", "git", "labcheck", "xargs"} {
		script.WriteString(program + `() { called ` + program + ` "$@"; }` + "\n")
	}
	script.WriteString("called" + record + strings.Join(commands, "\n") + "\n")

	folder := t.TempDir()
	called, err := os.CreateTemp(t.TempDir(), "called")
	require.NoError(t, err)
	defer called.Close()
	shell := exec.Command(sh, "-eu")
	shell.Dir, shell.Env = folder, []string{"PATH=" + folder}
	shell.Stdin = strings.NewReader(script.String())
	shell.ExtraFiles = []*os.File{called}
	said, err := shell.CombinedOutput()
	require.NoError(t, err, "%s\n%s", script.String(), said)
	require.Empty(t, string(said), script.String())
	require.Empty(t, names(t, folder), "something was written by\n%s", script.String())

	data, err := os.ReadFile(called.Name())
	require.NoError(t, err)
	words := strings.Split(string(bytes.TrimSuffix(data, []byte{0})), "\x00")
	var calls [][]string
	for len(words) > 1 {
		n, err := strconv.Atoi(words[0])
		require.NoError(t, err)
		calls = append(calls, words[1:1+n])
		words = words[1+n:]
	}
	return calls
}
