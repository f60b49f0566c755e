package gate

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Verify says whether the gate of a report follows from its steps, as that of a report which labcheck wrote does. Where
// only what is new decides, the earlier report would be needed to say more than whether something is.
func Verify(r *reports.Report) error {
	day := r.Started.UTC().Format(time.DateOnly)
	for _, s := range r.Steps {
		if s.Waiver != nil && (r.Gate == nil || !failing(s.Verdict) || s.Waiver.Until < day) {
			return fmt.Errorf("the step %s is waived, and its waiver excuses nothing", s.ID)
		}
	}
	if r.Gate == nil {
		return nil
	}
	want := grade.Inconclusive
	if r.Problem == nil && !r.Run.Interrupted {
		d := divide(r, r.Gate)
		switch r.Gate.FailOn {
		case reports.FailOnNew:
			if r.Changes == nil {
				return errors.New("its gate looks at what is new, and does not say what that is")
			}
			isNew := func(s reports.Step) bool { return slices.Contains(r.Changes.New, s.ID) }
			if want = grade.NotPassed; len(d.ids(isNew)) == 0 {
				if want = r.Gate.Outcome; want == grade.NotPassed {
					want = grade.Passed
				}
			}
		case reports.FailOnAny:
			want, _ = d.byAny(r.Gate)
		default:
			want, _ = d.byGrade(r.Gate)
		}
	}
	if r.Gate.Outcome != want {
		return fmt.Errorf("its steps make the gate %s, and %s is written", want, r.Gate.Outcome)
	}
	return nil
}
