package cmd

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/reporttest"
	"github.com/labcheck/labcheck/reports/table"
)

// marked is in every name of testdata/hostile/account.json that somebody else chose.
const marked = "zeta"

// An endpoint may lie. Whatever names it answers with, every output is intact, and a command calls exactly what it
// would call for a harmless name, or is not shown.
func TestHostileEndpoint(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no POSIX shell to paste commands into")
	}
	folder, err := filepath.Abs("testdata/hostile")
	require.NoError(t, err)
	state, err := os.ReadFile(filepath.Join(folder, "account.json"))
	require.NoError(t, err)
	bareMachine(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")

	args := []string{filepath.Join(folder, "hostile.yaml"), "--endpoint-url", "https://practice.example.com"}
	honest := harmlessRun(t, newLiar(t, state, marked, marked), args...)
	would := calls(t, sh, honest)
	require.Greater(t, len(would), 20)
	for _, name := range hostileNames() {
		lied := harmlessRun(t, newLiar(t, state, marked, name), args...)
		requireNoGain(t, honest, lied, name)
		for _, call := range calls(t, sh, lied) {
			require.True(t, slices.ContainsFunc(would, func(harmless []string) bool {
				return slices.Equal(call, renamed(harmless, name)) ||
					slices.Equal(call, renamed(harmless, checks.PlaceholderUser))
			}), "%q is called for %q", call, name)
		}
	}

	const nasty = "a|b `$(>pwned)` <script> \x1b[31m\u202e'"
	lied := harmlessRun(t, newLiar(t, state, marked, nasty),
		append(args, "--only", "repository", "--only", "user-mfa")...)
	t.Chdir(filepath.Dir(filepath.Dir(folder)))
	reporttest.Golden(t, "hostile/table.golden", reporttest.Render(t, table.Format, lied, reports.Options{}))

	nowhere := harmlessRun(t, newLiar(t, state, "123456789012", "12345678901$(>pwned)"), args...)
	require.Equal(t, facts.InvalidResponse, nowhere.Problem.Reason, "the account's id becomes a part of many names")
}

// requireNoGain requires that a name alone makes no step right.
func requireNoGain(t *testing.T, honest, r *reports.Report, name string) {
	t.Helper()
	deserved := verdicts(honest)
	for id, v := range verdicts(r) {
		if v == checks.Pass {
			require.Equal(t, v, deserved[id], "%s for %q", id, name)
		}
	}
	require.LessOrEqual(t, r.Grade.Low, honest.Grade.Low)
}

// renamed is a call with another name in place of the marked one.
func renamed(call []string, name string) []string {
	call = slices.Clone(call)
	for i := range call {
		call[i] = strings.ReplaceAll(call[i], marked, name)
	}
	return call
}

// calls are what the commands of all fixes would call.
func calls(t *testing.T, sh string, r *reports.Report) [][]string {
	t.Helper()
	var commands []string
	for _, s := range r.Steps {
		for _, c := range s.Fix.Commands {
			commands = append(commands, c.String())
		}
	}
	return typed(t, sh, commands)
}

// liar is a practice account in which a text stands in the place of another wherever it occurs. In requests it is put
// back.
type liar struct {
	practice   *sandbox.Account
	truth, lie string
}

func newLiar(t *testing.T, file []byte, truth, lie string) *liar {
	t.Helper()
	env, _, _ := inProcess(t.Context())
	state, err := sandbox.Parse(file, env.Now())
	require.NoError(t, err)
	return &liar{sandbox.New(state, sandbox.Options{Now: env.Now, AnySecret: true}), truth, lie}
}

// RoundTrip implements http.RoundTripper.
func (l *liar) RoundTrip(r *http.Request) (*http.Response, error) {
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(l.putBack(asked)))
	response, err := l.practice.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	answer = bytes.ReplaceAll(answer, []byte(l.truth), l.written(response.Header.Get("Content-Type")))
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(answer)), int64(len(answer))
	return response, nil
}

// written is the lie as a part of a text in the answer's protocol. In XML nothing stands for a control character.
func (l *liar) written(contentType string) []byte {
	if !strings.Contains(contentType, "json") {
		var b bytes.Buffer
		_ = xml.EscapeText(&b, []byte(l.lie)) // a buffer takes everything
		return b.Bytes()
	}
	text, _ := json.Marshal(l.lie) // a string always has a form
	return text[1 : len(text)-1]
}

// putBack is a request as the practice account understands it, in JSON or as a form.
func (l *liar) putBack(asked []byte) []byte {
	var in any
	if json.Unmarshal(asked, &in) == nil {
		out, _ := json.Marshal(l.inside(in)) // it was JSON before
		return out
	}
	form, err := url.ParseQuery(string(asked))
	if err != nil {
		return asked
	}
	for name, values := range form {
		for i, value := range values {
			form[name][i] = strings.NewReplacer(l.lie, l.truth, l.heard(), l.truth).Replace(value)
		}
	}
	return []byte(form.Encode())
}

// heard is what a reader of the XML takes the lie for.
func (l *liar) heard() string {
	var text string
	_ = xml.Unmarshal([]byte("<a>"+string(l.written("xml"))+"</a>"), &text) // it was escaped
	return text
}

func (l *liar) inside(value any) any {
	switch v := value.(type) {
	case string:
		return strings.ReplaceAll(v, l.lie, l.truth)
	case []any:
		for i := range v {
			v[i] = l.inside(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = l.inside(v[name])
		}
	}
	return value
}

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
