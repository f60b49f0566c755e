package declared

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/checks/facts"
)

// A Proof is what came of trying a check on its tests, and on tests that differ from them in one thing each.
type Proof struct {
	// Errors are what an author must change, Notes what deserves a look.
	Errors, Notes strict.Problems
	// Mutants are the tests that were spoiled, and Noticed those of them that changed the verdict.
	Mutants, Noticed int
}

// maxMutants bounds the work: a test of people has some thirty places.
const maxMutants = 5000

// A prover tries a check.
type prover struct {
	*File
	proof Proof
	seen  map[string]bool // what was said
}

// Prove runs the tests, then each of them with a member that is missing, a read that fails, another order of its lists
// and other values. A spoiled test that lacks something and is better than the test is an error: the check would pass
// from nothing. What else is not noticed is a note.
func (f *File) Prove() Proof {
	p := &prover{File: f, seen: map[string]bool{}}
	p.proof.Errors = append(p.proof.Errors, f.Doubts...)
	failed := f.RunTests()
	p.proof.Errors = append(p.proof.Errors, failed...)
	p.proof.Notes = append(p.proof.Notes, f.Notes...)
	p.covered()
	if len(failed) == 0 {
		for _, t := range f.Tests {
			p.spoil(t)
		}
	}
	return p.proof
}

func (p *prover) error(at strict.Pos, format string, args ...any) {
	p.say(&p.proof.Errors, at, format, args...)
}

func (p *prover) note(at strict.Pos, format string, args ...any) {
	p.say(&p.proof.Notes, at, format, args...)
}

func (p *prover) say(to *strict.Problems, at strict.Pos, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !p.seen[text] {
		p.seen[text] = true
		*to = append(*to, strict.Problem{File: p.Name, At: at, Text: text})
	}
}

// covered holds each expectation to a test that meets it and one that does not.
func (p *prover) covered() {
	n := len(p.plan.judgements)
	met, notMet, some := make([]bool, n), make([]bool, n), make([]bool, n)
	for _, t := range p.Tests {
		_, each, err := p.runEach(t)
		if err != nil {
			continue // told with the tests
		}
		for i, findings := range each {
			for _, f := range findings {
				met[i] = met[i] || f.Verdict == checks.Pass
				some[i] = some[i] || f.Verdict == checks.Pass && f.Found != noElement
				notMet[i] = notMet[i] || f.Verdict == checks.Fail || f.Verdict == checks.Partial
			}
		}
	}
	for i, j := range p.plan.judgements {
		what := "the expectation of " + j.label()
		if j.exists != nil {
			what = "exists: " + j.exists.name
		}
		if met[i] && !some[i] && j.each != nil {
			p.error(j.at, "the expectation of each of %s is met only by an empty list: add a test with an element that is "+
				"right, or say empty: fail", j.each.Text)
		}
		if !met[i] {
			p.error(j.at, "%s is met in no test: add one in which it is", what)
		}
		if !notMet[i] {
			p.error(j.at, "%s fails in no test: add one in which it does", what)
		}
	}
}

// spoil tries everything that can be wrong with the answers of one test.
func (p *prover) spoil(t Test) {
	r, err := p.Run(t)
	if err != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(t.Answers)) {
		q := questionOf(p.plan, name)
		a := t.Answers[name]
		if q == nil {
			continue
		}
		for _, reason := range []facts.Reason{facts.AccessDenied, facts.Throttled, facts.InvalidResponse} {
			after, ok := p.try(t, name, TestAnswer{At: a.At, Reason: reason})
			if verdict := after.Verdict(); ok && verdict != r.Verdict() && verdict != checks.Unknown {
				p.error(t.At, "the test %q is %s where the read %q fails (%s), and it must be unknown", t.Name, verdict,
					name, reason)
			}
		}
		if a.Value != nil {
			a.Value = q.answer.Selection().Prune(a.Value)
			p.spoilAnswer(t, r, q, a)
		}
	}
}

// try runs a test with another answer.
func (p *prover) try(t Test, name string, a TestAnswer) (checks.Result, bool) {
	if p.proof.Mutants >= maxMutants {
		return checks.Result{}, false
	}
	p.proof.Mutants++
	changed := t
	changed.Answers = maps.Clone(t.Answers)
	changed.Answers[name] = a
	r, err := p.Run(changed)
	before, errBefore := p.Run(t)
	if err == nil && errBefore == nil && r.Verdict() != before.Verdict() {
		p.proof.Noticed++
	}
	return r, err == nil
}

// worth orders results: a pass is better than a partial, which is better than what earns nothing.
func worth(r checks.Result) int {
	switch r.Verdict() {
	case checks.Pass:
		return 100
	case checks.Partial:
		least := 99
		for _, f := range r.Findings {
			if f.Verdict == checks.Partial {
				least = min(least, f.Share)
			}
		}
		return least
	default:
		return 0
	}
}

