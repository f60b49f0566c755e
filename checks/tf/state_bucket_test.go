package tf_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
)

func TestStateBucket(t *testing.T) {
	t.Parallel()
	const name = "tfstate-123456789012"
	bucket := map[string]any{"bucket": name}
	key := account.BucketKey{Region: "us-east-1", Owner: checktest.Account, Name: name}
	denied := account.BucketHead.GivenError(
		key,
		&facts.Error{Reason: facts.AccessDenied, MissingAction: "s3:ListBucket"},
	)
	own := func(names ...string) facts.Given {
		return account.Buckets.Given(account.BucketsKey{Region: "us-east-1"}, append([]string{}, names...))
	}
	with := func(f files, more ...facts.Given) []facts.Given { return append(holds(t, f), more...) }
	good := main(inS3())
	list := []checktest.Case{
		{
			Name: "there", Want: checks.Pass, Found: "it is there, in us-east-1",
			Facts: with(good, account.BucketHead.Given(key, account.Bucket{Exists: true, Region: "us-east-1"})),
		},
		{
			Name: "there, Region not told", Want: checks.Pass,
			Facts: with(good, account.BucketHead.Given(key, account.Bucket{Exists: true})),
		},
		{
			Name: "missing", Want: checks.Fail, NearMiss: "found tfstate-12345678901", Found: "there is no bucket",
			Fix:   "aws s3api create-bucket --bucket " + name + " --region us-east-1",
			Facts: with(good, account.BucketHead.Given(key, account.Bucket{}), own("tfstate-12345678901", "logs")),
		},
		{
			Name:     "in another Region",
			Want:     checks.Fail,
			NearMiss: "it is in us-west-2, and the backend says us-east-1",
			Facts:    with(good, account.BucketHead.Given(key, account.Bucket{Exists: true, Region: "us-west-2"})),
		},
		{
			Name: "the backend names no Region", Want: checks.Pass,
			Facts: with(main(backend(`bucket = "`+name+`"`, `key = "k"`)),
				account.BucketHead.Given(key, account.Bucket{Exists: true, Region: "eu-west-1"})),
		},
		{
			Name:  "somebody else's",
			Want:  checks.Fail,
			Found: "belongs to another account",
			Facts: with(good, denied, own("logs")),
		},
		{
			Name:   "mine, and denied",
			Want:   checks.Unknown,
			Reason: facts.AccessDenied,
			Facts:  with(good, denied, own(name)),
		},
		{
			Name: "nothing may be listed", Want: checks.Unknown, Reason: facts.AccessDenied, Facts: with(
				good,
				denied,
				account.Buckets.GivenError(
					account.BucketsKey{Region: "us-east-1"},
					&facts.Error{Reason: facts.AccessDenied},
				),
			),
		},
		{
			Name: "another name", Want: checks.Fail, Found: "the backend names the bucket other",
			Facts: with(main(backend(`bucket = "other"`, `key = "k"`))),
		},
		{Name: "no S3", Want: checks.Fail, Facts: with(main("locals {}\n"))},
		{Name: "no init", Want: checks.Unknown, Reason: facts.NotLooked, Facts: with(main(backend()))},
		{Name: "two folders", Want: checks.Unknown, Reason: facts.NotLooked, Facts: with(two)},
		{
			Name: "another Region's fix",
			Want: checks.Fail,
			Fix:  "--create-bucket-configuration LocationConstraint=eu-west-1",
			Facts: with(main(backend(`bucket = "`+name+`"`, `key = "k"`, `region = "eu-west-1"`)), own(),
				account.BucketHead.Given(
					account.BucketKey{Region: "eu-west-1", Owner: checktest.Account, Name: name}, account.Bucket{})),
		},
	}
	for i := range list {
		list[i].Params = bucket
	}
	checktest.Run(t, tf.StateBucket, list)
}
