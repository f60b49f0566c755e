package declared

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/facts"
)

// An asker starts a question and returns what waits for its answer: a run asks the session, a test has the answers.
type asker interface {
	ask(q *question, key Key, e *environment) func() *outcome
	// askNames asks for the names of what there is in a Region, for a near miss.
	askNames(n *nearMiss, e *environment, region string) func() []string
}

// look asks what a plan asks, and judges the answers.
func (p *plan) look(e *environment, with asker) checks.Result {
	r, _ := p.lookEach(e, with)
	return r
}

// lookEach is look, and says of each judgement what it found; nothing of one that was not judged.
func (p *plan) lookEach(e *environment, with asker) (checks.Result, [][]judged) {
	e.reads = p.askAll(e, with)
	var r checks.Result
	var steps []step
	each := make([][]judged, len(p.judgements))
	for i, j := range p.judgements {
		findings, goOn := j.judge(e, with)
		each[i] = findings
		for _, f := range findings {
			r.Findings = append(r.Findings, f.Finding)
			if f.Verdict == checks.Fail || f.Verdict == checks.Partial {
				fix := j.fix
				if fix.isEmpty() && j.exists == nil {
					fix = p.fix
				}
				steps = append(steps, fix.filledIn(e, f.element))
			}
		}
		if !goOn {
			break
		}
	}
	r.Findings = p.withoutImplied(r.Findings, each)
	return r.WithFix(fixOf(steps)), each
}

// withoutImplied leaves out the findings that something is there, where others say what it is like: the one line about
// a step is its first finding's.
func (p *plan) withoutImplied(findings []checks.Finding, each [][]judged) []checks.Finding {
	var kept []checks.Finding
	for i, j := range p.judgements {
		for _, f := range each[i] {
			if j.exists == nil || f.Verdict != checks.Pass {
				kept = append(kept, f.Finding)
			}
		}
	}
	if len(kept) == 0 {
		return findings
	}
	return kept
}

// askAll asks all questions: those that come after none at once, the others as soon as that one is answered.
func (p *plan) askAll(e *environment, with asker) map[string]*outcome {
	started := map[*question]func() *outcome{}
	start := func(q *question) {
		key, err := q.key(e)
		if err != nil {
			started[q] = func() *outcome {
				return failed(facts.Errorf(facts.InvalidResponse, "%s cannot be asked: %w", q.op, errNoMember), e.site.Region)
			}
			return
		}
		started[q] = with.ask(q, key, e)
	}
	e.reads = map[string]*outcome{}
	for _, q := range p.questions {
		if q.after == nil {
			start(q)
		}
	}
	for _, q := range p.questions {
		if q.after == nil {
			continue
		}
		switch before := e.get(q.after, started); before.is {
		case answered:
			start(q)
		case unreadable:
			started[q] = func() *outcome { return failed(before.err, before.region) }
		default:
			started[q] = func() *outcome { return &outcome{is: notAsked, listed: -1, region: e.site.Region} }
		}
	}
	for _, q := range p.questions {
		e.get(q, started)
	}
	return e.reads
}

// get waits for the outcome of a question.
func (e *environment) get(q *question, started map[*question]func() *outcome) *outcome {
	if o, ok := e.reads[q.name]; ok {
		return o
	}
	e.reads[q.name] = started[q]()
	return e.reads[q.name]
}

// A judged is a finding with the element that it is about, if any.
type judged struct {
	checks.Finding
	element any
}

// maxFindings is how many findings one expectation makes: a list may have any number of elements.
const maxFindings = 20

// judge makes the findings of one expectation. goOn is false where the following ones are not judged.
func (j *judgement) judge(e *environment, with asker) (findings []judged, goOn bool) {
	e.element = nil
	about := checks.Finding{Subject: e.words(j.subject), Advice: e.words(j.advice)}
	if j.exists != nil {
		about.LookedAt = lookedAt(e, j.exists)
		about.Expected = j.expected(e)
		f, goOn := j.judgeExists(about, e, with)
		return []judged{{Finding: f}}, goOn
	}
	about.LookedAt = lookedAt(e, j.of...)
	value, done := j.valueOf(about, e)
	if done != nil {
		return done, true
	}
	if j.each != nil {
		return j.judgeEach(about, value, e), true
	}
	about.Expected = j.expected(e)
	return []judged{{Finding: j.judgeOne(about, value, e)}}, true
}

// lookedAt says what was asked and where, with the size of a list.
func lookedAt(e *environment, of ...*question) string {
	var texts []string
	for _, q := range of {
		text := q.op.String()
		o := e.reads[q.name]
		if o.region != "" {
			text += " in " + o.region
		}
		if o.listed >= 0 {
			text += fmt.Sprintf(" (%d listed)", o.listed)
		}
		texts = append(texts, text)
	}
	return strings.Join(slices.Compact(texts), ", ")
}

