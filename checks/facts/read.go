// Package facts is how a check learns something.
//
// A Read is a typed, named question about the account or the workstation. A Session asks each distinct read once,
// whoever wants it, and keeps the answer or the error. A View is what one check sees of the session: only the reads
// that the check declared. A Recording is a session's answers as a file, so that they can be graded again.
//
// The package knows no AWS SDK. A read finds its client through the Access that the session holds.
package facts

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// Read is one question with a typed key and a typed answer. Declare it as a pointer literal in a package variable:
// it holds no state, and the linker drops it from a binary in which no check uses it.
//
// K is a flat comparable struct of text and numbers that includes the Region; V is a type of ours that survives JSON.
type Read[K comparable, V any] struct {
	// Name is a noun with its service, such as "ecr.repository-scanning". It is unique and never renamed: recordings
	// refer to it.
	Name string
	// Operations are the API operations that Fetch may call, such as "ecr:DescribeRepositories". The guard refuses
	// every other one.
	Operations []string
	// Actions are the IAM actions that the operations need. Leave them nil where each operation needs the action of its
	// own name, as is usual. Where AWS documents otherwise name them all: "budgets:ViewBudget" for
	// budgets:DescribeBudgets. An empty list says that nobody can be denied the operation.
	Actions []string
	// Version is raised when the meaning of the answer changes: a fact that was recorded with another is not used.
	Version int
	// Identity makes one read of several that are made while the program runs, such as by two checks in YAML that read
	// the same: a comparable value. Nil, as is usual, for a package variable, which is itself.
	Identity any
	// Wants says what of the answer whoever declares the read will look at, where Fetch can ask for less than all: see
	// Access.Wanted.
	Wants any
	// Keeps are the members of the answer that are kept, as in JMESPath, where V is whatever the operation answers.
	Keeps []string
	// Fetch asks. Absence is an answer; everything else that goes wrong is an *Error with a Reason. A Fetch never
	// asks another read, and it gives up when ctx ends.
	Fetch func(ctx context.Context, access *Access, key K) (V, error)
}

// Source is a Read whatever its types: what a check declares, and so may ask.
type Source interface {
	// Describe says what the read is called and what it needs.
	Describe() Description
	// decode reads an answer of this read from a recording.
	decode(value json.RawMessage) (any, error)
	// identity tells the read from every other.
	identity() any
	wants() any
}

// Description is what can be said of a read without asking it.
type Description struct {
	Name       string
	Operations []string
	Actions    []string
	Version    int
	Keeps      []string
}

// Describe implements Source.
func (r *Read[K, V]) Describe() Description {
	d := Description{
		Name: r.Name, Operations: r.Operations, Actions: r.Actions, Version: r.Version, Keeps: r.Keeps,
	}
	if d.Actions == nil {
		d.Actions = d.Operations
	}
	return d
}

func (r *Read[K, V]) identity() any {
	if r.Identity != nil {
		return r.Identity
	}
	return r
}

func (r *Read[K, V]) wants() any { return r.Wants }

func (r *Read[K, V]) decode(value json.RawMessage) (any, error) {
	var v V
	err := json.Unmarshal(value, &v)
	return v, err
}

// Pending is the answer to a question that was asked and not yet awaited.
type Pending[V any] struct {
	session *Session
	entry   *entry
	err     error
}

// Start asks without waiting. Start every independent read before the first Get, so that they are asked at once.
func (r *Read[K, V]) Start(v *View, key K) *Pending[V] {
	if err := v.checkDeclared(r); err != nil {
		return &Pending[V]{err: err}
	}
	entry := v.session.start(r, key, func(ctx context.Context, access *Access) (any, error) {
		return r.Fetch(ctx, access, key)
	})
	v.noteAsked(entry)
	return &Pending[V]{session: v.session, entry: entry}
}

// Get is Start and then Pending.Get.
func (r *Read[K, V]) Get(v *View, key K) (V, error) { return r.Start(v, key).Get() }

