package tf

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// PublicParams are the parameters of NotPublic.
type PublicParams struct {
	Bucket string `json:"bucket" help:"the bucket of the lab" need:"true"`
}

// NotPublic passes when nobody from outside can get at the bucket, and nobody can let them in by mistake: each of the
// four settings is on for the bucket or for the whole account. It is Go because it joins two answers setting by
// setting.
var NotPublic = checks.New(checks.Spec[PublicParams]{
	ID:     "s3-not-public",
	Title:  "The bucket is not public, and cannot become so by mistake",
	Why:    "Whoever reads a state reads the passwords in it.",
	Verify: "aws s3api get-public-access-block --bucket BUCKET && aws s3api get-bucket-policy-status --bucket BUCKET",
	Pages: checks.Pages{
		Docs:    "AmazonS3/latest/userguide/access-control-block-public-access.html",
		Console: "s3/buckets?region={region}",
	},
	Reads: []facts.Source{account.BucketBlock, account.AccountBlock},
	Extra: []facts.Source{account.BucketPolicyStatus},
	Run:   notPublic,
})

func notPublic(v *facts.View, p PublicParams) (checks.Result, error) {
	site := v.Site()
	key := account.BucketKey{Region: site.Region, Owner: site.Account, Name: p.Bucket}
	finding := checks.Finding{
		Subject: "S3 bucket " + p.Bucket, LookedAt: "the public access block of the bucket and of the account",
		Expected: "all four settings are on, for the bucket or for the account",
	}
	asked := account.AccountBlock.Start(v, account.PublicBlockKey{Region: site.Region, Account: site.Account})
	status := account.BucketPolicyStatus.Start(v, key)
	block, err := account.BucketBlock.Get(v, key)
	if err == nil && block.NoBucket {
		return checks.Of(finding.Fail("there is no bucket " + p.Bucket)).WithFix(makeBucket(p.Bucket, site.Region)), nil
	}
	whole, wholeErr := asked.Get()
	missing := block.Missing(account.PublicBlock{})
	switch {
	case err != nil && (wholeErr != nil || len(whole.Missing(account.PublicBlock{})) > 0):
		return checks.Of(finding.Unknown(err)), nil
	case err == nil && len(missing) > 0 && wholeErr != nil:
		return checks.Of(finding.Unknown(wholeErr)), nil
	}
	missing = block.Missing(whole)
	public, statusErr := status.Get()
	isPublic := statusErr == nil && public
	if len(missing) == 0 {
		if isPublic {
			finding.Advice = "a policy of the bucket lets everybody in, and only the block keeps them out: remove it"
		}
		return checks.Of(finding.Pass("all four settings are on")), nil
	}
	found := listed(missing) + " off, for the bucket and for the account"
	if isPublic {
		finding.NearMiss = "a policy of the bucket lets everybody in right now"
	}
	return checks.Of(finding.Fail(found)).WithFix(checks.Fix{
		Commands: []checks.Command{checks.Sh("aws", "s3api", "put-public-access-block", "--bucket", p.Bucket,
			"--public-access-block-configuration",
			"BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true")},
		Console: "S3 › " + p.Bucket + " › Permissions › Block public access › Edit",
	}), nil
}
