package sandbox

import (
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// authenticate finds out who sent a request, or why AWS's front door would not believe it.
func (a *Account) authenticate(x *exchange, m *wire.Message) (wire.Caller, *wire.Error) {
	door := x.protocol.FrontDoor()
	if !x.signed {
		return wire.Caller{}, x.unsigned(m)
	}
	caller, problem := a.caller(x.signature.AccessKeyID)
	switch {
	case problem == wire.KeyExpired:
		return wire.Caller{}, &door.Expired
	case problem != "" || !wire.EnabledRegion(x.signature.Region):
		return wire.Caller{}, &door.Rejected
	case a.options.AnySecret:
		return caller, nil
	case caller.SessionToken != m.Header.Get("X-Amz-Security-Token"):
		return wire.Caller{}, &door.Rejected
	case !x.signature.Signs(m, caller.SecretAccessKey):
		return wire.Caller{}, &door.Mismatch
	}
	if m.Received.IsZero() {
		return caller, nil
	}
	if signed, ok := m.SignedAt(); !ok || m.Received.Sub(signed).Abs() > wire.SignatureLife {
		return wire.Caller{}, door.OutOfTime(signed, m.Received)
	}
	return caller, nil
}

// unsigned is the answer to a request without a whole signature.
func (x *exchange) unsigned(m *wire.Message) *wire.Error {
	door := x.protocol.FrontDoor()
	if m.Header.Get("Authorization") == "" {
		return &door.Unsigned
	}
	return &door.Incomplete
}

// caller finds who an access key belongs to.
func (a *Account) caller(id string) (wire.Caller, wire.KeyProblem) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for key := range a.keys() {
		if key.AccessKeyID != id {
			continue
		}
		switch {
		case !key.Expires.IsZero() && a.options.Now().After(key.Expires):
			return wire.Caller{}, wire.KeyExpired
		case key.Inactive, key.Revoked, key.SecretAccessKey == "":
			return wire.Caller{}, wire.KeyUnknown
		}
		return key.Caller, ""
	}
	return wire.Caller{}, wire.KeyUnknown
}

// keys are all access keys of the account, those of its own credentials last: where a service knows the key, the
// service counts. A key without a secret has that of the account's own credentials, if it is theirs.
func (a *Account) keys() iter.Seq[wire.Key] {
	own := a.state.Caller
	r := &wire.Request{Account: held{a}}
	return func(yield func(wire.Key) bool) {
		for _, s := range a.state.services {
			holder, ok := s.Provides.(wire.KeyHolder)
			if !ok {
				continue
			}
			for key := range holder.Keys(r) {
				if key.SecretAccessKey == "" && key.AccessKeyID == own.AccessKeyID {
					key.SecretAccessKey = own.SecretAccessKey
				}
				if !yield(key) {
					return
				}
			}
		}
		yield(wire.Key{Caller: own})
	}
}

// authorize is the answer to a request that the caller's policies forbid; nil when they do not. The account's lock is
// held.
func (x *exchange) authorize(r *wire.Request) *wire.Error {
	authority, ok := wire.Provided[wire.Authority](r)
	if !ok {
		return nil
	}
	if reason := authority.Denies(r, x.action()); reason != "" {
		return x.denial(r.Caller, reason)
	}
	return nil
}

// A keyring knows which account issued each access key. The zero value is empty.
type keyring struct {
	mu       sync.RWMutex
	accounts map[string]*Account // by access key id
}

var errKeyTaken = errors.New("another practice account has the same access key")

// add notes that the account issued keys: all of them or, if another account has one, none.
func (k *keyring) add(a *Account, ids ...string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, id := range ids {
		if other := k.accounts[id]; other != nil && other != a {
			return fmt.Errorf("access key %s: %w", id, errKeyTaken)
		}
	}
	if k.accounts == nil {
		k.accounts = map[string]*Account{}
	}
	for _, id := range ids {
		k.accounts[id] = a
	}
	return nil
}

// owner finds the account that issued a key; nil when none did. A key that was deleted since still leads to its
// account, which refuses it.
func (k *keyring) owner(id string) *Account {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.accounts[id]
}
