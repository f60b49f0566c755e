package tf_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
)

func TestS3Backend(t *testing.T) {
	t.Parallel()
	good := main(inS3("use_lockfile = true"))
	const config = `"bucket":"tfstate-123456789012","key":"docker-api/terraform.tfstate","region":"us-east-1"`
	state := files{"terraform.tfstate": `{"version":4,"resources":[{"type":"x"}]}`}
	bucket := account.BucketHead
	key := account.BucketKey{Region: "us-east-1", Owner: "123456789012", Name: "tfstate-123456789012"}
	there := bucket.Given(key, account.Bucket{Exists: true, Region: "us-east-1"})
	list := []checktest.Case{
		{Name: "in the block", Facts: holds(t, good), Want: checks.Pass, Advice: "terraform init was not run"},
		{
			Name: "and after init", Want: checks.Pass, Found: "bucket tfstate-123456789012, key docker-api/terraform.tfstate",
			Facts: holds(t, good.with(stored(config+`,"use_lockfile":true`))),
		},
		{Name: "nothing", Facts: holds(t, files{}), Want: checks.Fail},
		{Name: "two folders", Facts: holds(t, two), Want: checks.Unknown, Reason: facts.NotLooked},
		{Name: "no block", Facts: holds(t, main("locals {}\n")), Want: checks.Fail, Found: "a file in this folder"},
		{
			Name: "no block any more", Facts: holds(t, main("locals {}\n").with(stored(config))), Want: checks.Fail,
			NearMiss: "the last terraform init used S3",
		},
		{
			Name: "settings from a file", Want: checks.Pass, Found: "bucket tfstate-123456789012",
			Facts: holds(t, main(backend()).with(stored(config))),
		},
		{
			Name: "settings from a file, no init", Want: checks.Unknown, Reason: facts.NotLooked,
			NearMiss: "may be in backend.hcl", Facts: holds(t, main(backend()).with(files{"backend.hcl": "bucket = \"b\"\n"})),
		},
		{
			Name: "another bucket since init", Want: checks.Fail, NearMiss: "the bucket old", Fix: "terraform init -reconfigure",
			Facts: append(
				holds(t, good.with(stored(`"bucket":"old","key":"docker-api/terraform.tfstate","region":"us-east-1"`))), there,
			),
		},
		{
			Name: "not moved", Facts: append(holds(t, good.with(state)), there), Want: checks.Fail,
			Fix: "terraform init -migrate-state",
		},
		{
			Name: "not moved, and no bucket", Facts: append(holds(t, good.with(state)), bucket.Given(key, account.Bucket{})),
			Want: checks.Fail,
			Fix: "aws s3api create-bucket --bucket tfstate-123456789012 --region us-east-1\n" +
				"terraform init -migrate-state",
		},
		{
			Name: "moved, and left behind", Facts: holds(t, good.with(state).with(stored(config+`,"use_lockfile":true`))),
			Want: checks.Pass,
		},
		{
			Name: "an empty state", Want: checks.Pass,
			Facts: holds(t, good.with(files{"terraform.tfstate": `{"version":4,"resources":[]}`})),
		},
		{
			Name: "in an override file", Want: checks.Pass,
			Facts: holds(t, main("terraform {\n  backend \"local\" {\n  }\n}\n").with(files{"b_override.tf": inS3()})),
		},
		{
			Name: "in a module", Want: checks.Fail,
			Facts: holds(t, main("module \"m\" {\n  source = \"./m\"\n}\n").with(files{"m/main.tf": inS3()})),
		},
		{
			Name: "in JSON", Want: checks.Pass, Facts: holds(t, files{"b.tf.json": `{"terraform":{"backend":{"s3":{"//":"x",` +
				config + `}}}}`}),
		},
		{
			Name: "a workspace", Want: checks.Pass, Found: "key env:/dev/docker-api/terraform.tfstate",
			Facts: holds(t, good.with(files{".terraform/environment": "dev"})),
		},
		{
			Name: "a workspace with a prefix", Want: checks.Pass, Found: "key ws/dev/docker-api/terraform.tfstate",
			Facts: holds(t, main(inS3(`workspace_key_prefix = "ws"`)).with(files{".terraform/environment": "dev\n"})),
		},
		{
			Name: "the same state twice", Want: checks.Pass, Advice: "the folder b has the same bucket and key",
			Facts:  holdsIn(t, files{"a/main.tf": inS3(), "b/main.tf": inS3()}, "a"),
			Params: map[string]any{"dir": "a"},
		},
		{
			Name: "a bootstrap folder beside it", Want: checks.Pass, Params: map[string]any{"dir": "live"},
			Facts: holdsIn(t, files{"bootstrap/main.tf": "locals {}\n", "live/main.tf": inS3()}, "live"),
		},
		{
			Name: "the only root", Want: checks.Pass,
			Facts: holds(t, files{
				"envs/dev/main.tf":  inS3() + "module \"m\" {\n  source = \"../../modules/m\"\n}\n",
				"modules/m/main.tf": "locals {}\n", "modules/unused/main.tf": "locals {}\n",
			}),
		},
		{
			Name: "HCP Terraform", Want: checks.Fail, Advice: "a remote state too",
			Facts: holds(t, main("terraform {\n  cloud {\n    organization = \"o\"\n  }\n}\n")),
		},
		{Name: "another one", Facts: holds(t, main("terraform {\n  backend \"gcs\" {\n  }\n}\n")), Want: checks.Fail},
		{Name: "two", Facts: holds(t, main(inS3()+inS3())), Want: checks.Fail, Found: "a second backend"},
	}
	for name, line := range map[string]string{
		"a variable": `bucket = var.b`, "a workspace in the key": `key = "${terraform.workspace}/x"`,
		"a local":    `key = local.k`,
		"a function": `key = format("%s", "x")`, "no setting of it": `versioning = true`, "no switch": `use_lockfile = "yes"`,
		"a number for a switch": `use_lockfile = 1`, "a slash": `key = "/x"`, "an empty bucket": `bucket = ""`,
	} {
		list = append(list, checktest.Case{Name: name, Facts: holds(t, main(backend(line))), Want: checks.Fail})
	}
	checktest.Run(t, tf.S3Backend, list)
}
