package class

import (
	"context"
	"slices"

	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// labsOf are the labs as the grading of a class knows them.
func labsOf(plans []*lab.Plan) []class.Lab {
	labs := make([]class.Lab, len(plans))
	for i, plan := range plans {
		labs[i] = labOf(plan)
	}
	return labs
}

// labOf is a lab as the grading of a class knows it.
func labOf(plan *lab.Plan) class.Lab {
	l := class.Lab{
		Lab:      reports.Lab{ID: plan.Lab.ID, Title: plan.Lab.Title, SHA256: plan.Lab.SHA256},
		PassMark: plan.Lab.Pass, Scale: plan.Lab.Scale, Params: plan.Params,
	}
	for _, s := range plan.Steps {
		l.Steps = append(l.Steps, class.Step{
			ID: s.ID, Section: s.Section, Title: s.Check.Title, Points: s.Points, Required: s.Required,
		})
	}
	return l
}

// mostHandedIn is the lab that most reports are of; the first one where none is of any.
func mostHandedIn(labs []class.Lab, in class.HandedIn) class.Lab {
	count := map[string]int{}
	for _, s := range in.Submissions {
		count[s.ForLab()]++
	}
	var most class.Lab
	for i, l := range labs {
		if i == 0 || count[l.SHA256] > count[most.SHA256] {
			most = l
		}
	}
	return most
}

// regrader grades reports again with one of these labs.
func (g Grader) regrader(
	ctx context.Context, plans []*lab.Plan,
) func(*reports.Report, *class.Lab) (*reports.Report, error) {
	return func(r *reports.Report, with *class.Lab) (*reports.Report, error) {
		i := slices.IndexFunc(plans, func(p *lab.Plan) bool { return p.Lab.SHA256 == with.SHA256 })
		return session.Regrade(ctx, g.Registry, plans[i].Lab, r)
	}
}
