package declared

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
)

// Where and when a test runs, unless it says otherwise.
const (
	exampleAccount = "123456789012"
	exampleRegion  = "us-east-1"
)

// A Test is a test of a check file: the answers of an account, and what must be said of them.
type Test struct {
	At     strict.Pos
	Name   string
	Params map[string]json.RawMessage
	Now    time.Time
	Region string
	// Answers are the answers by the names of the reads.
	Answers map[string]TestAnswer
	// Near are the names that a near read finds.
	Near []string

	Verdict  checks.Verdict
	Found    string // part of what one finding says
	NearMiss string // part of the near miss
}

// A TestAnswer is how one read of a test ends.
type TestAnswer struct {
	At     strict.Pos
	Value  map[string]any // of an answer, before pick
	Absent bool
	// Reason is why it cannot be looked at: denied, throttled, timeout, or what a mutant says.
	Reason facts.Reason
}

// Read is a read of a check, for whoever makes mutants of its tests.
type Read struct {
	Name      string
	Operation string
	After     string // the read that it comes after
	Picks     bool
	// Kept are the members of its answer that are looked at, as in expressions.
	Kept []string
}

// Reads are the reads of the check, each behind the one that it comes after.
func (f *File) Reads() []Read {
	list := make([]Read, len(f.plan.questions))
	for i, q := range f.plan.questions {
		list[i] = Read{
			Name: q.name, Operation: q.op.String(), Picks: q.pick != nil, Kept: q.answer.Selection().Members(),
		}
		if q.after != nil {
			list[i].After = q.after.name
		}
	}
	return list
}

// reasons are the words of a test for what cannot be looked at.
var reasons = map[string]facts.Reason{
	"denied": facts.AccessDenied, "throttled": facts.Throttled, "timeout": facts.Timeout,
}

// Run runs the check on the answers of a test.
func (f *File) Run(t Test) (checks.Result, error) {
	r, _, err := f.runEach(t)
	return r, err
}

func (f *File) runEach(t Test) (checks.Result, [][]judged, error) {
	params := map[string]json.RawMessage{}
	for _, p := range f.plan.params {
		if p.Required {
			params[p.Name] = json.RawMessage(jsonOf(p.Name)) // "queue" is "queue"
		}
	}
	for name, value := range t.Params {
		params[name] = value
	}
	typed, err := checks.TypedParams(f.plan.params, params)
	if err != nil {
		return checks.Result{}, nil, err
	}
	if err := f.plan.validate(typed); err != nil {
		return checks.Result{}, nil, err
	}
	site := facts.ParseSite(exampleAccount, "arn:aws:iam::"+exampleAccount+":user/alice", "AIDAEXAMPLE", t.Region)
	e := &environment{params: typed, site: site, now: t.Now}
	r, each := f.plan.lookEach(e, inTest{t})
	return r, each, nil
}

// RunTests runs all tests of the file, and says what is not as they expect.
func (f *File) RunTests() strict.Problems {
	var found strict.Problems
	for _, t := range f.Tests {
		wrong := func(format string, args ...any) {
			found = append(found, strict.Problem{
				File: f.Name, At: t.At, Text: fmt.Sprintf("the test %q: ", t.Name) + fmt.Sprintf(format, args...),
			})
		}
		r, err := f.Run(t)
		if err != nil {
			wrong("%v", err)
			continue
		}
		if r.Verdict() != t.Verdict {
			wrong("the verdict is %s, and %s is expected: %s", r.Verdict(), t.Verdict, saidOf(r))
			continue
		}
		holds := func(text func(checks.Finding) string, part string) bool {
			return part == "" || slices.ContainsFunc(r.Findings, func(f checks.Finding) bool {
				return strings.Contains(text(f), part)
			})
		}
		if !holds(func(f checks.Finding) string { return f.Found }, t.Found) {
			wrong("no finding says %q: %s", t.Found, saidOf(r))
		}
		if !holds(func(f checks.Finding) string { return f.NearMiss }, t.NearMiss) {
			wrong("no near miss says %q: %s", t.NearMiss, saidOf(r))
		}
	}
	return found
}

