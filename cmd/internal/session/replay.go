package session

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/run"
)

// Replay makes a session that answers from what was learned before, and asks nobody.
func Replay(ctx context.Context, recording *facts.Recording, o Options) *Session {
	session := facts.NewSession(ctx, facts.Options{Now: recording.Started, Replay: recording})
	return &Session{Facts: session, Options: run.Options{
		Tool: o.Tool, Source: reports.Facts, Site: recording.Site, Profile: recording.Profile, Workstation: true,
		LabFile: o.LabFile, Clock: session.Now, // it takes no time: the same facts give the same report
	}}
}

// Regrade grades a report again from the facts that it carries, and asks nothing. What the run was stays: its source, its
// times and how much of the lab it looked at. What a new step needs and the run did not learn is unknown.
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
	session := facts.NewSession(ctx, facts.Options{Now: r.Facts.Started, Replay: r.Facts})
	again := run.Run(plan, session, run.Options{
		Tool: r.Tool, Source: r.Source, Site: r.Facts.Site, Profile: r.Target.Profile, Student: r.Student,
		ProfileRegion: r.Target.ProfileRegion, LabFile: r.Lab.File, Problem: r.Problem,
		Clock: func() time.Time { return r.Finished },
	})
	again.Run, again.Target.Name, again.Facts = r.Run, r.Target.Name, r.Facts
	if r.Masked() {
		again = reports.Redact(again, true) // the facts hold made-up accounts
	}
	return again, nil
}
