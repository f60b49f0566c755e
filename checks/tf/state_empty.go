package tf

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// EmptyParams are the parameters of StateEmpty.
type EmptyParams struct {
	Bucket string `json:"bucket" help:"the bucket of the states" need:"true"`
}

// StateEmpty passes when no state in the bucket holds a resource, and no lock is left of a command that did not end.
// What is in a state is never read, as there are secrets in states: a larger one is for its owner to look into.
var StateEmpty = checks.New(checks.Spec[EmptyParams]{
	ID:     "tf-state-empty",
	Title:  "Terraform's state holds nothing any more",
	Why:    "What Terraform made it deletes best: it knows all of it, and the order in which that works.",
	Verify: "aws s3 ls --recursive s3://BUCKET && terraform state list",
	Pages: checks.Pages{
		Docs:    "prescriptive-guidance/latest/terraform-aws-provider-best-practices/backend.html",
		Console: "s3/buckets?region={region}",
	},
	Reads: []facts.Source{account.Objects},
	Run:   stateEmpty,
})

func stateEmpty(v *facts.View, p EmptyParams) (checks.Result, error) {
	site := v.Site()
	finding := checks.Finding{
		Subject: "the states in S3 bucket " + p.Bucket, LookedAt: "the objects of S3 bucket " + p.Bucket,
		Expected: "no state, or an empty one, and no lock",
	}
	objects, err := account.Objects.Get(v, account.ObjectsKey{Region: site.Region, Owner: site.Account, Bucket: p.Bucket})
	if err != nil {
		return checks.Of(finding.Unknown(err)), nil
	}
	var states, locks []string
	for _, o := range objects {
		switch {
		case o.HoldsState():
			states = append(states, o.Key)
		case strings.HasSuffix(o.Key, ".tflock") && v.Now().Sub(o.Modified) > lockAge:
			locks = append(locks, o.Key)
		}
	}
	switch {
	case len(locks) > 0:
		fix := checks.Fix{Console: "S3 › " + p.Bucket + " › Objects › the lock › Delete"}
		for _, key := range locks {
			fix.Commands = append(fix.Commands, checks.Sh("aws", "s3", "rm", "s3://"+p.Bucket+"/"+key, "--region", site.Region))
		}
		return checks.Of(finding.Fail("a lock is left of a command that did not end: " + listed(locks))).WithFix(fix), nil
	case len(states) > 0:
		return checks.Of(finding.Unknown(facts.Errorf(facts.NotLooked,
				"there is a state that may hold something (%s), and labcheck does not read states: terraform state list says "+
					"what is in it", listed(states)))).
				WithFix(checks.Fix{
					Commands: []checks.Command{checks.Sh("terraform", "state", "list"), checks.Sh("terraform", "destroy")},
					Console:  "a terminal, in the folder of the configuration › terraform destroy",
				}),
			nil
	}
	return checks.Of(finding.Pass("no state there holds a resource")), nil
}
