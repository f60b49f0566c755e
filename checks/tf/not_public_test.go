package tf_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
)

func TestNotPublic(t *testing.T) {
	t.Parallel()
	const name = "tfstate-123456789012"
	key := account.BucketKey{Region: checktest.Region, Owner: checktest.Account, Name: name}
	whole := account.PublicBlockKey{Region: checktest.Region, Account: checktest.Account}
	var none account.PublicBlock
	all := account.PublicBlock{
		BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true,
	}
	three, one := all, account.PublicBlock{RestrictPublicBuckets: true}
	three.RestrictPublicBuckets = false
	with := func(bucket, of account.PublicBlock, public bool) []facts.Given {
		return []facts.Given{
			account.BucketBlock.Given(key, account.BucketPublicBlock{PublicBlock: bucket}),
			account.AccountBlock.Given(whole, of),
			account.BucketPolicyStatus.Given(key, public),
		}
	}
	denied := &facts.Error{Reason: facts.AccessDenied}
	list := []checktest.Case{
		{Name: "the bucket", Facts: with(all, none, false), Want: checks.Pass, Found: "all four settings are on"},
		{Name: "the account", Facts: with(none, all, false), Want: checks.Pass},
		{Name: "together", Facts: with(three, one, false), Want: checks.Pass},
		{Name: "none", Facts: with(none, none, false), Want: checks.Fail, Fix: "put-public-access-block --bucket " + name},
		{
			Name: "no bucket", Want: checks.Fail, Found: "there is no bucket " + name, Fix: "create-bucket",
			Facts: []facts.Given{
				account.BucketBlock.Given(key, account.BucketPublicBlock{NoBucket: true}),
				account.AccountBlock.Given(whole, none), account.BucketPolicyStatus.Given(key, false),
			},
		},
		{
			Name: "three of four", Facts: with(three, none, false), Want: checks.Fail, Found: "RestrictPublicBuckets off",
		},
		{
			Name: "a public policy", Facts: with(none, none, true), Want: checks.Fail, NearMiss: "lets everybody in right now",
		},
		{
			Name: "a public policy that is cut off", Facts: with(all, none, true), Want: checks.Pass, Advice: "remove it",
		},
		{
			Name: "the account's is denied", Want: checks.Unknown, Reason: facts.AccessDenied, Facts: []facts.Given{
				account.BucketBlock.Given(key, account.BucketPublicBlock{}), account.AccountBlock.GivenError(whole, denied),
				account.BucketPolicyStatus.Given(key, false),
			},
		},
		{
			Name: "the account's is denied and not needed", Want: checks.Pass, Facts: []facts.Given{
				account.BucketBlock.Given(key, account.BucketPublicBlock{PublicBlock: all}),
				account.AccountBlock.GivenError(whole, denied),
				account.BucketPolicyStatus.Given(key, false),
			},
		},
	}
	for i := range list {
		list[i].Params = map[string]any{"bucket": name}
	}
	checktest.Run(t, tf.NotPublic, list)
}
