package facts

import (
	"context"
	"maps"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options open a session.
type Options struct {
	// Now is the moment that the run is about; ages are counted from it.
	Now time.Time
	// Doors lead to the account and the workstation, made by Open or Closed.
	Doors []Door
	// Machine answers the reads that ask no operation of AWS: those of the workstation, which is the same for all accounts
	// that one command looks at. Nil: the doors lead to it.
	Machine *Session
	// Account answers the reads that ask AWS, for several labs that look at the same account. Nil: the doors lead to it.
	Account *Session
	// Replay answers from a recording; nothing is asked.
	Replay *Recording
	// Given answers from literal facts; nothing is asked. For tests.
	Given []Given
}

// Session asks every distinct read once and keeps its answer or its error. It is safe for concurrent use.
type Session struct {
	ctx      context.Context // a session is one run: its reads outlive the callers that started them
	now      time.Time
	access   *Access
	machine  *Session
	account  *Session
	recorded map[string]Fact
	sealed   bool // nothing is asked: the facts are recorded or given

	mu      sync.Mutex
	entries map[question]*entry
	wanted  map[any][]any // what is wanted of a read, by its identity
}

// maxReads is how many questions a run asks at most. It asks some thirty, some thirty in each Region where all of them
// are searched, and a few more for each policy, platform or budget of an account: an endpoint that lies could list any
// number of them.
const maxReads = 4000

// question identifies a read and what was asked of it.
type question struct {
	read any // its identity
	key  any
}

// entry is a question that was asked, and its answer once done is closed.
type entry struct {
	name    string
	version int
	key     any
	done    chan struct{}
	value   any
	err     error

	mu    sync.Mutex
	calls []Call
}

// NewSession opens a session whose reads run under ctx: no caller's cancellation becomes another's answer. Cancel ctx
// with ErrInterrupted or ErrRunTimeout as its cause.
func NewSession(ctx context.Context, o Options) *Session {
	s := &Session{
		ctx:     ctx,
		now:     o.Now,
		access:  newAccess(o.Doors),
		machine: o.Machine,
		account: o.Account,
		entries: map[question]*entry{},
		wanted:  map[any][]any{},
		sealed:  o.Replay != nil || o.Given != nil,
	}
	s.access.session = s
	if o.Replay != nil {
		s.recorded = o.Replay.index()
	}
	for _, g := range o.Given {
		e := newEntry(g.source, g.key)
		e.value, e.err = g.value, g.err
		close(e.done)
		s.entries[question{g.source.identity(), g.key}] = e
	}
	return s
}

// Now is the moment that the run is about.
func (s *Session) Now() time.Time { return s.now }

// Interrupted says whether the session was ended by its user.
func (s *Session) Interrupted() bool {
	return s.ctx.Err() != nil && AsError(context.Cause(s.ctx)).Reason == Interrupted
}

// View is what a check with these declared reads sees of the session. Make the views of all checks before the first of
// them asks: a read asks at once for all that any of them wants.
func (s *Session) View(site Site, reads, extra []Source) *View {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := &View{session: s, site: site, declared: slices.Concat(reads, extra)}
	for _, source := range v.declared {
		if wants := source.wants(); wants != nil {
			s.wanted[source.identity()] = append(s.wanted[source.identity()], wants)
		}
	}
	return v
}

// Calls returns every request of the session, those without an answer too, in an order that does not depend on
// scheduling.
func (s *Session) Calls() []Call {
	s.mu.Lock()
	entries := slices.Collect(maps.Values(s.entries))
	s.mu.Unlock()
	return callsOf(entries)
}

// Answer is how one read ended.
type Answer struct {
	Read string
	Err  *Error // nil if it was answered
}

// Answers returns how each finished read ended, in an order that does not depend on scheduling.
func (s *Session) Answers() []Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries := slices.SortedFunc(maps.Values(s.entries), compareEntries)
	var answers []Answer
	for _, e := range entries {
		select {
		case <-e.done:
			answers = append(answers, Answer{e.name, AsError(e.err)})
		default:
		}
	}
	return answers
}

func newEntry(source Source, key any) *entry {
	d := source.Describe()
	return &entry{name: d.Name, version: d.Version, key: key, done: make(chan struct{})}
}

