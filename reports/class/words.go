package class

import (
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// StatusText is what became of a student, in words.
func (p *Person) StatusText() string {
	switch p.Status {
	case Graded:
		return "graded"
	case Open:
		return "open"
	case NoReport:
		return "no report"
	case NotCounted:
		return "none counts"
	default:
		return "excused"
	}
}

// ScoreText is the grade out of what was possible: "67.5/100"; the range of an open one, "-" without any.
func (p *Person) ScoreText() string {
	a, ok := p.Attempt()
	switch {
	case p.Status == Graded && p.Score != nil:
		return fmt.Sprintf("%s/%d", *p.Score, p.Possible)
	case p.Status == Open && p.High != nil && ok:
		return fmt.Sprintf("%d to %s/%d", a.Grade.Low, *p.High, p.Possible)
	default:
		return "-"
	}
}

// OutcomeText is whether the student passed; "-" where nothing says so.
func (p *Person) OutcomeText() string {
	switch {
	case p.Status != Graded && p.Status != Open:
		return "-"
	case p.Outcome == grade.Passed:
		return "passed"
	case p.Outcome == grade.NotPassed:
		return "not passed"
	default:
		return "inconclusive"
	}
}

// MissedText lists what those who did not pass a step had: "retention never expires (2)".
func (s *Step) MissedText() string {
	parts := make([]string, len(s.Missed))
	for i, m := range s.Missed {
		parts[i] = fmt.Sprintf("%s (%d)", m.Found, m.Count)
	}
	return strings.Join(parts, "; ")
}

// Notice is what every page of a class must say before its grades; "" for nothing.
func (c *Class) Notice() string {
	if c.Demo {
		return "DEMO: these students are made up."
	}
	return ""
}

// FlagText is a flag in words.
func (f *Flag) FlagText() string {
	if f.Declared {
		return f.Text + " (declared)"
	}
	return f.Text
}

// Who names a student on a page: the name, else the key.
func (p *Person) Who() string {
	if p.ID.Name == "" {
		return reports.Clean(p.Key)
	}
	return reports.Clean(p.ID.Name)
}
