package checks_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

func TestWorst(t *testing.T) {
	of := func(list ...checks.Verdict) checks.Verdict {
		var findings []checks.Finding
		for _, v := range list {
			findings = append(findings, checks.Finding{Verdict: v})
		}
		return checks.Worst(findings)
	}
	assert.Equal(t, checks.Unknown, of(), "no finding is unknown")
	assert.Equal(t, checks.Fail, of(checks.Pass, checks.Unknown, checks.Fail), "a proven fail stays a fail")
	assert.Equal(t, checks.Unknown, of(checks.Pass, checks.Unknown, checks.Partial), "a pass needs every read")
	assert.Equal(t, checks.Partial, of(checks.Pass, checks.Partial, checks.Skipped))
	assert.Equal(t, checks.Pass, of(checks.Skipped, checks.Pass))
	assert.Equal(t, checks.Skipped, of(checks.Skipped, checks.Skipped))
}

func TestVerdictWords(t *testing.T) {
	var zero checks.Verdict
	assert.Equal(t, checks.Unknown, zero, "nothing passes by being forgotten")
	for _, v := range checks.Verdicts() {
		text, err := v.MarshalText()
		require.NoError(t, err)
		var back checks.Verdict
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, v, back)
	}
	assert.Equal(t, "unknown", checks.Verdict(99).String())
	require.Error(t, zero.UnmarshalText([]byte("perfect")))
}

// Each method leaves a finding that has what its verdict needs and nothing of another verdict.
func TestFindingsAreJudged(t *testing.T) {
	about := checks.Finding{Subject: "it", LookedAt: "there", Expected: "on", Advice: "look", NearMiss: "its twin"}
	denied := &facts.Error{Reason: facts.AccessDenied, Detail: "denied", MissingAction: "test:Look"}
	judged := func(change func(*checks.Finding)) checks.Finding {
		f := about
		change(&f)
		return f
	}
	pass := judged(func(f *checks.Finding) { f.Verdict, f.Found = checks.Pass, "on" })
	partial := judged(func(f *checks.Finding) { f.Verdict, f.Share, f.Found = checks.Partial, 50, "half" })
	unknown := judged(func(f *checks.Finding) {
		f.Reason, f.Detail, f.MissingAction = facts.AccessDenied, "denied", "test:Look"
	})
	assert.Equal(t, pass, about.Pass("on"))
	assert.Equal(t, pass, about.Partial(50, "half").Unknown(denied).Pass("on"))
	assert.Equal(t, partial, about.Unknown(denied).Partial(50, "half"))
	assert.Equal(t, checks.Fail, about.Fail("off").Verdict)
	assert.Equal(t, checks.Skipped, about.Skip("another's").Verdict)
	assert.Equal(t, unknown, about.Unknown(denied))
	found := about.Partial(50, "half").Unknown(denied)
	assert.Equal(t, "half", found.Found, "what was found so far stays")
	assert.Zero(t, found.Share)
	assert.Equal(t, checks.Unknown, about.Verdict, "the finding itself is left as it is")
}

// A fix stands beside what can be put right, and beside what is not settled yet.
func TestFixesAreKeptWhereTheyHelp(t *testing.T) {
	f := checks.Finding{}
	unsettled := f.Unknown(facts.Errorf(facts.NotYetConsistent, "later"))
	denied := f.Unknown(facts.Errorf(facts.AccessDenied, "denied"))
	for _, c := range []struct {
		findings []checks.Finding
		kept     bool
	}{
		{[]checks.Finding{f.Fail("off"), denied}, true},
		{[]checks.Finding{f.Partial(50, "half"), f.Pass("on")}, true},
		{[]checks.Finding{f.Pass("on"), unsettled, denied}, true},
		{[]checks.Finding{denied, unsettled}, false},
		{[]checks.Finding{f.Pass("on")}, false},
		{[]checks.Finding{f.Skip("another's")}, false},
		{nil, false},
	} {
		s := spec()
		fix := checks.Fix{Console: "here"}
		s.Run = func(*facts.View, params) (checks.Result, error) { return checks.Of(c.findings...).WithFix(fix), nil }
		b, err := checks.New(s).Bind(map[string]json.RawMessage{"name": []byte(`"x"`)})
		require.NoError(t, err)
		assert.Equal(t, c.kept, b.Run(view(facts.Site{})).Fix.Console != "", "%+v", c.findings)
	}
}
