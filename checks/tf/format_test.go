package tf_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
	"github.com/labcheck/labcheck/checks/workstation/tfconfig"
)

func TestFormatted(t *testing.T) {
	t.Parallel()
	good := main("locals {\n  a   = 1\n  bcd = 2\n}\n")
	list := []checktest.Case{
		{Name: "formatted", Facts: holds(t, good), Want: checks.Pass, Found: "1 file as terraform fmt writes it"},
		{Name: "no configuration", Facts: holds(t, files{}), Want: checks.Fail},
		{
			Name: "does not parse", Facts: holds(t, good.with(files{"x.tf": "locals {"})), Want: checks.Unknown,
			Reason: facts.InvalidResponse,
		},
		{
			Name:  "a module below",
			Facts: holds(t, good.with(files{"modules/m/m.tf": "locals {\na=1\n}\n"})),
			Want:  checks.Fail,
			Found: "modules/m/m.tf line 2",
			Fix:   "terraform fmt -recursive",
		},
		{
			Name: "values and tests",
			Want: checks.Fail,
			Facts: holds(
				t,
				good.with(
					files{"terraform.tfvars": "a=1\n", "tests/t.tftest.hcl": "run \"a\" {\n command = plan\n}\n"},
				),
			),
		},
		{
			Name: "what terraform fmt never looks at", Want: checks.Pass, Facts: holds(t, good.with(files{
				"a.tofu": "a=1", ".hidden.tf": "a=1", "x.tf~": "a=1", "#x.tf#": "a=1", "b.tf.json": `{"locals":  {}}`,
				"backend.hcl": "a=1", ".terraform.lock.hcl": "a=1", ".terraform/modules/m/x.tf": "a=1",
			})),
		},
		{
			Name:  "a byte order mark",
			Facts: holds(t, main("\ufefflocals {\n}\n")),
			Want:  checks.Fail,
			Found: "byte order mark",
		},
		{
			Name:  "in a folder",
			Facts: holdsIn(t, files{"live/main.tf": "locals {\na=1\n}\n"}, "live"),
			Want:  checks.Fail,
			Params: map[string]any{
				"dir": "live",
			},
			Found: "live/main.tf line 2",
			Fix:   "terraform -chdir=live fmt -recursive",
		},
	}
	bad := main("locals {\na=1\n}\n")
	list = append(list, []checktest.Case{
		{
			Name: "Terraform changes nothing", Facts: ran(t, bad, tfconfig.Run{}), Want: checks.Pass,
			Found: "terraform fmt (1.11.4, run here)",
		},
		{
			Name: "Terraform names what we see too", Facts: ran(t, bad, tfconfig.Run{Other: []string{"main.tf"}}),
			Want: checks.Fail, Found: "main.tf line 2",
		},
		{
			Name: "Terraform names what we do not see", Want: checks.Fail, Found: "main.tf: terraform fmt writes it otherwise",
			Facts: ran(t, good, tfconfig.Run{Other: []string{"main.tf"}}),
		},
		{
			Name: "Terraform names more", Want: checks.Fail, Found: "12 more files",
			Facts: ran(t, good, tfconfig.Run{Other: []string{"a.tf", "b.tf", "c.tf", "d.tf", "e.tf"}, MoreOther: 11}),
		},
		{
			Name: "Terraform cannot read a file", Facts: ran(t, good, tfconfig.Run{Unparsed: true}), Want: checks.Unknown,
			Reason: facts.InvalidResponse,
		},
		{
			Name: "Terraform was not run", Facts: ran(t, good, tfconfig.Run{FmtFailed: "terraform is not on the PATH"}),
			Want: checks.Unknown, Reason: facts.NotLooked,
		},
	}...)
	for name, text := range map[string]string{
		"Windows' line ends": "locals {\r\n  a = 1\r\n}\r\n", "no last newline": "locals {\n  a = 1\n}",
		"two in a text":            "locals {\n  a = \"${var.a}${var.b}\"\n}\n",
		"text beside it":           "locals {\n  a = \"x-${var.a}\"\n}\n",
		"in a list":                "locals {\n  a = [\"${var.a}\"]\n}\n",
		"heredoc":                  "locals {\n  a = <<EOT\n a=1\nEOT\n}\n",
		"a type of modern times":   "variable \"a\" {\n  type = map(string)\n}\n",
		"type elsewhere":           "locals {\n  type = \"string\"\n}\n",
		"type deeper in":           "variable \"a\" {\n  validation {\n    type = \"string\"\n  }\n}\n",
		"a comment after a block":  "locals {\n  a = 1\n} # end\n",
		"a directive in a text":    "locals {\n  a = \"%{if true}x%{endif}\"\n}\n",
		"an escaped interpolation": "locals {\n  a = \"$${var.a}\"\n}\n",
	} {
		list = append(list, checktest.Case{Name: name, Facts: holds(t, main(text)), Want: checks.Pass})
	}
	for name, text := range map[string]string{
		"a single reference":        "locals {\n  a = \"${var.a}\"\n}\n",
		"a call in quotes":          "locals {\n  a = \"${upper(\"x\")}\"\n}\n",
		"a reference in a block":    "resource \"a\" \"b\" {\n  c {\n    d = \"${var.a}\"\n  }\n}\n",
		"bare labels":               "variable name {\n}\n",
		"a comment between labels":  "resource \"a\" /* x */ \"b\" {\n}\n",
		"a quoted type":             "variable \"a\" {\n  type = \"list\"\n}\n",
		"a type without an element": "variable \"a\" {\n  type = map\n}\n",
		"tabs":                      "locals {\n\ta = 1\n}\n",
		"not in line":               "locals {\n  a = 1\n  bcd = 2\n}\n",
		"spaces at the end":         "locals {\n  a = 1  \n}\n",
	} {
		list = append(list, checktest.Case{Name: name, Facts: holds(t, main(text)), Want: checks.Fail})
	}
	checktest.Run(t, tf.Formatted, list)
}
