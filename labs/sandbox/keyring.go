package sandbox

import (
	"errors"
	"fmt"
	"sync"
)

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

// owner finds the account that issued a key; nil when none did. A key that was deleted since still leads to its account, which refuses it.
func (k *keyring) owner(id string) *Account {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.accounts[id]
}
