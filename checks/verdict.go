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
		return fmt.Errorf("%q is no verdict", text)
	}
	*v = Verdict(i)
	return nil
}

// Verdicts returns every verdict.
func Verdicts() []Verdict { return []Verdict{Pass, Partial, Fail, Blocked, Unknown, Skipped} }

// Finding is one thing that a check looked at. Its texts follow the message contract: facts with values and units, no
// judgement, no fix inside Found.
type Finding struct {
	// Subject is the thing, such as "ECR repository docker-api".
	Subject string
	Verdict Verdict
	// Share is how much of it is verified when Partial, in percent (1 to 99).
	Share int
	// LookedAt says which service and Region were asked, with the size of a list, such as "2 ECR repositories in
	// us-east-1".
	LookedAt string
	// Found is what is there, such as "scan on push is off". A pass has it too, so that a false pass can be seen.
	Found string
	// Expected is what the lab wants there.
	Expected string
	// NearMiss is a thing that was probably meant, such as "found docker-apiatest". It never changes a verdict.
	NearMiss string
	// Advice says what is right but worth changing. It never changes a verdict.
	Advice string
	// Reason, Detail and MissingAction say why an Unknown finding is unknown.
	Reason        facts.Reason
	Detail        string
	MissingAction string
}

// Unanswered is the finding about the same thing where it could not be looked at because of err.
func (f Finding) Unanswered(err error) Finding {
	e := facts.AsError(err)
	return Finding{
		Subject: f.Subject, LookedAt: f.LookedAt, Expected: f.Expected,
		Reason: e.Reason, Detail: e.Detail, MissingAction: e.MissingAction,
	}
}

// Result is what a check's run learned.
type Result struct {
	Findings []Finding
	// Known holds what the fix needs to fill its commands with, such as the id of a VPC. It is not shown.
	Known map[string]string
}

// Of makes a result of findings.
func Of(findings ...Finding) Result { return Result{Findings: findings} }

// Verdict is the result's verdict: see Worst.
func (r Result) Verdict() Verdict { return Worst(r.Findings) }

// Unsettled says whether nothing is known yet because AWS or a person has not finished. The first unknown finding says
// why, as in the report.
func (r Result) Unsettled() bool {
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Verdict == Unknown })
	return r.Verdict() == Unknown && i >= 0 && r.Findings[i].Reason == facts.NotYetConsistent
}

// Worst turns findings into a verdict: any fail is a fail, else any unknown is unknown, else any partial is partial,
// else all skipped is skipped, else pass. No finding is unknown.
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
