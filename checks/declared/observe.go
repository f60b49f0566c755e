package declared

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

// exampleTime is when a test runs that does not say so.
var exampleTime = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// Observe asks an account what the check asks, and returns that as a test, without a name: the answers with the members
// that the check names, and the verdict. The error is about a read that could not be made.
func (f *File) Observe(v *facts.View, params map[string]json.RawMessage) (Test, error) {
	typed, err := checks.TypedParams(f.plan.params, params)
	if err != nil {
		return Test{}, err
	}
	if err := f.plan.validate(typed); err != nil {
		return Test{}, err
	}
	w := &watching{inView: inView{v}, test: Test{
		Params: params, Region: v.Site().Region, Now: exampleTime, Answers: map[string]TestAnswer{},
	}}
	if f.plan.countsTime() {
		w.test.Now = v.Now().UTC().Truncate(time.Second)
	}
	r := f.plan.look(&environment{params: typed, site: v.Site(), now: w.test.Now}, w)
	w.test.Verdict = r.Verdict()
	return w.test, w.err
}

// countsTime says whether a verdict depends on the moment of the run.
func (p *plan) countsTime() bool {
	uses := slices.ContainsFunc(p.judgements, func(j *judgement) bool {
		return j.compare.operator == opNewerThan || j.compare.operator == opOlderThan
	})
	for _, q := range p.questions {
		q.input.each(func(s segment) { uses = uses || s.kind == isNow })
	}
	return uses
}

// watching asks an account, and notes its answers.
type watching struct {
	inView
	test Test
	err  error
}

func (w *watching) ask(q *question, key Key, e *environment) func() *outcome {
	pending := q.source.Start(w.view, key)
	return func() *outcome {
		answer, err := pending.Get()
		o := q.outcomeOf(answer, err, e, key.Region)
		a := TestAnswer{Value: q.answer.Selection().Prune(answer.Value)}
		switch {
		case err == nil && answer.Code == "":
			if a.Value == nil {
				a.Value = map[string]any{}
			}
		case o.is == absent:
			a = TestAnswer{Absent: true}
		case o.is == unreadable:
			a = TestAnswer{Reason: o.err.Reason}
			if !slices.Contains([]facts.Reason{facts.AccessDenied, facts.Throttled, facts.Timeout}, a.Reason) && w.err == nil {
				w.err = fmt.Errorf("the read %q could not be made: %w", q.name, o.err)
			}
		}
		w.test.Answers[q.name] = a
		return o
	}
}

func (w *watching) askNames(n *nearMiss, e *environment, region string) func() []string {
	wait := w.inView.askNames(n, e, region)
	return func() []string {
		names := wait()
		w.test.Near = append(w.test.Near, names...)
		return names
	}
}

// ValueOf is what an expectation that stands at a line of the file found in a test: the value that it compares. It is
// nil where nothing was found, or more than one thing.
func (f *File) ValueOf(t Test, line int) any {
	i := slices.IndexFunc(f.plan.judgements, func(j *judgement) bool { return j.at.Line == line })
	if i < 0 || f.plan.judgements[i].that == nil || f.plan.judgements[i].each != nil || len(f.plan.judgements[i].of) != 1 {
		return nil
	}
	j := f.plan.judgements[i]
	q := j.of[0]
	a := t.Answers[q.name]
	if a.Value == nil {
		return nil
	}
	typed, err := checks.TypedParams(f.plan.params, t.Params)
	if err != nil {
		return nil
	}
	e := &environment{params: typed, now: t.Now, site: facts.ParseSite(exampleAccount, "", "", t.Region)}
	o := q.outcomeOf(Answer{Kept: q.answer.Selection().Members(), Value: a.Value}, nil, e, t.Region)
	if o.is != answered {
		return nil
	}
	return j.that.Evaluate(o.value)
}

// Params are the parameters of the check.
func (f *File) Params() []checks.Param { return slices.Clone(f.plan.params) }
