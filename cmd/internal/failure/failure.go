// Package failure sorts the errors of a command by what a person can do about them. The rooms of the command make such
// errors; package cmd alone knows the exit code of each kind.
package failure

import (
	"errors"
	"fmt"
)

// Kind says what is to be done about a failure.
type Kind int

const (
	// Internal is every failure of no other kind: labcheck or the system could not do what was asked.
	Internal Kind = iota
	// Usage is a wrong command line: type another one.
	Usage
	// Invalid is a file that cannot be used: fix the file.
	Invalid
	// Unreachable is somebody who does not answer: try again later.
	Unreachable
	// Interrupted is the person's own wish.
	Interrupted
)

// failure is an error of a kind.
type failure struct {
	kind Kind
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// New makes an error of this kind.
func New(kind Kind, err error) error { return &failure{kind, err} }

// Usagef makes an error of wrong usage.
func Usagef(format string, args ...any) error { return New(Usage, fmt.Errorf(format, args...)) }

// OfFile makes an error of a file that cannot be used. The error names the file.
func OfFile(err error) error { return New(Invalid, err) }

// KindOf is the kind of an error: that of the outermost failure in it. false means that nobody has said one.
func KindOf(err error) (Kind, bool) {
	var f *failure
	if !errors.As(err, &f) {
		return Internal, false
	}
	return f.kind, true
}
