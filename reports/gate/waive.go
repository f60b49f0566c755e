package gate

import (
	"slices"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

// waive notes in the report which waivers are about its account, what became of each, and which steps they excuse.
// A waiver counts on the day on which the run started, in UTC, so that the same facts always give the same report.
func waive(r *reports.Report, waivers []reports.Waiver) {
	day := r.Started.UTC().Format(time.DateOnly)
	for _, w := range waivers {
		if w.Account != reports.EveryAccount && w.Account != r.Target.Account {
			continue
		}
		s, there := r.Step(w.Step)
		switch {
		case w.Until < day: // both are YYYY-MM-DD
			w.State = reports.WaiverExpired
		case !there && len(r.Run.Selected) > 0:
			continue // nobody looked at its step
		case there && s.Verdict == checks.Unknown:
			w.State = reports.WaiverOpen
		case there && failing(s.Verdict):
			w.State = reports.WaiverApplied
			// Of two, the one that names the account says more than the one for every account.
			if s.Waiver == nil || s.Waiver.Account == reports.EveryAccount {
				s.Waiver = &w
			}
		default:
			w.State = reports.WaiverUnused
		}
		r.Waivers = append(r.Waivers, w)
	}
}

// failing says that a step is proven not to be right.
func failing(v checks.Verdict) bool {
	return v == checks.Fail || v == checks.Partial || v == checks.Blocked
}

// waivedCause says that all that blocks a step is waived.
func waivedCause(r *reports.Report, s reports.Step) bool {
	return s.Verdict == checks.Blocked && len(s.BlockedBy) > 0 && !slices.ContainsFunc(s.BlockedBy, func(id string) bool {
		cause, ok := r.Step(id)
		return !ok || cause.Waiver == nil
	})
}
