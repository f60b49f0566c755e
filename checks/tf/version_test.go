package tf_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	needs := func(constraint string) string { return "terraform {\n  required_version = \"" + constraint + "\"\n}\n" }
	list := []checktest.Case{
		{Name: "none", Facts: holds(t, main("locals {}\n")), Want: checks.Fail, Found: "no file has a required_version"},
		{Name: "no configuration", Facts: holds(t, files{"a.txt": ""}), Want: checks.Fail, Found: "there is no *.tf file"},
		{
			Name: "two folders", Facts: holds(t, two), Want: checks.Unknown, Reason: facts.NotLooked,
		},
		{
			Name: "two folders, one meant", Facts: holdsIn(t, two.with(files{"b/v.tf": needs("~> 1.11")}), "b"),
			Params: map[string]any{"dir": "b"}, Want: checks.Pass,
		},
		{
			Name: "an override file counts alone", Want: checks.Pass,
			Facts: holds(t, main(needs("< 1.0")).with(files{"override.tf": needs(">= 1.11")})),
		},
		{
			Name: "contradiction", Want: checks.Fail,
			Facts: holds(t, main(needs(">= 1.11")).with(files{"b.tf": needs("< 1.11")})),
		},
		{Name: "a variable", Facts: holds(t, main("terraform {\n  required_version = var.v\n}\n")), Want: checks.Fail},
		{
			Name: "another minimum", Params: map[string]any{"min-version": "1.13"}, Want: checks.Fail,
			Facts: holds(t, main(needs("~> 1.11.0"))),
		},
	}
	for constraint, want := range map[string]checks.Verdict{
		">= 1.11": checks.Pass, "~> 1.11": checks.Pass, "~> 1.11.0": checks.Pass, "= 1.11.4": checks.Pass,
		">= 1.11, < 2.0": checks.Pass, "> 1.10": checks.Pass, ">= 1.12": checks.Pass, "1.11.4": checks.Pass,
		">= 1.11.0, != 1.11.1": checks.Pass, "~> 1.5.0": checks.Fail, "~> 0.14": checks.Fail, "< 1.11": checks.Fail,
		"= 1.10.5": checks.Fail, "^1.11": checks.Fail, ">= 1.11.0-rc1": checks.Fail, "latest": checks.Fail,
		"<= 1.10.99": checks.Fail,
	} {
		list = append(list, checktest.Case{Name: constraint, Facts: holds(t, main(needs(constraint))), Want: want})
	}
	for _, constraint := range []string{">= 0.12", "~> 1.5", ">= 1.10, < 1.12", "> 1.0"} {
		list = append(list, checktest.Case{
			Name: constraint, Facts: holds(t, main(needs(constraint))), Want: checks.Pass,
			Advice: "older versions are let in too",
		})
	}
	checktest.Run(t, tf.Version, list)
}
