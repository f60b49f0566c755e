package checks

import (
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/checks/facts"
)

// Verdict is what can be said of a finding or a step. The zero value is Unknown: nothing passes by being forgotten.
type Verdict uint8

// The verdicts.
const (
	Unknown Verdict = iota // could not look, or was not asked to; carries a reason
	Pass                   // verified
	Partial                // part of it verified; carries a share
	Fail                   // looked, and it is not so
	Blocked                // a step that it needs failed; only a run gives this verdict
	Skipped                // cannot apply to this account
)

var verdictNames = [...]string{"unknown", "pass", "partial", "fail", "blocked", "skipped"}

// String returns the verdict's word in the report's schema.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return verdictNames[Unknown]
}

// MarshalText implements encoding.TextMarshaler.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler. An unknown word is an error.
func (v *Verdict) UnmarshalText(text []byte) error {
	i := slices.Index(verdictNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("%q is no verdict", facts.NameOf(string(text)))
	}
	*v = Verdict(i)
	return nil
}

// Verdicts returns every verdict.
func Verdicts() []Verdict { return []Verdict{Pass, Partial, Fail, Blocked, Unknown, Skipped} }

// Worst turns the findings of a check into its verdict: any fail is a fail, else any unknown is unknown, else any
// partial is partial, else all skipped is skipped, else pass. No finding is unknown.
func Worst(findings []Finding) Verdict {
	has := map[Verdict]bool{}
	for _, f := range findings {
		has[f.Verdict] = true
	}
	for _, v := range []Verdict{Fail, Blocked, Unknown, Partial, Pass, Skipped} {
		if has[v] {
			return v
		}
	}
	return Unknown
}

// Finding is one thing that a check looked at. Its texts follow the message contract: facts with values and units, no
// judgement, no fix inside Found.
//
// A check fills in what it looks at (Subject, LookedAt, Expected) and then lets a method judge it, so that a verdict
// never lacks what goes with it:
//
//	f := checks.Finding{Subject: "log group /ecs/api", LookedAt: "2 log groups in us-east-1", Expected: "it exists"}
//	return checks.Of(f.Fail("there is no log group /ecs/api")), nil
//
// Each method returns a judged copy; NearMiss and Advice may be set before or after. A Finding that no method judged is
// Unknown.
type Finding struct {
	// Subject is the thing, such as "ECR repository docker-api".
	Subject string  `json:"subject"`
	Verdict Verdict `json:"verdict"`
	// LookedAt says which service and Region were asked, with the size of a list, such as "2 ECR repositories in
	// us-east-1".
	LookedAt string `json:"lookedAt"`
	// Found is what is there, such as "scan on push is off". A pass has it too, so that a false pass can be seen.
	Found string `json:"found"`
	// Expected is what the lab wants there.
	Expected string `json:"expected"`
	// Advice says what is right but worth changing. It never changes a verdict.
	Advice string `json:"advice"`
	// NearMiss is a thing that was probably meant, such as "found docker-apiatest". It never changes a verdict.
	NearMiss string `json:"nearMiss"`

	// What follows decides about the step, which shows it; the finding itself is written without it.

	// Share is how much of it is verified when Partial, in percent (1 to 99).
	Share int `json:"-"`
	// Reason, Detail and MissingAction say why an Unknown finding is unknown.
	Reason        facts.Reason `json:"-"`
	Detail        string       `json:"-"`
	MissingAction string       `json:"-"`
}

// Pass is the finding where all is as expected.
func (f Finding) Pass(found string) Finding { return f.judged(Pass, found) }

// Fail is the finding where something was looked at and is not as expected.
func (f Finding) Fail(found string) Finding { return f.judged(Fail, found) }

// Partial is the finding where a share of what is expected is there, in percent (1 to 99).
func (f Finding) Partial(share int, found string) Finding {
	f = f.judged(Partial, found)
	f.Share = share
	return f
}

// Skip is the finding where the question cannot apply to this account, and why.
func (f Finding) Skip(why string) Finding { return f.judged(Skipped, why) }

// Unknown is the finding where it could not be looked at because of err: the error of a read, or one that the check
// makes with facts.Errorf for an answer that it does not understand. What was found so far stays.
func (f Finding) Unknown(err error) Finding {
	e := facts.AsError(err)
	f.Verdict, f.Share = Unknown, 0
	f.Reason, f.Detail, f.MissingAction = e.Reason, e.Detail, e.MissingAction
	return f
}

func (f Finding) judged(v Verdict, found string) Finding {
	f.Verdict, f.Share, f.Found = v, 0, found
	f.Reason, f.Detail, f.MissingAction = "", "", ""
	return f
}

// Result is what a check's run learned.
type Result struct {
	Findings []Finding
	// Fix fits what was found: it puts right a result that fails or is partial, or ends a state that is not settled
	// where waiting may not end it (see Unsettled), or lets labcheck look where it did not. Beside any other result it
	// is dropped.
	Fix Fix
	// Cost is what was found costs; the zero value where a check does not look for that.
	Cost Cost
}

// A Cost is what things cost that are left.
type Cost struct {
	// AsOf is the day of the prices, such as "2026-11-30". They are list prices in us-east-1, without free tier, credits
	// and taxes.
	AsOf    string   `json:"asOf"`
	Charges []Charge `json:"charges"`
}

// A Charge is what one thing costs a day, in US dollars: from Low to High where that depends on what cannot be read.
type Charge struct {
	// Of tells the thing from others. What two checks find is charged once.
	Of   string  `json:"of"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// Guess says that another check may know it better.
	Guess bool `json:"guess,omitempty"`
}

// Of makes a result of findings, without a fix.
func Of(findings ...Finding) Result { return Result{Findings: findings} }

// WithFix is the same result with a fix.
func (r Result) WithFix(fix Fix) Result {
	r.Fix = fix
	return r
}

// Verdict is the result's verdict: see Worst.
func (r Result) Verdict() Verdict { return Worst(r.Findings) }

// Unsettled says whether the result is unknown because AWS, or a person, has not finished what was begun.
func (r Result) Unsettled() bool { return r.isUnknown(facts.NotYetConsistent) }

// isUnknown says whether the result is unknown for this reason: that of the first unknown finding, as in the report.
func (r Result) isUnknown(because facts.Reason) bool {
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Verdict == Unknown })
	return r.Verdict() == Unknown && i >= 0 && r.Findings[i].Reason == because
}
