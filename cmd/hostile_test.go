package cmd

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
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
		"$(>pwned)", "`>pwned`", "; >pwned #", "a' >pwned '", `a" >pwned "`, "a\\' >pwned", "| >pwned", "&& >pwned",
		"$PATH", "~", "--profile", "-", "*", "!!", "file:///etc/passwd", "${IFS}", "a b  c", "\ta", "\x00",
	)
}

// No parameter takes a hostile name: nothing is asked, and what is said about it is safe to show.
func TestHostileParameters(t *testing.T) {
	t.Parallel()
	for parameter, good := range map[string]string{
		"repository": "^x+$", "tag": "^x{1,128}$", "log-group": `^[\w./#-]+$`,
	} {
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
	lab, err := os.ReadFile("testdata/hostile/texts.yaml")
	require.NoError(t, err)
	quoted := strconv.QuoteToASCII(text) // Go's escapes are YAML's too
	path := filepath.Join(t.TempDir(), "hostile.yaml")
	require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(string(lab), "@", quoted[1:len(quoted)-1])), 0o600))
	return path
}

// A lab file may come from a stranger. Its texts stay texts in every output, and the report for programs has them as
// they are. One that could steer a terminal is refused, with its place and without being shown.
func TestHostileLab(t *testing.T) {
	t.Parallel()
	refused := 0
	for _, text := range append(hostileNames(), strings.Join(hostileNames(), "")) {
		lab := hostileLab(t, text)
		env, stdout, stderr := inProcess(t.Context(), lab, "--sandbox="+fixtureFile("half-done"), "--quiet")
		if Main(env, standard.Checks()...) == exitInvalid {
			require.True(t, strings.ContainsFunc(text, reports.Hidden), "%q", text)
			require.Contains(t, stderr.String(), filepath.Base(lab)+":")
			requireHarmless(t, stdout.String()+stderr.String())
			refused++
			continue
		}
		r := harmlessRun(t, nil, lab, "--sandbox="+fixtureFile("half-done"), "--hints", "4")
		require.Equal(t, checks.Partial, verdicts(r)["retention"])
		require.Equal(t, strings.ToValidUTF8("T"+text, "�"), r.Lab.Title)
		for _, args := range [][]string{{"explain", lab}, {"list", "--labs", filepath.Dir(lab)}} {
			env, stdout, stderr := inProcess(t.Context(), args...)
			require.Equal(t, exitPassed, Main(env, standard.Checks()...), stderr)
			requireHarmless(t, stdout.String()+stderr.String())
		}
	}
	require.Positive(t, refused)
}

// harmlessRun runs labcheck and requires that the report is intact in every format. account answers in place of the
// network; nil for none.
func harmlessRun(t *testing.T, account http.RoundTripper, args ...string) *reports.Report {
	t.Helper()
	env, document, stderr := inProcess(t.Context(), append(args, "--report", "markdown")...)
	env.Transport = account
	code := Main(env, standard.Checks()...)
	r, changed, err := markdown.Read(document.Bytes())
	require.NoError(t, err, "exit %d, %s", code, stderr)
	require.Empty(t, changed)
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
	found := strings.IndexFunc(text, func(r rune) bool {
		return r != '\n' && r != '\t' && reports.Hidden(r) && r != '\uFFFD'
	})
	require.Equal(t, -1, found, "%q", text)
}
