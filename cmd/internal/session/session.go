// Package session opens the doors to an account and to the workstation, finds out who is calling, and runs a plan
// through them.
package session

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/run"
)

// Session is open, and knows what can be known before any check runs.
type Session struct {
	Facts *facts.Session
	// Options are those of the run, to be completed by whoever runs it.
	Options run.Options
}

// Options say where the doors lead, and who asks.
type Options struct {
	Tool    reports.Tool
	Program string // how the program was started, for the commands that it prints
	LabFile string // how a pipeline names the file of the lab
	Now     func() time.Time
	// Source is what the account's door leads to; a door or an account that knows better says so.
	Source      reports.Source
	Account     account.Options
	Workstation *workstation.Door // nil: it is not looked at
	// Machine has looked at the workstation for other accounts too; nil: only this session does.
	Machine *facts.Session
}

// Open opens the doors. An account's door that does not open, or a failure to identify the caller, is the run's one
// problem: the door is closed with it, and what can still be looked at is.
func Open(ctx context.Context, o Options) *Session {
	doors := []facts.Door{}
	if o.Workstation != nil {
		doors = append(doors, facts.Open(o.Workstation))
	}
	s := &Session{Options: run.Options{
		Tool: o.Tool, Source: o.Source, Workstation: o.Workstation != nil, LabFile: o.LabFile, Clock: o.Now,
	}}
	region := o.Account.Region
	door, err := account.Open(ctx, o.Account)
	if err == nil {
		region = door.Region()
		s.Facts = facts.NewSession(ctx, facts.Options{
			Now: o.Now(), Doors: append(doors, facts.Open(door)), Machine: o.Machine,
		})
		s.describe(door)
		s.Options.Site, err = account.Identify(s.Facts, region)
	}
	if s.Options.Site.Practice != "" {
		s.Options.Source = reports.Sandbox // it said so itself
	}
	if err != nil {
		s.Options.Site.Region = region // it was settled before anybody was asked
		s.Facts = facts.NewSession(ctx, facts.Options{
			Now: o.Now(), Doors: append(doors, facts.Closed[*account.Door](err)), Machine: o.Machine,
		})
		s.Options.Problem = problem(facts.AsError(err), lookAtMachine(s.Facts), o.Program, s.Options.Profile)
		if door != nil {
			nameEndpoint(s.Options.Problem, door.EndpointSetting())
		}
	}
	return s
}

// describe notes what the door knows about where it leads.
func (s *Session) describe(door *account.Door) {
	s.Options.Profile = door.Profile()
	if region := door.ProfileRegion(); region != door.Region() {
		s.Options.ProfileRegion = region
	}
	if s.Options.Source == reports.AWS && !door.EndpointIsAWS() {
		s.Options.Source = reports.Endpoint
	}
}

// Run looks at every step of a plan.
func (s *Session) Run(plan *lab.Plan) *reports.Report { return run.Run(plan, s.Facts, s.Options) }

// Record is what was learned so far.
func (s *Session) Record() (*facts.Recording, error) {
	recording, err := s.Facts.Record(s.Options.Site, string(s.Options.Source))
	if err != nil {
		return nil, err
	}
	recording.Profile = s.Options.Profile
	return recording, nil
}

// Replay makes a session that answers from what was learned before, and asks nobody.
func Replay(ctx context.Context, recording *facts.Recording, o Options) *Session {
	session := facts.NewSession(ctx, facts.Options{Now: recording.Started, Replay: recording})
	return &Session{Facts: session, Options: run.Options{
		Tool: o.Tool, Source: reports.Facts, Site: recording.Site, Profile: recording.Profile, Workstation: true,
		LabFile: o.LabFile, Clock: session.Now, // it takes no time: the same facts give the same report
	}}
}

// CheckFacts says how a report differs from what its own facts make of it in its lab. A report without facts and one of
// a run that did not look at the whole lab, which says so wherever it is shown, differ in nothing.
func CheckFacts(ctx context.Context, registry *checks.Registry, l *lab.Lab, r *reports.Report) error {
	if r.Facts == nil || r.Run.Interrupted || len(r.Run.Selected) > 0 || r.Problem != nil {
		return nil
	}
	again, err := Regrade(ctx, registry, l, r)
	if err != nil {
		return err
	}
	switch differs := r.Differs(again); {
	case differs == "":
		return nil
	case r.OtherPlan(again):
		return fmt.Errorf("%w: %s", ErrOtherPlan, differs)
	default:
		return errors.New(differs)
	}
}

// ErrOtherPlan is why a report is not what its facts make of it here: it was made with other checks.
var ErrOtherPlan = errors.New("it was made with other checks than those here")

// Regrade grades a report again from the facts that it carries, with the parameters of its run; see [Again].
func Regrade(
	ctx context.Context, registry *checks.Registry, l *lab.Lab, r *reports.Report,
) (*reports.Report, error) {
	set := make(map[string]string, len(r.Run.Set))
	for _, pair := range r.Run.Set {
		name, value, _ := strings.Cut(pair, "=")
		set[name] = value
	}
	plan, err := lab.Bind(l, registry, set)
	if err != nil {
		return nil, fmt.Errorf("grade again with its parameters: %w", err)
	}
	return Again(ctx, plan, r), nil
}

// Again grades a report again from the facts that it carries, and asks nothing. What the run was stays: its source, its
// times and how much of the lab it looked at. What a new step needs and the run did not learn is unknown.
func Again(ctx context.Context, plan *lab.Plan, r *reports.Report) *reports.Report {
	session := facts.NewSession(ctx, facts.Options{Now: r.Facts.Started, Replay: r.Facts})
	// The run began with this question, whether or not a step of the lab asks it: it counts among its calls. Who the
	// caller was stands in the facts.
	_, _ = account.Identify(session, r.Facts.Site.Region)
	again := run.Run(plan, session, run.Options{
		Tool: r.Tool, Source: r.Source, Site: r.Facts.Site, Profile: r.Target.Profile, Student: r.Student,
		ProfileRegion: r.Target.ProfileRegion, LabFile: r.Lab.File, Problem: r.Problem, ObservedBy: r.Run.ObservedBy,
		Clock: func() time.Time { return r.Finished },
	})
	again.Run, again.Target.Name, again.Facts = r.Run, r.Target.Name, r.Facts
	if r.Masked() {
		again = reports.Redact(again, true) // the facts hold made-up accounts
	}
	return again
}
