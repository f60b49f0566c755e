// Package checks says what a check is: a value that looks at one thing in a student's account or on their machine, and
// returns findings and the fix that fits them.
//
// A check is made with New of a Spec and put into an explicit list, the Registry; package standard lists the built-in
// ones. It learns things only through the reads that it declares (package facts), never depends on another check, never
// knows points and never prints. A lab gives it parameters with Bind, and a run calls Bound.Run once.
package checks

import (
	"encoding/json"
	"sync"

	"github.com/labcheck/labcheck/checks/facts"
)

// Site is where a check looks: account, caller, Region and partition.
type Site = facts.Site

// Spec describes a check whose parameters have the type P: a struct whose fields have a json tag (the parameter's name,
// in kebab-case) and a help tag, or NoParams. A P with a method Validate is asked whether its values go together.
type Spec[P any] struct {
	// ID names the check in lab files and reports. It is in kebab-case, begins with the topic's name, such as
	// "ecr-scan-on-push", and is never changed.
	ID string
	// Title states the good state in the present tense, at most 75 characters.
	Title string
	// Why is one sentence about the real world, not about points.
	Why string
	// Verify is a command with which a person sees the same by hand. Names in it are in upper case.
	Verify string
	// Pages are AWS's own pages about it.
	Pages Pages
	// About says whom or what the check is about, where that is not the account itself.
	About About
	// Reads decide the verdict. With Extra they are all that Run may ask.
	Reads []facts.Source
	// Extra reads give near misses and advice. They may enrich a finding and never decide.
	Extra []facts.Source
	// Defaults are the parameters that a lab may leave out. A field marked `need:"true"` has no default: the lab gives
	// it.
	Defaults P
	// Skip says why the check cannot apply to this account, known from the caller alone; "" means that it applies.
	Skip func(Site) string
	// Run looks, and says how to put right what it found. An error is a failure to look: it becomes an unknown finding
	// beside those already made.
	Run func(*facts.View, P) (Result, error)
}

// Pages are the paths of AWS's own pages about what a check looks at: a report makes links of them, for the partition
// of the account. Either may be empty.
type Pages struct {
	// Docs is a page of the documentation, such as "AmazonECR/latest/userguide/repository-create.html".
	Docs string `json:"docs,omitempty"`
	// Console is the page where it is seen and changed. PageRegion in it stands for the Region.
	Console string `json:"console,omitempty"`
}

// DocsHost is the host of AWS's documentation, as an address that a path of Pages follows.
const DocsHost = "https://docs.aws.amazon.com/"

// PageRegion stands for the Region in the path of a page of the console.
const PageRegion = "{region}"

// About is whom or what a check is about.
type About string

// What a check can be about.
const (
	AboutAccount     About = ""            // what is in the account, whoever asks
	AboutCaller      About = "caller"      // whoever asks
	AboutWorkstation About = "workstation" // the machine on which labcheck runs
)

// Check is a Spec whose parameter type is hidden. Make it with New.
type Check struct {
	ID, Title, Why, Verify string
	About                  About
	Pages                  Pages
	// Written is the hash of the file that a check in YAML is written in, in hex; "" for one in Go.
	Written      string
	Reads, Extra []facts.Source
	// Params describes the parameters, in the order of their declaration.
	Params []Param

	skip func(Site) string
	runs bool // it has a function to run
	bind func(values map[string]json.RawMessage) (Bound, error)
	load func() *Check // gives the check itself, where only the id is known so far
}

// Declaration describes a check whose parameters are not a Go type but known from a file.
type Declaration struct {
	ID, Title, Why, Verify string
	Pages                  Pages
	About                  About
	Written                string // the hash of the file, in hex
	Params                 []Param
	Reads, Extra           []facts.Source
	Skip                   func(Site) string
	// Bind makes the run of values that are of the parameters' types, the defaults among them.
	Bind func(values map[string]any) (func(*facts.View) (Result, error), error)
}

// Declare makes a check of a declaration: what New is for a Go type.
func Declare(d Declaration) *Check {
	return &Check{
		ID: d.ID, Title: d.Title, Why: d.Why, Verify: d.Verify, Pages: d.Pages, About: d.About, Written: d.Written,
		Reads: d.Reads, Extra: d.Extra, Params: d.Params,
		skip: d.Skip,
		runs: d.Bind != nil,
		bind: func(values map[string]json.RawMessage) (Bound, error) {
			typed, err := TypedParams(d.Params, values)
			if err != nil {
				return Bound{}, err
			}
			run, err := d.Bind(typed)
			return Bound{run: run}, err
		},
	}
}

// Later is a check of which only the id is known until somebody looks it up: reading those of all files would take
// longer than most commands.
func Later(id string, load func() *Check) *Check { return &Check{ID: id, load: sync.OnceValue(load)} }

// loaded is the check itself.
func (c *Check) loaded() *Check {
	if c.load != nil {
		return c.load()
	}
	return c
}

// New makes a check of its description. It never fails: NewRegistry says what is wrong with a check.
func New[P any](s Spec[P]) *Check {
	params := describeParams(s.Defaults)
	return &Check{
		ID: s.ID, Title: s.Title, Why: s.Why, Verify: s.Verify, About: s.About, Pages: s.Pages,
		Reads: s.Reads, Extra: s.Extra,
		Params: params,
		skip:   s.Skip,
		runs:   s.Run != nil,
		bind: func(values map[string]json.RawMessage) (Bound, error) {
			p, err := decodeParams(params, s.Defaults, values)
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

// Bound is a check with parameters, ready to run. It holds no state and can run again, also at the same time.
type Bound struct {
	check *Check
	run   func(*facts.View) (Result, error)
}

// Run asks the session through the view and returns what was learned. A failure to look is an unknown finding. The
// result has a fix only where there is something to put right; see Result.
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
	switch verdict := r.Verdict(); {
	case verdict == Fail, verdict == Partial, r.Unsettled(), r.isUnknown(facts.NotLooked):
	default:
		r.Fix = Fix{}
	}
	return r
}

// Sources returns every declared read, the deciding ones first.
func (c *Check) Sources() []facts.Source {
	return append(append([]facts.Source{}, c.Reads...), c.Extra...)
}
