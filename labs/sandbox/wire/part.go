package wire

import (
	"iter"
	"reflect"
	"sync"
)

// A Part is what a service keeps in an account's state, a value of type T: in the state file it stands under its key.
// It is made on demand, as the zero value of T, so that the zero value has to be the service as AWS has it in a new
// account.
//
// A *T may have a method Validate() error, which finds what JSON cannot say is wrong in a state file. Maps in it hold
// pointers if there are times in them.
type Part[T any] struct {
	Key string
	// Regional says that each Region has a part of its own, under regions.REGION.KEY.
	Regional bool
}

// AnyPart is a [Part] of any type.
type AnyPart interface{ Describe() PartDescription }

// A PartDescription is what the state has to know of a part.
type PartDescription struct {
	Key      string
	Regional bool
	Type     reflect.Type
}

// A Store holds the parts of an account.
type Store interface {
	// Part returns a pointer to the part of a key; region is "" for a part that is not regional. What is not there yet
	// is made, and kept if keep says so.
	Part(key, region string, keep bool) any
	// Regions are the Regions of which the store holds something, in order.
	Regions() []string
}

// Describe says what the part is.
func (p *Part[T]) Describe() PartDescription {
	return PartDescription{Key: p.Key, Regional: p.Regional, Type: reflect.TypeFor[T]()}
}

// Of is the part of the request's account and, if it is regional, of the request's Region. What an operation changes in
// it stays changed only if the operation is a [Change].
func (p *Part[T]) Of(r *Request) *T { return p.From(r.Account, r.Region, r.Changes) }

// From is the part in a store; region counts for a regional part alone, and keep says whether what is not there yet is
// kept.
func (p *Part[T]) From(s Store, region string, keep bool) *T {
	if !p.Regional {
		region = ""
	}
	return s.Part(p.Key, region, keep).(*T)
}

// All are the parts of all Regions of which the account holds something.
func (p *Part[T]) All(r *Request) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for _, region := range r.Account.Regions() {
			if !yield(p.From(r.Account, region, false)) {
				return
			}
		}
	}
}

// A Memory is what a service remembers outside of the state, a value of type T that is made on demand as the zero
// value.
type Memory[T any] struct{ Lifetime Lifetime }

// A Lifetime says how long something is remembered.
type Lifetime int

// The lifetimes of memories. What is shared is used by several accounts at once: it needs a lock of its own.
const (
	UntilStopped Lifetime = iota // as long as the account runs
	UntilChanged                 // until something in the account may have changed
	Shared                       // as long as the server runs, for all of its accounts
)

// Memories holds memories by their [Memory]. The zero value is empty, and good for several goroutines.
type Memories struct{ values sync.Map }

// Clear forgets everything.
func (m *Memories) Clear() { m.values.Clear() }

// Of is what the request's account remembers.
func (m *Memory[T]) Of(r *Request) *T {
	memories := r.Account.Memory(m.Lifetime)
	if value, ok := memories.values.Load(m); ok {
		return value.(*T)
	}
	value, _ := memories.values.LoadOrStore(m, new(T))
	return value.(*T)
}
