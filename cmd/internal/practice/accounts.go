// Package practice is about the practice account: the accounts that a lab brings with it, and grading on one of them in
// process.
package practice

import (
	"fmt"
	"slices"
	"time"

	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// Accounts are the practice accounts on which a lab can be tried.
type Accounts struct {
	lab   *lab.Lab
	Names []string // from the fresh one to the finished one, and then others
}

// AccountsOf finds the accounts of a lab: its own, or those of the first built-in lab where it has none. nil is the first
// built-in lab.
func AccountsOf(l *lab.Lab) (Accounts, error) {
	if l != nil {
		names, err := l.Accounts()
		if len(names) > 0 || err != nil {
			return Accounts{l, names}, err
		}
	}
	first, err := lab.Catalogue{Builtin: labs.Files}.Find(labs.First())
	if err != nil {
		return Accounts{}, fmt.Errorf("find the practice accounts: %w", err)
	}
	names, err := first.Accounts()
	return Accounts{first, names}, err
}

// Has says whether there is an account of this name.
func (a Accounts) Has(name string) bool { return slices.Contains(a.Names, name) }

// State makes an account. Ages in it are counted back from now.
func (a Accounts) State(name string, now time.Time) (*sandbox.State, error) {
	data, _, err := a.lab.Account(name)
	if err != nil {
		return nil, err
	}
	return sandbox.Parse(data, now)
}
