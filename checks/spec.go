package checks

import (
	"encoding/json"

	"github.com/labcheck/labcheck/checks/facts"
)

// Site is where a check looks.
type Site = facts.Site

// Spec describes a check with parameters of type P: a struct with json tags (kebab-case) and help tags. Defaults
// gives the parameters that a lab may leave out; a field whose json tag has no default is marked `need:"true"`.
type Spec[P any] struct {
	// ID is kebab-case, begins with the topic's name and is never changed.
	ID string
	// Title states the good state in the present tense, at most 75 characters.
	Title string
	// Why is one sentence about the real world, not about points.
	Why string
	// Verify is a command with which a person sees the same by hand. Names in it are in upper case.
	Verify string
	// Reads decide the verdict.
	Reads []facts.Source
	// Extra reads give near misses and advice. They may enrich a finding and never decide.
	Extra []facts.Source
	// Defaults are the parameters before the lab's own.
	Defaults P
	// Skip says why the check cannot apply to this account, known from the caller alone; "" means that it applies.
	Skip func(Site) string
	// Run looks, and says how to put right what it found. An error is a failure to look: it becomes an unknown finding
	// beside those already made.
	Run func(*facts.View, P) (Result, error)
}

// Check is a Spec whose parameter type is hidden. Make it with New.
type Check struct {
	ID, Title, Why, Verify string
	Reads, Extra           []facts.Source
	// Params describes the parameters, in the order of their declaration.
	Params []Param

	skip func(Site) string
	runs bool // it has a function to run
	bind func(values map[string]json.RawMessage) (Bound, error)
}

// New makes a check of its description. It never fails: NewRegistry says what is wrong with a check.
func New[P any](s Spec[P]) *Check {
	return &Check{
		ID: s.ID, Title: s.Title, Why: s.Why, Verify: s.Verify, Reads: s.Reads, Extra: s.Extra,
		Params: describeParams(s.Defaults),
		skip:   s.Skip,
		runs:   s.Run != nil,
		bind: func(values map[string]json.RawMessage) (Bound, error) {
			p, err := decodeParams(s.Defaults, values)
			if err != nil {
				return Bound{}, err
			}
			return Bound{run: func(v *facts.View) (Result, error) { return s.Run(v, p) }}, nil
		},
	}
}

// Bind gives the check its parameters. The error is a *ParamError. Binding asks nothing.
func (c *Check) Bind(values map[string]json.RawMessage) (Bound, error) {
	b, err := c.bind(values)
	b.check = c
	return b, err
}

// Bound is a check with parameters, ready to run. It holds no state and can run again.
type Bound struct {
	check *Check
	run   func(*facts.View) (Result, error)
}

// Run asks the session and returns what was learned. A failure to look is an unknown finding. The result has a fix only
// where there is something to put right; see Result.
func (b Bound) Run(v *facts.View) Result {
	if b.check.skip != nil && v.Site().Account != "" { // nobody is known to be excused while the caller is not known
		if why := b.check.skip(v.Site()); why != "" {
			return Of(Finding{Subject: v.Site().Caller.ARN}.Skip(why))
		}
	}
	r, err := b.run(v)
	if err != nil {
		r.Findings = append(r.Findings, Finding{}.Unknown(err))
	}
	if v := r.Verdict(); v != Fail && v != Partial && !r.Unsettled() {
		r.Fix = Fix{}
	}
	return r
}

// Sources returns every declared read, the deciding ones first.
func (c *Check) Sources() []facts.Source {
	return append(append([]facts.Source{}, c.Reads...), c.Extra...)
}