// saidOf is what the findings of a result say.
func saidOf(r checks.Result) string {
	var texts []string
	for _, f := range r.Findings {
		text := f.Subject + ": " + f.Verdict.String() + ", " + cmp.Or(f.Found, f.Detail)
		if f.NearMiss != "" {
			text += " (" + f.NearMiss + ")"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "; ")
}

// inTest has the answers of a test.
type inTest struct{ Test }

func (t inTest) ask(q *question, key Key, e *environment) func() *outcome {
	a, ok := t.Answers[q.name]
	return func() *outcome {
		switch {
		case !ok:
			return failed(facts.Errorf(facts.NotLooked, "the test does not tell the answer of %q", q.name), key.Region)
		case a.Reason == facts.AccessDenied:
			return failed(&facts.Error{
				Reason: a.Reason, Operation: q.op.String(), MissingAction: firstOf(q.op.Actions), Detail: "denied",
			}, key.Region)
		case a.Reason != "":
			return failed(facts.Errorf(a.Reason, "the test says so"), key.Region)
		case a.Absent && q.pick != nil:
			return &outcome{is: absent, region: key.Region}
		case a.Absent:
			return &outcome{is: absent, listed: -1, region: key.Region}
		}
		keep := q.answer.Selection()
		return q.outcomeOf(Answer{Kept: keep.Members(), Value: keep.Prune(a.Value)}, nil, e, key.Region)
	}
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func (t inTest) askNames(*nearMiss, *environment, string) func() []string {
	return func() []string { return t.Near }
}

// loadTests reads the tests, whose answers are held to AWS's models.
func (l *loader) loadTests() {
	seen := map[string]bool{}
	for _, n := range l.file.Tests {
		if n.Node == nil {
			continue
		}
		if n.Kind != yaml.MappingNode {
			l.Wrong(n.Node, "a test is a mapping, not %s", strict.KindOf(n.Node))
			continue
		}
		t := l.test(n)
		if t.Name != "" && seen[t.Name] {
			l.Wrong(n.Node, "two tests are named %q", t.Name)
		}
		seen[t.Name] = true
		l.tests = append(l.tests, t)
	}
}

func (l *loader) test(n strict.Node) Test {
	t := Test{
		At: n.Pos(), Now: exampleTime, Region: exampleRegion,
		Params: map[string]json.RawMessage{}, Answers: map[string]TestAnswer{}, Verdict: checks.Blocked,
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		l.testKey(&t, n.Content[i], n.Content[i+1])
	}
	if t.Name == "" {
		l.At(t.At, "a test needs a name")
	}
	if t.Verdict == checks.Blocked {
		l.At(t.At, "a test needs a verdict: pass, partial, fail, unknown or skipped")
	}
	for _, q := range l.plan.questions {
		if _, ok := t.Answers[q.name]; !ok && !t.leavesOut(q) {
			l.At(t.At, "the test %q tells no answer of the read %q", t.Name, q.name)
		}
	}
	return t
}

// leavesOut says whether a read need not be told: it comes after one that is absent or could not be read, or that picks
// nothing.
func (t *Test) leavesOut(q *question) bool {
	for before := q.after; before != nil; before = before.after {
		a, ok := t.Answers[before.name]
		if ok && (a.Absent || a.Reason != "" || before.pick != nil) {
			return true
		}
	}
	return false
}

func (l *loader) testKey(t *Test, key, value *yaml.Node) {
	text := func() string {
		if value.Kind != yaml.ScalarNode || value.Tag == "!!null" {
			l.Wrong(value, "%s must be text, not %s", key.Value, strict.KindOf(value))
		}
		return value.Value
	}
	switch key.Value {
	case "name":
		t.Name = text()
	case "found":
		t.Found = text()
	case "nearMiss":
		t.NearMiss = text()
	case "region":
		t.Region = text()
	case "verdict":
		if err := t.Verdict.UnmarshalText([]byte(text())); err != nil || t.Verdict == checks.Blocked {
			t.Verdict = checks.Unknown
			l.Wrong(value, "%q is no verdict of a test: it is pass, partial, fail, unknown or skipped",
				facts.NameOf(value.Value))
		}
	case "now":
		now, err := time.Parse(time.RFC3339, text())
		if err != nil {
			l.Wrong(value, "now is a time such as 2026-01-31T12:00:00Z")
		}
		t.Now = now
	case "near":
		list, _ := l.plain(value).([]any)
		for _, name := range list {
			t.Near = append(t.Near, wordOf(name))
		}
	case "params":
		l.testParams(t, value)
	default:
		l.testAnswer(t, key, value)
	}
}

func (l *loader) testParams(t *Test, value *yaml.Node) {
	object, ok := l.plain(value).(map[string]any)
	if !ok {
		l.Wrong(value, "params is a mapping of names to values")
	}
	for _, name := range names(object) {
		if !slices.ContainsFunc(l.plan.params, func(p checks.Param) bool { return p.Name == name }) {
			l.Wrong(value, "the check has no parameter %q%s", facts.NameOf(name), nearest.DidYouMean(name, names(l.file.Params)))
		}
		t.Params[name] = json.RawMessage(jsonOf(object[name]))
	}
}

func (l *loader) testAnswer(t *Test, key, value *yaml.Node) {
	q := l.question(key.Value)
	if _, declared := l.file.Reads[key.Value]; q == nil && declared {
		return // it is told there what is wrong with it
	}
	if q == nil {
		known := append(names(l.file.Reads),
			"name", "verdict", "found", "params", "now", "region", "near", "nearMiss")
		l.Wrong(key, "%q is no read and no key of a test%s", facts.NameOf(key.Value), nearest.DidYouMean(key.Value, known))
		return
	}
	a := TestAnswer{At: strict.Pos{Line: value.Line, Column: value.Column}}
	switch {
	case value.Kind == yaml.ScalarNode && value.Value == wordAbsent:
		if a.Absent = true; !q.canBeAbsent() {
			l.Wrong(value, "the read %q is never absent: it has neither absent nor pick", q.name)
		}
	case value.Kind == yaml.ScalarNode && reasons[value.Value] != "":
		a.Reason = reasons[value.Value]
	case value.Kind == yaml.MappingNode:
		a.Value, _ = l.plain(value).(map[string]any)
		_, problems := q.op.CheckAnswer(a.Value)
		for _, p := range problems {
			l.Wrong(value, "the answer of %s: %s", q.op, p)
		}
	default:
		l.Wrong(value, "an answer is a mapping, absent, denied, throttled or timeout")
	}
	t.Answers[q.name] = a
}

// plain is a value of a test as JSON has it.
func (l *loader) plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			object[n.Content[i].Value] = l.plain(n.Content[i+1])
		}
		return object
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, l.plain(item))
		}
		return list
	default:
	}
	if n.Tag == "!!str" || n.Tag == "!!timestamp" {
		return n.Value
	}
	return l.scalar(n)
}
