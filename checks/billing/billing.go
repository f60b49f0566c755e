// Package billing holds the check of the account's bill: somebody is told before it grows.
//
// There are two ways to that, and one is enough: a CloudWatch alarm on the estimated charges (cloudwatch.go, with its
// arithmetic in math.go and the composite alarms in composite.go) and a cost budget (budgets.go). Each way is judged by
// itself and brings the fix that fits it (fixes.go), and best chooses among them. Whom they notify is in notify.go.
package billing

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

// Checks returns the checks of this topic in catalogue order.
func Checks() []*checks.Check { return []*checks.Check{Alarm} }

// expected is what every finding of this package stands for.
const expected = "an alarm on " + billingMetric + " in " + billingRegion + ", or a cost budget, that tells somebody"

// way is one way to be told of the bill, judged.
type way struct {
	checks.Finding
	// repair makes the fix that makes this way right; nil if nothing less than a new budget does.
	repair func() repair
	// more is advice that costs calls of its own: it is asked for the way that is shown alone; nil is none.
	more func() string
}

// repair is a fix of a way.
type repair struct {
	checks.Fix
	// mail says that after its commands a mail has to be opened too.
	mail bool
}

// best chooses among the ways of which one is enough. One that passes settles it; else those that are unknown might
// have passed; else one that is partial is the most that there is. If every way fails, all of them are shown.
func best(ways []way) []way {
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

// withVerdict picks the ways of a verdict.
func withVerdict(verdict checks.Verdict, ways []way) []way {
	var picked []way
	for _, w := range ways {
		if w.Verdict == verdict {
			picked = append(picked, w)
		}
	}
	return picked
}

func findingsOf(ways []way) []checks.Finding {
	var findings []checks.Finding
	for _, w := range ways {
		if w.more != nil {
			w.Advice = checks.Join(w.Advice, w.more())
		}
		findings = append(findings, w.Finding)
	}
	return findings
}

// An account may have a thousand alarms and budgets, each of which costs calls, and one that tells somebody is enough.
const (
	// askedTogether is how many calls are made for them before it is seen whether one passes: as many as are under way
	// to a service at a time.
	askedTogether = 8
	// askedAtMost is for how many calls they are looked at in all.
	askedAtMost = 40
)

// candidate is an alarm or a budget to be looked at.
type candidate struct {
	calls int // how many it takes to begin with; 0: it is judged without asking anybody
	// start asks; ask waits for the answers and asks what follows from them; finish waits for that.
	start func() (ask func() (finish func() way))
}

// judged is a candidate about which nobody needs to be asked.
func judged(w way) candidate {
	finish := func() way { return w }
	return candidate{start: func() func() func() way { return func() func() way { return finish } }}
}

// untilOnePasses looks at candidates, some at a time and in their order, until one passes. Those after it are left out;
// those for which there is no call left are unclear.
func untilOnePasses(candidates []candidate) []way {
	var ways []way
	for asked := 0; len(candidates) > 0; {
		var started []func() func() way
		for together := 0; len(candidates) > 0; candidates = candidates[1:] {
			c := candidates[0]
			if together > 0 && together+c.calls > askedTogether {
				break
			}
			if c.calls > 0 && asked+c.calls > askedAtMost {
				c = judged(notAsked())
			} else {
				together, asked = together+c.calls, asked+c.calls
			}
			started = append(started, c.start())
		}
		var finishes []func() way
		for _, ask := range started {
			finishes = append(finishes, ask())
		}
		for _, finish := range finishes {
			ways = append(ways, finish())
		}
		if len(withVerdict(checks.Pass, ways)) > 0 {
			break
		}
	}
	return ways
}

// notAsked is a way that was not looked at, for there are too many.
func notAsked() way {
	return unclear(facts.Unsupported, "there are more alarms or budgets than are looked at in one run, "+
		"and the first of them tell nobody: delete those that are not needed")
}

// The parts of this package judge a way without knowing its name: about adds it.

func failed(found string) way { return way{Finding: checks.Finding{}.Fail(found)} }

func passed(found string) way { return way{Finding: checks.Finding{}.Pass(found)} }

// half is the way with what it earns if it sees only a part of the cost, or sees it late.
func (w way) half(found string) way {
	w.Finding = w.Partial(50, found)
	return w
}

// unclear is a way of which it is not known whether it tells somebody.
func unclear(reason facts.Reason, format string, args ...any) way {
	return notKnown(facts.Errorf(reason, format, args...))
}

// notKnown is a way that could not be looked at.
func notKnown(err error) way { return way{Finding: checks.Finding{}.Unknown(err)} }

// fixedBy is the way with what makes it right.
func (w way) fixedBy(fix func() repair) way {
	w.repair = fix
	return w
}

// about names the subject of a way.
func (w way) about(subject, lookedAt string) way {
	w.Subject, w.LookedAt, w.Expected = subject, lookedAt, expected
	return w
}

// isPlaceholder says whether an address is the one that stands in the printed fix, in any case of letters: whoever
// pasted it unchanged is told nothing.
func isPlaceholder(address string) bool { return strings.EqualFold(address, checks.PlaceholderEmail) }

// exampleAdvice is about a mail address that is not the printed one, and nobody's all the same.
func exampleAdvice(address string) string {
	return address + " is in a domain for examples, where nobody reads mail"
}
