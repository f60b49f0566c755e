package checktest

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

// ledger notes over all cases what the laws ask of each check.
type ledger struct {
	verdicts map[string]map[checks.Verdict]bool
	asked    map[string]map[string]bool
	deciding map[string]map[string]bool
}

func newLedger() *ledger {
	return &ledger{
		verdicts: map[string]map[checks.Verdict]bool{},
		asked:    map[string]map[string]bool{},
		deciding: map[string]map[string]bool{},
	}
}

func (l *ledger) note(check *checks.Check, result checks.Result, view *facts.View) {
	put(l.verdicts, check.ID, result.Verdict())
	for _, name := range view.Asked() {
		put(l.asked, check.ID, name)
	}
}

func (l *ledger) decides(check *checks.Check, source facts.Source) {
	put(l.deciding, check.ID, source.Describe().Name)
}

func put[V comparable](m map[string]map[V]bool, id string, v V) {
	if m[id] == nil {
		m[id] = map[V]bool{}
	}
	m[id][v] = true
}

// assertLaws holds one check to the laws that need all its cases.
func (l *ledger) assertLaws(t *testing.T, check *checks.Check) {
	t.Helper()
	assert.True(t, l.verdicts[check.ID][checks.Pass], "the check needs a case that passes")
	assert.True(t, l.verdicts[check.ID][checks.Fail], "the check needs a case that fails")
	for _, source := range check.Sources() {
		name := source.Describe().Name
		assert.True(t, l.asked[check.ID][name], "the declared read %s is used by no case", name)
	}
	for _, source := range check.Reads {
		name := source.Describe().Name
		assert.True(t, l.deciding[check.ID][name],
			"the deciding read %s turns no case into unknown; is it an Extra read?", name)
	}
}

func isExtra(check *checks.Check, source facts.Source) bool {
	return slices.Contains(check.Extra, source)
}

func reasons(findings []checks.Finding) []facts.Reason {
	var list []facts.Reason
	for _, f := range findings {
		if f.Verdict == checks.Unknown {
			list = append(list, f.Reason)
		}
	}
	return list
}

// share is the lowest share of the partial findings: the step's.
func share(findings []checks.Finding) int {
	least := 100
	for _, f := range findings {
		if f.Verdict == checks.Partial {
			least = min(least, f.Share)
		}
	}
	return least
}

func joined(findings []checks.Finding, what string) string {
	var b strings.Builder
	for _, f := range findings {
		b.WriteString(map[string]string{
			"found": f.Found, "expected": f.Expected, "nearMiss": f.NearMiss, "advice": f.Advice,
		}[what] + "\n")
	}
	return b.String()
}

func commandText(fix checks.Fix) string {
	var lines []string
	for _, c := range fix.Commands {
		line := strings.Join(c.Args, " ")
		if len(c.PipedTo) > 0 {
			line += " | " + strings.Join(c.PipedTo, " ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
