package practice

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/console"
	"github.com/labcheck/labcheck/reports"
)

// The usual port may be taken: then another one is as good.
func TestListenWhereItIsFree(t *testing.T) {
	first, err := listen("")
	require.NoError(t, err)
	defer first.Close()
	second, err := listen("")
	require.NoError(t, err)
	defer second.Close()
	assert.NotEqual(t, first.Addr().String(), second.Addr().String())
	for _, l := range []string{first.Addr().String(), second.Addr().String()} {
		assert.True(t, strings.HasPrefix(l, "127.0.0.1:"), l)
	}
	_, err = listen(first.Addr().String())
	assert.Error(t, err, "an address that was asked for is no other one")
}

// An answer that never comes does not hold up the end.
func TestLeaveWhileSomebodyIsAsking(t *testing.T) {
	sys := System{Console: console.Console{Stderr: io.Discard, Now: time.Now}}
	s, err := sys.open(Options{Listen: anyPort})
	require.NoError(t, err)
	asking, err := net.Dial("tcp", s.address.String())
	require.NoError(t, err)
	defer asking.Close()
	_, err = asking.Write([]byte("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n" +
		"Expect: 100-continue\r\n\r\n"))
	require.NoError(t, err)
	_, err = asking.Read(make([]byte, 1)) // it wants the rest of the request, and will wait for it
	require.NoError(t, err)
	require.NoError(t, s.close())
	_, err = net.Dial("tcp", s.address.String())
	require.Error(t, err)
}

func TestExport(t *testing.T) {
	set := []variable{{"A", `it's "a" \ $x`}, {"B", "plain"}}
	for shell, want := range map[reports.Shell]string{
		reports.POSIX:      `export A='it'"'"'s "a" \ $x'` + "\nexport B=plain\n",
		reports.Fish:       `set -gx A 'it\'s "a" \\ $x'` + "\nset -gx B plain\n",
		reports.PowerShell: `$env:A = 'it''s "a" \ $x'` + "\n$env:B = 'plain'\n",
	} {
		assert.Equal(t, want, export(shell, set), shell)
	}
}

