package reports_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

func TestTypeable(t *testing.T) {
	cases := map[string]struct {
		fix      reports.Fix
		commands []string
		withheld bool
	}{
		"commands":              {reports.Fix{Commands: []string{"a b", "c 'é'"}}, []string{"a b", "c 'é'"}, false},
		"none":                  {reports.Fix{}, nil, false},
		"withheld before":       {reports.Fix{Withheld: true}, nil, true},
		"one hides a character": {reports.Fix{Commands: []string{"a", "b\u202ec"}}, nil, true},
		"one has a line end":    {reports.Fix{Commands: []string{"a\nrm -rf ~"}}, nil, true},
		"one is empty":          {reports.Fix{Commands: []string{" "}}, nil, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			commands, withheld := c.fix.Typeable()
			require.Equal(t, c.commands, commands)
			require.Equal(t, c.withheld, withheld)
		})
	}
}

func TestAgain(t *testing.T) {
	cases := map[string]struct {
		report  reports.Report
		step    reports.Step
		command string
	}{
		"an account":        {reports.Report{Source: reports.AWS, Lab: reports.Lab{ID: "module-1.2"}}, reports.Step{ID: "a-b"}, "./labcheck module-1.2 --only a-b"},
		"practice":          {reports.Report{Source: reports.Sandbox, Lab: reports.Lab{ID: "l"}}, reports.Step{ID: "a"}, "./labcheck l --only a --sandbox"},
		"recorded facts":    {reports.Report{Source: reports.Facts, Lab: reports.Lab{ID: "l"}}, reports.Step{ID: "a"}, ""},
		"a stranger's lab":  {reports.Report{Source: reports.AWS, Lab: reports.Lab{ID: "$(x)"}}, reports.Step{ID: "a"}, ""},
		"a stranger's step": {reports.Report{Source: reports.AWS, Lab: reports.Lab{ID: "l"}}, reports.Step{ID: "a;b"}, ""},
		"a skipped step":    {reports.Report{Source: reports.AWS, Lab: reports.Lab{ID: "l"}}, reports.Step{ID: "a", Verdict: checks.Skipped}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			command, ok := c.report.Again(c.step, reports.Options{Command: "./labcheck"})
			require.Equal(t, c.command, command)
			require.Equal(t, c.command != "", ok)
		})
	}
}
