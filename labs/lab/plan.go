package lab

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
)

// Plan is a lab bound to its checks: everything that a run needs to know before it asks.
type Plan struct {
	Lab *Lab
	// Params are the lab's parameters as they stand for this run.
	Params map[string]string
	// Set are the parameters changed with --set, as name=value, sorted.
	Set []string
	// Selected are the steps of --only in lab order; nil means all.
	Selected []string
	Steps    []PlannedStep
}

// PlannedStep is a step with its check, ready to run.
type PlannedStep struct {
	Step
	Check *checks.Check
	Bound checks.Bound
}

// StepError says that a lab has no such step.
type StepError struct{ Text string }

// Error implements error.
func (e *StepError) Error() string { return e.Text }

// Select narrows the plan to some steps, in lab order. An unknown id is a *StepError.
func (p *Plan) Select(ids []string) (*Plan, error) {
	known := p.StepIDs()
	for _, id := range ids {
		if !slices.Contains(known, id) {
			near := nearest.DidYouMean(id, known)
			if near == "" {
				near = "; its steps are: " + strings.Join(known, ", ")
			}
			return nil, &StepError{fmt.Sprintf("the lab %s has no step %q%s", p.Lab.ID, id, near)}
		}
	}
	narrowed := *p
	narrowed.Steps, narrowed.Selected = nil, []string{}
	for _, s := range p.Steps {
		if slices.Contains(ids, s.ID) {
			narrowed.Steps = append(narrowed.Steps, s)
			narrowed.Selected = append(narrowed.Selected, s.ID)
		}
	}
	return &narrowed, nil
}

// StepIDs returns the steps' ids in lab order.
func (p *Plan) StepIDs() []string {
	ids := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		ids[i] = s.ID
	}
	return ids
}

// Operations returns the API operations that the plan's reads may call, sorted, each once: the guard's list.
func (p *Plan) Operations() []string {
	return p.collect(func(d facts.Description) []string { return d.Operations })
}

// Actions returns the IAM actions that the plan's reads need, sorted, each once.
func (p *Plan) Actions() []string {
	return p.collect(func(d facts.Description) []string { return d.Actions })
}

func (p *Plan) collect(of func(facts.Description) []string) []string {
	set := map[string]bool{}
	for _, s := range p.Steps {
		for _, source := range s.Check.Sources() {
			for _, name := range of(source.Describe()) {
				set[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}
