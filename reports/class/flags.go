package class

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/reports"
)

// clockSlack is how far two clocks may be apart before anybody is told.
const clockSlack = 10 * time.Minute

var wholeAccount = regexp.MustCompile(`^\d{12}$`) // a masked one is not

// flagger gathers what an instructor should look at while the reports are given to the students.
type flagger struct {
	people *people
	terms  Terms
	// shared are the students who have the same thing, by its kind and value.
	shared map[sharedKey]map[int]bool
	// alone are flags about one student.
	alone []Flag
	pairs map[[2]int]bool
}

type sharedKey struct {
	kind  FlagKind
	value string
}

func newFlagger(everybody *people, t Terms) *flagger {
	return &flagger{people: everybody, terms: t, shared: map[sharedKey]map[int]bool{}}
}

// submission notes what is to be seen in one report of a student.
func (f *flagger) submission(at int, s *Submission, disagrees bool) {
	f.share(at, SameReport, s.SHA256)
	if s.Source != reports.Sandbox && wholeAccount.MatchString(s.Account) {
		f.share(at, SameAccount, s.Account)
	}
	for _, trace := range s.Traces {
		if strings.HasPrefix(trace, ImageTrace) {
			f.share(at, SameImage, trace)
		} else {
			f.share(at, SameEvidence, trace)
		}
	}
	f.times(at, s)
	roster := f.people.list[at].ID
	if roster.Account != "" && s.Source == reports.AWS && wholeAccount.MatchString(s.Account) && s.Account != roster.Account {
		f.single(at, OtherAccount, "%s is of the account %s, and the roster gives %s; perhaps a second account was used",
			s.File, s.Account, roster.Account)
	}
	if disagrees {
		f.single(at, NameDisagrees, "%s was handed in by this student, and it says %q (--student); perhaps the wrong file was "+
			"attached", s.File, reports.Clean(s.Student))
	}
	if s.Changed {
		f.single(at, TermsChanged, "%s was made with other parameters than the lab's own (--set)", s.File)
	}
	if s.Tool != f.terms.Tool.Version {
		f.single(at, OtherVersion, "%s was made with labcheck %s, and this is %s; its verdicts may differ",
			s.File, reports.Clean(s.Tool), f.terms.Tool.Version)
	}
}

func (f *flagger) times(at int, s *Submission) {
	t := f.terms
	if !t.Since.IsZero() && s.Finished.Before(t.Since) {
		f.single(at, OldReport, "%s was made on %s, before the course began; perhaps it is of an earlier term",
			s.File, s.Finished.Format(time.DateOnly))
	}
	received := t.Now
	if s.Submitted != nil {
		received = *s.Submitted
	}
	switch {
	case s.Finished.Sub(received) > clockSlack:
		f.single(at, ClockOff, "%s was made after it was handed in, by its own clock; perhaps that clock is wrong", s.File)
	case s.Started.Sub(s.Finished) > clockSlack:
		f.single(at, ClockOff, "%s ends before it begins; perhaps a clock was set meanwhile", s.File)
	case s.From.Late && t.Due != nil && t.lateness(&s.Attempt) == 0:
		f.single(at, ClockOff, "the platform marks %s as late, and by its own time it is not; it counts as in time", s.File)
	}
}

func (f *flagger) single(at int, kind FlagKind, format string, args ...any) {
	f.alone = append(f.alone, Flag{Kind: kind, Students: []string{f.people.list[at].Key}, Text: fmt.Sprintf(format, args...)})
}

func (f *flagger) share(at int, kind FlagKind, value string) {
	k := sharedKey{kind, value}
	if f.shared[k] == nil {
		f.shared[k] = map[int]bool{}
	}
	f.shared[k][at] = true
}

// flags are all flags, each once for the same students, the strongest kinds first.
func (f *flagger) flags() []Flag {
	flags := []Flag{}
	reported := map[string]bool{}
	for _, kind := range []FlagKind{SameReport, SameEvidence, SameImage, SameAccount} {
		for _, k := range f.keysOf(kind) {
			who := f.shared[k]
			students := f.people.keys(who)
			group := strings.Join(students, "\x00")
			once := string(kind) + "\x00" + group
			// The same file has the same evidence: saying it once is enough.
			if reported[once] || reported[string(SameReport)+"\x00"+group] {
				continue
			}
			reported[once] = true
			flags = append(flags, Flag{Kind: kind, Students: students, Text: k.text(), Declared: f.declared(who)})
		}
	}
	slices.SortStableFunc(f.alone, func(a, b Flag) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Students[0], b.Students[0]), cmp.Compare(a.Text, b.Text))
	})
	return append(flags, f.alone...)
}

// keysOf are the things of a kind that more than one student has.
func (f *flagger) keysOf(kind FlagKind) []sharedKey {
	keys := slices.DeleteFunc(slices.Collect(maps.Keys(f.shared)), func(k sharedKey) bool {
		return k.kind != kind || len(f.shared[k]) < 2
	})
	slices.SortFunc(keys, func(a, b sharedKey) int { return cmp.Compare(a.value, b.value) })
	return keys
}

func (k sharedKey) text() string {
	switch k.kind {
	case SameReport:
		return "handed in the very same file; perhaps one of them attached the wrong one"
	case SameEvidence:
		return "their reports hold the same answer of AWS (" + k.value + "), which is given once; perhaps one run was shared"
	case SameImage:
		return "have the same container image (" + strings.TrimPrefix(k.value, ImageTrace) + "); perhaps they worked together, " +
			"or both pushed a ready-made image"
	default:
		return "graded the same account " + k.value + "; perhaps they share it with leave"
	}
}

// pairUp resolves the declared pairs. Without a roster nobody knows who is missing and who is misspelt.
func (f *flagger) pairUp() error {
	f.pairs = map[[2]int]bool{}
	for _, pair := range f.terms.Pairs {
		var members []int
		for _, name := range pair.Students {
			at, ok := f.people.byText(name)
			switch {
			case ok:
				members = append(members, at)
			case len(f.terms.Roster) > 0:
				return &DecisionError{pair.At, noSuchStudent(name)}
			}
		}
		for _, a := range members {
			for _, b := range members {
				f.pairs[[2]int{a, b}] = true
			}
		}
	}
	return nil
}

// declared says whether every two of these students are a declared pair.
func (f *flagger) declared(who map[int]bool) bool {
	for a := range who {
		for b := range who {
			if a != b && !f.pairs[[2]int{a, b}] {
				return false
			}
		}
	}
	return true
}