func (j *judgement) judgeExists(f checks.Finding, e *environment, with asker) (checks.Finding, bool) {
	switch o := e.reads[j.exists.name]; o.is {
	case answered:
		return f.Pass("it is there"), true
	case absent:
		f = j.notMet(f, j.says(e, wordAbsent, "it is not there"))
		if j.near != nil {
			f.NearMiss = j.near.find(e, with)
		}
		return f, false
	case unreadable:
		return f.Unknown(o.err), true
	default: // what it comes after is absent, which is said there
		return f.Unknown(facts.Errorf(facts.InvalidResponse, "it was not looked at: what it belongs to is not there")), true
	}
}

// notMet is the finding where an expectation is not met.
func (j *judgement) notMet(f checks.Finding, found string) checks.Finding {
	if j.share > 0 {
		return f.Partial(j.share, found)
	}
	return f.Fail(found)
}

// says are the words for a value.
func (j *judgement) says(e *environment, value, otherwise string) string {
	if t, ok := j.found[value]; ok {
		return e.words(t)
	}
	return otherwise
}

// valueOf is what the expression looks at, or the findings where that is decided already.
func (j *judgement) valueOf(about checks.Finding, e *environment) (any, []judged) {
	about.Expected = j.expected(e)
	if len(j.of) > 1 {
		whole := map[string]any{}
		for _, q := range j.of {
			switch o := e.reads[q.name]; o.is {
			case answered:
				whole[q.name] = o.value
			case unreadable:
				return nil, []judged{{Finding: about.Unknown(o.err)}}
			default:
				whole[q.name] = nil
			}
		}
		return whole, nil
	}
	switch o := e.reads[j.of[0].name]; o.is {
	case answered:
		return o.value, nil
	case unreadable:
		return nil, []judged{{Finding: about.Unknown(o.err)}}
	case absent:
		found := j.says(e, wordAbsent, "there is none")
		switch j.absent {
		case wordPass:
			return nil, []judged{{Finding: about.Pass(found)}}
		case wordFail:
			return nil, []judged{{Finding: j.notMet(about, found)}}
		}
		err := facts.Errorf(facts.InvalidResponse, "%s says that there is no such thing", j.of[0].op)
		return nil, []judged{{Finding: about.Unknown(err)}}
	default:
		return nil, []judged{} // what it comes after is absent, which is judged there
	}
}

// noElement is what is found in an empty list.
const noElement = "there is none"

// judgeEach judges the elements of a list: one finding for every element that is not met, and one for all that are.
func (j *judgement) judgeEach(about checks.Finding, value any, e *environment) []judged {
	list, ok := j.each.Evaluate(value).([]any)
	if !ok && !j.each.OnlyLastIsMissing(j.there(value)) {
		about.Expected = j.expected(e)
		if j.null == wordFail {
			return []judged{{Finding: j.notMet(about, j.says(e, "null", j.each.Text+" is not there"))}}
		}
		return []judged{{Finding: about.Unknown(missing(j.each.Text))}}
	}
	if len(list) == 0 {
		about.Expected = j.expected(e)
		if j.empty == wordPass {
			return []judged{{Finding: about.Pass(noElement)}}
		}
		return []judged{{Finding: j.notMet(about, noElement)}}
	}
	var found []judged
	met, more := 0, 0
	var last checks.Finding
	for _, element := range list {
		e.element = element
		f := about
		f.Subject, f.Expected, f.Advice = e.words(j.subject), j.expected(e), e.words(j.advice)
		switch f = j.judgeOne(f, element, e); {
		case f.Verdict == checks.Pass:
			met, last = met+1, f
		case len(found) < maxFindings:
			found = append(found, judged{f, element})
		default:
			more++
		}
	}
	e.element = nil
	if more > 0 {
		worst := &found[len(found)-1].Finding
		worst.Found += fmt.Sprintf("; so it is with %s", checks.Count(more, "other"))
	}
	if met > 0 {
		if met > 1 {
			about.Expected = last.Expected
			last = about.Pass(fmt.Sprintf("%d of %d are so", met, len(list)))
		}
		found = append(found, judged{Finding: last})
	}
	return found
}

// there is a value in which what is absent of several reads counts as there: it is known not to be.
func (j *judgement) there(value any) any {
	if len(j.of) < 2 {
		return value
	}
	whole := maps.Clone(value.(map[string]any))
	for name, v := range whole {
		if v == nil {
			whole[name] = map[string]any{}
		}
	}
	return whole
}

func missing(what string) error {
	return facts.Errorf(facts.InvalidResponse, "the answer does not say %s", clip(what))
}

