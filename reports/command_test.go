package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

func commands(lines ...string) (list []checks.Command) {
	for _, line := range lines {
		list = append(list, checks.ReadCommand(line))
	}
	return list
}

func TestTypeable(t *testing.T) {
	cases := map[string]struct {
		fix      checks.Fix
		commands []string
		withheld bool
	}{
		"commands":              {checks.Fix{Commands: commands("a b", "c 'é'")}, []string{"a b", "c 'é'"}, false},
		"none":                  {checks.Fix{}, nil, false},
		"withheld before":       {checks.Fix{Withheld: true}, nil, true},
		"one hides a character": {checks.Fix{Commands: commands("a", "b\u202ec")}, nil, true},
		"one has a line end":    {checks.Fix{Commands: commands("a\nrm -rf ~")}, nil, true},
		"one is empty":          {checks.Fix{Commands: commands(" ")}, nil, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			commands, withheld := reports.TypeableCommands(c.fix, reports.POSIX)
			require.Equal(t, c.commands, commands)
			require.Equal(t, c.withheld, withheld)
		})
	}
}

func TestAgain(t *testing.T) {
	cases := map[string]struct {
		source    reports.Source
		lab, step string
		verdict   checks.Verdict
		command   string
	}{
		"an account":        {reports.AWS, "sample-1.0", "a-b", checks.Fail, "./labcheck sample-1.0 --only a-b"},
		"practice":          {reports.Sandbox, "lab", "a", checks.Fail, ""},
		"recorded facts":    {reports.Facts, "lab", "a", checks.Fail, ""},
		"a stranger's lab":  {reports.AWS, "$(x)", "a", checks.Fail, ""},
		"a stranger's step": {reports.AWS, "lab", "a;b", checks.Fail, ""},
		"a skipped step":    {reports.AWS, "lab", "a", checks.Skipped, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := reports.Report{Source: c.source, Lab: reports.Lab{ID: c.lab}, Run: reports.Run{Practice: "half-done"}}
			s := reports.Step{ID: c.step, Step: grade.Step{Verdict: c.verdict}}
			command, ok := r.RerunCommand(s, reports.Options{Command: "./labcheck"})
			require.Equal(t, c.command, command)
			require.Equal(t, c.command != "", ok)
		})
	}
}

// Which account was served, or what a file held, is not in a report; one that was made for the run is gone.
func TestAgainNeedsTheSameAccount(t *testing.T) {
	failed := reports.Step{ID: "a", Step: grade.Step{Verdict: checks.Fail}}
	r := reports.Report{Source: reports.Sandbox, Lab: reports.Lab{ID: "lab"}}
	_, ok := r.RerunCommand(failed, reports.Options{})
	require.False(t, ok)
	_, ok = r.RerunCommand(failed, reports.Options{Rerun: "labcheck lab"})
	require.True(t, ok, "the run itself knows how it was begun")
	_, ok = r.PractiseCommand(reports.Options{})
	require.False(t, ok)
	for practice, want := range map[string]string{
		"half-done": "labcheck sandbox shell --lab lab --from half-done", "fresh; rm": "",
	} {
		r.Run.Practice = practice
		_, ok = r.RerunCommand(failed, reports.Options{Rerun: "labcheck lab --sandbox"})
		require.False(t, ok, "nothing that is done changes it")
		command, ok := r.PractiseCommand(reports.Options{})
		require.Equal(t, want != "", ok)
		if ok {
			require.Equal(t, want, command)
		}
	}
}

// A person is told before pasting it that a command takes something away.
func TestCareful(t *testing.T) {
	require.Empty(t, reports.Careful(checks.Fix{
		Commands: commands("aws logs create-log-group --log-group-name delete-me"),
	}))
	require.Contains(t, reports.Careful(checks.Fix{Commands: commands("aws logs delete-log-group --log-group-name a")}),
		"delete-log-group takes away what is there")
}

// No command for the registry of a real account is shown of an account that is gone.
func TestShownFix(t *testing.T) {
	push := reports.Step{Fix: checks.Fix{Commands: commands("docker push 123456789012.dkr.ecr.us-east-1.amazonaws.com/a")}}
	r := reports.Report{Source: reports.AWS}
	shown, instead := r.ShownFix(push, reports.Options{})
	require.Len(t, shown, 1)
	require.Empty(t, instead)
	r = reports.Report{Source: reports.Sandbox, Run: reports.Run{Practice: "fresh"}}
	shown, instead = r.ShownFix(push, reports.Options{})
	require.Empty(t, shown)
	require.Equal(t, reports.ElsewhereText, instead)
}
