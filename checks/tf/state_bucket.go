package tf

import (
	"errors"
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/checks/workstation"
)

// BucketParams are the parameters of StateBucket.
type BucketParams struct {
	Dir    string `json:"dir" help:"the folder of the configuration, below the current one; empty: the only one there is"`
	Bucket string `json:"bucket" help:"the bucket of the lab" need:"true"`
}

// Validate implements checks.Validator.
func (p BucketParams) Validate() error {
	if p.Bucket == "" {
		return &checks.ParamError{Name: "bucket", Problem: "is empty"}
	}
	return validDir(p.Dir)
}

// StateBucket passes when the bucket of the backend is the lab's, is there, belongs to the account, and is in the
// Region that the backend names.
var StateBucket = checks.New(checks.Spec[BucketParams]{
	ID:     "s3-bucket",
	Title:  "The bucket of the state is there, in the backend's Region",
	Why:    "A bucket in another Region, or of somebody else, is found out only when Terraform stops.",
	Verify: "aws s3api head-bucket --bucket BUCKET",
	About:  checks.AboutWorkstation,
	Pages:  checks.Pages{Docs: "AmazonS3/latest/userguide/create-bucket-overview.html"},
	Reads:  []facts.Source{workstation.Terraform, account.BucketHead, account.Buckets},
	Run:    stateBucket,
})

func stateBucket(v *facts.View, p BucketParams) (checks.Result, error) {
	f, finding, ok := configuration(v, p.Dir, "the bucket "+p.Bucket+" is there, in the Region of the backend")
	if !ok {
		return checks.Of(finding), nil
	}
	site := v.Site()
	region, where := f.Backend.Settings["region"], backendRegion(f, site)
	finding.Subject, finding.LookedAt = "S3 bucket "+p.Bucket, "S3 in "+where
	if f.Backend.Type != "s3" {
		return checks.Of(finding.Fail("the state is not in S3")).WithFix(edit(writeBackend)), nil
	}
	switch named := f.Backend.Settings["bucket"]; named {
	case p.Bucket:
	case "":
		return checks.Of(finding.Unknown(facts.Errorf(facts.NotLooked,
			"the backend names no bucket, and there was no terraform init that says which"))), nil
	default:
		return checks.Of(finding.Fail("the backend names the bucket " + named)).WithFix(
			edit("the backend block › bucket › then terraform init -migrate-state")), nil
	}
	head, err := account.BucketHead.Get(v, account.BucketKey{Region: where, Owner: site.Account, Name: p.Bucket})
	var denied *facts.Error
	switch {
	case errors.As(err, &denied) && denied.Reason == facts.AccessDenied:
		own, listErr := account.Buckets.Get(v, account.BucketsKey{Region: site.Region})
		var listDenied *facts.Error
		switch {
		case listErr != nil && (!errors.As(listErr, &listDenied) || listDenied.Reason != facts.AccessDenied):
			return checks.Of(finding.Unknown(listErr)), nil
		case listErr != nil, slices.Contains(own, p.Bucket):
			return checks.Of(finding.Unknown(err)), nil
		}
		return checks.Of(finding.Fail("the bucket belongs to another account: this one has " +
			checks.Count(len(own), "bucket") + ", and not this one")).WithFix(
			edit("the backend block › bucket › a name that nobody has yet")), nil
	case err != nil:
		return checks.Of(finding.Unknown(err)), nil
	case !head.Exists:
		own, err := account.Buckets.Get(v, account.BucketsKey{Region: site.Region})
		if near := nearest.Of(p.Bucket, own); err == nil && near != "" {
			finding.NearMiss = "found " + near
		}
		return checks.Of(finding.Fail("there is no bucket " + p.Bucket)).WithFix(makeBucket(p.Bucket, where)), nil
	case region != "" && head.Region != "" && head.Region != region:
		finding.NearMiss = "it is in " + head.Region + ", and the backend says " + region
		return checks.Of(finding.Fail("the bucket is in " + head.Region)).WithFix(
			edit(`the backend block › region = "` + head.Region + `" › then terraform init -reconfigure`)), nil
	}
	found := "it is there"
	if head.Region != "" {
		found += ", in " + head.Region
	}
	return checks.Of(incomplete(f, finding.Pass(found))), nil
}

// makeBucket makes a bucket. us-east-1 is the Region of which S3 wants no mention.
func makeBucket(bucket, region string) checks.Fix {
	words := []string{"aws", "s3api", "create-bucket", "--bucket", bucket, "--region", region}
	if region != "us-east-1" {
		words = append(words, "--create-bucket-configuration", "LocationConstraint="+region)
	}
	return checks.Fix{Commands: []checks.Command{checks.Sh(words...)}, Console: "S3 › Create bucket"}
}