// start finds the entry of a question or begins to ask it.
func (s *Session) start(source Source, key any, fetch func(context.Context, *Access) (any, error)) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := question{source.identity(), key}
	if e, ok := s.entries[q]; ok {
		return e
	}
	e := newEntry(source, key)
	if len(s.entries) >= maxReads {
		e.err = Errorf(InvalidResponse, "the answers of this run lead to more than %d questions", maxReads)
		close(e.done)
		return e
	}
	if other := s.answeredBy(source); other != nil {
		e = other.start(source, key, fetch)
		s.entries[q] = e
		return e
	}
	s.entries[q] = e
	if s.sealed {
		e.value, e.calls, e.err = s.fromRecording(e, source)
		close(e.done)
		return e
	}
	go func() {
		defer close(e.done)
		e.value, e.err = protect(context.WithValue(s.ctx, callsKey{}, e), s.access, fetch)
	}()
	return e
}

// answeredBy is the session that answers a read for this one and for others; nil if this one asks itself.
func (s *Session) answeredBy(source Source) *Session {
	if len(source.Describe().Operations) == 0 {
		return s.machine
	}
	return s.account
}

// protect keeps a panic in one read from ending the whole run.
func protect(ctx context.Context, a *Access, fetch func(context.Context, *Access) (any, error)) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = Errorf(InternalError, "a read panicked: %v at %s", p, PanicPlace())
		}
	}()
	value, err = fetch(ctx, a)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = AsError(cause) // what ended the run is the better reason
		}
		return nil, AsError(err)
	}
	return value, nil
}

// wait returns the entry's answer, or why the session ended before it came.
func (s *Session) wait(e *entry) (any, error) {
	select {
	case <-e.done:
		return e.value, e.err
	default:
	}
	select {
	case <-e.done:
		return e.value, e.err
	case <-s.ctx.Done():
		return nil, AsError(context.Cause(s.ctx))
	}
}

// callsOf joins the calls of finished entries, sorted by read and key.
func callsOf(entries []*entry) []Call {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, compareEntries)
	var calls []Call
	for _, e := range entries {
		e.mu.Lock()
		calls = append(calls, e.calls...)
		e.mu.Unlock()
	}
	return calls
}

// Access is what the Fetch of a read gets, to find the connection that it needs with Through.
type Access struct {
	doors   map[reflect.Type]Door
	session *Session
}

// Wanted is what all that declare a read want of its answer: the Wants of the reads of this identity, in the order in
// which their views were made.
func (a *Access) Wanted(identity any) []any {
	a.session.mu.Lock()
	defer a.session.mu.Unlock()
	return slices.Clone(a.session.wanted[identity])
}

// Door is a connection to where facts are found, such as an *account.Door to AWS, or the error for which there is none.
// A read finds its door by the type.
type Door struct {
	kind   reflect.Type
	door   any
	closed error
}

// Open puts a connection into a session.
func Open[D any](door D) Door { return Door{kind: reflect.TypeFor[D](), door: door} }

// Closed stands for a connection of type D that could not be made: every read that needs it gets err.
func Closed[D any](err error) Door { return Door{kind: reflect.TypeFor[D](), closed: err} }

// Through returns the connection of type D that the session was opened with. Without one the error's reason is
// not_looked.
func Through[D any](a *Access) (D, error) {
	var zero D
	d, ok := a.doors[reflect.TypeFor[D]()]
	switch {
	case !ok:
		return zero, Errorf(NotLooked, "this run does not look there")
	case d.closed != nil:
		return zero, AsError(d.closed)
	}
	return d.door.(D), nil
}

func newAccess(doors []Door) *Access {
	a := &Access{doors: make(map[reflect.Type]Door, len(doors))}
	for _, d := range doors {
		a.doors[d.kind] = d
	}
	return a
}

// PanicPlace is where the panic began that the caller recovers from, as file:line. It is to be called by the deferred
// function itself: the stack still holds the place then.
func PanicPlace() string {
	const deepest = 64
	callers := make([]uintptr, deepest)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	panicked := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			panicked = true
		case panicked && !strings.HasPrefix(frame.Function, "runtime."): // the runtime itself panics for a nil pointer
			return filepath.Base(frame.File) + ":" + strconv.Itoa(frame.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
