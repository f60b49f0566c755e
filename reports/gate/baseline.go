package gate

import (
	"errors"
	"fmt"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
)

// CheckBaseline refuses a report that nothing can be compared with: one of a part of the lab, one that was stopped, and
// one that does not say which account it is about.
func CheckBaseline(then *reports.Report) error {
	switch {
	case len(then.Run.Selected) > 0:
		return errors.New("only a part of the lab was graded there (--only); take a report of the whole lab")
	case then.Run.Interrupted:
		return errors.New("that run was interrupted; take a report of a whole run")
	case then.Problem != nil:
		return errors.New("that run could not ask the account anything; take another report")
	case !facts.IsAccountID(then.Target.Account):
		return errors.New("its account is masked, so that nobody can tell whether it is this one; " +
			"take a report that was written without --mask-account")
	}
	return nil
}

// Compare says what has changed since an earlier report that CheckBaseline lets through. A report of something else is
// an error: its differences would mean nothing.
func Compare(now, then *reports.Report) (*reports.Changes, error) {
	for _, same := range []struct{ what, now, then string }{
		{"lab", now.Lab.ID, then.Lab.ID},
		{"source", string(now.Source), string(then.Source)},
		{"account", now.Target.Account, then.Target.Account},
		{"Region", now.Target.Region, then.Target.Region},
	} {
		if same.now != same.then {
			return nil, fmt.Errorf("it is about another %s: %s there, %s here", same.what, same.then, same.now)
		}
	}
	c := &reports.Changes{
		Baseline: then.Started.UTC().Format(time.RFC3339),
		New:      []string{}, Fixed: []string{}, Unchanged: []string{}, Lost: []string{},
	}
	for _, s := range now.Steps {
		failed, passed := earlier(then, s.ID)
		switch {
		case failing(s.Verdict) && failed:
			c.Unchanged = append(c.Unchanged, s.ID)
		case failing(s.Verdict):
			c.New = append(c.New, s.ID)
		case s.Verdict == checks.Pass && failed:
			c.Fixed = append(c.Fixed, s.ID)
		case s.Verdict == checks.Unknown && (failed || passed):
			c.Lost = append(c.Lost, s.ID)
		}
	}
	return c, nil
}

// earlier says what became of a step in an earlier report.
func earlier(then *reports.Report, id string) (failed, passed bool) {
	s, ok := then.Step(id)
	return ok && failing(s.Verdict), ok && s.Verdict == checks.Pass
}
