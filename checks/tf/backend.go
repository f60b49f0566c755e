package tf

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

// S3Backend passes when the state is kept in S3: the backend block and what the last init made of it agree.
var S3Backend = checks.New(checks.Spec[FolderParams]{
	ID:     "tf-backend",
	Title:  "The state is kept in S3",
	Why:    "A state on one laptop is lost with it, and nobody else can work with it.",
	Verify: "grep -A6 backend *.tf && terraform state list",
	About:  checks.AboutWorkstation,
	Pages:  checks.Pages{Docs: "prescriptive-guidance/latest/terraform-aws-provider-best-practices/backend.html"},
	Reads:  []facts.Source{workstation.Terraform},
	Extra:  []facts.Source{account.BucketHead},
	Run:    tfBackend,
})

func tfBackend(v *facts.View, p FolderParams) (checks.Result, error) {
	f, finding, ok := configuration(v, p.Dir, `the backend is "s3"`)
	if !ok {
		return checks.Of(finding), nil
	}
	finding, fix := backendOf(f, finding)
	if bucket := f.Backend.Settings["bucket"]; len(fix.Commands) > 0 && bucket != "" {
		fix.Commands = append(bucketFirst(v, f, bucket), fix.Commands...)
	}
	return checks.Of(incomplete(f, finding)).WithFix(fix), nil
}

// bucketFirst makes the bucket of the backend, without which terraform init stops, where it is known not to be there.
func bucketFirst(v *facts.View, f tfconfig.Folder, bucket string) []checks.Command {
	site := v.Site()
	region := backendRegion(f, site)
	head, err := account.BucketHead.Get(v, account.BucketKey{Region: region, Owner: site.Account, Name: bucket})
	if err != nil || head.Exists {
		return nil // the verdict stands on the files
	}
	return makeBucket(bucket, region).Commands
}

const writeBackend = `main.tf › terraform { backend "s3" { bucket = "BUCKET", key = "PROJECT/terraform.tfstate", ` +
	`region = "REGION", use_lockfile = true } } › then terraform init`

// backendOf judges the backend.
func backendOf(f tfconfig.Folder, finding checks.Finding) (checks.Finding, checks.Fix) {
	b := f.Backend
	migrate := checks.Fix{
		Commands: []checks.Command{
			inFolder(f, "init", "-migrate-state"),
		},
		Console: "a terminal › terraform init -migrate-state",
	}
	switch {
	case f.Files == 0:
		return finding.Fail(noConfiguration), edit("main.tf")
	case len(b.Problems) > 0:
		return finding.Fail(shown(f, b.Problems[0])), edit("the file and line named above › then terraform init")
	case b.Type == "" && b.Stored == "s3":
		finding.NearMiss = "the last terraform init used S3"
		return finding.Fail("no file has a backend block: the state is a file in this folder"), edit(writeBackend)
	case b.Type == "" || b.Type == "local":
		return finding.Fail("the state is a file in this folder"), edit(writeBackend)
	case b.Type == "cloud" || b.Type == "remote":
		finding.Advice = "HCP Terraform is a remote state too; the lab asks for S3"
		return finding.Fail("the state is in HCP Terraform"), edit(writeBackend)
	case b.Type != "s3":
		return finding.Fail(`the backend is "` + b.Type + `"`), edit(writeBackend)
	case b.Stored != "" && b.Stored != "s3":
		finding.NearMiss = "the block is right; the last terraform init was with the backend " + b.Stored
		return finding.Fail("the state was not moved to S3 yet"), migrate
	case len(b.Differs) > 0:
		finding.NearMiss = "terraform init wrote another " + listed(b.Differs) + " down"
		if b.StoredBucket != "" {
			finding.NearMiss += " (the bucket " + b.StoredBucket + ")"
		}
		return finding.Fail(
				"the block was changed after the last terraform init: no command works until it is run again",
			),
			checks.Fix{
				Commands: []checks.Command{inFolder(f, "init", "-reconfigure")},
				Console:  "a terminal › terraform init -reconfigure, or -migrate-state to take the state along",
			}
	case b.Stored == "" && b.LocalState:
		finding.NearMiss = "the block is right; the resources stand in terraform.tfstate, which was not moved"
		return finding.Fail("the state is still a file in this folder"), migrate
	case b.Settings["bucket"] == "" || b.Settings["key"] == "":
		if len(b.Partial) > 0 {
			finding.NearMiss = "the missing settings may be in " + listed(b.Partial)
		}
		words := []string{"init"}
		if len(b.Partial) > 0 {
			words = append(words, "-backend-config="+b.Partial[0])
		}
		return finding.Unknown(facts.Errorf(facts.NotLooked,
				"the block names no bucket or no key, and there was no terraform init that says which")),
			checks.Fix{Commands: []checks.Command{inFolder(f, words...)}, Console: "a terminal › terraform init"}
	}
	if b.Stored == "" {
		finding.Advice = "terraform init was not run here yet"
	}
	if len(f.SameState) > 0 {
		finding.Advice = "the folder " + f.SameState[0] + " has the same bucket and key: each apply destroys " +
			"what the other made"
	}
	return finding.Pass("S3, bucket " + b.Settings["bucket"] + ", key " + b.Key()), checks.Fix{}
}