// Get waits for the answer. The error is always an *Error.
func (p *Pending[V]) Get() (V, error) {
	var zero V
	if p.err != nil {
		return zero, p.err
	}
	value, err := p.session.wait(p.entry)
	if err != nil {
		return zero, err
	}
	v, ok := value.(V)
	if !ok {
		return zero, Errorf(InternalError, "read %s kept an answer of type %T", p.entry.name, value)
	}
	return v, nil
}

// Call is one HTTP request that was answered: the evidence behind a verdict. Or it was sent and got no answer in time.
type Call struct {
	Operation string    `json:"operation"` // such as "ecr:DescribeRepositories"
	Region    string    `json:"region"`    // where it was asked
	RequestID string    `json:"requestId"` // AWS's own id, for a support case
	At        time.Time `json:"at"`
	// Date is AWS's own time where At is more than a minute away from it: then the clock of the machine is wrong.
	Date *time.Time `json:"date,omitempty"`
	// Issuer is who issued the certificate of the server, where it is nobody from whom AWS has its own: something stood
	// between this machine and AWS.
	Issuer string `json:"issuer,omitempty"`
	// Unanswered says that no answer came. It is no evidence, but AWS may have seen it, and was asked once more than the
	// answers tell.
	Unanswered bool `json:"unanswered,omitempty"`
}

type callsKey struct{}

// NoteCall notes a request of the read under whose context it was made. It may be called from several goroutines.
func NoteCall(ctx context.Context, call Call) {
	if e, ok := ctx.Value(callsKey{}).(*entry); ok {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.calls = append(e.calls, call)
	}
}

// Given is a literal answer, for a test: what a session knows without asking.
type Given struct {
	source Source
	key    any
	value  any
	err    error
}

// Source returns the read that the answer belongs to.
func (g Given) Source() Source { return g.source }

// Failing returns the same question with an error in place of the answer.
func (g Given) Failing(err error) Given {
	g.value, g.err = nil, err
	return g
}

// Given makes a literal answer.
func (r *Read[K, V]) Given(key K, value V) Given { return Given{source: r, key: key, value: value} }

// GivenError makes a literal failure.
func (r *Read[K, V]) GivenError(key K, err error) Given { return Given{source: r, key: key, err: err} }

// View is what one check sees of a session: the reads that it declared, and nothing else.
type View struct {
	session  *Session
	site     Site
	declared []Source

	mu         sync.Mutex
	asked      []*entry
	undeclared []string
}

// Now is the moment that the run is about: the recorded one when facts are replayed.
func (v *View) Now() time.Time { return v.session.now }

// Site is where the check looks.
func (v *View) Site() Site { return v.site }

// Evidence returns the answered requests behind what this check learned. It waits for the reads that the check has
// started and not awaited, so that neither the list nor its order depends on scheduling.
func (v *View) Evidence() []Call {
	v.mu.Lock()
	asked := slices.Clone(v.asked)
	v.mu.Unlock()
	for _, e := range asked {
		_, _ = v.session.wait(e) // the answer is the check's business
	}
	return slices.DeleteFunc(callsOf(asked), func(c Call) bool { return c.Unanswered })
}

// Asked returns the names of the reads that the check asked, sorted, each once.
func (v *View) Asked() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	names := make([]string, 0, len(v.asked))
	for _, e := range v.asked {
		names = append(names, e.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Undeclared returns the names of the reads that the check asked without declaring them. It is empty in a right check.
func (v *View) Undeclared() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.undeclared)
}

func (v *View) checkDeclared(source Source) error {
	if slices.ContainsFunc(v.declared, func(d Source) bool { return d.identity() == source.identity() }) {
		return nil
	}
	name := source.Describe().Name
	v.mu.Lock()
	defer v.mu.Unlock()
	v.undeclared = append(v.undeclared, name)
	return Errorf(InternalError, "the check asks for %s, which it does not declare", name)
}

func (v *View) noteAsked(e *entry) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !slices.Contains(v.asked, e) {
		v.asked = append(v.asked, e)
	}
}
