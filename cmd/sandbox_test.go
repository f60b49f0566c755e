package cmd

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/reports"
)

// practising runs "labcheck sandbox shell" with a shell that is a function of the test.
func practising(
	t *testing.T, shell func(argv []string, env Env) int, environ []string, args ...string,
) (code int, stderr string) {
	t.Helper()
	env, _, said := inProcess(t.Context(), append([]string{"sandbox", "shell", "--listen", "127.0.0.1:0"}, args...)...)
	env.Environ = environ
	env.Run = func(argv, environ []string) (int, error) {
		inside, _, _ := inProcess(t.Context())
		inside.Environ = environ
		return shell(argv, inside), nil
	}
	return Main(env, standard.Checks()...), said.String()
}

// Without --shell the lines are for the person's own.
func TestLinesForTheShellInUse(t *testing.T) {
	for environ, want := range map[string]reports.Shell{
		"": reports.POSIX, "SHELL=/bin/zsh": reports.POSIX, "SHELL=/usr/bin/fish": reports.Fish,
	} {
		shell, err := Env{Environ: []string{environ}}.shell("")
		require.NoError(t, err)
		assert.Equal(t, want, shell, environ)
	}
	shell, err := Env{Environ: []string{"SHELL=/bin/zsh"}}.shell("powershell")
	require.NoError(t, err)
	assert.Equal(t, reports.PowerShell, shell)
}

// Nothing that leads elsewhere comes into the practice shell, and a proxy does not get what is for this machine.
func TestPracticeEnvironment(t *testing.T) {
	var inside Env
	code, _ := practising(t, func(_ []string, env Env) int { inside = env; return 0 }, []string{
		"PATH=/bin", "AWS_PROFILE=work", "AWS_SECRET_ACCESS_KEY=secret", "AWS_ENDPOINT_URL=https://example.com",
		"AWS_ENDPOINT_URL_ECR=https://example.com", "AWS_DEFAULT_OUTPUT=text", "AWS_CLI_AUTO_PROMPT=on", "AWS_PAGER=",
		"DOCKER_CONTEXT=far", "HTTP_PROXY=http://proxy.example.com", "NO_PROXY=example.org",
	})
	require.Equal(t, exitPassed, code)
	for _, name := range []string{"AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_ECR", "DOCKER_CONTEXT"} {
		assert.NotContains(t, strings.Join(inside.Environ, "\n"), name+"=")
	}
	for name, want := range map[string]string{
		"PATH": "/bin", "AWS_DEFAULT_OUTPUT": "text", "AWS_CLI_AUTO_PROMPT": "on", "LABCHECK_SANDBOX": "1",
		"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
		"NO_PROXY": "example.org,127.0.0.1", "no_proxy": "127.0.0.1",
	} {
		assert.Equal(t, want, inside.getenv(name), name)
	}
	assert.True(t, strings.HasPrefix(inside.getenv("AWS_ENDPOINT_URL"), "http://127.0.0.1:"))
	assert.Equal(t, 1, strings.Count(strings.Join(inside.Environ, "\n"), "AWS_ENDPOINT_URL"))
}

// The settings are there while the shell lasts, for nobody else to read, and then they are gone.
func TestPracticeHome(t *testing.T) {
	var folder string
	look := func(_ []string, env Env) int {
		folder = filepath.Dir(env.getenv("DOCKER_CONFIG"))
		credentials, err := os.ReadFile(env.getenv("AWS_SHARED_CREDENTIALS_FILE"))
		assert.NoError(t, err)
		assert.Contains(t, string(credentials), "aws_session_token", "the root user's credentials are temporary")
		docker, err := os.ReadFile(filepath.Join(env.getenv("DOCKER_CONFIG"), "config.json"))
		assert.NoError(t, err)
		assert.NotContains(t, string(docker), "auth\"", "nobody has signed in yet")
		info, err := os.Stat(env.getenv("AWS_SHARED_CREDENTIALS_FILE"))
		if runtime.GOOS != "windows" && assert.NoError(t, err) {
			assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		}
		return 3
	}
	code, _ := practising(t, look, nil)
	assert.Equal(t, 3, code)
	assert.NoDirExists(t, folder)
}

