package checktest

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

// failures are the ways in which a read is made to fail in every case, each with another reason.
func failures() []*facts.Error {
	return []*facts.Error{
		{Reason: facts.AccessDenied, MissingAction: "test:Denied", Detail: "denied by the harness"},
		{Reason: facts.Throttled, Detail: "throttled by the harness"},
		{Reason: facts.InvalidResponse, Detail: "broken by the harness"},
	}
}

// Run tests a check with a table of cases, and holds it to the laws that every check must keep.
func Run(t *testing.T, check *checks.Check, cases []Case) {
	t.Helper()
	_, err := checks.NewRegistry(check)
	require.NoError(t, err)
	h := &harness{
		check: check, verdicts: map[checks.Verdict]bool{}, asked: map[string]bool{}, decided: map[string]bool{},
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			h.runCase(t, c)
		})
	}
	t.Run("laws", h.assertLaws)
}

// Look runs a check once on the site, the parameters and the facts of a case, for a test of what a case cannot ask.
func Look(t *testing.T, check *checks.Check, c Case) checks.Result {
	t.Helper()
	h := &harness{check: check}
	result, _, _ := h.look(h.bind(t, c.Params), c.site(), c.Facts)
	return result
}

// harness runs the cases of one check and notes over all of them what the laws ask.
type harness struct {
	check    *checks.Check
	verdicts map[checks.Verdict]bool
	asked    map[string]bool // reads, by their names
	decided  map[string]bool // reads whose failure turned a verdict into unknown
}

func (h *harness) runCase(t *testing.T, c Case) {
	t.Helper()
	bound := h.bind(t, c.Params)
	result, view, lacking := h.look(bound, c.site(), c.Facts)
	require.Empty(t, view.Undeclared(), "reads that the check asks without declaring them")
	require.Empty(t, lacking, "facts that the check asks for and the case does not give")
	h.verdicts[result.Verdict()] = true
	for _, name := range view.Asked() {
		h.asked[name] = true
	}
	assertExpected(t, c, result)
	for broken := range c.Facts {
		for _, failure := range failures() {
			h.assertFailing(t, bound, c, broken, failure, result.Verdict())
		}
	}
}

func (h *harness) bind(t *testing.T, params map[string]any) checks.Bound {
	t.Helper()
	values := make(map[string]json.RawMessage, len(params))
	for name, value := range params {
		data, err := json.Marshal(value)
		require.NoError(t, err)
		values[name] = data
	}
	bound, err := h.check.Bind(values)
	require.NoError(t, err)
	return bound
}

// look runs the check on literal facts alone. lacking are the reads that it asked and that none of them answers.
func (h *harness) look(b checks.Bound, site facts.Site, given []facts.Given) (
	result checks.Result, view *facts.View, lacking []string,
) {
	if given == nil {
		given = []facts.Given{}
	}
	session := facts.NewSession(context.Background(), facts.Options{Now: Now, Given: given})
	view = session.View(site, h.check.Reads, h.check.Extra)
	result = b.Run(view)
	for _, a := range session.Answers() {
		if a.Err != nil && strings.Contains(a.Err.Detail, "do not hold") {
			lacking = append(lacking, a.Read)
		}
	}
	return result, view, lacking
}

// assertFailing runs the case with one fact (its index) that could not be learned.
func (h *harness) assertFailing(
	t *testing.T, bound checks.Bound, c Case, broken int, failure *facts.Error, before checks.Verdict,
) {
	t.Helper()
	given := slices.Clone(c.Facts)
	given[broken] = given[broken].Failing(failure)
	source := given[broken].Source()
	result, _, lacking := h.look(bound, c.site(), given)
	after := result.Verdict()
	what := fmt.Sprintf("%s fails with %s: findings %+v", source.Describe().Name, failure.Reason, result.Findings)
	if slices.Contains(h.check.Extra, source) {
		require.Equal(t, before.String(), after.String(), "an Extra read never decides: %s", what)
		return
	}
	if after == before {
		return
	}
	require.Equal(t, checks.Unknown.String(), after.String(), what)
	if len(lacking) == 0 { // the failure may make the check ask for what the case does not tell
		require.Contains(t, reasons(result.Findings), failure.Reason, what)
	}
	if before == checks.Pass || before == checks.Fail {
		h.decided[source.Describe().Name] = true
	}
}

