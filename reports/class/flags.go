package class

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
)

// clockSlack is how far two clocks may be apart before anybody is told.
const clockSlack = 10 * time.Minute

// flagger gathers what an instructor should look at while the reports are given to the students.
type flagger struct {
	people *people
	terms  Terms
	// shared are the students who have the same thing, by its kind and value.
	shared map[sharedKey][]int
	// alone are flags about one student, or about a group.
	alone []Flag
	// common are flags that say nothing where many have them, by what it is that they have.
	common map[string][]Flag
	// others say what another version of labcheck graded otherwise, each with the student.
	others []string
	pairs  map[[2]int]bool
}

type sharedKey struct {
	kind  FlagKind
	value string
}

func newFlagger(everybody *people, t Terms) *flagger {
	return &flagger{people: everybody, terms: t, shared: map[sharedKey][]int{}, common: map[string][]Flag{}}
}

// inspect notes what is to be seen in one report of a student, who is given by the index.
func (f *flagger) inspect(owner int, s *Submission, disagrees bool) {
	f.share(owner, SameReport, s.SHA256)
	if s.Source != reports.Sandbox && facts.IsAccountID(s.Account) {
		f.share(owner, SameAccount, s.Account)
	}
	for _, trace := range s.Traces {
		if s.Practised {
			break // the practice account says the same to everybody
		}
		f.share(owner, kindOfTrace(trace), trace)
	}
	for _, doubt := range s.Doubts {
		f.flagAlone(owner, doubt.Kind, "%s %s", s.File, doubt.Text)
	}
	if s.OtherVerdicts != "" {
		f.others = append(f.others, f.people.list[owner].Key+": "+s.OtherVerdicts)
	}
	f.inspectTimes(owner, s)
	if s.Issuer != "" {
		what := "a certificate of " + reports.Clean(s.Issuer)
		f.flagUnlessMany(owner, what, OtherIssuer, "what answered %s had %s, and AWS's own are of Amazon; perhaps the "+
			"network looks into what is sent, or something stood in for AWS", s.File, what)
	}
	roster := f.people.list[owner].ID
	if roster.Account != "" && s.Source == reports.AWS && facts.IsAccountID(s.Account) &&
		s.Account != roster.Account {
		f.flagAlone(owner, OtherAccount,
			"%s is of the account %s, and the roster gives %s; perhaps a second account was used",
			s.File, s.Account, roster.Account)
	}
	if disagrees {
		f.flagAlone(owner, NameDisagrees,
			"%s was handed in by this student, and it says %q (--student); perhaps the wrong file was attached", s.File,
			reports.Clean(s.Student))
	}
	if s.TextChanged != "" {
		f.flagAlone(owner, TextChanged, "the text of %s is not that of its data, which alone counts: %s", s.File,
			s.TextChanged)
	}
	if s.Changed {
		f.flagAlone(owner, TermsChanged, "%s was made with other parameters than the lab's own (--set)", s.File)
	}
	if s.OtherPlan {
		f.flagAlone(owner, OtherVersion, "%s was made with other checks than those here, by an earlier labcheck or with "+
			"a check of a folder that is not the same there; its verdicts may differ", s.File)
	}
	if s.Tool != f.terms.Tool.Version {
		f.flagAlone(owner, OtherVersion, "%s was made with labcheck %s, and this is %s; its verdicts may differ",
			s.File, reports.Clean(s.Tool), f.terms.Tool.Version)
	}
}