// spoilAnswer tries an answer with each of its members missing, with its lists the other way round, and with other
// texts.
func (p *prover) spoilAnswer(t Test, r checks.Result, q *question, a TestAnswer) {
	excused := p.excused(q)
	for _, at := range placesIn(a.Value) {
		changed, ok := p.try(t, q.name, TestAnswer{At: a.At, Value: without(a.Value, at.steps)})
		if ok && worth(changed) > worth(r) && !slices.Contains(excused, at.path) {
			p.error(t.At, "the test %q is %s, and without %s in the answer of %q it is %s: a pass from what is missing. "+
				"Say null: fail or null: unknown, or look at what must be there", t.Name, r.Verdict(), at.path, q.name,
				changed.Verdict())
		}
	}
	if reversed, changes := turnedRound(a.Value); changes {
		changed, ok := p.try(t, q.name, TestAnswer{At: a.At, Value: reversed})
		if ok && changed.Verdict() != r.Verdict() {
			p.note(t.At, "the test %q is %s, and with the lists of %q in another order it is %s: AWS promises no order. "+
				"Pick or filter by a name in place of a number", t.Name, r.Verdict(), q.name, changed.Verdict())
		}
	}
	if paged, ok := q.op.InPages(a.Value); ok {
		changed, ok := p.try(t, q.name, TestAnswer{At: a.At, Value: paged})
		if ok && changed.Verdict() != r.Verdict() {
			p.error(t.At, "the test %q is %s, and where the answer of %q comes on two pages it is %s: name only members "+
				"that grow with the pages", t.Name, r.Verdict(), q.name, changed.Verdict())
		}
	}
	first, okFirst := p.try(t, q.name, TestAnswer{At: a.At, Value: withOther(a.Value, true)})
	last, okLast := p.try(t, q.name, TestAnswer{At: a.At, Value: withOther(a.Value, false)})
	if okFirst && okLast && first.Verdict() != last.Verdict() {
		p.note(t.At, "with another element before those of the test %q in the answer of %q it is %s, and with one behind "+
			"them it is %s: AWS promises no order. Pick or filter by a name in place of a number", t.Name, q.name,
			first.Verdict(), last.Verdict())
	}
	if r.Verdict() == checks.Pass {
		p.spoilTexts(t, q, a)
	}
}

// spoilTexts changes texts that are compared, where nobody would call the result right.
func (p *prover) spoilTexts(t Test, q *question, a TestAnswer) {
	for _, path := range slices.Compact(slices.Sorted(slices.Values(p.compared(q)))) {
		example := ""
		survives := func(change func(string) string) bool {
			changes := false
			changed := withAll(a.Value, path, func(text string) string {
				example, changes = text, changes || change(text) != text
				return change(text)
			})
			if !changes {
				return false
			}
			r, ok := p.try(t, q.name, TestAnswer{At: a.At, Value: changed})
			return ok && r.Verdict() == checks.Pass
		}
		longer := func(text string) string { return text + "-2" }
		switch {
		case typeAt(q, path).Values != nil:
			if survives(func(string) string { return "a-value-that-aws-added" }) {
				p.note(t.At, "the test %q passes with any value of %s, also one that AWS adds one day: name the good ones with "+
					"is or in", t.Name, path)
			}
		case survives(longer):
			p.note(t.At, "the test %q passes with %q in place of %q in %s: only a part of the text is compared", t.Name,
				longer(example), example, path)
		case survives(swapCase):
			p.note(t.At, "the test %q passes with %q in place of %q in %s", t.Name, swapCase(example), example, path)
		}
	}
}

// excused are the members of a read's answer whose absence the author decided about: null: pass, is: null, empty: pass.
func (p *prover) excused(q *question) []string {
	return p.lastMembers(q, func(j *judgement) (that, each bool) {
		isNull := j.that != nil && j.compare.literal == nil && j.compare.operator == opIs
		return j.null == wordPass || isNull, j.empty == wordPass
	})
}

// compared are the members that an expectation compares, and those by which an element is picked.
func (p *prover) compared(q *question) []string {
	paths := p.lastMembers(q, func(j *judgement) (that, each bool) { return true, false })
	if q.pick != nil {
		for name := range q.pick.where {
			paths = append(paths, joinPath(listPath(q.pick.from, ""), name))
		}
	}
	return paths
}

