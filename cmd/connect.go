package cmd

import (
	"cmp"
	"context"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
)

// connect opens the doors to a target, and finds out who is calling.
func (a *app) connect(ctx context.Context, plan *lab.Plan, from source, t target) (*session.Session, error) {
	o := session.Options{
		Tool: thisTool(), Program: a.env.Program, LabFile: anchorOf(plan.Lab), Now: a.env.Now, Source: reports.AWS,
		Account: account.Options{
			Profile: t.profile, RoleARN: t.role, ExternalID: t.externalID,
			Region: cmp.Or(t.region, plan.Lab.Region), EndpointURL: from.endpointURL, Transport: a.env.Transport,
			Operations: plan.Operations(), Now: a.env.Now,
		},
		Workstation: workstation.Local(a.env.Environ, ".", t.profile),
	}
	builtin := ""
	switch {
	case from.recording != nil:
		return session.Replay(ctx, from.recording, o), nil
	case from.endpointURL != "":
		o.Source = reports.Endpoint // also when it cannot be opened
	case from.practice != "":
		simulated, name, err := a.practiceAccount(plan.Lab, from.practice)
		if err != nil {
			return nil, err
		}
		practice.Enter(simulated, &o)
		builtin = name
	}
	if from.noWorkstation {
		o.Workstation = nil
	}
	s := session.Open(ctx, o)
	s.Options.Practice = builtin
	return s, nil
}

// practiceAccount makes a practice account on which a lab is graded. builtin is its name where it is one of the lab's.
func (a *app) practiceAccount(l *lab.Lab, name string) (simulated *sandbox.Account, builtin string, err error) {
	accounts, err := practice.AccountsOf(l)
	if err != nil {
		return nil, "", failure.OfFile(err)
	}
	if accounts.Has(name) {
		builtin = name
	}
	state, err := accounts.Load(name, a.env.Now(), a.env.Services...)
	if err != nil {
		return nil, "", err
	}
	o := a.env.Practice
	o.Now, o.Log = a.env.Now, a.env.Stderr
	simulated = sandbox.New(state, o)
	if a.env.practised != nil {
		a.env.practised(simulated)
	}
	return simulated, builtin, nil
}
