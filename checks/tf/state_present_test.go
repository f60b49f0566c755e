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

func TestStatePresent(t *testing.T) {
	t.Parallel()
	const state, lock = "docker-api/terraform.tfstate", "docker-api/terraform.tfstate.tflock"
	key := account.ObjectsKey{
		Region: "us-east-1", Owner: checktest.Account, Bucket: "tfstate-123456789012", Prefix: state,
	}
	object := func(key string, size int64, age time.Duration) account.Object {
		return account.Object{Key: key, Size: size, Modified: checktest.Now.Add(-age)}
	}
	has := func(objects ...account.Object) []facts.Given {
		return append(holds(t, main(inS3())), account.Objects.Given(key, append([]account.Object{}, objects...)),
			account.DeletedObjects.Given(key, []string{}))
	}
	there := has(object(state, 786, time.Hour))[:2]
	inWorkspace := key
	inWorkspace.Prefix = "env:/dev/" + state
	checktest.Run(t, tf.StatePresent, []checktest.Case{
		{Name: "there", Facts: there, Want: checks.Pass, Found: "changed 23 November 2026 11:00 UTC"},
		{
			Name: "missing", Facts: has(), Want: checks.Fail, Found: "there is no object",
			Fix: "terraform init\nterraform apply",
		},
		{Name: "empty", Facts: has(object(state, 181, time.Hour))[:2], Want: checks.Partial, Share: 50},
		{
			Name: "longer names", Want: checks.Fail,
			Facts: has(object(lock, 230, time.Minute), object(state+"-old", 900, time.Hour)),
		},
		{
			Name: "a lock left behind", Want: checks.Pass, Advice: "terraform force-unlock",
			Facts: has(object(state, 786, 28*time.Hour), object(lock, 230, 28*time.Hour))[:2],
		},
		{
			Name:  "a lock in use",
			Want:  checks.Pass,
			Facts: has(object(state, 786, time.Hour), object(lock, 230, time.Minute))[:2],
		},
		{
			Name: "deleted", Want: checks.Fail, NearMiss: "remove its delete marker",
			Facts: append(holds(t, main(inS3())), account.Objects.Given(key, []account.Object{}),
				account.DeletedObjects.Given(key, []string{state})),
		},
		{
			Name: "in a workspace", Want: checks.Pass,
			Facts: append(holds(t, main(inS3()).with(files{".terraform/environment": "dev"})),
				account.Objects.Given(inWorkspace, []account.Object{object("env:/dev/"+state, 786, time.Hour)})),
		},
		{Name: "no S3", Facts: holds(t, main("locals {}\n")), Want: checks.Fail},
		{Name: "no init", Facts: holds(t, main(backend())), Want: checks.Unknown, Reason: facts.NotLooked},
		{Name: "two folders", Facts: holds(t, two), Want: checks.Unknown, Reason: facts.NotLooked},
	})
}
