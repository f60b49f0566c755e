package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/reporttest"
)

const session = "arn:aws:sts::123456789012:assumed-role/voclabs/user1234567="

// found redacts a report in which a finding found something.
func found(text, caller string, student string, mask bool) string {
	r := &reports.Report{
		Student: student,
		Target:  reports.Target{Account: "123456789012", Caller: caller},
		Steps:   []reports.Step{{Findings: []checks.Finding{{Found: text}}}},
	}
	return reports.Redact(r, mask).Steps[0].Findings[0].Found
}

func TestRedactMasksTheLearnersName(t *testing.T) {
	cases := map[string]struct{ name, text, want string }{
		"e-mail in the ARN": {
			"jane@example.edu", session + "jane@example.edu is not allowed", session + "MASKED is not allowed",
		},
		"e-mail alone":    {"jane@example.edu", "mail to jane@example.edu", "mail to MASKED"},
		"name in the ARN": {"Al", session + "Al", session + "MASKED"},
		"name in a word":  {"Al", "Also a bucket", "Also a bucket"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, found(c.text, session+c.name, "", false))
			require.Equal(t, c.text, found(c.text, session+c.name, "jane-d", false), "a student who is named hides nothing")
		})
	}
	caller := "arn:aws:sts::123456789012:assumed-role/Admin/jane@example.edu"
	require.Equal(t, caller, found(caller, caller, "", false), "only a Learner Lab's session is masked")
}

func TestRedactMasksAccounts(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"an ARN": {"arn:aws:iam::123456789012:user/alice", "arn:aws:iam::ACCOUNT_ID:user/alice"},
		"a registry": {
			"123456789012.dkr.ecr.us-east-1.amazonaws.com/a", "ACCOUNT_ID.dkr.ecr.us-east-1.amazonaws.com/a",
		},
		"a command":            {"aws budgets x --account-id 123456789012", "aws budgets x --account-id ACCOUNT_ID"},
		"a name with it":       {"my-bucket-123456789012x", "my-bucket-ACCOUNT_IDx"},
		"twice":                {"123456789012123456789012 123456789012", "123456789012123456789012 ACCOUNT_ID"},
		"another account":      {"arn:aws:iam::210987654321:root", "arn:aws:iam::ACCOUNT_ID:root"},
		"neighbours":           {"210987654321,345678901234,456789012345", "ACCOUNT_ID,ACCOUNT_ID,ACCOUNT_ID"},
		"the end of a UUID":    {"3a2b-210987654321", "3a2b-210987654321"},
		"a longer number":      {"1234567890123", "1234567890123"},
		"an access key's id":   {"key AKIAIOSFODNN7EXAMPLE", "key AKIAMASKED"},
		"the head of one":      {"AKIAQNZGKIQYQ", "AKIAMASKED"},
		"the unique id of one": {"AIDACKCEVSQ6C2EXAMPLE", "AIDAMASKED"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, found(c.text, "", "", true))
			require.Equal(t, c.text, found(c.text, "", "", false), "nothing is masked unasked")
		})
	}
}

func TestRedactLeavesNoAccount(t *testing.T) {
	for _, n := range reporttest.Set() {
		t.Run(n.Name, func(t *testing.T) {
			before := n.Report.Normal()
			data, err := jsonv1.Marshal(reports.Redact(n.Report, true))
			require.NoError(t, err)
			require.NotContains(t, string(data), "123456789012")
			require.Equal(t, before, n.Report, "the report itself is left as it is")
		})
	}
}

// In facts every account becomes another one that looks like one: checks go by the form, and by who is who.
func TestRedactDisguisesFacts(t *testing.T) {
	r := reporttest.Gated()
	masked := reports.Redact(r, true)
	require.Equal(t, "000000000000", masked.Facts.Site.Account)
	require.JSONEq(t, `{"account": "000000000000"}`, string(masked.Facts.Facts[0].Key))
	require.JSONEq(t, `{"onAlarm": ["arn:aws:sns:us-east-1:000000000001:alerts"], "dimensions": {
		"LinkedAccount": "000000000000", "linkedaccount": "000000000002", "000000000000": "\u200b"}}`,
		string(masked.Facts.Facts[1].Value))
	data, err := jsonv1.Marshal(masked)
	require.NoError(t, err)
	for _, account := range []string{"123456789012", "210987654321", "345678901234"} {
		require.NotContains(t, string(data), account)
	}
	require.NoError(t, masked.Verify())
	require.Equal(t, masked, reports.Redact(masked, true), "masking twice is masking once")

	odd := reporttest.Gated()
	odd.Facts.Site.Account = "x"
	require.Equal(t, "x", reports.Redact(odd, true).Facts.Site.Account)
}
