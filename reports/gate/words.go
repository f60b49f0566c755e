package gate

import (
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// reasons say what decided, where the grade of the counted steps did.
func (d division) reasons(counted grade.Grade, unknown []string) []string {
	percent := reports.Span(*counted.Percent, *counted.PercentHigh) + "%"
	if counted.Outcome == grade.Passed {
		return []string{fmt.Sprintf("%s is reached, and %d%% is needed.", percent, counted.PassMark)}
	}
	var failed, unseen []string // required steps that are not passed, and those that nobody knows of
	for _, id := range counted.Missing {
		if slices.Contains(unknown, id) {
			unseen = append(unseen, id)
		} else {
			failed = append(failed, id)
		}
	}
	var because []string
	if len(failed) > 0 {
		because = append(because, fmt.Sprintf("%s %s required and not passed.", reports.List(failed), isOrAre(failed)))
	}
	switch {
	case *counted.PercentHigh < counted.PassMark:
		because = append(because, fmt.Sprintf("%s is reached, but %d%% is needed.", percent, counted.PassMark))
	case counted.Outcome == grade.NotPassed:
	case len(unseen) > 0:
		because = append(because,
			fmt.Sprintf("%s %s required and could not be looked at.", reports.List(unseen), isOrAre(unseen)))
	default:
		because = append(because, fmt.Sprintf("%s is reached and %d%% is needed: what could not be looked at decides (%s).",
			percent, counted.PassMark, reports.List(unknown)))
	}
	return because
}

// leftOut says which steps did not count.
func (d division) leftOut() []string {
	var said []string
	for _, kind := range []struct {
		format string
		ids    []string
	}{
		{"Waived: %s.", d.waived},
		{"Blocked only by what is waived: %s.", d.blocked},
		{"Could not be looked at, which is allowed: %s.", d.allowed},
	} {
		if len(kind.ids) > 0 {
			said = append(said, fmt.Sprintf(kind.format, reports.List(kind.ids)))
		}
	}
	return said
}

func sayFailed(ids []string) string {
	if len(ids) == 1 {
		return ids[0] + " fails."
	}
	return reports.List(ids) + " fail."
}

func sayUnknown(ids []string) string {
	return reports.List(ids) + " could not be looked at. Steps that need not be are named with --allow-unknown."
}

func sayNew(ids []string) string {
	if len(ids) == 1 {
		return ids[0] + " is a new failure."
	}
	return reports.List(ids) + " are new failures."
}

func sayLost(ids []string) string {
	return reports.List(ids) + " passed before and could not be looked at now."
}

func isOrAre(ids []string) string {
	if len(ids) == 1 {
		return "is"
	}
	return "are"
}
