package checks

import (
	"fmt"
	"slices"
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
