package tf

import (
	"slices"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// StatePresent passes when the state that the backend names is in the bucket and holds resources. What is in it is
// never read: there are secrets in states. Its size tells enough.
var StatePresent = checks.New(checks.Spec[FolderParams]{
	ID:     "tf-state-present",
	Title:  "The state is in the bucket",
	Why:    "What Terraform made can be changed and removed by it only as long as it has the state.",
	Verify: "aws s3 ls s3://BUCKET/KEY",
	About:  checks.AboutWorkstation,
	Pages:  checks.Pages{Docs: "prescriptive-guidance/latest/terraform-aws-provider-best-practices/backend.html"},
	Reads:  []facts.Source{workstation.Terraform, account.Objects},
	Extra:  []facts.Source{account.DeletedObjects},
	Run:    tfStatePresent,
})

// lockAge is how old a lock is that nobody holds any more.
const lockAge = time.Hour

func tfStatePresent(v *facts.View, p FolderParams) (checks.Result, error) {
	f, finding, ok := configuration(v, p.Dir, "the state is in the bucket, with a resource in it")
	if !ok {
		return checks.Of(finding), nil
	}
	bucket, key := f.Backend.Settings["bucket"], f.Backend.Key()
	switch {
	case f.Backend.Type != "s3":
		return checks.Of(finding.Fail("the state is not in S3")).WithFix(edit(writeBackend)), nil
	case bucket == "" || key == "":
		return checks.Of(finding.Unknown(facts.Errorf(facts.NotLooked,
			"the backend names no bucket or no key, and there was no terraform init that says which"))), nil
	}
	site := v.Site()
	asked := account.ObjectsKey{Region: backendRegion(f, site), Owner: site.Account, Bucket: bucket, Prefix: key}
	finding.Subject, finding.LookedAt = "state s3://"+bucket+"/"+key, "the objects of S3 bucket "+bucket
	objects, err := account.Objects.Get(v, asked)
	if err != nil {
		return checks.Of(finding.Unknown(err)), nil
	}
	apply := checks.Fix{Commands: []checks.Command{inFolder(f, "apply")}, Console: "a terminal › terraform apply"}
	if f.Backend.Stored == "" {
		apply.Commands = append([]checks.Command{inFolder(f, "init")}, apply.Commands...)
	}
	if i := find(objects, key+".tflock"); i >= 0 && v.Now().Sub(objects[i].Modified) > lockAge {
		finding.Advice = "a lock is left behind: terraform plan says its ID, and terraform force-unlock ID removes it"
	}
	i := find(objects, key)
	switch {
	case i < 0:
		if deleted, err := account.DeletedObjects.Get(v, asked); err == nil && slices.Contains(deleted, key) {
			finding.NearMiss = "it was deleted, and older versions are there: remove its delete marker to have it back"
		}
		return checks.Of(finding.Fail("there is no object " + key)).WithFix(apply), nil
	case objects[i].Size <= account.EmptyState:
		return checks.Of(finding.Partial(50, "the state is there and holds no resource")).WithFix(apply), nil
	}
	return checks.Of(
		incomplete(
			f,
			finding.Pass("it is there, changed "+objects[i].Modified.UTC().Format("2 January 2006 15:04")+" UTC"),
		),
	), nil
}

func find(objects []account.Object, key string) int {
	return slices.IndexFunc(objects, func(o account.Object) bool { return o.Key == key })
}
