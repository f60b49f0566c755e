package tf

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// StateLock passes when two people cannot change the state at once: with a lock file in S3 or, as before Terraform
// 1.10, with a table in DynamoDB.
var StateLock = checks.New(checks.Spec[FolderParams]{
	ID:     "tf-state-lock",
	Title:  "The state is locked while somebody changes it",
	Why:    "Two runs at once that write the same state leave neither of them whole.",
	Verify: "grep -n use_lockfile *.tf",
	About:  checks.AboutWorkstation,
	Pages:  checks.Pages{Docs: "prescriptive-guidance/latest/terraform-aws-provider-best-practices/backend.html"},
	Reads:  []facts.Source{workstation.Terraform},
	Run:    tfStateLock,
})

func tfStateLock(v *facts.View, p FolderParams) (checks.Result, error) {
	f, finding, ok := configuration(v, p.Dir, "use_lockfile is true")
	if !ok {
		return checks.Of(finding), nil
	}
	lock := edit(`the backend block › use_lockfile = true › then terraform init -reconfigure`)
	b := f.Backend
	switch {
	case b.Type != "s3":
		return checks.Of(finding.Fail("the state is not in S3")).WithFix(lock), nil
	case b.Settings["use_lockfile"] == "true":
		return checks.Of(incomplete(f, finding.Pass("use_lockfile is true"))), nil
	case b.Settings["dynamodb_table"] != "":
		finding.Advice = "a table is deprecated: use_lockfile = true does the same without one"
		return checks.Of(incomplete(f, finding.Pass("locked with the table "+b.Settings["dynamodb_table"]))), nil
	case b.Settings["use_lockfile"] == "false":
		return checks.Of(finding.Fail("use_lockfile is false")).WithFix(lock), nil
	case b.Stored == "" && b.Settings["bucket"] == "":
		return checks.Of(finding.Unknown(facts.Errorf(facts.NotLooked,
			"the backend block is not complete, and there was no terraform init that says the rest"))), nil
	}
	return checks.Of(finding.Fail("the backend says nothing about locking")).WithFix(lock), nil
}
