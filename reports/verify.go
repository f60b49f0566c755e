package reports

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
)

// Verify says whether a report agrees with itself: verdicts follow from findings, points from verdicts, and the grade
// from the points. A report that labcheck wrote always does; one that was edited by hand hardly ever. The letter is not
// looked at: it follows from the lab's scale, which the report does not carry.
func (r *Report) Verify() error {
	if err := r.verifyFacts(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, s := range r.Steps {
		if seen[s.ID] {
			return fmt.Errorf("the step %s is there twice", s.ID)
		}
		seen[s.ID] = true
		if err := r.verifyStep(s); err != nil {
			return fmt.Errorf("the step %s: %w", s.ID, err)
		}
		if want := s.Worth(); s.Earned != want {
			return fmt.Errorf("the step %s: its verdict earns %d, and %d is written", s.ID, want, s.Earned)
		}
	}
	return r.verifyGrade(grade.Of(Graded(r.Steps), r.Grade.PassMark, nil))
}

// verifyFacts says whether the facts are of this very run.
func (r *Report) verifyFacts() error {
	f := r.Facts
	switch {
	case f == nil:
		return nil
	case f.Source != string(r.Source), f.Site.Account != r.Target.Account && !r.Masked(),
		f.Site.Region != r.Target.Region, !f.Started.Equal(r.Started):
		return errors.New("its facts are of another run")
	}
	return nil
}

func (r *Report) verifyStep(s Step) error {
	found := checks.Worst(s.Findings)
	switch {
	case s.Points < 0:
		return fmt.Errorf("%d points are less than none", s.Points)
	case s.Verdict == checks.Partial && (s.Share < 0 || s.Share > 99), s.Verdict != checks.Partial && s.Share != 0:
		return fmt.Errorf("a share of %d%% does not go with the verdict %s", s.Share, s.Verdict)
	case s.Verdict == checks.Blocked:
		return r.verifyBlocked(s, found)
	case s.Verdict == checks.Unknown && found == checks.Fail && r.openCause(s):
		return nil // what it needs could not be looked at, so that it may not fail either
	case found != s.Verdict:
		return fmt.Errorf("its findings make it %s, and %s is written", found, s.Verdict)
	}
	return nil
}

func (r *Report) verifyBlocked(s Step, found checks.Verdict) error {
	if found != checks.Fail && found != checks.Unknown {
		return fmt.Errorf("its findings make it %s, which nothing can block", found)
	}
	if len(s.BlockedBy) == 0 {
		return errors.New("it is blocked, and nothing blocks it")
	}
	for _, id := range s.BlockedBy {
		if cause, ok := r.Step(id); !ok || cause.Verdict != checks.Fail {
			return fmt.Errorf("it is blocked by %s, which did not fail", id)
		}
	}
	return nil
}

// openCause says whether another step is unknown for the same reason.
func (r *Report) openCause(s Step) bool {
	return slices.ContainsFunc(r.Steps, func(o Step) bool {
		return o.ID != s.ID && o.Verdict == checks.Unknown && o.Reason == s.Reason
	})
}

func (r *Report) verifyGrade(want grade.Grade) error {
	got := r.Grade
	switch {
	case got.Earned != want.Earned || got.Low != want.Low || got.High != want.High || got.Possible != want.Possible:
		return fmt.Errorf("its steps add up to %d of %d points, and %d of %d are written",
			want.Earned, want.Possible, got.Earned, got.Possible)
	case !same(got.Percent, want.Percent) || !same(got.PercentHigh, want.PercentHigh):
		return errors.New("the percent does not follow from the points")
	case got.Outcome != want.Outcome:
		return fmt.Errorf("its steps make it %s, and %s is written", want.Outcome, got.Outcome)
	case !slices.Equal(got.Missing, want.Missing):
		return errors.New("the list of missing required steps does not follow from the steps")
	}
	return nil
}

// Differs says what of a report is not as in the one that its own facts make; "" where all of it is. The two are of the
// same lab.
func (r *Report) Differs(again *Report) string {
	for _, s := range r.Steps {
		now, ok := again.Step(s.ID)
		switch {
		case !ok || now.Verdict != s.Verdict || now.Share != s.Share:
			verdict := checks.Unknown
			if ok {
				verdict = now.Verdict
			}
			return fmt.Sprintf("the step %s: its facts make it %s, and %s is written", s.ID, verdict, s.Verdict)
		case !slices.EqualFunc(s.Findings, now.Findings, sameFinding):
			return fmt.Sprintf("the step %s: its facts make it %s by other findings than are written", s.ID, s.Verdict)
		}
	}
	if r.verifyGrade(again.Grade) != nil {
		return "its facts make another grade than the one that is written"
	}
	return ""
}

// sameFinding compares what is written of two findings, of which the second one was not written yet.
func sameFinding(a, b checks.Finding) bool {
	written := func(text string) string { return strings.ToValidUTF8(text, "�") }
	return a.Verdict == b.Verdict && a.Subject == written(b.Subject) && a.LookedAt == written(b.LookedAt) &&
		a.Found == written(b.Found) && a.Expected == written(b.Expected) && a.Advice == written(b.Advice) &&
		a.NearMiss == written(b.NearMiss)
}

func same(a, b *int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
