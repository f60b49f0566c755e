package facts

import (
	"slices"
	"sync"
	"time"
)

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
	return callsOf(asked)
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

func (v *View) allow(source Source) error {
	if slices.Contains(v.declared, source) {
		return nil
	}
	name := source.Describe().Name
	v.mu.Lock()
	defer v.mu.Unlock()
	v.undeclared = append(v.undeclared, name)
	return Errorf(InternalError, "the check asks for %s, which it does not declare", name)
}

func (v *View) note(e *entry) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !slices.Contains(v.asked, e) {
		v.asked = append(v.asked, e)
	}
}
