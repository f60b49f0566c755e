package lab_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/lab"
)

// goodWaivers is a waiver file that loads; the cases below spoil it.
const goodWaivers = `schema: labcheck.waivers/v1
waivers:
  - step: images-are-scanned
    account: "123456789012"
    reason: another team scans
    who: platform@example.com
    until: 2027-01-31
  - step: logs-end
    account: "*"
    reason: an audit needs the logs
    who: alice
    until: "2026-11-01"
`

var today = time.Date(2026, time.November, 23, 23, 0, 0, 0, time.UTC)

func TestLoadWaivers(t *testing.T) {
	waivers, err := lab.LoadWaivers("w.yaml", []byte(goodWaivers), today)
	require.NoError(t, err)
	assert.Equal(t, []grade.Waiver{
		{
			Step: "images-are-scanned", Account: "123456789012", Reason: "another team scans", Who: "platform@example.com",
			Until: "2027-01-31", Position: "w.yaml:3",
		},
		{
			Step: "logs-end", Account: "*", Reason: "an audit needs the logs", Who: "alice",
			Until: "2026-11-01", Position: "w.yaml:8",
		},
	}, waivers)
}

func TestLoadWaiversProblems(t *testing.T) {
	cases := map[string]struct {
		old, spoilt string
		want        string
	}{
		"unknown key": {
			"reason: an audit", "resaon: an audit", `10:5: "resaon" is not a key of item 2 of waivers; did you mean "reason"?`,
		},
		"no date": {"    until: 2027-01-31\n", "", `3:5: item 1 of waivers needs the key "until"`},
		"no day": {
			"2027-01-31", "2027-02-31",
			`7:12: until is "2027-02-31", which no calendar has; it is a day such as 2027-02-23`,
		},
		"a time": {"2027-01-31", "2027-01-31T00:00:00Z", "it is a day such as"},
		"a date far ahead": {
			"2027-01-31", "2027-11-25", "7:12: until is 2027-11-25; a waiver ends within a year, on 2027-11-24 at the latest",
		},
		"account as a number": {
			`"123456789012"`, "123456789012", "4:14: account must be text, not a number; put it in quotes",
		},
		"account too short": {
			`"123456789012"`, `"12345"`, `4:14: the account must be 12 digits, or "*" for every account`,
		},
		"no reason": {
			"another team scans", `" "`, "5:13: reason is empty; a waiver says what it is for, who decided it and why",
		},
		"no account":    {`"123456789012"`, `""`, "4:14: account is empty"},
		"nobody":        {"who: alice", `who: ""`, "11:10: who is empty"},
		"a step's name": {"step: images-are-scanned", "step: ECR!", `3:11: the step "…" must match`},
		"the same twice": {
			"logs-end\n    account: \"*\"", "images-are-scanned\n    account: \"123456789012\"",
			"8:5: this step and account have a waiver already, on line 3",
		},
		"another schema": {
			"waivers/v1", "waivers/v2", `1:9: the schema is "labcheck.waivers/v2"; this version reads "labcheck.waivers/v1"`,
		},
		"no schema": {"schema: labcheck.waivers/v1\n", "", `a waiver file needs the key "schema"`},
		"no YAML":   {`"*"`, "*", `a text that begins with "*" needs quotes`},
		"an anchor": {"reason: an audit", "reason: &a an audit", "anchors and aliases are not allowed"},
		"an empty file": {
			goodWaivers, "", "1:1: the file is empty; a list of waivers begins with: schema: labcheck.waivers/v1",
		},
		"a file that is large": {goodWaivers, strings.Repeat(" ", 1<<20+1), "larger than 1024 KiB"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, goodWaivers, c.old)
			_, err := lab.LoadWaivers("w.yaml", []byte(strings.Replace(goodWaivers, c.old, c.spoilt, 1)), today)
			require.ErrorAs(t, err, new(lab.Problems))
			assert.Contains(t, err.Error(), c.want)
			assert.Contains(t, err.Error(), "w.yaml:")
		})
	}
}

func TestLoadWaiversTellsAllProblems(t *testing.T) {
	spoilt := strings.NewReplacer("2027-01-31", "soon", "who: alice", "who: ''", "schema: labcheck.waivers/v1",
		"schema: x").
		Replace(goodWaivers)
	_, err := lab.LoadWaivers("w.yaml", []byte(spoilt), today)
	var problems lab.Problems
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems, 3)
	assert.IsIncreasing(t, []int{problems[0].At.Line, problems[1].At.Line, problems[2].At.Line})
}

// The last day that is allowed is allowed.
func TestLoadWaiversLastDay(t *testing.T) {
	_, err := lab.LoadWaivers("w.yaml", []byte(strings.Replace(goodWaivers, "2027-01-31", "2027-11-24", 1)), today)
	require.NoError(t, err)
}

// aliasedKey has a key that is no plain name but has the value of one.
const aliasedKey = `schema: labcheck.waivers/v1
&waivers a: b
*waivers : []
waivers:
  - step: a
`

// A file of a stranger is read or refused, and every waiver that is read is whole.
func FuzzLoadWaivers(f *testing.F) {
	for _, seed := range []string{
		goodWaivers, aliasedKey, "waivers: {a: b}", "[]", "waivers: [*a]", "waivers: &a [{step: x}]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		waivers, err := lab.LoadWaivers("w.yaml", data, today)
		if err != nil {
			require.ErrorAs(t, err, new(lab.Problems))
			require.Empty(t, waivers)
			return
		}
		for _, w := range waivers {
			require.NotContains(t, []string{w.Step, w.Account, w.Reason, w.Who}, "")
			require.Len(t, w.Until, len(time.DateOnly))
			require.LessOrEqual(t, w.Until, "2027-11-24")
		}
	})
}