// An account that cannot be kept says so at once, and not after an hour of work; one that cannot be kept any more says
// so when it happens, and at the end.
func TestKeepingFails(t *testing.T) {
	code, stderr := practising(t, func([]string, Env) int { t.Error("a shell began"); return 0 }, nil,
		"--state", filepath.Join(t.TempDir(), "missing", "account.json"))
	assert.Equal(t, exitInternal, code)
	assert.Contains(t, stderr, "does not exist: make it first")

	folder := filepath.Join(t.TempDir(), "folder")
	require.NoError(t, os.Mkdir(folder, 0o700))
	var during string
	code, stderr = practising(t, func(_ []string, env Env) int {
		assert.NoError(t, os.RemoveAll(folder))
		inside, _, said := inProcess(t.Context(), "sandbox", "simulate", "root-mfa")
		inside.Environ = env.Environ
		assert.Equal(t, exitPassed, Main(inside, standard.Checks()...))
		during = said.String()
		return 0
	}, nil, "--state", filepath.Join(folder, "account.json"))
	assert.Empty(t, during)
	assert.Equal(t, exitInternal, code)
	assert.Equal(t, 2, strings.Count(stderr, "the practice account is not kept"), stderr)
}

// Only a practice account is ever asked to change something.
func TestSimulateIsForPracticeAccountsOnly(t *testing.T) {
	var asked []string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer other.Close()
	for _, address := range []string{other.URL, "no address", ""} {
		env, stdout, _ := inProcess(t.Context(), "sandbox", "simulate", "root-mfa")
		env.Environ = []string{"AWS_ENDPOINT_URL=" + address}
		assert.Contains(t, []int{exitUsage, exitUnreachable}, Main(env, standard.Checks()...), address)
		assert.Empty(t, stdout.String())
	}
	assert.Equal(t, []string{http.MethodGet}, asked)
}

// Two practice accounts never keep one file, and the file is free again afterwards.
func TestOneFileHasOneKeeper(t *testing.T) {
	file := filepath.Join(t.TempDir(), "account.json")
	for range 2 {
		code, _ := practising(t, func([]string, Env) int {
			second, _, stderr := inProcess(t.Context(), "sandbox", "--state", file)
			assert.Equal(t, exitUsage, Main(second, standard.Checks()...))
			assert.Contains(t, stderr.String(), "is kept by another practice account that runs now")
			return 0
		}, nil, "--state", file)
		assert.Equal(t, exitPassed, code)
	}
}

// Ctrl-C is for what runs in the shell; a termination hangs up on the shell, and the end is as after every other one.
func TestOnTerminal(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	for name, c := range map[string]struct {
		script string
		code   int
	}{
		"an end":        {`test "$A" = b && exit 7`, 7},
		"an interrupt":  {`kill -INT $PPID; exit 3`, 3},
		"a termination": {`kill -INT $PPID; kill -TERM $PPID; while kill -0 $PPID; do :; done`, 128 + 1},
		"a signal":      {`kill -TERM $$`, 128 + 15},
	} {
		t.Run(name, func(t *testing.T) {
			code, err := onTerminal([]string{sh, "-c", c.script}, []string{"A=b"})
			require.NoError(t, err)
			require.Equal(t, c.code, code)
		})
	}
	_, err = onTerminal([]string{"nowhere/sh"}, nil)
	require.ErrorContains(t, err, "nowhere/sh does not start")
}

// A practice shell within another one would keep nobody apart.
func TestNoShellWithinAShell(t *testing.T) {
	code, said := practising(t, func([]string, Env) int { return 0 }, []string{"LABCHECK_SANDBOX=1"})
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, said, "this is a practice shell already")
}

// The banner names the first task.
func TestBannerNamesTheFirstTask(t *testing.T) {
	_, said := practising(t, func([]string, Env) int { return 0 }, []string{"LABCHECK_LABS=" + fixtureLabs},
		"--lab", "fixture")
	assert.Contains(t, said, "First: “The root user has MFA”.")
	assert.Contains(t, said, "labcheck next fixture")
}
