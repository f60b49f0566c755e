// Package billing holds the check of the account's bill: somebody is told before it grows.
//
// There are two ways to that, and one is enough: a CloudWatch alarm on the estimated charges (cloudwatch.go) and a cost
// budget (budgets.go). Each gives findings of its own, and best chooses among them. Whom they
// notify is in notify.go.
package billing

import (
	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

// Checks returns the checks of this topic in catalogue order.
func Checks() []*checks.Check { return []*checks.Check{Alarm} }

// expected is what every finding of this package stands for.
const expected = "an alarm on " + billingMetric + " in " + billingRegion + ", or a cost budget, that tells somebody"

// best joins the findings about ways of which one is enough. One that passes settles it; else those that are unknown
// might have passed; else one that is partial is the most that there is. If every way fails, all of them are shown.
func best(ways []checks.Finding) []checks.Finding {
	if passing := withVerdict(checks.Pass, ways); len(passing) > 0 {
		return passing[:1]
	}
	if unknown := withVerdict(checks.Unknown, ways); len(unknown) > 0 {
		return unknown
	}
	if partial := withVerdict(checks.Partial, ways); len(partial) > 0 {
		return partial[:1]
	}
	return ways
}

// withVerdict picks the findings of a verdict.
func withVerdict(verdict checks.Verdict, ways []checks.Finding) []checks.Finding {
	var picked []checks.Finding
	for _, f := range ways {
		if f.Verdict == verdict {
			picked = append(picked, f)
		}
	}
	return picked
}

// The parts of this package judge a way without knowing its name: about adds it.

func failed(found string) checks.Finding { return checks.Finding{}.Fail(found) }

func passed(found string) checks.Finding { return checks.Finding{}.Pass(found) }

// half is what a way earns that sees only a part of the cost, or sees it late.
func half(found string) checks.Finding { return checks.Finding{}.Partial(50, found) }

// unclear is about a way of which it is not known whether it tells somebody.
func unclear(reason facts.Reason, format string, args ...any) checks.Finding {
	return checks.Finding{}.Unknown(facts.Errorf(reason, format, args...))
}

// about names the subject of a finding that was made without one.
func about(f checks.Finding, subject, lookedAt string) checks.Finding {
	f.Subject, f.LookedAt, f.Expected = subject, lookedAt, expected
	return f
}
