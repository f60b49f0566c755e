package billing

import "github.com/labcheck/labcheck/checks"

// expected is what every finding of this package stands for.
const expected = "an alarm on " + billingMetric + " in " + billingRegion + ", or a cost budget, that tells somebody"

// best joins the findings about ways of which one is enough. One that passes settles it; else those that are unknown
// might have passed; else one that is partial is the most that there is. If every way fails, all of them are shown.
func best(ways []checks.Finding) []checks.Finding {
	if passing := with(checks.Pass, ways); len(passing) > 0 {
		return passing[:1]
	}
	if unknown := with(checks.Unknown, ways); len(unknown) > 0 {
		return unknown
	}
	if partial := with(checks.Partial, ways); len(partial) > 0 {
		return partial[:1]
	}
	return ways
}

func with(verdict checks.Verdict, ways []checks.Finding) []checks.Finding {
	var picked []checks.Finding
	for _, f := range ways {
		if f.Verdict == verdict {
			picked = append(picked, f)
		}
	}
	return picked
}

func failed(found string) checks.Finding { return checks.Finding{Verdict: checks.Fail, Found: found} }

func passed(found string) checks.Finding { return checks.Finding{Verdict: checks.Pass, Found: found} }

// half is what a way earns that sees only a part of the cost, or sees it late.
func half(found string) checks.Finding {
	return checks.Finding{Verdict: checks.Partial, Share: 50, Found: found}
}

// about names the subject of a finding that the parts of this package made without one.
func about(f checks.Finding, subject, lookedAt string) checks.Finding {
	f.Subject, f.LookedAt, f.Expected = subject, lookedAt, expected
	return f
}
