package cmd

import (
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
)

// lockState keeps the file of a practice account for this process: two that write it would each undo what the other one
// did. The lock is on a neighbour, because the file itself is replaced each time. The system gives it back when the process
// ends, however it ends, and so the neighbour may stay. No path needs no lock.
func lockState(path string) (unlock func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	target := path
	if end, err := filepath.EvalSymlinks(path); err == nil {
		target = end
	}
	lock := flock.New(target + ".lock")
	switch mine, err := lock.TryLock(); {
	case err != nil:
		return nil, files.WriteProblem(path, err)
	case !mine:
		return nil, failure.Usagef("%s is kept by another practice account that runs now: end that one, or name another file", path)
	}
	return lock.Unlock, nil
}
