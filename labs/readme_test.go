package labs_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/checktest/golden"
	"github.com/labcheck/labcheck/checks/declared"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// The table of what the practice account serves is made of its services.
func TestReadmeSaysWhatThePracticeAccountServes(t *testing.T) {
	const begin, end = "<!-- generated: make update -->\n", "<!-- end -->\n"
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	head, rest, ok := strings.Cut(string(text), begin)
	require.True(t, ok)
	_, tail, ok := strings.Cut(rest, end)
	require.True(t, ok)
	var table strings.Builder
	table.WriteString("| service | operations |\n| --- | --- |\n")
	for _, s := range sandbox.Standard() {
		var names []string
		for _, o := range s.Operations {
			names = append(names, o.Name)
		}
		slices.Sort(names)
		fmt.Fprintf(&table, "| %s | %s |\n", s.ID, strings.Join(slices.Compact(names), ", "))
	}
	golden.Match(t, "README.md", []byte(head+begin+table.String()+end+tail))
}

// Each of the README's ten expressions is told by dev check.
func TestTenExpressions(t *testing.T) {
	const text = `schema: labcheck.check/v1
id: own-check
title: It is so
why: It matters.
params: { bucket: { help: a name, default: b } }
reads:
  all: { call: CALL }
expect:
  - { subject: it, KEY, console: A › B }
tests:
  - { name: good, all: GOOD, verdict: pass }
  - { name: bad, all: BAD, verdict: fail }
`
	const list, status = "ecr:DescribeRepositories", "s3:GetBucketVersioning, with: { Bucket: $bucket }"
	one := func(mutability string) string {
		return "{ repositories: [ { repositoryName: docker-api, imageTagMutability: " + mutability + " } ] }"
	}
	for _, x := range []struct{ call, key, good, bad, says string }{
		{status, "that: Status, is: Enabled", "{ Status: Enabled }", "{}", "the verdict is unknown, and fail is expected"},
		{status, "that: Status, not: Suspended, null: pass", "{ Status: Enabled }", "{}", "the verdict is pass, and fail"},
		{
			list, `that: "repositories[0].imageTagMutability", is: IMMUTABLE`, one("IMMUTABLE"), one("MUTABLE"),
			"AWS promises no order",
		},
		{
			list, `count: "repositories[?imageTagMutability=='MUTABLE']", is: 0`, one("IMMUTABLE"), one("MUTABLE"),
			"a pass from what is missing",
		},
		{
			list, `each: "repositories[]", empty: pass, that: imageTagMutability, is: IMMUTABLE`, "{ repositories: [] }",
			one("MUTABLE"), "is met only by an empty list",
		},
		{
			list, `that: "repositories[].repositoryName | [0]", contains: $bucket`, "{ repositories: [ { " +
				"repositoryName: b } ] }", "{ repositories: [ { repositoryName: x } ] }", "a part of the text is enough here",
		},
		{list, `that: "length(repositories)", is: "1"`, one("MUTABLE"), "{}", "write it without quotes"},
		{list, `that: repositories, is: 1`, one("MUTABLE"), "{}", "name the members that are meant"},
		{
			list, `that: "repositories[?imageTagMutability=='IMUTABLE'] | length(@)", at-least: 1`, one("IMMUTABLE"), "{}",
			"is not one of AWS's values",
		},
		{list, `that: "repositories[].imageTagMutabilty", contains: x`, "{}", "{}", "did you mean imageTagMutability?"},
	} {
		replaced := strings.NewReplacer("CALL", x.call, "KEY", x.key, "GOOD", x.good, "BAD", x.bad).Replace(text)
		f, err := declared.Load("own.yaml", []byte(replaced))
		said := ""
		if err != nil {
			said = err.Error()
		} else {
			p := f.Prove()
			said = append(p.Errors, p.Notes...).Error()
		}
		assert.Contains(t, said, x.says, x.key)
	}
}