// inspectTimes notes clocks that are off, and reports of before the course.
func (f *flagger) inspectTimes(owner int, s *Submission) {
	t := f.terms
	for _, old := range []struct {
		what string
		made time.Time
	}{{"an image that was pushed", s.Pushed}, {"an access key that was made", s.KeyMade}} {
		if !old.made.IsZero() && old.made.Before(t.Since) && !s.Finished.Before(t.Since) {
			f.flagUnlessMany(owner, old.what+" before the course began", OldReport, "%s names %s on %s, before the course "+
				"began; perhaps the account is of an earlier term", s.File, old.what, old.made.Format(time.DateOnly))
		}
	}
	if !t.Since.IsZero() && s.Finished.Before(t.Since) {
		f.flagAlone(owner, OldReport, "%s was made on %s, before the course began; perhaps it is of an earlier term",
			s.File, s.Finished.Format(time.DateOnly))
	}
	received := t.Now
	if s.Submitted != nil {
		received = *s.Submitted
	}
	switch {
	case s.Finished.Sub(received) > clockSlack:
		f.flagAlone(owner, ClockOff, "%s was made after it was handed in, by its own clock; perhaps that clock is wrong",
			s.File)
	case s.Started.Sub(s.Finished) > clockSlack:
		f.flagAlone(owner, ClockOff, "%s ends before it begins; perhaps a clock was set meanwhile", s.File)
	case s.MarkedLate && t.lateness(&s.Attempt) == markedLate:
		f.flagAlone(owner, ClockOff, "the platform marks %s as late, and by its own time it is not; the mark counts, as the "+
			"least that is late", s.File)
	}
}

// flagAlone notes a flag about one student.
func (f *flagger) flagAlone(owner int, kind FlagKind, format string, args ...any) {
	f.alone = append(f.alone,
		Flag{Kind: kind, Students: []string{f.people.list[owner].Key}, Text: fmt.Sprintf(format, args...)})
}

// flagUnlessMany notes a flag about one student, for what many may have.
func (f *flagger) flagUnlessMany(owner int, what string, kind FlagKind, format string, args ...any) {
	f.common[what] = append(f.common[what],
		Flag{Kind: kind, Students: []string{f.people.list[owner].Key}, Text: fmt.Sprintf(format, args...)})
}

// flagTogether notes a flag about several students, who are known to work together.
func (f *flagger) flagTogether(kind FlagKind, students []int, text string) {
	f.alone = append(f.alone, Flag{Kind: kind, Students: f.people.keysOf(students), Text: text})
}

// share notes that a student has a thing that another one may have too.
func (f *flagger) share(owner int, kind FlagKind, value string) {
	k := sharedKey{kind, value}
	if !slices.Contains(f.shared[k], owner) {
		f.shared[k] = append(f.shared[k], owner)
	}
}

// kindOfTrace is what it means that two students have the same trace.
func kindOfTrace(trace string) FlagKind {
	switch {
	case strings.HasPrefix(trace, ImageTrace):
		return SameImage
	case strings.HasPrefix(trace, ResourceTrace):
		return SameResource
	case strings.HasPrefix(trace, TimesTrace):
		return SameTimes
	}
	return SameEvidence
}

// all are all flags, each once for the same students, the strongest kinds first, and the notes.
func (f *flagger) all() ([]Flag, []string) {
	flags, notes := []Flag{}, []string{}
	reported := map[string]bool{}
	flagged := func(group string, kinds ...FlagKind) bool {
		return slices.ContainsFunc(kinds, func(k FlagKind) bool { return reported[string(k)+"\x00"+group] })
	}
	for _, kind := range []FlagKind{SameReport, SameEvidence, SameImage, SameAccount, SameResource, SameTimes} {
		for _, k := range f.sharedByMany(kind) {
			sharers := f.shared[k]
			if f.isCourseMaterial(k, len(sharers)) {
				notes = append(notes, k.note(len(sharers)))
				continue
			}
			students := f.people.keysOf(sharers)
			group := strings.Join(students, "\x00")
			switch {
			// The same file has the same evidence, and one account has one of each thing: saying it once is enough.
			case flagged(group, kind, SameReport),
				(kind == SameResource || kind == SameTimes) && flagged(group, SameEvidence, SameAccount, SameResource):
				continue
			}
			reported[string(kind)+"\x00"+group] = true
			flags = append(flags, Flag{Kind: kind, Students: students, Text: k.text(), Declared: f.declared(sharers)})
		}
	}
	for _, what := range slices.Sorted(maps.Keys(f.common)) {
		flags, students := f.common[what], map[string]bool{}
		for _, flag := range flags {
			students[flag.Students[0]] = true
		}
		if f.many(len(students)) {
			notes = append(notes, checks.Count(len(students), "student")+" have "+what+": not flagged, for so many have it")
			continue
		}
		f.alone = append(f.alone, flags...)
	}
	slices.SortStableFunc(f.alone, func(a, b Flag) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Students[0], b.Students[0]), cmp.Compare(a.Text, b.Text))
	})
	return append(flags, f.alone...), append(notes, f.otherVerdicts()...)
}