// judgeOne judges one value, in the order of the grammar: wait, null, the comparison.
func (j *judgement) judgeOne(f checks.Finding, value any, e *environment) checks.Finding {
	if j.count != nil {
		return j.judgeCount(f, value, e)
	}
	result := j.that.Evaluate(value)
	for _, w := range j.wait {
		if want, err := w.fill(e); err == nil && result != nil && reflect.DeepEqual(want, result) {
			return f.Unknown(facts.Errorf(facts.NotYetConsistent, "%s", j.saysValue(e, result)))
		}
	}
	if j.compare.literal == nil { // is: null, not: null
		isNull := result == nil
		switch met := isNull == (j.compare.operator == opIs); {
		case met && isNull && !j.that.OnlyLastIsMissing(j.there(value)):
			return f.Unknown(missing(j.that.Text))
		case met:
			return f.Pass(j.saysNull(e, result))
		}
		return j.notMet(f, j.saysNull(e, result))
	}
	if api.HoldsNull(result) {
		return j.judgeNull(f, value, result, e)
	}
	met, err := j.compare.holds(result, e)
	switch {
	case err != nil:
		return f.Unknown(err)
	case met:
		return f.Pass(j.saysValue(e, result))
	}
	return j.notMet(f, j.saysValue(e, result))
}

func (j *judgement) judgeCount(f checks.Finding, value any, e *environment) checks.Finding {
	list, ok := j.count.Evaluate(value).([]any)
	if !ok && !j.count.OnlyLastIsMissing(j.there(value)) {
		return j.judgeNull(f, value, nil, e)
	}
	n := float64(len(list))
	met, err := j.compare.holds(n, e)
	switch found := j.says(e, wordOf(n), "there are "+wordOf(n)); {
	case err != nil:
		return f.Unknown(err)
	case met:
		return f.Pass(found)
	default:
		return j.notMet(f, found)
	}
}

// judgeNull decides about null.
func (j *judgement) judgeNull(f checks.Finding, value, result any, e *environment) checks.Finding {
	expression := j.that
	if j.count != nil {
		expression = j.count
	}
	found := j.says(e, "null", j.saysValue(e, result))
	switch {
	case j.null == wordFail:
		return j.notMet(f, found)
	case j.null == wordPass && j.count == nil && expression.OnlyLastIsMissing(j.there(value)):
		return f.Pass(found)
	}
	return f.Unknown(missing(expression.Text))
}

// holds says whether a value is as the comparison wants it.
func (c comparison) holds(value any, e *environment) (bool, error) {
	want, err := c.literal.fill(e)
	if err != nil {
		return false, facts.Errorf(facts.InvalidResponse, "what it is compared with has no value")
	}
	switch c.operator {
	case opIs:
		return reflect.DeepEqual(value, want), nil
	case opNot:
		return !reflect.DeepEqual(value, want), nil
	case opIn, opNotIn:
		list, _ := want.([]any)
		return contains(list, value) == (c.operator == opIn), nil
	case opContains:
		if list, ok := value.([]any); ok {
			return contains(list, want), nil
		}
		text, ok := value.(string)
		part, isText := want.(string)
		return strings.Contains(text, part), notA(ok && isText, value, "a list or a text")
	case opMatches:
		text, ok := value.(string)
		pattern := c.pattern
		if pattern == nil {
			if pattern, err = compilePattern(wordOf(want)); err != nil {
				return false, facts.Errorf(facts.Unsupported, "%w", err)
			}
		}
		return pattern.MatchString(text), notA(ok, value, "a text")
	case opAtLeast, opAtMost:
		number, ok := value.(float64)
		bound, isNumber := want.(float64)
		return c.operator == opAtLeast && number >= bound || c.operator == opAtMost && number <= bound,
			notA(ok && isNumber, value, "a number")
	}
	return c.isAge(value, want, e.now)
}

// isAge compares a time with an age.
func (c comparison) isAge(value, want any, now time.Time) (bool, error) {
	age, err := parseAge(wordOf(want))
	if err != nil {
		return false, facts.Errorf(facts.Unsupported, "%w", err)
	}
	text, _ := value.(string)
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return false, notA(false, value, "a time")
	}
	return now.Sub(at) < age == (c.operator == opNewerThan), nil
}

// notA is the error of a value of another kind than the models say.
func notA(is bool, value any, what string) error {
	if is {
		return nil
	}
	return facts.Errorf(facts.InvalidResponse, "the answer says %s where %s is expected", clip(wordOf(value)), what)
}

func contains(list []any, value any) bool {
	return slices.ContainsFunc(list, func(v any) bool { return reflect.DeepEqual(v, value) })
}
