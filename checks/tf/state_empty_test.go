package tf_test

import (
	"testing"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
)

func TestStateEmpty(t *testing.T) {
	t.Parallel()
	const bucket = "tfstate-123456789012"
	with := func(objects ...account.Object) []facts.Given {
		key := account.ObjectsKey{Region: checktest.Region, Owner: checktest.Account, Bucket: bucket}
		return []facts.Given{account.Objects.Given(key, objects)}
	}
	long, now := checktest.Now.Add(-2*time.Hour), checktest.Now.Add(-time.Minute)
	lock := account.Object{Key: "docker-api/terraform.tfstate.tflock", Size: 200, Modified: long}
	list := []checktest.Case{
		{Name: "no object", Facts: with(), Want: checks.Pass, Found: "no state there holds a resource"},
		{Name: "an empty state", Facts: with(account.Object{Key: "a.tfstate", Size: 181, Modified: now}), Want: checks.Pass},
		{
			Name: "a state", Facts: with(account.Object{Key: "a.tfstate", Size: 786, Modified: now}), Want: checks.Unknown,
			Reason: facts.NotLooked, Fix: "terraform state list\nterraform destroy",
		},
		{
			Name: "a lock that nobody holds", Facts: with(lock), Want: checks.Fail, Found: "did not end",
			Fix: "aws s3 rm s3://tfstate-123456789012/docker-api/terraform.tfstate.tflock --region us-east-1",
		},
		{Name: "a lock that somebody holds", Facts: with(account.Object{Key: lock.Key, Modified: now}), Want: checks.Pass},
	}
	for i := range list {
		list[i].Params = map[string]any{"bucket": bucket}
	}
	checktest.Run(t, tf.StateEmpty, list)
}
