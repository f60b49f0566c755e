//go:build conformance

package conformance

import (
	"fmt"
	"strings"
)

// report is what the scenarios read of a JSON report (labcheck.report/v1), by the names that the design promises.
type report struct {
	Schema string `json:"schema"`
	Source string `json:"source"`
	Target struct {
		Account string `json:"account"`
		Caller  string `json:"caller"`
		Region  string `json:"region"`
	} `json:"target"`
	Grade struct {
		Earned   int    `json:"earned"`
		Possible int    `json:"possible"`
		Low      int    `json:"low"`
		High     int    `json:"high"`
		Outcome  string `json:"outcome"`
	} `json:"grade"`
	Steps []graded `json:"steps"`
	Calls struct {
		Total       int            `json:"total"`
		ByOperation map[string]int `json:"byOperation"`
	} `json:"calls"`
}

// graded is one step of a report.
type graded struct {
	ID        string   `json:"id"`
	Verdict   string   `json:"verdict"`
	Share     int      `json:"share"`
	Earned    int      `json:"earned"`
	Points    int      `json:"points"`
	Required  bool     `json:"required"`
	Reason    string   `json:"reason"`
	Detail    string   `json:"detail"`
	BlockedBy []string `json:"blockedBy"`
	Findings  []struct {
		Found    string `json:"found"`
		Expected string `json:"expected"`
		Advice   string `json:"advice"`
		NearMiss string `json:"nearMiss"`
	} `json:"findings"`
	Fix struct {
		Commands []string `json:"commands"`
		Simulate string   `json:"simulate"`
	} `json:"fix"`
}

// said is the verdict with what belongs to it, as the tables write it.
func (g graded) said() string {
	switch g.Verdict {
	case "partial":
		return fmt.Sprintf("partial %d", g.Share)
	case "blocked":
		return "blocked by " + strings.Join(g.BlockedBy, ", ")
	case "unknown":
		return "unknown " + g.Reason
	}
	return g.Verdict
}

// words are everything that the step tells the student about what was found.
func (g graded) words() string {
	words := []string{g.Detail}
	for _, f := range g.Findings {
		words = append(words, f.Found, f.NearMiss, f.Advice)
	}
	return strings.Join(words, "\n")
}

func (r *report) step(id string) graded {
	for _, g := range r.Steps {
		if g.ID == id {
			return g
		}
	}
	return graded{}
}

// exitCodes are those of the outcomes.
func exitCodes() map[string]int {
	return map[string]int{"passed": 0, "not_passed": 1, "inconclusive": 3}
}

// problems compares a whole report with its table: every verdict, the lab's own lines, and the grade that follows.
func (r *report) problems(want table) []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if r.Schema != "labcheck.report/v1" {
		add("the schema is %q", r.Schema)
	}
	steps := lab()
	if len(r.Steps) != len(steps) {
		add("the report has %d steps, not %d", len(r.Steps), len(steps))
		return list
	}
	for i, g := range r.Steps {
		if s := steps[i]; g.ID != s.id || g.Points != s.points || g.Required != s.required {
			add("step %d is %s with %d points (required: %t), not %+v", i+1, g.ID, g.Points, g.Required, s)
		}
		if g.said() != want[g.ID] {
			add("%s: want %q, got %q: %s", g.ID, want[g.ID], g.said(), g.words())
		}
	}
	return append(list, r.gradeProblems()...)
}

// gradeProblems does the sums of the grade again, from the verdicts of the report.
func (r *report) gradeProblems() []string {
	var earned, unknown, possible int
	missing, undecided := false, false // required steps that failed, or that nobody can tell yet
	for _, g := range r.Steps {
		switch g.Verdict {
		case "skipped":
			continue
		case "pass":
			earned += g.Points
		case "partial":
			earned += g.Points * g.Share / 100
		case "unknown":
			unknown += g.Points
		}
		possible += g.Points
		if g.Required && g.Verdict == "unknown" {
			undecided = true
		} else if g.Required && g.Verdict != "pass" {
			missing = true
		}
	}
	outcome := "inconclusive"
	switch {
	case missing || 100*(earned+unknown) < passMark*possible:
		outcome = "not_passed"
	case !undecided && 100*earned >= passMark*possible:
		outcome = "passed"
	}
	got := r.Grade
	if got.Earned != earned || got.Possible != possible || got.Low != earned || got.High != earned+unknown ||
		got.Outcome != outcome {
		return []string{fmt.Sprintf("the grade is %+v; the verdicts give %d to %d of %d points, %s",
			got, earned, earned+unknown, possible, outcome)}
	}
	return nil
}
