//go:build conformance

package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// student is a person with a machine of their own: a home folder, and a folder with a git repository in which they
// type.
type student struct {
	labcheck     string // the built binary
	home, folder string
	environ      []string
}

// The folders of testdata with what stands in for docker.
const (
	emulatorTools = "bin"      // hands manifests to ECR: nothing can be pushed to the emulator
	practiceTools = "practice" // pushes real images
)

// newStudent sets a machine up whose commands ask the endpoint; "" is AWS's own. Commands find the account's number in
// $ACCOUNT and the binary in $LABCHECK.
func newStudent(t *testing.T, labcheck, tools, endpoint, account string) *student {
	t.Helper()
	tools, err := filepath.Abs(filepath.Join("testdata", tools))
	require.NoError(t, err)
	s := &student{labcheck: labcheck, home: t.TempDir()}
	s.folder = filepath.Join(s.home, "docker-api")
	// Nothing of the environment of whoever runs the tests is left but the PATH, which has the real aws command.
	s.environ = []string{
		"HOME=" + s.home, "PATH=" + tools + string(os.PathListSeparator) + os.Getenv("PATH"), "LANG=C.UTF-8",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
		"ACCOUNT=" + account, "LABCHECK=" + labcheck,
	}
	if endpoint != "" {
		s.environ = append(s.environ, "AWS_ENDPOINT_URL="+endpoint)
	}
	require.NoError(t, os.Mkdir(s.folder, 0o700))
	s.types(t, `
		git init --quiet
		git -c user.name=alice -c user.email=alice@example.com commit --quiet --allow-empty --message "Begin"`)
	return s
}

// types runs commands as a person would type them, in bash, and stops at the first that fails.
func (s *student) types(t *testing.T, commands string, environ ...string) {
	t.Helper()
	bash := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", commands)
	bash.Dir, bash.Env = s.folder, append(s.environ, environ...)
	output, err := bash.CombinedOutput()
	require.NoError(t, err, "%s\n%s", commands, output)
}

// configures makes the IAM user alice with a key and hands the key to aws configure. Unless she is bare, she has the
// policies for daily work. The credentials are those of somebody who may do that already.
func (s *student) configures(t *testing.T, bare bool, as credentials) {
	t.Helper()
	if bare {
		s.types(t, newUser+"user alice default", as...)
	} else {
		s.types(t, newUser+"worker alice default", as...)
	}
}

// grades runs the real binary and reads its JSON report.
func (s *student) grades(t *testing.T, flags ...string) *report {
	t.Helper()
	run := exec.CommandContext(t.Context(), s.labcheck, append([]string{"module-1.2", "--report", "json"}, flags...)...)
	run.Dir, run.Env = s.folder, s.environ
	var stderr bytes.Buffer
	run.Stderr = &stderr
	output, err := run.Output()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		require.NoError(t, err)
	}
	return readReport(t, output, stderr.String(), run.ProcessState.ExitCode())
}

// readReport reads what a run of labcheck wrote, which must agree with its exit code.
func readReport(t *testing.T, stdout []byte, stderr string, code int) *report {
	t.Helper()
	r := &report{}
	require.NoError(t, json.Unmarshal(stdout, r), "labcheck ended with %d and is no report: %s%s", code, stdout, stderr)
	require.Equal(t, exitCodes()[r.Grade.Outcome], code, "exit code of the outcome %s", r.Grade.Outcome)
	require.Empty(t, strings.TrimSpace(stderr), "notes on stderr")
	return r
}
