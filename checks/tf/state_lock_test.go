package tf_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/tf"
)

func TestStateLock(t *testing.T) {
	t.Parallel()
	checktest.Run(t, tf.StateLock, []checktest.Case{
		{
			Name:  "on",
			Facts: holds(t, main(inS3("use_lockfile = true"))),
			Want:  checks.Pass,
			Found: "use_lockfile is true",
		},
		{Name: "on, in quotes", Facts: holds(t, main(inS3(`use_lockfile = "true"`))), Want: checks.Pass},
		{
			Name:  "on with the last init",
			Facts: holds(t, main(backend()).with(stored(`"use_lockfile":true`))),
			Want:  checks.Pass,
		},
		{
			Name:  "off",
			Facts: holds(t, main(inS3("use_lockfile = false"))),
			Want:  checks.Fail,
			Found: "use_lockfile is false",
		},
		{Name: "nothing", Facts: holds(t, main(inS3())), Want: checks.Fail, Found: "says nothing about locking"},
		{
			Name:   "a table",
			Facts:  holds(t, main(inS3(`dynamodb_table = "locks"`))),
			Want:   checks.Pass,
			Advice: "deprecated",
		},
		{
			Name:  "both",
			Facts: holds(t, main(inS3(`dynamodb_table = "locks"`, "use_lockfile = true"))),
			Want:  checks.Pass,
		},
		{
			Name: "off, and a table", Facts: holds(t, main(inS3(`dynamodb_table = "locks"`, "use_lockfile = false"))),
			Want: checks.Pass,
		},
		{Name: "another backend", Facts: holds(t, main("locals {}\n")), Want: checks.Fail, Found: "not in S3"},
		{Name: "no init", Facts: holds(t, main(backend())), Want: checks.Unknown, Reason: facts.NotLooked},
		{Name: "two folders", Facts: holds(t, two), Want: checks.Unknown, Reason: facts.NotLooked},
	})
}
