package cmd

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/run"
)

// practiceRegion is where the practice account's things are, for a lab that names no Region.
const practiceRegion = "us-east-1"

// connected is a session whose doors are open, and what is known before any check runs.
type connected struct {
	session *facts.Session
	options run.Options
}

// connect opens the doors to a target, and finds out who is calling.
func (a *app) connect(ctx context.Context, plan *lab.Plan, from source, t target) (*connected, error) {
	if from.recording != nil {
		return replay(ctx, plan, from.recording), nil
	}
	options := account.Options{
		Profile: t.profile, RoleARN: t.role, ExternalID: t.externalID,
		Region: cmp.Or(t.region, plan.Lab.Region), EndpointURL: from.endpointURL, Transport: a.env.Transport,
		Operations: plan.Operations(), Now: a.env.Now,
	}
	kind := reports.AWS
	if from.endpointURL != "" {
		kind = reports.Endpoint // also when it cannot be opened
	}
	here := workstation.Local(a.env.Environ, ".", t.profile)
	builtin := ""
	if from.practice != "" {
		var simulated *sandbox.Account
		var err error
		if simulated, builtin, err = a.practice(plan.Lab, from.practice); err != nil {
			return nil, err
		}
		here = enter(simulated, &options)
		kind = reports.Sandbox
	}
	door, err := account.Open(ctx, options)
	if from.noWorkstation {
		here = nil
	}
	conn := a.open(ctx, kind, here, door, err)
	conn.options.Clock, conn.options.LabFile, conn.options.Practice = a.env.Now, anchorOf(plan.Lab), builtin
	return conn, nil
}

// replay makes a session that answers from what was learned before.
func replay(ctx context.Context, plan *lab.Plan, recording *facts.Recording) *connected {
	session := facts.NewSession(ctx, facts.Options{Now: recording.Started, Replay: recording})
	return &connected{session: session, options: run.Options{
		Tool: thisTool(), Source: reports.Facts, Site: recording.Site, Profile: recording.Profile, Workstation: true,
		LabFile: anchorOf(plan.Lab), Clock: session.Now, // it takes no time: the same facts give the same report
	}}
}

// enter makes the options lead to a practice account, and opens the machine that goes with it.
func enter(practice *sandbox.Account, options *account.Options) *workstation.Door {
	id, secret, token := practice.Credentials()
	options.Transport = practice
	options.Credentials = &account.StaticCredentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: token}
	options.Region = cmp.Or(options.Region, practiceRegion)
	return practiceWorkstation(practice.Workstation())
}

// open makes the session of opened doors: to the workstation, unless it is nil, and to the account, with the error of
// opening it. That error, or a failure to identify the caller, is the run's one problem: the account's door is closed
// with it, and what can still be looked at is.
func (a *app) open(
	ctx context.Context, source reports.Source, here *workstation.Door, door *account.Door, err error,
) *connected {
	doors := []facts.Door{}
	if here != nil {
		doors = append(doors, facts.Open(here))
	}
	conn := &connected{options: run.Options{Tool: thisTool(), Source: source, Workstation: here != nil}}
	if err == nil {
		conn.session = facts.NewSession(ctx, facts.Options{
			Now: a.env.Now(), Doors: append(doors, facts.Open(door)),
		})
		conn.describe(door)
		conn.options.Site, err = account.Identify(conn.session, door.Region())
	}
	if conn.options.Site.Practice != "" {
		conn.options.Source = reports.Sandbox // it said so itself
	}
	if err != nil {
		conn.session = facts.NewSession(ctx, facts.Options{
			Now: a.env.Now(), Doors: append(doors, facts.Closed[*account.Door](err)),
		})
		conn.options.Problem = problem(facts.AsError(err), a.env.Program, conn.options.Profile)
	}
	return conn
}

// describe notes what the door knows about where it leads.
func (c *connected) describe(door *account.Door) {
	c.options.Profile = door.Profile()
	if region := door.ProfileRegion(); region != door.Region() {
		c.options.ProfileRegion = region
	}
	if c.options.Source == reports.AWS && !door.EndpointIsAWS() {
		c.options.Source = reports.Endpoint
	}
}

// practice makes a practice account on which a lab is graded. builtin is its name where it is one of the lab's.
func (a *app) practice(l *lab.Lab, name string) (account *sandbox.Account, builtin string, err error) {
	accounts, err := practice.AccountsOf(l)
	if err != nil {
		return nil, "", failure.OfFile(err)
	}
	if accounts.Has(name) {
		builtin = name
	}
	state, err := a.practiceState(accounts, name)
	if err != nil {
		return nil, "", err
	}
	o := a.env.Practice
	o.Now, o.Log = a.env.Now, a.env.Stderr
	return a.practising(state, o), builtin, nil
}

// practising starts a practice account.
func (a *app) practising(state *sandbox.State, o sandbox.Options) *sandbox.Account {
	practice := sandbox.New(state, o)
	if a.env.practised != nil {
		a.env.practised(practice)
	}
	return practice
}

// practiceState loads a practice account: one of these, or a file.
func (a *app) practiceState(accounts practice.Accounts, name string) (*sandbox.State, error) {
	var (
		state *sandbox.State
		err   error
	)
	if accounts.Has(name) {
		state, err = accounts.State(name, a.env.Now())
	} else {
		data, readErr := os.ReadFile(name)
		if readErr != nil {
			return nil, failure.Usagef("there is no practice account %q%s (there are: %s, or the name of a state file)", name,
				lab.DidYouMean(name, accounts.Names), strings.Join(accounts.Names, ", "))
		}
		state, err = sandbox.Parse(data, a.env.Now())
	}
	if err != nil {
		return nil, failure.OfFile(fmt.Errorf("%s: %w", name, err))
	}
	return state, nil
}

// practiceWorkstation opens the machine that goes with a practice account.
func practiceWorkstation(w sandbox.Workstation) *workstation.Door {
	return workstation.New(workstation.Options{
		Home: w.Home, Env: func(name string) string { return w.Env[name] },
		Command: workstation.Buffered(w.Command), GOOS: "linux",
	})
}
