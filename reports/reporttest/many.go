package reporttest

import (
	"fmt"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
)

// Many is a report with as many steps, of every verdict in turn, each with its own id. Every text that an account
// chooses holds the given text.
func Many(steps int, text string) *reports.Report {
	verdicts := checks.Verdicts()
	list := make([]reports.Step, steps)
	for i := range list {
		s := scanOnPush()
		s.ID = fmt.Sprintf("step-%d", i)
		s.Verdict = verdicts[i%len(verdicts)]
		switch s.Verdict {
		case checks.Partial:
			s.Share = 50
		case checks.Unknown:
			s = unknown(s, facts.AccessDenied, text)
		case checks.Blocked:
			s.BlockedBy = []string{"step-1"}
		default:
		}
		f := &s.Findings[0]
		f.Verdict = s.Verdict
		f.Subject, f.LookedAt, f.Found, f.NearMiss = f.Subject+text, f.LookedAt+text, f.Found+text, f.NearMiss+text
		list[i] = s
	}
	return graded(base(list...))
}
