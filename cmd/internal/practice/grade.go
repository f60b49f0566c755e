package practice

import (
	"context"
	"net/http"
	"time"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
)

// Grading says how a lab is graded on a practice account in process, without a command line.
type Grading struct {
	Tool    reports.Tool
	LabFile string           // how a pipeline names the file of the lab
	Now     func() time.Time // the clock of the run and of the account
	// Simulated is what goes wrong in the account, and how slowly it answers.
	Simulated sandbox.Options
	// Between stands between the run and the account; nil is nothing.
	Between func(http.RoundTripper) http.RoundTripper
	// Backoff is how long the run waits before it asks again; nil is AWS's own way.
	Backoff func(attempts int) time.Duration
	// NoWorkstation leaves the machine that goes with the account alone.
	NoWorkstation bool
}

// Open opens a session on a practice account in this state.
func (g Grading) Open(ctx context.Context, plan *lab.Plan, state *sandbox.State) (*session.Session, *sandbox.Account) {
	g.Simulated.Now = g.Now
	simulated := sandbox.New(state, g.Simulated)
	o := session.Options{
		Tool: g.Tool, Program: g.Tool.Name, LabFile: g.LabFile, Now: g.Now,
		Account: account.Options{Region: plan.Lab.Region, Operations: plan.Operations(), Now: g.Now, Backoff: g.Backoff},
	}
	Enter(simulated, &o)
	if g.Between != nil {
		o.Account.Transport = g.Between(o.Account.Transport)
	}
	if g.NoWorkstation {
		o.Workstation = nil
	}
	return session.Open(ctx, o), simulated
}
