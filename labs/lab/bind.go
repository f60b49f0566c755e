package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
)

// SetError is a mistake in --set: wrong usage, not a wrong lab file.
type SetError struct{ Text string }

// Error implements error.
func (e *SetError) Error() string { return e.Text }

// Bind joins a lab with the registry: every step gets its check with decoded parameters. set holds the values of
// --set, by the lab's parameter. All problems of the file are returned as Problems, a wrong set as a *SetError.
func Bind(l *Lab, registry *checks.Registry, set map[string]string) (*Plan, error) {
	b := &binder{lab: l, checks: l.ownChecks(registry), set: set, used: map[string]bool{}}
	b.d.File, b.d.Problems = l.File, slices.Clone(l.problems)
	plan := &Plan{Lab: l, Params: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if _, ok := l.Params[name]; !ok && b.setError == nil {
			known := slices.Sorted(maps.Keys(l.Params))
			b.setError = &SetError{fmt.Sprintf("--set %s: the lab %s has no parameter %q%s (it has: %s)",
				name, l.ID, name, nearest.DidYouMean(name, known), strings.Join(known, ", "))}
		}
		plan.Set = append(plan.Set, name+"="+set[name])
	}
	for _, s := range l.Steps {
		if planned, ok := b.step(s); ok {
			plan.Steps = append(plan.Steps, planned)
		}
	}
	b.unusedParams()
	if len(b.d.Problems)+len(b.checks.problems) > 0 {
		return nil, append(b.d.Problems.Sorted(), b.checks.problems...)
	}
	if b.setError != nil {
		return nil, b.setError
	}
	for name, p := range l.Params {
		plan.Params[name] = b.effective(name, p).Text()
	}
	plan.SHA256 = plan.hash()
	return plan, nil
}

type binder struct {
	lab      *Lab
	checks   *ownChecks
	set      map[string]string
	d        decoder
	used     map[string]bool // the lab's parameters that some step takes
	setError *SetError
}

func (b *binder) step(s Step) (PlannedStep, bool) {
	check, ok := b.checks.lookup(s.Check)
	if !ok && s.Check != "" {
		b.d.At(s.At, "there is no check %q%s (labcheck checks lists them)", facts.NameOf(s.Check),
			b.checks.didYouMean(s.Check))
	}
	if check == nil {
		return PlannedStep{}, false
	}
	values, from := b.values(s, check)
	bound, err := check.Bind(values)
	if err != nil {
		b.paramProblem(s, from, err)
		return PlannedStep{}, false
	}
	return PlannedStep{Step: s, Check: check, Bound: bound, values: values}, true
}

// values collects a step's parameters: from its own with, else from the lab's parameter of the same name; the check's
// defaults fill the rest. from says which of the lab's parameters a value came from.
func (b *binder) values(s Step, check *checks.Check) (values map[string]json.RawMessage, from map[string]string) {
	values, from = map[string]json.RawMessage{}, map[string]string{}
	names := make([]string, len(check.Params))
	for i, p := range check.Params {
		names[i] = p.Name
		if _, ok := b.lab.Params[p.Name]; ok {
			b.take(p, p.Name, values, from)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.With)) {
		v := s.With[name]
		i := slices.Index(names, name)
		if i < 0 {
			b.d.At(v.At, "the check %s has no parameter %q%s", check.ID, facts.NameOf(name), nearest.DidYouMean(name, names))
			continue
		}
		if ref, ok := strings.CutPrefix(v.Text(), "$"); ok && idPattern.MatchString(ref) {
			if _, known := b.lab.Params[ref]; !known {
				b.d.At(v.At, "the lab has no parameter %q%s", facts.NameOf(ref),
					nearest.DidYouMean(ref, slices.Sorted(maps.Keys(b.lab.Params))))
				continue
			}
			b.take(check.Params[i], ref, values, from)
			continue
		}
		values[name] = v.JSON
		delete(from, name)
	}
	return values, from
}

// take gives a check's parameter the effective value of a lab's parameter.
func (b *binder) take(p checks.Param, labParam string, values map[string]json.RawMessage, from map[string]string) {
	b.used[labParam] = true
	from[p.Name] = labParam
	value := b.effective(labParam, b.lab.Params[labParam])
	if typed, ok := b.set[labParam]; ok && p.Type != "string" && json.Valid([]byte(typed)) {
		value.JSON = json.RawMessage(typed)
	}
	values[p.Name] = value.JSON
}

func (b *binder) effective(name string, p Param) Value {
	typed, ok := b.set[name]
	if !ok {
		return p.Default
	}
	data, err := json.Marshal(typed)
	if err != nil {
		return p.Default
	}
	return Value{At: p.At, JSON: data}
}

// paramProblem tells a wrong parameter at the place where its value was written.
func (b *binder) paramProblem(s Step, from map[string]string, err error) {
	var pe *checks.ParamError
	if !errors.As(err, &pe) {
		b.d.At(s.At, "step %q: %v", s.ID, err)
		return
	}
	place, value := s.At, s.With[pe.Name]
	if value.JSON != nil {
		place = value.At
	}
	if labParam, ok := from[pe.Name]; ok {
		place, value = b.lab.Params[labParam].At, b.lab.Params[labParam].Default
		if _, typed := b.set[labParam]; typed {
			b.setError = &SetError{fmt.Sprintf("--set %s: %s", labParam, pe.Problem)}
			return
		}
	}
	problem := pe.Problem
	if value.JSON != nil {
		problem = strings.NewReplacer(
			strconv.Quote(value.Text()), strconv.Quote(facts.NameOf(value.Text())),
			string(value.JSON), facts.NameOf(string(value.JSON)),
		).Replace(problem)
	}
	b.d.At(place, "step %q: the parameter %q of %s %s", s.ID, pe.Name, s.Check, problem)
}

// unusedParams finds parameters of the lab that no step takes: mostly misspelt ones.
func (b *binder) unusedParams() {
	var known []string
	for _, s := range b.lab.Steps {
		c, _ := b.checks.lookup(s.Check)
		if c == nil {
			return // the check that is meant may take them
		}
		for _, p := range c.Params {
			known = append(known, p.Name)
		}
	}
	for name, p := range b.lab.Params {
		if !b.used[name] {
			b.d.At(p.At, "no step uses the parameter %q%s", facts.NameOf(name), nearest.DidYouMean(name, known))
		}
	}
}
