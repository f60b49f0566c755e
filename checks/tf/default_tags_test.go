package tf_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
)

func TestDefaultTags(t *testing.T) {
	t.Parallel()
	aws := func(inside string) string { return "provider \"aws\" {\n" + inside + "}\n" }
	tags := func(value string) string { return aws("  default_tags {\n    tags = " + value + "\n  }\n") }
	project := map[string]any{"tags": []string{"Project"}}
	checktest.Run(t, tf.DefaultTags, []checktest.Case{
		{Name: "written out", Facts: holds(t, main(tags("{ Project = \"x\" }"))), Want: checks.Pass, Params: project},
		{
			Name:  "any",
			Facts: holds(t, main(tags("{ Owner = \"x\" }"))),
			Want:  checks.Pass,
			Found: "default_tags has Owner",
		},
		{Name: "quoted", Facts: holds(t, main(tags("{ \"Project\" : \"x\" }"))), Want: checks.Pass, Params: project},
		{
			Name:   "merged",
			Params: project,
			Want:   checks.Pass,
			Facts: holds(
				t,
				main(
					tags("merge(local.t, { Owner = \"o\" })")+"locals {\n  t = { Project = local.p }\n  p = \"x\"\n}\n",
				),
			),
		},
		{
			Name: "values that are not known", Params: project, Want: checks.Pass,
			Facts: holds(t, main(tags("{ Project = var.p }")+"variable \"p\" {}\n")),
		},
		{
			Name: "a default", Params: project, Want: checks.Pass,
			Facts: holds(t, main(tags("var.t")+"variable \"t\" {\n  default = { Project = \"x\" }\n}\n")),
		},
		{
			Name: "not known", Params: project, Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: holds(t, main(tags("var.t")+"variable \"t\" {}\n")),
		},
		{
			Name: "known in part", Params: project, Want: checks.Pass,
			Facts: holds(t, main(tags("merge(var.t, { Project = \"x\" })")+"variable \"t\" {}\n")),
		},
		{
			Name: "another key", Facts: holds(t, main(tags("{ project = \"x\" }"))), Want: checks.Fail, Params: project,
			NearMiss: "found project, in other letters",
		},
		{Name: "empty", Facts: holds(t, main(tags("{}"))), Want: checks.Fail, Found: "has no tag"},
		{Name: "none", Facts: holds(t, main(aws("  region = \"us-east-1\"\n"))), Want: checks.Fail},
		{
			Name: "on a resource", Want: checks.Fail, NearMiss: "tags of its own",
			Facts: holds(t, main(aws("")+"resource \"aws_s3_bucket\" \"b\" {\n  tags = { Project = \"x\" }\n}\n")),
		},
		{
			Name: "with an equals sign", Want: checks.Fail, NearMiss: "without an equals sign",
			Facts: holds(t, main(aws("  default_tags = { Project = \"x\" }\n"))),
		},
		{
			Name: "an alias without", Want: checks.Partial, Share: 50,
			Facts: holds(t, main(tags("{ A = \"x\" }")+aws("  alias = \"west\"\n"))),
		},
		{
			Name: "an alias with",
			Want: checks.Pass,
			Facts: holds(
				t,
				main(tags("{ A = \"x\" }")+aws("  alias = \"west\"\n  default_tags {\n    tags = { A = 1 }\n  }\n")),
			),
		},
		{
			Name: "in JSON", Want: checks.Pass, Params: project,
			Facts: holds(t, files{"p.tf.json": `{"provider":{"aws":{"default_tags":{"tags":{"Project":"x"}}}}}`}),
		},
		{Name: "no provider", Facts: holds(t, main("locals {}\n")), Want: checks.Fail},
		{Name: "two folders", Facts: holds(t, two), Want: checks.Unknown, Reason: facts.NotLooked},
	})
}
