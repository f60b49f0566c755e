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

// Run tests a topic's checks with a table of cases, and holds the checks to the laws that every check must keep.
func Run(t *testing.T, list []*checks.Check, cases []Case) {
	t.Helper()
	registry, err := checks.NewRegistry(list...)
	require.NoError(t, err)
	kept := newLedger()
	for _, c := range cases {
		check, ok := registry.Lookup(c.Check)
		require.True(t, ok, "case %q names the check %q, which this topic does not have", c.Name, c.Check)
		t.Run(c.Check+"/"+c.Name, func(t *testing.T) {
			if c.Site.Account == "" {
				c.Site = Alice()
			}
			runCase(t, check, c, kept)
		})
	}
	for _, check := range list {
		t.Run(check.ID+"/laws", func(t *testing.T) { kept.assertLaws(t, check) })
	}
}

func runCase(t *testing.T, check *checks.Check, c Case, kept *ledger) {
	t.Helper()
	bound := bind(t, check, c.Params)
	result, view, untold := look(bound, check, c.Site, c.Facts)
	require.Empty(t, view.Undeclared(), "reads that the check asks without declaring them")
	require.Empty(t, untold, "facts that the check asks for and the case does not give")
	kept.note(check, result, view)
	fix := bound.Fix(c.Site, result)
	if result.Unsettled() {
		fix = bound.Settle(c.Site, result)
	}
	assertExpected(t, c, result, fix)
	for broken := range c.Facts {
		for _, failure := range failures() {
			assertFailing(t, check, bound, c, broken, failure, result.Verdict(), kept)
		}
	}
}

func bind(t *testing.T, check *checks.Check, params map[string]any) checks.Bound {
	t.Helper()
	values := make(map[string]json.RawMessage, len(params))
	for name, value := range params {
		data, err := json.Marshal(value)
		require.NoError(t, err)
		values[name] = data
	}
	bound, err := check.Bind(values)
	require.NoError(t, err)
	return bound
}

// look runs the check on literal facts alone. untold are the reads that it asked and that none of them answers.
func look(b checks.Bound, check *checks.Check, site facts.Site, given []facts.Given) (
	result checks.Result, view *facts.View, untold []string,
) {
	if given == nil {
		given = []facts.Given{}
	}
	session := facts.NewSession(context.Background(), facts.Options{Now: Now, Given: given})
	view = session.View(site, check.Reads, check.Extra)
	result = b.Run(view)
	for _, a := range session.Answers() {
		if a.Err != nil && strings.Contains(a.Err.Detail, "do not hold") {
			untold = append(untold, a.Read)
		}
	}
	return result, view, untold
}

func assertExpected(t *testing.T, c Case, result checks.Result, fix checks.Fix) {
	t.Helper()
	require.Equal(t, c.Want.String(), result.Verdict().String(), "findings: %+v", result.Findings)
	for _, f := range result.Findings {
		assertFinding(t, f)
	}
	for what, part := range map[string]string{
		"found": c.Found, "expected": c.Expected, "nearMiss": c.NearMiss, "advice": c.Advice,
	} {
		assert.Contains(t, joined(result.Findings, what), part, what)
	}
	if c.Want == checks.Unknown && c.Reason != "" {
		assert.Contains(t, reasons(result.Findings), c.Reason)
	}
	if c.Want == checks.Partial && c.Share != 0 {
		assert.Equal(t, c.Share, share(result.Findings))
	}
	if c.Want == checks.Fail || c.Want == checks.Partial || result.Unsettled() && !reflect.ValueOf(fix).IsZero() {
		assert.NotEmpty(t, fix.Console, "a fix names the path of clicks")
		assert.NotEqual(t, fix.ConsoleOnly, len(fix.Commands) > 0, "a fix has commands or is ConsoleOnly")
	}
	assert.Contains(t, commandText(fix), c.Fix)
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

// assertFailing runs the case with one fact (its index) that could not be learned.
func assertFailing(
	t *testing.T, check *checks.Check, bound checks.Bound, c Case, broken int, failure *facts.Error,
	before checks.Verdict, kept *ledger,
) {
	t.Helper()
	given := slices.Clone(c.Facts)
	given[broken] = given[broken].Failing(failure)
	source := given[broken].Source()
	result, _, untold := look(bound, check, c.Site, given)
	after := result.Verdict()
	what := fmt.Sprintf("%s fails with %s: findings %+v", source.Describe().Name, failure.Reason, result.Findings)
	if isExtra(check, source) {
		require.Equal(t, before.String(), after.String(), "an Extra read never decides: %s", what)
		return
	}
	if after == before {
		return
	}
	require.Equal(t, checks.Unknown.String(), after.String(), what)
	if len(untold) == 0 { // the failure may make the check ask for what the case does not tell
		require.Contains(t, reasons(result.Findings), failure.Reason, what)
	}
	if before == checks.Pass || before == checks.Fail {
		kept.decides(check, source)
	}
}
