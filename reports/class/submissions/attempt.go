package submissions

import (
	"unique"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Attempt is the row that is kept of a report. It does not know of any file.
func Attempt(r *reports.Report) class.Attempt {
	a := class.Attempt{
		Student: r.Student, Started: r.Started, Finished: r.Finished, Source: r.Source, Tool: r.Tool.Version,
		LabSHA256: r.Lab.SHA256, Account: r.Target.Account, Region: r.Target.Region, Grade: r.Grade,
		Excluded: excluded(r), Facts: r.Facts != nil, Workstation: r.Run.Workstation,
		Steps: make([]class.Row, len(r.Steps)),
	}
	for i, s := range r.Steps {
		a.Steps[i] = row(s)
	}
	if r.Source != reports.Sandbox { // the practice account says the same to everybody
		a.Traces = Traces(r)
	}
	return a
}

// excluded says why a report never counts; "" for one that may.
func excluded(r *reports.Report) string {
	switch {
	case r.Run.Interrupted:
		return "the run was interrupted"
	case len(r.Run.Selected) > 0:
		return "only a part of the lab was looked at (--only)"
	case !r.Run.Complete:
		return "the run is not complete"
	case r.Problem != nil:
		return "the account could not be asked anything"
	case r.Grade.Percent == nil:
		return "nothing in it counts"
	}
	return ""
}

func row(s reports.Step) class.Row {
	commands, _ := reports.TypeableCommands(s.Fix, reports.POSIX)
	k := class.Row{
		ID: intern(s.ID), Title: intern(s.Title), Verdict: s.Verdict, Earned: s.Earned, Points: s.Points,
		Required: s.Required,
		Reason:   intern(s.Reason), Line: intern(s.Line()), Why: intern(s.Why), Advice: intern(s.Advice()),
		BlockedBy: internAll(s.BlockedBy),
		Hints:     internAll(s.Hints), Commands: internAll(commands), Console: intern(s.Fix.Console),
	}
	for _, f := range s.Findings {
		if f.Verdict == s.Verdict && f.Found != "" {
			k.Found, k.Expected = intern(f.Found), intern(f.Expected)
			break
		}
	}
	return k
}

// intern keeps a text a single time, however many students have the same one: most of a class reads the same.
func intern[T ~string](text T) T { return unique.Make(text).Value() }

func internAll(texts []string) []string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = intern(text)
	}
	return list
}
