package class

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/submissions"
)

// demoDue is when the work of the sample class was due. Its clock is fixed, so that the same class comes out every
// time.
func demoDue() time.Time { return time.Date(2026, time.November, 27, 23, 59, 0, 0, time.UTC) }

// Demo grades the sample class of a lab: it makes the account of every student, grades it as the student would have,
// and makes grades of the reports. Nothing is read, and no AWS account is asked. Of the options only what is written
// counts.
func (g Grader) Demo(ctx context.Context, plan *lab.Plan, o Options) error {
	sample, err := plan.Lab.SampleClass()
	if err != nil {
		return err
	}
	in, err := demoReports(ctx, plan, o.Terms.Tool, sample)
	if err != nil {
		return failure.OfFile(err)
	}
	terms, err := demoTerms(plan, o.Terms.Tool, sample.Students)
	if err != nil {
		return failure.OfFile(err)
	}
	graded, err := class.Collect(in, terms)
	if err != nil {
		return failure.OfFile(err)
	}
	graded.Demo = true
	return g.finish(graded, o)
}

// demoTerms are the terms of the sample class.
func demoTerms(plan *lab.Plan, tool reports.Tool, students []lab.SampleStudent) (class.Terms, error) {
	due := demoDue()
	late, err := class.ParseLate("10%/day, at most 50%")
	t := class.Terms{
		Tool: tool, Lab: LabOf(plan), Now: due.AddDate(0, 0, 7), Due: &due,
		Late: late, Since: due.AddDate(0, 0, -21), AllowSimulated: true,
	}
	for _, s := range students {
		t.Roster = append(t.Roster, class.Identity{
			Handle: s.Handle, Name: s.Name, SortName: class.SortName(s.Name), Email: s.Email(), GitHub: s.Handle,
			Account: s.Account,
		})
	}
	return t, err
}

// demoReports are what the sample class handed in.
func demoReports(
	ctx context.Context, plan *lab.Plan, tool reports.Tool, sample *lab.SampleClass,
) (class.HandedIn, error) {
	var in class.HandedIn
	last := map[string]class.Attempt{}
	add := func(s lab.SampleStudent, row class.Attempt) {
		row.File = fmt.Sprintf("%s/report-%d.json", s.Handle, in.Files+1)
		in.Files++
		in.Submissions = append(in.Submissions, class.Submission{
			Attempt: row, From: class.Sender{Name: s.Name, Email: s.Email()},
		})
	}
	for _, s := range sample.Students {
		for _, attempt := range s.Attempts {
			report, learned, err := demoReport(ctx, plan, tool, sample, s, attempt)
			if err != nil {
				return in, err
			}
			if report.Facts, err = learned.Record(); err != nil {
				return in, err
			}
			row := submissions.Attempt(report)
			row.Level = class.Consistent // it was made of them
			if row.SHA256, err = hashOf(row); err != nil {
				return in, err
			}
			last[s.Name] = row
			add(s, row)
		}
		if attached, ok := last[s.Attached]; ok {
			add(s, attached)
		}
	}
	return in, nil
}

// hashOf stands for the hash of a file that there is not. It is of the row, for a report has ids that are new each
// time.
func hashOf(row class.Attempt) (string, error) {
	data, err := json.Marshal(row)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), err
}

// demoReport grades one account of the sample class, as the student did. The session holds the facts.
func demoReport(
	ctx context.Context, plan *lab.Plan, tool reports.Tool, sample *lab.SampleClass, s lab.SampleStudent,
	attempt lab.SampleAttempt,
) (*reports.Report, *session.Session, error) {
	now := demoDue().AddDate(0, 0, attempt.After-attempt.Before).Add(-time.Hour)
	data, err := sample.Account(s, attempt)
	if err != nil {
		return nil, nil, err
	}
	state, err := sandbox.Parse(data, now)
	if err != nil {
		return nil, nil, fmt.Errorf("the sample class: %s: %w", s.Handle, err)
	}
	learned, _ := practice.Grading{Tool: tool, Now: func() time.Time { return now }}.Open(ctx, plan, state)
	learned.Options.Student = s.Handle
	return learned.Run(plan), learned, nil
}
