//go:build conformance

package conformance

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// terminal is a student's terminal. It is one shell: what is exported in it stays.
type terminal struct {
	*student
	shell io.Writer      // what is typed
	ended *bufio.Scanner // the exit code of each command
	// key is the access key that was shown last, as aws configure asks for it.
	key accessKey
}

// accessKey is what aws iam create-access-key shows.
type accessKey struct {
	ID     string `json:"AccessKeyId"`
	Secret string `json:"SecretAccessKey"`
}

// opens a terminal in which "labcheck sandbox shell" was typed, on a machine of its own.
func (j *judge) opens(t *testing.T, flags ...string) *terminal {
	t.Helper()
	s := newStudent(t, j.labcheck, practiceTools, "", practiceNumber)
	s.environ = append(s.environ, "SHELL=bash")
	return s.opens(t, j.labcheck, append([]string{"sandbox", "shell"}, flags...)...)
}

// opens a terminal, which ends with the test. The program is a shell, or begins one.
func (s *student) opens(t *testing.T, program string, args ...string) *terminal {
	t.Helper()
	run := exec.Command(program, args...)
	run.Dir, run.Env = s.folder, s.environ
	typed, err := run.StdinPipe()
	require.NoError(t, err)
	shown, err := run.StdoutPipe()
	require.NoError(t, err)
	says := &remarks{}
	run.Stderr = says
	require.NoError(t, run.Start())
	t.Cleanup(func() {
		_, _ = fmt.Fprintln(typed, "exit 0") // the shell may have ended
		require.NoError(t, run.Wait(), "%s", says)
	})
	return &terminal{student: s, shell: typed, ended: bufio.NewScanner(shown)}
}

func (s *student) path(name string) string { return filepath.Join(s.home, name) }

// enters types a line, and what its command asks for on the keyboard. It returns what was shown.
func (x *terminal) enters(t *testing.T, line string) (shown string, code int) {
	t.Helper()
	require.NoError(t, os.WriteFile(x.path("typed"), []byte(line+"\n"), 0o600))
	require.NoError(t, os.WriteFile(x.path("keyboard"), []byte(x.keyboard(line)), 0o600))
	_, err := fmt.Fprintln(x.shell, `. ~/typed <~/keyboard >~/shown 2>&1; echo $?`)
	require.NoError(t, err)
	require.True(t, x.ended.Scan(), "the shell ended at: %s", line)
	code, err = strconv.Atoi(x.ended.Text())
	require.NoError(t, err)
	data, err := os.ReadFile(x.path("shown"))
	require.NoError(t, err)
	x.looks(data)
	return string(data), code
}

// taps leads the terminal's clients through a tap.
func (x *terminal) taps(t *testing.T) *tap {
	t.Helper()
	endpoint, code := x.enters(t, "echo $AWS_ENDPOINT_URL")
	require.Zero(t, code)
	endpoint = strings.TrimSpace(endpoint)
	between := taps(t, endpoint)
	host := func(url string) string { return strings.TrimPrefix(url, "http://") }
	// The registry has the name that is called.
	x.does(t, "export AWS_ENDPOINT_URL="+between.url,
		"sed -i s/"+host(endpoint)+"/"+host(between.url)+"/ $DOCKER_CONFIG/config.json")
	return between
}

// does types lines that must work.
func (x *terminal) does(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		shown, code := x.enters(t, line)
		require.Zero(t, code, "%s\n%s", line, shown)
	}
}

// asking are the commands that ask for something.
var asking = regexp.MustCompile(`^aws configure( --profile \S+)?$`)

// keyboard is what is typed when a command asks: aws configure wants the key that was shown last, the Region and the
// format.
func (x *terminal) keyboard(line string) string {
	if !asking.MatchString(line) {
		return ""
	}
	return x.key.ID + "\n" + x.key.Secret + "\nus-east-1\njson\n"
}

// looks remembers a new access key that is on the screen.
func (x *terminal) looks(shown []byte) {
	var answer struct{ AccessKey accessKey }
	if json.Unmarshal(shown, &answer) == nil && answer.AccessKey.ID != "" {
		x.key = answer.AccessKey
	}
}

// grades runs labcheck in the terminal.
func (x *terminal) grades(t *testing.T) *report {
	t.Helper()
	_, code := x.enters(t, `"$LABCHECK" module-1.2 --report json >~/report 2>~/remarks`)
	stdout, err := os.ReadFile(x.path("report"))
	require.NoError(t, err)
	stderr, err := os.ReadFile(x.path("remarks"))
	require.NoError(t, err)
	return readReport(t, stdout, string(stderr), code)
}