// assertLaws holds the check to the laws that need all its cases.
func (h *harness) assertLaws(t *testing.T) {
	assert.True(t, h.verdicts[checks.Pass], "the check needs a case that passes")
	assert.True(t, h.verdicts[checks.Fail], "the check needs a case that fails")
	for _, source := range h.check.Sources() {
		name := source.Describe().Name
		assert.True(t, h.asked[name], "the declared read %s is used by no case", name)
	}
	for _, source := range h.check.Reads {
		name := source.Describe().Name
		assert.True(t, h.decided[name], "the deciding read %s turns no case into unknown; is it an Extra read?", name)
	}
}

func assertExpected(t *testing.T, c Case, r checks.Result) {
	t.Helper()
	require.Equal(t, c.Want.String(), r.Verdict().String(), "findings: %+v", r.Findings)
	var found, expected, nearMiss, advice strings.Builder
	least := 100 // the lowest share is the step's
	for _, f := range r.Findings {
		assertFinding(t, f)
		for text, all := range map[*string]*strings.Builder{
			&f.Found: &found, &f.Expected: &expected, &f.NearMiss: &nearMiss, &f.Advice: &advice,
		} {
			all.WriteString(*text + "\n")
		}
		if f.Verdict == checks.Partial {
			least = min(least, f.Share)
		}
	}
	assert.Contains(t, found.String(), c.Found, "found")
	assert.Contains(t, expected.String(), c.Expected, "expected")
	assert.Contains(t, nearMiss.String(), c.NearMiss, "nearMiss")
	assert.Contains(t, advice.String(), c.Advice, "advice")
	if c.Want == checks.Unknown && c.Reason != "" {
		assert.Contains(t, reasons(r.Findings), c.Reason)
	}
	if c.Want == checks.Partial && c.Share != 0 {
		assert.Equal(t, c.Share, least)
	}
	if c.Want == checks.Fail || c.Want == checks.Partial || !reflect.ValueOf(r.Fix).IsZero() {
		assert.NotEmpty(t, r.Fix.Console, "a fix names the path of clicks")
		assert.NotEqual(t, r.Fix.ConsoleOnly, len(r.Fix.Commands) > 0, "a fix has commands or is ConsoleOnly")
	}
	var commands []string
	for _, command := range r.Fix.Commands {
		commands = append(commands, command.String())
	}
	assert.Contains(t, strings.Join(commands, "\n"), c.Fix)
}

// assertFinding holds a finding to the message contract.
func assertFinding(t *testing.T, f checks.Finding) {
	t.Helper()
	switch f.Verdict {
	case checks.Unknown:
		assert.NotEmpty(t, f.Reason, "an unknown finding says why: %+v", f)
	case checks.Partial:
		assert.True(t, f.Share >= 1 && f.Share <= 99, "a partial finding has a share from 1 to 99: %+v", f)
	case checks.Fail:
		assert.NotEmpty(t, f.Expected, "a failed finding says what is expected: %+v", f)
	default:
	}
	if f.Verdict != checks.Unknown {
		assert.NotEmpty(t, f.Found, "a finding says what was found: %+v", f)
	}
	for _, text := range []string{f.Found, f.Expected, f.Advice, f.NearMiss, f.LookedAt} {
		for _, word := range []string{"just ", "simply", "obviously", "illegal", "!"} {
			assert.NotContains(t, strings.ToLower(text), word, "feedback never blames and never shouts")
		}
	}
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