// lastMembers are the last members of the expressions that look at a read, of those that are asked for.
func (p *prover) lastMembers(q *question, wanted func(*judgement) (that, each bool)) []string {
	var paths []string
	for _, j := range p.plan.judgements {
		if !slices.Contains(j.of, q) {
			continue
		}
		base := ""
		if q.pick != nil {
			base = listPath(q.pick.from, "")
		}
		that, each := wanted(j)
		add := func(e *api.Expression, base string) {
			for _, path := range e.Last() {
				if len(j.of) > 1 {
					read, rest, _ := strings.Cut(path, ".")
					if read != q.name {
						continue
					}
					path = rest
				}
				paths = append(paths, joinPath(base, path))
			}
		}
		if each && j.each != nil {
			add(j.each, base)
		}
		if that && j.that != nil {
			if j.each != nil {
				base = listPath(j.each, base)
			}
			add(j.that, base)
		}
	}
	return paths
}

// listPath is the path of the elements of a list.
func listPath(e *api.Expression, base string) string {
	return joinPath(base, strings.TrimSuffix(e.Path(), "[]")) + "[]"
}

func joinPath(base, path string) string {
	if base == "" || path == "" {
		return base + path
	}
	return base + "." + path
}

func questionOf(p *plan, name string) *question {
	i := slices.IndexFunc(p.questions, func(q *question) bool { return q.name == name })
	if i < 0 {
		return nil
	}
	return p.questions[i]
}

// typeAt is the type of what is at a path of a read's answer.
func typeAt(q *question, path string) api.Type {
	e, err := api.ReadExpression(path)
	if err != nil {
		return api.Type{}
	}
	to, _, err := q.op.Answer().Follow(e, api.Presence)
	if err != nil {
		return api.Type{}
	}
	t := to.Type()
	for t.Element != nil {
		t = *t.Element
	}
	return t
}

// A location is a place in an answer: its path as in expressions, and the steps to it, names and numbers.
type location struct {
	path  string
	steps []string
}

// placesIn are the places of all members of a value, those of lists by their elements.
func placesIn(value any) []location {
	var found []location
	var walk func(v any, path string, steps []string)
	walk = func(v any, path string, steps []string) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				below, stepsBelow := joinPath(path, name), append(slices.Clone(steps), name)
				found = append(found, location{below, stepsBelow})
				walk(v[name], below, stepsBelow)
			}
		case []any:
			for i, element := range v {
				walk(element, path+"[]", append(slices.Clone(steps), strconv.Itoa(i)))
			}
		}
	}
	walk(value, "", nil)
	return found
}

// without is a copy of an answer without one member.
func without(answer map[string]any, steps []string) map[string]any {
	copied := clone(answer)
	if parent, ok := valueAt(copied, steps[:len(steps)-1]).(map[string]any); ok {
		delete(parent, steps[len(steps)-1])
	}
	return copied
}

// withAll is a copy of an answer with every text at a path changed.
func withAll(answer map[string]any, path string, change func(string) string) map[string]any {
	copied := clone(answer)
	for _, at := range placesIn(copied) {
		text, ok := valueAt(copied, at.steps).(string)
		if parent, is := valueAt(copied, at.steps[:len(at.steps)-1]).(map[string]any); ok && is && at.path == path {
			parent[at.steps[len(at.steps)-1]] = change(text)
		}
	}
	return copied
}

func valueAt(value any, steps []string) any {
	for _, step := range steps {
		switch v := value.(type) {
		case map[string]any:
			value = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		}
	}
	return value
}

func clone(answer map[string]any) map[string]any {
	var copied map[string]any
	if json.Unmarshal([]byte(jsonOf(answer)), &copied) != nil {
		return map[string]any{}
	}
	return copied
}

// turnedRound is a copy of an answer with every list the other way round, and whether that changes it.
func turnedRound(answer map[string]any) (turned map[string]any, changes bool) {
	turned = clone(answer)
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, below := range v {
				walk(below)
			}
		case []any:
			for _, below := range v {
				walk(below)
			}
			slices.Reverse(v)
			changes = changes || len(v) > 1
		}
	}
	walk(turned)
	return turned, changes
}

// withOther is a copy of an answer in which each list has another element like its first, with other texts and the
// other answer to each question of yes and no: before the rest, or behind it.
func withOther(answer map[string]any, before bool) map[string]any {
	var walk func(v any, other bool) any
	walk = func(v any, other bool) any {
		switch v := v.(type) {
		case map[string]any:
			object := make(map[string]any, len(v))
			for name, below := range v {
				object[name] = walk(below, other)
			}
			return object
		case []any:
			list := make([]any, 0, len(v)+1)
			for _, below := range v {
				list = append(list, walk(below, other))
			}
			if len(v) > 0 && before {
				list = slices.Insert(list, 0, walk(v[0], true))
			} else if len(v) > 0 {
				list = append(list, walk(v[0], true))
			}
			return list
		case string:
			if other {
				return v + "-other"
			}
		case bool:
			return v != other
		}
		return v
	}
	changed, _ := walk(answer, false).(map[string]any)
	return changed
}

func swapCase(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}
