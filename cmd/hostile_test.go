package cmd

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/reporttest"
	"github.com/labcheck/labcheck/reports/table"
)

// hostileNames are names as a stranger would choose them, to be read, to be pasted into a shell and to be taken for an
// option.
func hostileNames() []string {
	return append(slices.DeleteFunc(reporttest.HostileNames(), func(name string) bool { return name == "" }),
		"$(>pwned)", "`>pwned`", "; >pwned #", "a' >pwned '", `a" >pwned "`, "a\\' >pwned", "| >pwned", "&& >pwned", "$PATH", "~",
		"--profile", "-", "*", "!!", "file:///etc/passwd", "${IFS}", "a b  c", "\ta", "\x00",
	)
}

// No parameter takes a hostile name: nothing is asked, and what is said about it is safe to show.
func TestHostileParameters(t *testing.T) {
	t.Parallel()
	for parameter, good := range map[string]string{"repository": "^x+$", "tag": "^x{1,128}$", "log-group": `^[\w./#-]+$`} {
		for _, name := range hostileNames() {
			if regexp.MustCompile(good).MatchString(name) {
				continue // AWS allows it
			}
			env, stdout, stderr := inProcess(t.Context(), "fixture", "--sandbox", "--set", parameter+"="+name)
			require.Equal(t, exitUsage, Main(env, standard.Checks()...), "%s=%q", parameter, name)
			require.Empty(t, stdout.String())
			require.Contains(t, stderr.String(), "--set "+parameter)
			requireHarmless(t, stderr.String())
		}
	}
}

// hostileLab is a lab whose author wrote this text wherever a text may stand.
func hostileLab(t *testing.T, text string) string {
	t.Helper()
	const lab = `schema: labcheck.lab/v1
id: hostile
title: "T@"
summary: "@"
region: us-east-1
params:
  log-group: { default: /ecs/docker-api, help: "@" }
pass: 50
scale: { "A@": 50 }
sections:
  - title: "S@"
    steps:
      - check: logs-group
        points: 1
        hints: ["@", "h@"]
      - check: logs-retention
        points: 1
        needs: [logs-group]
        hints: ["@"]
      - id: second
        check: ecr-image
        points: 2
        with: { repository: none }
`
	quoted := strconv.QuoteToASCII(text) // Go's escapes are YAML's too
	path := filepath.Join(t.TempDir(), "hostile.yaml")
	require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(lab, "@", quoted[1:len(quoted)-1])), 0o600))
	return path
}

// A lab file may come from a stranger. Its texts stay texts in every output, and the report for programs has them as
// they are.
func TestHostileLab(t *testing.T) {
	t.Parallel()
	for _, text := range append(hostileNames(), strings.Join(hostileNames(), "")) {
		lab := hostileLab(t, text)
		r := harmlessRun(t, nil, lab, "--sandbox", "--hints", "9")
		require.Equal(t, checks.Fail, verdicts(r)["logs-retention"])
		require.Equal(t, strings.ToValidUTF8("T"+text, "�"), r.Lab.Title)
		for _, args := range [][]string{{"explain", lab}, {"list", "--labs", filepath.Dir(lab)}} {
			env, stdout, stderr := inProcess(t.Context(), args...)
			require.Equal(t, exitPassed, Main(env, standard.Checks()...), stderr)
			requireHarmless(t, stdout.String()+stderr.String())
		}
	}
}

// harmlessRun runs labcheck and requires that the report is intact in every format. account answers in place of the
// network; nil for none.
func harmlessRun(t *testing.T, account http.RoundTripper, args ...string) *reports.Report {
	t.Helper()
	env, document, stderr := inProcess(t.Context(), append(args, "--report", "markdown")...)
	env.Transport = account
	code := Main(env, standard.Checks()...)
	r, err := markdown.Read(document.Bytes())
	require.NoError(t, err, "exit %d, %s", code, stderr)
	requireHarmless(t, document.String()+stderr.String())
	requireHarmless(t, string(reporttest.Render(t, table.Format, r, reports.Options{})))
	again, err := jsonv1.Read(reporttest.Render(t, jsonv1.Format, r, reports.Options{}))
	require.NoError(t, err)
	require.Equal(t, r, again)
	return r
}

// requireHarmless requires that nothing in a text can steer a terminal.
func requireHarmless(t *testing.T, text string) {
	t.Helper()
	at := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && reports.Hidden(r) && r != '\uFFFD' })
	require.Equal(t, -1, at, "%q", text)
}

// marked is in every name of testdata/hostile/account.json that somebody else chose.
const marked = "zeta"

// An endpoint may lie. Whatever names it answers with, every output is intact, and a command calls exactly what it would
// call for a harmless name, or is not shown.
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
				return slices.Equal(call, renamed(harmless, name)) || slices.Equal(call, renamed(harmless, checks.PlaceholderUser))
			}), "%q is called for %q", call, name)
		}
	}

	const nasty = "a|b `$(>pwned)` <script> \x1b[31m\u202e'"
	lied := harmlessRun(t, newLiar(t, state, marked, nasty), append(args, "--only", "ecr-repository", "--only", "iam-user-mfa")...)
	t.Chdir(filepath.Dir(filepath.Dir(folder)))
	reporttest.Golden(t, "hostile/table.golden", reporttest.Render(t, table.Format, lied, reports.Options{}))

	nowhere := harmlessRun(t, newLiar(t, state, "123456789012", "12345678901$(>pwned)"), args...)
	require.Equal(t, facts.InvalidResponse, nowhere.Problem.Reason, "the account's id becomes a part of many names")
}

// requireNoGain requires that a name alone makes no step right.
func requireNoGain(t *testing.T, honest, r *reports.Report, name string) {
	t.Helper()
	told := verdicts(honest)
	for id, v := range verdicts(r) {
		if v == checks.Pass {
			require.Equal(t, v, told[id], "%s for %q", id, name)
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
