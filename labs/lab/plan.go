package lab

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
	// SHA256 is the hash of what the whole lab asks, in hex: see hash. It tells two plans of the same lab file from each
	// other.
	SHA256 string
}

// PlannedStep is a step with its check, ready to run.
type PlannedStep struct {
	Step
	Check *checks.Check
	Bound checks.Bound

	values map[string]json.RawMessage // what it is bound to
}

// In is the step's check in an account: $account and $region in its parameters are put in, which nobody knows before
// the preflight.
func (s PlannedStep) In(site facts.Site) (checks.Bound, error) {
	values, changed := maps.Clone(s.values), false
	for name, value := range values {
		there := placed(string(value), site)
		changed = changed || there != string(value)
		values[name] = json.RawMessage(there)
	}
	if !changed {
		return s.Bound, nil
	}
	if site.Account == "" {
		return checks.Bound{}, facts.Errorf(
			facts.NotLooked,
			"a parameter of the lab is made of the account, which is not known",
		)
	}
	bound, err := s.Check.Bind(values)
	if err != nil {
		return bound, facts.Errorf(facts.NotLooked, "a parameter of the lab does not fit this account: %w", err)
	}
	return bound, nil
}

// ParamsAt are the lab's parameters in an account.
func (p *Plan) ParamsAt(site facts.Site) map[string]string {
	params := maps.Clone(p.Params)
	for name, value := range params {
		params[name] = placed(value, site)
	}
	return params
}

// placed puts the account and the Region into a text. Both are words without a quote.
func placed(text string, site facts.Site) string {
	return strings.NewReplacer("$account", site.Account, "$region", site.Region).Replace(text)
}

// hash is of all that decides what is asked and how it counts: the steps with their parameters, the bytes of each check
// that is written in YAML, and the versions of the reads.
func (p *Plan) hash() string {
	type step struct {
		ID       string                     `json:"id"`
		Check    string                     `json:"check"`
		Written  string                     `json:"written,omitempty"`
		Points   int                        `json:"points"`
		Required bool                       `json:"required"`
		Given    bool                       `json:"given"`
		Needs    []string                   `json:"needs"`
		With     map[string]json.RawMessage `json:"with"`
		Reads    map[string]int             `json:"reads"` // the versions
	}
	var whole struct {
		Steps  []step            `json:"steps"`
		Params map[string]string `json:"params"`
	}
	whole.Params = p.Params
	for _, s := range p.Steps {
		reads := map[string]int{}
		for _, source := range s.Check.Sources() {
			d := source.Describe()
			reads[d.Name] = d.Version
		}
		whole.Steps = append(whole.Steps, step{
			s.ID, s.Check.ID, s.Check.Written, s.Points, s.Required, s.Given, s.Needs, s.values, reads,
		})
	}
	text, err := json.Marshal(whole) // in the order of the keys
	if err != nil {
		return "" // of values that are JSON already
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// StepError says that a lab has no such step.
type StepError struct{ Text string }

// Error implements error.
func (e *StepError) Error() string { return e.Text }

// Named are the ids of the steps that a word names, in lab order: the step of this id, or the steps of the section of
// this title, or those whose ids begin with the word and a hyphen, such as "ecr". A word that names none is returned as
// it is, for Select to say so.
func (p *Plan) Named(word string) []string {
	var ofSection, ofPrefix []string
	for _, s := range p.Steps {
		if s.ID == word {
			return []string{word}
		}
		if strings.EqualFold(s.Section, word) {
			ofSection = append(ofSection, s.ID)
		}
		if strings.HasPrefix(s.ID, word+"-") {
			ofPrefix = append(ofPrefix, s.ID)
		}
	}
	switch {
	case len(ofSection) > 0:
		return ofSection
	case len(ofPrefix) > 0:
		return ofPrefix
	}
	return []string{word}
}

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

// Kept are the members that are kept of the answers to reads by name, each behind its operation, sorted, each once.
// Everything else of such an answer is dropped.
func (p *Plan) Kept() []string {
	return p.collect(func(d facts.Description) []string {
		var kept []string
		for _, member := range d.Keeps {
			kept = append(kept, d.Name+" "+member)
		}
		return kept
	})
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
