// Package practice is about the practice account: the accounts that a lab brings with it, grading on one of them in
// process, and serving one on this machine to the real tools.
package practice

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/checks/workstation"
	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/paths"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
	"github.com/labcheck/labcheck/reports"
)

// region is where the things of a practice account are, for a lab that names no Region.
const region = "us-east-1"

// Accounts are the practice accounts on which a lab can be tried.
type Accounts struct {
	lab   *lab.Lab
	Names []string // from the fresh one to the finished one, and then others
}

// AccountsOf finds the accounts of a lab: its own, or those of the first built-in lab where it has none. nil is the
// first built-in lab.
func AccountsOf(l *lab.Lab) (Accounts, error) {
	if l != nil {
		names, err := l.Accounts()
		if len(names) > 0 || err != nil {
			return Accounts{l, names}, err
		}
	}
	first, err := lab.Catalogue{Builtin: labs.Files}.Find(labs.First())
	if err != nil {
		return Accounts{}, fmt.Errorf("find the first built-in lab: %w", err)
	}
	names, err := first.Accounts()
	return Accounts{first, names}, err
}

// Has says whether there is an account of this name.
func (a Accounts) Has(name string) bool { return slices.Contains(a.Names, name) }

// State makes an account. Ages in it are counted back from now. own are services besides those that every practice
// account has.
func (a Accounts) State(name string, now time.Time, own ...*wire.Service) (*sandbox.State, error) {
	data, _, err := a.lab.Account(name)
	if err != nil {
		return nil, err
	}
	return sandbox.Parse(data, now, own...)
}

// maxState is the largest file of a practice account that is read, in bytes.
const maxState = 64 << 20

// Load makes an account of this name, or of a file of it, as State does.
func (a Accounts) Load(name string, now time.Time, own ...*wire.Service) (*sandbox.State, error) {
	var (
		state *sandbox.State
		err   error
	)
	if a.Has(name) {
		state, err = a.State(name, now, own...)
	} else {
		data, readErr := paths.Read(name, maxState)
		switch {
		case errors.Is(readErr, fs.ErrNotExist):
			return nil, failure.Usagef("there is no practice account %q%s (there are: %s, or the name of a state file)",
				name, nearest.DidYouMean(name, a.Names), strings.Join(a.Names, ", "))
		case readErr != nil:
			return nil, files.ReadProblem(name, readErr)
		}
		state, err = sandbox.Parse(data, now, own...)
	}
	if err != nil {
		return nil, failure.OfFile(fmt.Errorf("%s: %w", name, err))
	}
	return state, nil
}

// Enter makes the options of a session lead to a practice account, and to the machine that goes with it.
func Enter(simulated *sandbox.Account, o *session.Options) {
	id, secret, token := simulated.Credentials()
	o.Source = reports.Sandbox
	o.Account.Transport = simulated
	o.Account.Credentials = &account.StaticCredentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: token}
	o.Account.Region = cmp.Or(o.Account.Region, region)
	machine := simulated.Workstation()
	var current func(look func(fs.FS) error) error
	if machine.Folder != nil {
		current = func(look func(fs.FS) error) error { return look(machine.Folder) }
	}
	o.Workstation = workstation.New(workstation.Options{
		Folder: current,
		Home:   machine.Home, Env: func(name string) (string, bool) {
			value, set := machine.Env[name]
			return value, set
		},
		Command: workstation.Buffered(machine.Command), GOOS: "linux",
		WorkTree: func(top string, look func(fs.FS) error) error {
			folder, err := fs.Sub(machine.Home, path.Base(top)) // repositories are in the home folder
			if err != nil {
				return err
			}
			return look(folder)
		},
	})
}

// Broken makes the finished account of a lab in which a drill has broken something. own are services besides those that
// every practice account has.
func Broken(l *lab.Lab, drill lab.Drill, now time.Time, own ...*wire.Service) (*sandbox.State, error) {
	finished, file, err := l.Account(lab.Finished)
	if err != nil {
		return nil, failure.OfFile(err)
	}
	broken, err := drill.Break(finished)
	if err != nil {
		return nil, failure.OfFile(fmt.Errorf("%s: %w", file, err))
	}
	state, err := sandbox.Parse(broken, now, own...)
	if err != nil {
		return nil, failure.OfFile(fmt.Errorf("%s: %w", file, err))
	}
	return state, nil
}
