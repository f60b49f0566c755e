package cmd

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/author"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// Law 5: every format obeys, over all kinds of reports.
func TestLawFormats(t *testing.T) {
	t.Parallel()
	for _, f := range formats() {
		assert.NotEmpty(t, f.Help)
		for _, n := range reporttest.Set() {
			t.Run(f.Name+"/"+n.Name, func(t *testing.T) { reporttest.Obey(t, f, n) })
		}
	}
	assert.Len(t, formats(), len(slices.Compact(slices.Sorted(slices.Values(formats().Names())))), "names are unique")
}

// Every format, of a lab that is a hundred times as long as any that a teacher writes.
func BenchmarkTenThousandSteps(b *testing.B) {
	r := reporttest.Many(10_000, "")
	for _, f := range formats() {
		b.Run(f.Name, func(b *testing.B) {
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				require.NoError(b, f.Render(&out, r, reports.Options{Width: 80}))
			}
			b.ReportMetric(float64(out.Len())/1e6, "MB")
		})
	}
}

// telltale finds what leads to an account: a number of twelve digits that is no part of a word, and an id of IAM. What
// the facts hold in their place begins with zeros, or says that it is masked.
var telltale = regexp.MustCompile(`(?:^|[^-0-9A-Za-z])[1-9][0-9]{11}(?:$|[^0-9A-Za-z])` +
	`|\b(?:AKIA|ASIA|AIDA|AROA|AGPA|ANPA|AIPA|ABIA|ACCA|APKA|ANVA|ASCA)[0-9A-L][0-9A-Z]{11,}`)

// With --mask-account no output of any account of a shipped lab leads to the account: no format, nothing that a format
// packs, no facts, no message.
func TestLawMaskedEverywhere(t *testing.T) {
	t.Parallel()
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	entries, err := lab.Catalogue{Builtin: labs.Files}.List()
	require.NoError(t, err)
	for _, e := range entries {
		bench, err := author.Open(e.Lab, registry)
		require.NoError(t, err)
		starts, err := bench.Starts()
		require.NoError(t, err)
		for name, account := range starts {
			file := filepath.Join(t.TempDir(), "account.json")
			require.NoError(t, os.WriteFile(file, account, 0o600))
			args := []string{e.Lab.ID, "--sandbox=" + file, "--report", "json", "--mask-account", "--all"}
			for _, set := range bench.Fewer() {
				args = append(args, "--set", set)
			}
			masked := gradedRun(t.Context(), t, sandbox.Options{}, args...)
			requireMasked(t, name+": messages", masked.stderr)
			requireMaskedReport(t, name, masked.report)
		}
	}
}

// requireMaskedReport looks into all that a report is shown as.
func requireMaskedReport(t *testing.T, name string, r *reports.Report) {
	t.Helper()
	for _, f := range formats() {
		var out bytes.Buffer
		require.NoError(t, f.Render(&out, r, reports.Options{All: true, Hints: 9}))
		requireMasked(t, name+": "+f.Name, out.String())
		if f.Name == markdown.Format.Name {
			packed, _, err := markdown.Read(out.Bytes())
			require.NoError(t, err)
			data, err := jsonv1.Marshal(packed)
			require.NoError(t, err)
			requireMasked(t, name+": in the Markdown", string(data))
			require.NotNil(t, packed.Facts)
		}
	}
}

func requireMasked(t *testing.T, name, text string) {
	t.Helper()
	require.Empty(t, telltale.FindString(text), name)
}

// Every fact may hold an account or an id, also where no practice account has one: in an error, and as a question.
func TestMaskedFactsOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"arn:aws:iam::210987654321:user/alice", "210987654321", "AIDACKCEVSQ6C2EXAMPLE", "AKIAIOSFODNN7EXAMPLE",
		"ABIAIOSFODNN7EXAMPLE", "210987654321.dkr.ecr.us-east-1.amazonaws.com",
	} {
		r := onFixture(t.Context(), t, "finished", sandbox.Options{}).report
		quoted := []byte(`{"` + text + `":["` + text + `"]}`)
		r.Facts.Profile = text
		r.Facts.Facts = []facts.Fact{
			{Read: "a", Key: quoted, Value: quoted, Calls: []facts.Call{{Operation: text, RequestID: text}}},
			{
				Read: "b", Key: quoted,
				Error: &facts.FactError{Reason: facts.Timeout, Operation: text, MissingAction: text, Detail: text},
			},
		}
		requireMaskedReport(t, text, reports.Redact(r, true))
	}
}
