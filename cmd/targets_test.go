package cmd

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

func TestTargetsAreEveryCombination(t *testing.T) {
	f := targetFlags{
		profiles: []string{"a", "b"},
		roles:    []string{"arn:aws:iam::111111111111:role/lab", "arn:aws:iam::222222222222:role/path/lab"},
		regions:  []string{"eu-west-1", "us-east-1"},
	}
	names := func(hide bool) []string {
		var all []string
		for _, x := range f.list(hide) {
			all = append(all, x.name)
		}
		return all
	}
	require.Equal(t, []string{
		"a.111111111111.lab.eu-west-1", "a.111111111111.lab.us-east-1",
		"a.222222222222.lab.eu-west-1", "a.222222222222.lab.us-east-1",
		"b.111111111111.lab.eu-west-1", "b.111111111111.lab.us-east-1",
		"b.222222222222.lab.eu-west-1", "b.222222222222.lab.us-east-1",
	}, names(false))
	require.Equal(t, []string{
		"a.lab.eu-west-1", "a.lab.us-east-1", "a.lab.eu-west-1-2", "a.lab.us-east-1-2",
		"b.lab.eu-west-1", "b.lab.us-east-1", "b.lab.eu-west-1-2", "b.lab.us-east-1-2",
	}, names(true))
	require.Equal(t, []target{{profile: "a"}}, (&targetFlags{profiles: []string{"a"}}).list(false), "one needs no name")
	f = targetFlags{profiles: []string{"../a b", "..", "a-b"}}
	require.Equal(t, []string{"a-b", "target", "a-b-2"}, names(false),
		"a name is fit for a file, and told from the others")
}

func TestFileOfATarget(t *testing.T) {
	for _, c := range [][3]string{
		{"labcheck.xml", "lab-a.eu-west-1", "labcheck.lab-a.eu-west-1.xml"},
		{"out/r", "a", "out/r.a"},
		{"out.d/.hidden", "a", "out.d/.hidden.a"},
		{"labcheck-lab-1.2.md", "a", "labcheck-lab-1.2.a.md"},
		{"x.json", "", "x.json"},
		{"", "a", ""},
		{"/dev/stderr", "a", "/dev/stderr"},
	} {
		require.Equal(t, c[2], targetFile(c[0], c[1]))
	}
}

// Of targets that could not be graded, a job is told that nothing is known.
func TestOutputsWithoutAReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outputs")
	a := newApp(Env{Environ: []string{"GITHUB_OUTPUT=" + path}}, nil)
	format, _ := formats().Lookup("github")
	json, _ := formats().Lookup("json")
	passed := &reports.Report{Grade: grade.Grade{Outcome: grade.Passed}}
	require.NoError(t, a.addJobOutputs([]output{{format: format}, {json, "r.json"}},
		targetResult{"a", passed, exitPassed}, targetResult{"b", nil, exitNoCredentials}))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Regexp(t, `(?s)^score<<\S+\n\n.*status<<\S+\ninconclusive\n.*report-path<<\S+\n\n\S+\n$`, string(data))
}
