//go:build conformance

package conformance

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
)

// wire counts what was held against the models. It is safe for concurrent use.
type wire struct {
	mu      sync.Mutex
	answers int
	fields  map[string]map[string]string // by operation and path: the type
	errors  map[string]bool              // with the operation
}

// holds adds an answer that is as its model says.
func (w *wire) holds(j *judged) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers++
	if j.code != "" {
		w.errors[j.outcome()] = true
		return
	}
	if w.fields[j.outcome()] == nil {
		w.fields[j.outcome()] = map[string]string{}
	}
	maps.Copy(w.fields[j.outcome()], j.fields)
}

func newWire() *wire {
	return &wire{fields: map[string]map[string]string{}, errors: map[string]bool{}}
}

// operations lists the operations of which a good answer was seen.
func (w *wire) operations() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(maps.Keys(w.fields))
}

func (w *wire) summary() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	fields := 0
	for _, known := range w.fields {
		fields += len(known)
	}
	return fmt.Sprintf("%d answers of %d operations with %d fields, and %d kinds of errors", w.answers, len(w.fields),
		fields, len(w.errors))
}

// upholds holds answers of a practice account against AWS's models. What the models say is wrong fails the test.
func (j *judge) upholds(t *testing.T, kept []*exchange) {
	t.Helper()
	var list []string
	for _, e := range kept {
		if e.service() == "" {
			continue // without a signature nobody knows whose request it is
		}
		one := j.models.judges(t, e)
		list = append(list, one.wrongs()...)
		j.wire.holds(one)
	}
	slices.Sort(list)
	none(t, slices.Compact(list))
}
