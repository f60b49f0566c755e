package author

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/lab"
)

// goodLab is a lab without a fault. A fault replaces a part of it.
const goodLab = `schema: labcheck.lab/v1
id: own
title: Own
region: us-east-1
params: { repository: { default: aa, help: a }, log-group: { default: bb, help: b } }
pass: 80
sections:
  - title: All
    steps:
      - check: iam-root-no-access-keys
        points: 10
        given: true
      - check: ecr-repository
        points: 45
        required: true
        hints: [ Where do images go? ]
      - check: ecr-scan-on-push
        points: 30
        needs: [ecr-repository]
        hints: [ When is an image looked at? ]
      - check: logs-group
        points: 15
        required: true
        hints: [ Where do lines go? ]
`

// The faults that authors make in labs, each with the words that tell it.
var labFaults = []struct{ name, old, is, says string }{
	{"a pass mark that cannot be reached", "pass: 80", "pass: 101", "it is a percentage from 0 to 100"},
	{"a pass mark that nobody misses", "pass: 80", "pass: 10", "whoever does nothing passes; raise pass"},
	{"points that do not add up", "points: 15", "points: 16", "the points add up to 101: most likely 100 is meant"},
	{"a step without a point", "points: 30", "points: 0", "gives no point and is not required"},
	{"no points at all", "points: 10", "points: ten", "must be a whole number"},
	{"an id twice", "check: ecr-scan-on-push", "check: ecr-repository", "stands twice, first on line 13"},
	{
		"double penalty", "- check: logs-group",
		"- { id: again, check: ecr-repository, points: 1, hints: [ \"Why?\" ] }\n      - check: logs-group",
		"looks at the same as \"ecr-repository\": one mistake costs both",
	},
	{"a step that nobody can reach", "needs: [ecr-repository]", "needs: [ecr-scan-on-push]", "the needs go in a circle"},
	{"a need that is no step", "needs: [ecr-repository]", "needs: [ecr-repositry]", `did you mean "ecr-repository"?`},
	{"a need that comes later", "needs: [ecr-repository]", "needs: [logs-group]", "which comes after it"},
	{
		"required behind optional", "points: 15\n        required: true", "points: 15\n        required: true\n" +
			"        needs: [ecr-scan-on-push]", "which is not: nobody passes without it",
	},
	{"given after work", "given: true", "given: true\n        needs: [logs-group]", "nobody can have it"},
	{"given and required", "given: true", "given: true\n        required: true", "nobody has to do anything for it"},
	{"no hint", "        hints: [ Where do lines go? ]\n", "", "has no hint"},
	{"a hint that is no question", "Where do lines go?", "Look at CloudWatch.", "is no question"},
	{"a hint that gives it away", "Where do lines go?", "\"Did you aws logs create-log-group?\"", "holds a command"},
	{"a misspelt check", "check: logs-group", "check: log-group", `did you mean "logs-group"?`},
	{"a misspelt parameter", "log-group: {", "log-grop: {", `did you mean "log-group"?`},
	{"a Region from nowhere", "region: us-east-1\n", "", "the lab says no region"},
	{"a Region that is none", "us-east-1", "virginia", "is not an AWS Region"},
	{"a version that is none", "pass: 80", "pass: 80\nrequires: newest", "the least version of labcheck"},
}

func TestFaultyLabsAreFound(t *testing.T) {
	t.Parallel()
	look := func(text string) string {
		path := filepath.Join(t.TempDir(), "lab.yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		l, err := lab.Catalogue{}.Find(path)
		if err != nil {
			return err.Error()
		}
		b, err := Open(l, registry(t))
		if err != nil {
			return err.Error()
		}
		p := b.Look(t.Context())
		return append(p.Errors, p.Notes...).Error()
	}
	require.Empty(t, look(goodLab))
	for _, fault := range labFaults {
		require.Contains(t, goodLab, fault.old, fault.name)
		said := look(strings.Replace(goodLab, fault.old, fault.is, 1))
		assert.Contains(t, said, fault.says, fault.name)
		assert.Contains(t, said, "lab.yaml:", fault.name)
	}
}
