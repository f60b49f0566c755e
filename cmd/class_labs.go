package cmd

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// classPlans are the labs that the reports may be of: all that can be used. One that is named comes first, and of the
// others only its own versions are left.
func (a *app) classPlans(c *cobra.Command, name string) ([]*lab.Plan, error) {
	var plans []*lab.Plan
	if name != "" {
		plan, err := a.findLab(c, name, nil)
		if err != nil {
			return nil, err
		}
		plans = append(plans, plan)
	}
	entries, err := a.catalogue(c).List()
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Err != nil || name != "" && (e.Lab.ID != plans[0].Lab.ID || e.Lab.SHA256 == plans[0].Lab.SHA256) {
			continue
		}
		if plan, err := lab.Bind(e.Lab, a.registry, nil); err == nil {
			plans = append(plans, plan)
		}
	}
	return plans, nil
}

// classLabs are the labs as the grading of a class knows them.
func classLabs(plans []*lab.Plan) []class.Lab {
	labs := make([]class.Lab, len(plans))
	for i, plan := range plans {
		labs[i] = classLab(plan)
	}
	return labs
}

func classLab(plan *lab.Plan) class.Lab {
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
func (a *app) regrader(ctx context.Context, plans []*lab.Plan) func(*reports.Report, *class.Lab) (*reports.Report, error) {
	return func(r *reports.Report, with *class.Lab) (*reports.Report, error) {
		i := slices.IndexFunc(plans, func(p *lab.Plan) bool { return p.Lab.SHA256 == with.SHA256 })
		return session.Regrade(ctx, a.registry, plans[i].Lab, r)
	}
}