// isCourseMaterial says whether so many share a thing that the course gave it to them. An answer that AWS gave once,
// and a file, are nobody's material.
func (f *flagger) isCourseMaterial(k sharedKey, sharers int) bool {
	return k.kind != SameReport && k.kind != SameEvidence && f.many(sharers)
}

// many says whether so many students are more than would have worked together, and more than a tenth of the class.
func (f *flagger) many(students int) bool {
	const together = 4
	return students > max(together, len(f.people.list)/10)
}

// note says of a thing that it is the course's.
func (k sharedKey) note(sharers int) string {
	_, what, _ := strings.Cut(k.value, " ")
	switch k.kind {
	case SameImage:
		what = "the container image " + what
	case SameAccount:
		what = "the account " + k.value
	case SameTimes:
		what = "things that were made at " + what
	default:
	}
	return checks.Count(sharers, "student") + " have " + what + ": taken for what the course gave out, and not flagged"
}

// otherVerdicts is one note about all that another version of labcheck graded otherwise.
func (f *flagger) otherVerdicts() []string {
	if len(f.others) == 0 {
		return nil
	}
	slices.Sort(f.others)
	return []string{checks.Count(len(f.others), "report") + " of another version of labcheck would be graded otherwise " +
		"here (--regrade does): " + reports.List(f.others)}
}

// sharedByMany are the things of a kind that more than one student has.
func (f *flagger) sharedByMany(kind FlagKind) []sharedKey {
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
		return "have the same container image (" + strings.TrimPrefix(k.value, ImageTrace) +
			"); perhaps they worked together, or both pushed a ready-made image"
	case SameResource:
		return "their facts name the same " + strings.TrimPrefix(k.value, ResourceTrace) +
			", which AWS makes for one account; perhaps one run was shared"
	case SameTimes:
		return "what their facts name was made in the same seconds (" + strings.TrimPrefix(k.value, TimesTrace) +
			"); perhaps one account was read for both"
	default:
		return "graded the same account " + k.value + "; perhaps they share it with leave"
	}
}

// resolvePairs resolves the declared pairs. Without a roster nobody knows who is missing and who is misspelt.
func (f *flagger) resolvePairs() error {
	f.pairs = map[[2]int]bool{}
	for _, pair := range f.terms.Pairs {
		var members []int
		for _, name := range pair.Students {
			member, ok := f.people.findTyped(name)
			switch {
			case ok:
				members = append(members, member)
			case len(f.terms.Roster) > 0:
				return &DecisionError{pair.Position, noSuchStudent(name)}
			}
		}
		f.declare(members)
	}
	return nil
}

// declare notes that the instructor knows of students who work together.
func (f *flagger) declare(students []int) {
	for _, a := range students {
		for _, b := range students {
			f.pairs[[2]int{a, b}] = true
		}
	}
}

// declared says whether every two of these students are a declared pair.
func (f *flagger) declared(students []int) bool {
	for _, a := range students {
		for _, b := range students {
			if a != b && !f.pairs[[2]int{a, b}] {
				return false
			}
		}
	}
	return true
}
