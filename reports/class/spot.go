package class

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/labs/grade"
)

// Spot is a student at whose account an instructor looks first.
type Spot struct {
	Key     string `json:"key"`
	Account string `json:"account"` // "" where it is not known
	// Why are the reasons, the weightiest first.
	Why []string `json:"why"`

	weight int
	lot    uint64
}

// weightOf is how much a flag counts. What may be a mistake of a platform or a clock counts little.
func weightOf(kind FlagKind) int {
	switch kind {
	case SameReport, SameEvidence, FactsDisagree, Simulated, OddTimes, OtherKey:
		return 100
	case SameResource, SameTimes, SameImage, NoFacts, Masked:
		return 50
	case SameAccount, OtherAccount, OtherIssuer, ClockOff, OldReport, NameDisagrees, TermsChanged:
		return 20
	default:
		return 5
	}
}

// borderline is how many percent above the pass mark a grade may be that somebody may have helped a little.
const borderline = 3

// SpotChecks are at most n students to look at first, and why: flags, grades just above the pass mark, and reports with
// nothing but their own word. The others are drawn by lot, the same for the same class, so that nobody is out of sight.
func (c *Class) SpotChecks(n int) []Spot {
	var spots []Spot
	for i := range c.Students {
		p := &c.Students[i]
		a, ok := p.Attempt()
		if !ok && len(p.Flags) == 0 {
			continue
		}
		s := Spot{Key: p.Key, Account: p.ID.Account, lot: lot(c.Lab.SHA256, p.Key)}
		if ok && s.Account == "" {
			s.Account = a.Account
		}
		flags := slices.Clone(p.Flags)
		slices.SortStableFunc(flags, func(a, b int) int {
			return cmp.Compare(weightOf(c.Flags[b].Kind), weightOf(c.Flags[a].Kind))
		})
		for _, flag := range flags {
			if f := &c.Flags[flag]; !f.Declared {
				s.add(weightOf(f.Kind), FlagNumber(flag)+" "+f.Kind.Words())
			}
		}
		if ok && p.Outcome == grade.Passed && p.Percent != nil && *p.Percent-a.Grade.PassMark <= borderline {
			s.add(10, fmt.Sprintf("just passed: %d%%", *p.Percent))
		}
		if ok && a.Level == SelfReported && p.Outcome == grade.Passed {
			s.add(10, "passed by nothing but the report's own word")
		}
		if len(s.Why) == 0 {
			s.Why = []string{"drawn by lot"}
		}
		spots = append(spots, s)
	}
	slices.SortFunc(spots, func(a, b Spot) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.lot, b.lot), cmp.Compare(a.Key, b.Key))
	})
	return spots[:min(max(n, 0), len(spots))]
}

func (s *Spot) add(weight int, why string) {
	s.weight += weight
	s.Why = append(s.Why, why)
}

// lot is a student's number in a draw that a lab makes.
func lot(lab, key string) uint64 {
	sum := sha256.Sum256([]byte(lab + " " + key))
	return binary.BigEndian.Uint64(sum[:])
}
