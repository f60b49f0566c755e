package tf_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

func TestValid(t *testing.T) {
	t.Parallel()
	aws := main("resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x\"\n}\n")
	list := []checktest.Case{
		{Name: "nothing", Facts: holds(t, files{}), Want: checks.Fail},
		{
			Name: "Terraform finds no mistake", Facts: ran(t, aws, tfconfig.Run{Valid: true}), Want: checks.Pass,
			Found: "terraform validate (1.11.4, run here)",
		},
		{
			Name: "Terraform finds one", Want: checks.Fail, Found: "main.tf line 2: Unsupported argument",
			Facts: ran(t, aws, tfconfig.Run{Invalid: []tfconfig.Problem{
				{File: "main.tf", Line: 2, What: "Unsupported argument"},
			}}),
		},
		{
			Name: "Terraform needs its providers", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: ran(t, aws, tfconfig.Run{Open: []string{"Missing required provider"}}), Fix: "terraform init",
		},
		{
			Name: "Terraform needs what we do not miss", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: ran(t, main("locals {\n}\n"), tfconfig.Run{Open: []string{"Inconsistent dependency lock file"}}),
			Fix:   "terraform init",
		},
		{
			Name: "what we see while Terraform needs its providers", Want: checks.Fail, Found: "nowhere",
			Facts: ran(t, aws.with(files{"x.tf": "locals {\n  a = local.nowhere\n}\n"}),
				tfconfig.Run{Open: []string{"Missing required provider"}}),
		},
		{
			Name: "Terraform was not run", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: ran(t, aws, tfconfig.Run{ValidateFailed: "terraform is not on the PATH"}),
		},
		{Name: "a provider that is not installed", Facts: holds(t, aws), Want: checks.Unknown, Reason: facts.NotLooked},
		{
			Name:  "a provider that is installed",
			Want:  checks.Pass,
			Found: "not looked into: the arguments of resources",
			Facts: holds(
				t,
				aws.with(files{".terraform/providers/registry.terraform.io/hashicorp/aws/6.20.0/linux_amd64/p": ""}),
			),
		},
		{
			Name: "a dynamic block with a name of its own", Want: checks.Pass,
			Facts: holds(t, aws.with(files{
				".terraform/providers/registry.terraform.io/hashicorp/aws/6.20.0/linux_amd64/p": "",
				"sg.tf": "resource \"aws_security_group\" \"g\" {\n  dynamic \"ingress\" {\n    for_each = [1]\n" +
					"    iterator = it\n" +
					"    content {\n      from_port = it.value\n    }\n  }\n  dynamic \"egress\" {\n" +
					"    for_each = [1]\n    content {\n" +
					"      to_port = egress.value\n    }\n  }\n}\n",
			})),
		},
		{
			Name: "a module that is not installed", Want: checks.Unknown, Reason: facts.NotLooked,
			Facts: holds(t, main("module \"m\" {\n  source = \"./m\"\n}\n").with(files{"m/main.tf": "locals {}\n"})),
		},
		{
			Name: "a module that is installed", Want: checks.Pass,
			Facts: holds(t, main("module \"m\" {\n  source = \"./m\"\n  a      = 1\n}\n").with(files{
				"m/main.tf":                       "variable \"a\" {}\n",
				".terraform/modules/modules.json": `{"Modules":[{"Key":"","Dir":"."},{"Key":"m","Source":"./m","Dir":"m"}]}`,
			})),
		},
		{
			Name:  "a module without its variable",
			Want:  checks.Fail,
			Found: "needs a value for the variable a",
			Facts: holds(
				t,
				main("module \"m\" {\n  source = \"./m\"\n}\n").with(files{"m/main.tf": "variable \"a\" {}\n"}),
			),
		},
		{
			Name:  "a module with another's variable",
			Want:  checks.Fail,
			Found: "has no variable b",
			Facts: holds(
				t,
				main("module \"m\" {\n  source = \"./m\"\n  b = 1\n}\n").with(files{"m/main.tf": "locals {}\n"}),
			),
		},
		{
			Name:  "a mistake in a module",
			Want:  checks.Fail,
			Found: "m/main.tf line 2: var.x is nowhere declared",
			Facts: holds(
				t,
				main("module \"m\" {\n  source = \"./m\"\n}\n").with(files{"m/main.tf": "locals {\n  a = var.x\n}\n"}),
			),
		},
		{
			Name: "the same in two files", Want: checks.Fail, Found: "is there twice; the first is in main (1).tf",
			Facts: holds(t, main("variable \"a\" {}\n").with(files{"main (1).tf": "variable \"a\" {}\n"})),
		},
		{
			Name: "an override",
			Want: checks.Pass,
			Facts: holds(
				t,
				main("variable \"a\" {}\n").with(files{"a_override.tf": "variable \"a\" {\n  default = 1\n}\n"}),
			),
		},
		{
			Name: "an override of nothing", Want: checks.Fail,
			Facts: holds(t, main("locals {}\n").with(files{"override.tf": "resource \"terraform_data\" \"a\" {\n}\n"})),
		},
		{
			Name: "in JSON",
			Want: checks.Pass,
			Facts: holds(
				t,
				files{"a.tf.json": `{"//":"x","variable":{"a":{"type":"string"}},"output":{"b":{"value":"${var.a}"}}}`},
			),
		},
		{
			Name: "in JSON, nowhere declared", Want: checks.Fail, Found: "var.a is nowhere declared",
			Facts: holds(t, files{"a.tf.json": `{"output":{"b":{"value":"${var.a}"}}}`}),
		},
		{
			Name: "a test file that does not parse", Want: checks.Fail, Found: "tests/a.tftest.hcl",
			Facts: holds(t, main("locals {}\n").with(files{"tests/a.tftest.hcl": "run \"x\" {"})),
		},
		{
			Name: "values that do not parse are not read", Want: checks.Pass,
			Facts: holds(t, main("locals {}\n").with(files{"x.tfvars": "a = ["})),
		},
		{
			Name: "an old version of Terraform", Want: checks.Fail, Found: "refuse to run",
			Facts: holds(t, main("terraform {\n  required_version = \"~> 1.5.0\"\n}\n")),
		},
		{
			Name:   "a function of tomorrow",
			Facts:  holds(t, main("locals {\n  a = quantumleap(1)\n}\n")),
			Want:   checks.Unknown,
			Reason: facts.Unsupported,
		},
	}
	const data = "resource \"terraform_data\" \"a\" {\n  input = 1\n}\n"
	for name, text := range map[string]string{
		"references": data + "output \"o\" {\n  value = terraform_data.a.output\n}\n",
		"for":        "locals {\n  a = [for x in [1] : x]\n  b = { for k, v in {} : k => v }\n}\n",
		"each":       "resource \"terraform_data\" \"a\" {\n  for_each = toset([\"x\"])\n  input    = each.key\n}\n",
		"count":      "resource \"terraform_data\" \"a\" {\n  count = 2\n  input = count.index\n}\n",
		"self": "resource \"terraform_data\" \"a\" {\n  provisioner \"local-exec\" {\n    command = self.id\n  }\n" +
			"  lifecycle {\n    ignore_changes = [input]\n    postcondition {\n      condition     = self.id != \"\"\n" +
			"      error_message = \"x\"\n    }\n  }\n}\n",
		"paths": "locals {\n  a = \"${path.module}/${path.root}/${terraform.workspace}\"\n}\n",
		"a data read": "data \"terraform_remote_state\" \"s\" {\n  backend = \"local\"\n}\n" +
			"locals {\n  a = data.terraform_remote_state.s.outputs\n}\n",
		"types": "variable \"a\" {\n  type = object({ a = optional(string, \"x\"), b = list(number) })\n}\n" +
			"variable \"b\" {\n  type = any\n}\nvariable \"c\" {\n  type = list\n}\n",
		"depends_on":  data + "resource \"terraform_data\" \"b\" {\n  depends_on = [terraform_data.a]\n}\n",
		"moved":       data + "moved {\n  from = terraform_data.old\n  to   = terraform_data.a\n}\n",
		"a backend":   backend("bucket = var.nowhere"),
		"two aliases": "provider \"terraform\" {\n}\nprovider \"terraform\" {\n  alias = \"x\"\n}\n",
	} {
		list = append(list, checktest.Case{Name: name, Facts: holds(t, main(text)), Want: checks.Pass})
	}
	for name, text := range map[string]string{
		"a brace":             "resource \"terraform_data\" \"a\" {\n",
		"a merge conflict":    "locals {\n<<<<<<< HEAD\n  a = 1\n=======\n  a = 2\n>>>>>>> b\n}\n",
		"no variable":         "output \"o\" {\n  value = var.region\n}\n",
		"no local":            "output \"o\" {\n  value = local.x\n}\n",
		"no resource":         "output \"o\" {\n  value = aws_s3_bucket.b.id\n}\n",
		"no data":             "output \"o\" {\n  value = data.aws_region.r.name\n}\n",
		"no module":           "output \"o\" {\n  value = module.m.x\n}\n",
		"no quotes":           "locals {\n  a = hello\n}\n",
		"no block of it":      "resources \"terraform_data\" \"a\" {\n}\n",
		"an argument at top":  "region = \"us-east-1\"\n",
		"a label too few":     "resource \"terraform_data\" {\n}\n",
		"no block inside it":  "resource \"terraform_data\" \"a\" {\n  triggers {\n  }\n}\n",
		"no argument of it":   "resource \"terraform_data\" \"a\" {\n  inputs = 1\n}\n",
		"no result of it":     data + "output \"o\" {\n  value = terraform_data.a.name\n}\n",
		"each of nothing":     "resource \"terraform_data\" \"a\" {\n  input = each.key\n}\n",
		"count and for_each":  "resource \"terraform_data\" \"a\" {\n  count    = 1\n  for_each = {}\n}\n",
		"a quoted type":       "variable \"a\" {\n  type = \"string\"\n}\n",
		"no type":             "variable \"a\" {\n  type = strin\n}\n",
		"a default of others": "variable \"b\" {\n}\nvariable \"a\" {\n  default = var.b\n}\n",
		"a misspelt function": "locals {\n  a = uper(\"x\")\n}\n",
		"two backends":        backend() + backend(),
		"a cloud too":         backend() + "terraform {\n  cloud {\n  }\n}\n",
		"an output of none":   "output \"o\" {\n}\n",
		"a module of none":    "module \"m\" {\n}\n",
		"two locals":          "locals {\n  a = 1\n}\nlocals {\n  a = 2\n}\n",
		"two providers":       "terraform {\n  required_providers {\n  }\n  required_providers {\n  }\n}\n",
		"a bad constraint": "terraform {\n  required_providers {\n" +
			"    aws = { source = \"hashicorp/aws\", version = \"six\" }\n  }\n}\n",
		"Latin-1": "locals {\n  a = \"caf\xe9\"\n}\n",
	} {
		list = append(list, checktest.Case{Name: name, Facts: holds(t, main(text)), Want: checks.Fail})
	}
	checktest.Run(t, tf.Valid, list)
}
