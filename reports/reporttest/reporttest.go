// Package reporttest holds the reports that every format is tested with, and the test that every format must pass. A
// new format is covered by one call of Run.
package reporttest

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/checktest/golden"
	"github.com/labcheck/labcheck/reports"
)

// Golden compares what a test made with a file under its testdata, or writes that file under -update.
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	golden.Match(t, filepath.Join("testdata", name), got)
}

// Render renders a report and fails the test if that fails.
func Render(t *testing.T, f reports.Format, r *reports.Report, o reports.Options) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, f.Render(&out, r, o))
	return out.Bytes()
}

// Run is the test of one format, over the whole Set: it obeys the laws, and its output is that of the golden file
// NAME+ext. wellFormed, if any, is given the output to read it with a parser that is not ours.
func Run(t *testing.T, f reports.Format, ext string, wellFormed func(t *testing.T, n Named, out []byte)) {
	t.Helper()
	for _, n := range Set() {
		t.Run(n.Name, func(t *testing.T) {
			out := Obey(t, f, n)
			if !n.Large {
				Golden(t, n.Name+ext, out)
			}
			if wellFormed != nil {
				wellFormed(t, n, out)
			}
		})
	}
}

// Obey fails the test unless a format obeys the laws of all formats for a report, and returns its output: it says that
// a report is simulated, replayed, narrowed or interrupted; it is the same each time; it leaves the report as it is;
// nothing in it can steer a terminal.
func Obey(t *testing.T, f reports.Format, n Named) []byte {
	t.Helper()
	before := n.Report.Normal()
	out := Render(t, f, n.Report, reports.Options{})
	require.Equal(t, string(out), string(Render(t, f, n.Report, reports.Options{})), "twice the same")
	require.Equal(t, before, n.Report, "a renderer leaves the report as it is")
	for _, words := range mustSay(n.Report) {
		require.True(t, containsAny(strings.ToLower(string(out)), words), "the output says none of %q", words)
	}
	text := bytes.ReplaceAll(bytes.TrimPrefix(out, []byte("\ufeff")), []byte("\r\n"), []byte("\n")) // as a CSV file needs
	require.Equal(t, -1, bytes.IndexFunc(text, steersTerminal), "a control character is in the output")
	return out
}

// mustSay are lists of words in lower case: of each list, every rendering of the report must say one.
func mustSay(r *reports.Report) [][]string {
	var words [][]string
	if label := r.Source.Label(); label != "" {
		words = append(words, []string{strings.ToLower(label), `"source": "` + string(r.Source) + `"`})
	}
	if r.Run.Interrupted {
		words = append(words, []string{"interrupted"})
	}
	if r.Gate != nil && len(r.Gate.Because) == 1 {
		words = append(words, []string{strings.ToLower(r.Gate.Because[0])})
	}
	for _, s := range r.Steps {
		if s.Waiver != nil && s.Waiver.Until != s.Waiver.Reason {
			words = append(words, []string{"waived", `"waiver": {`}, []string{strings.ToLower(s.Waiver.Reason), "until spring"})
		}
	}
	if len(r.Run.Selected) == 1 {
		words = append(words, r.Run.Selected)
	}
	return words
}

func containsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

func steersTerminal(r rune) bool {
	return r != '\n' && r != '\t' && (r < 0x20 || 0x7f <= r && r < 0xa0 || reports.Hidden(r) && r >= 0x2000)
}