func TestUserShell(t *testing.T) {
	nothing := func(string) (string, error) { return "", errors.New("not found") }
	found := func(name string) (string, error) { return `C:\` + name, nil }
	with := func(name, value string) func(string) string {
		return func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		}
	}
	assert.Equal(t, "/bin/fish", userShell(with("SHELL", "/bin/fish"), nothing, "linux"))
	assert.Equal(t, "sh", userShell(with("", ""), nothing, "darwin"))
	assert.Equal(t, `C:\pwsh`, userShell(with("SHELL", "/usr/bin/bash"), found, "windows"))
	assert.Equal(t, `C:\cmd.exe`, userShell(with("ComSpec", `C:\cmd.exe`), nothing, "windows"))
	assert.Equal(t, "cmd.exe", userShell(with("", ""), nothing, "windows"))
}

// Docker's own configuration may name the place where it runs.
func TestDockerHost(t *testing.T) {
	home := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(home, ".docker", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	host := func(environ ...string) string {
		return dockerHost(func(name string) string {
			for _, pair := range append(environ, "HOME="+home) {
				if value, ok := strings.CutPrefix(pair, name+"="); ok {
					return value
				}
			}
			return ""
		})
	}
	assert.Empty(t, host())
	write("config.json", `{"currentContext": "desktop"}`)
	assert.Empty(t, host())
	write("contexts/meta/1/meta.json", `{"Name": "far", "Endpoints": {"docker": {"Host": "ssh://far"}}}`)
	write("contexts/meta/2/meta.json",
		`{"Name": "desktop", "Endpoints": {"docker": {"Host": "unix:///run/desktop.sock"}}}`)
	assert.Equal(t, "unix:///run/desktop.sock", host())
	assert.Equal(t, "ssh://far", host("DOCKER_CONTEXT=far"))
	assert.Empty(t, host("DOCKER_HOST=tcp://here"), "it stays in the environment")
	assert.Empty(t, host("DOCKER_CONTEXT=default"))
}

// A terminal that joined says so in its prompt, and can leave; joining twice is as good as once. The profile that was
// in use is taken up again, if it can be the name of one.
func TestJoining(t *testing.T) {
	folder := t.TempDir()
	root, err := os.OpenRoot(folder)
	require.NoError(t, err)
	h := &home{folder: folder, root: root}
	defer h.close()
	set := []variable{{"AWS_ENDPOINT_URL", "http://127.0.0.1:1"}, {"LABCHECK_SANDBOX", "1"}}
	for shell, programs := range map[reports.Shell][]string{
		reports.POSIX: {"sh", "bash", "zsh"}, reports.Fish: {"fish"},
	} {
		require.NoError(t, h.rewrite("lines", joining(shell, set)))
		for _, program := range programs {
			if _, err := exec.LookPath(program); err != nil {
				continue
			}
			lines := shell.Quote(h.path("lines"))
			said, err := exec.Command(program, "-c", "PS1='> '; . "+lines+"; . "+lines+`; echo "$LABCHECK_SANDBOX $PS1"; `+
				`leave_practice; echo "[$LABCHECK_SANDBOX$AWS_ENDPOINT_URL] $PS1"`).CombinedOutput()
			if shell == reports.Fish {
				said, err = exec.Command(program, "-c", ". "+lines+"; . "+lines+`; echo "$LABCHECK_SANDBOX "(fish_prompt)'> '; `+
					`leave_practice; echo "[$LABCHECK_SANDBOX$AWS_ENDPOINT_URL] > "`).CombinedOutput()
			}
			require.NoError(t, err, "%s: %s", program, said)
			require.Regexp(t, `(?s)^1 \(practice\) .*> *\n\[\] > *\n$`, string(said), program)
		}
	}
	for written, want := range map[string]string{"alice": "alice", "": "", "a b": "", "a\nb": "", "$(x)": ""} {
		require.NoError(t, h.rewrite(profileFile, written))
		require.Equal(t, want, h.lastProfile())
	}
}

func TestEnded(t *testing.T) {
	ended := func(reason facts.Reason, environ map[string]string) *reports.Problem {
		p := &reports.Problem{Reason: reason, Detail: "connection refused"}
		Ended(p, func(name string) string { return environ[name] }, "labcheck")
		return p
	}
	inside := map[string]string{"LABCHECK_SANDBOX": "1", "LABCHECK_SANDBOX_STATE": "/a b/account.json"}
	require.Equal(t, []string{"labcheck sandbox shell --state '/a b/account.json'"}, ended(facts.Unreachable, inside).Next)
	require.Contains(t, ended(facts.Unreachable, inside).Detail, "the practice account has ended")
	require.Equal(t, "connection refused", ended(facts.Unreachable, nil).Detail)
	require.Equal(t, "connection refused", ended(facts.AccessDenied, inside).Detail)
	Ended(nil, func(string) string { return "1" }, "labcheck")
}

// In a repository git does not see the account; a .gitignore that is somebody's own is left as it is.
func TestKeepOutOfGit(t *testing.T) {
	t.Chdir(t.TempDir())
	missing, err := keepOutOfGit("account.json")
	require.NoError(t, err)
	require.Empty(t, missing)
	require.NoFileExists(t, gitIgnore, "there is no repository")
	require.NoError(t, os.Mkdir(".git", 0o700))
	for range 2 {
		missing, err = keepOutOfGit("account.json")
		require.NoError(t, err)
		require.Empty(t, missing)
	}
	text, err := os.ReadFile(gitIgnore)
	require.NoError(t, err)
	require.Equal(t, "# the practice account, which holds keys\n/account.json*\n", string(text))
	missing, err = keepOutOfGit("[other].json")
	require.NoError(t, err)
	require.Equal(t, `/\[other].json*`, missing)
}
