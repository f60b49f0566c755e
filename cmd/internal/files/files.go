// Package files reads and writes the files that a person names, by the rules of package paths for links, and says what
// went wrong with them in words that need no knowledge of system calls.
package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/paths"
)

// The modes of what is new, of which the system takes away what the person's umask says.
const (
	newFileMode   fs.FileMode = 0o644
	newFolderMode fs.FileMode = 0o755
	privateMode   fs.FileMode = 0o600 // for its owner only
)

// Read reads a file that a person named, of at most so many bytes. The error says what to do.
func Read(path string, most int64) ([]byte, error) {
	data, err := paths.Read(path, most)
	if err != nil {
		return nil, ReadProblem(path, err)
	}
	return data, nil
}

// ReadProblem says why a file that the person named cannot be read, in words that need no knowledge of system calls.
func ReadProblem(path string, err error) error {
	var large *paths.TooLargeError
	switch {
	case errors.As(err, &large):
		return failure.OfFile(fmt.Errorf("%s cannot be read: %w", path, large))
	case errors.Is(err, fs.ErrNotExist):
		return failure.Usagef("there is no file %s: check the name and the current folder", path)
	case isFolder(path):
		return failure.Usagef("%s is a folder: name a file in it", path)
	case errors.Is(err, paths.ErrNotOrdinary):
		return failure.Usagef("%s is no ordinary file: write what it holds into one, and name that", path)
	case errors.Is(err, paths.ErrLeadsOut):
		return leadsOut(path)
	case errors.Is(err, fs.ErrPermission):
		return failure.Usagef("you may not read %s: ask its owner for it", path)
	}
	return failure.Usagef("%s cannot be read: %w", path, cause(err))
}

// leadsOut is the error of a link that was not followed: a stranger may have made it.
func leadsOut(path string) error {
	return failure.Usagef("%s leads through a link out of this folder or repository: if that is meant, "+
		"use the full path of what it leads to", path)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// cause is the reason of a file's error without the system call and the paths, which the sentence around it names.
func cause(err error) error {
	var number syscall.Errno
	if errors.As(err, &number) {
		return number
	}
	return err
}

// WriteProblem says what to do about a file that could not be written.
func WriteProblem(path string, err error) error {
	if errors.Is(err, paths.ErrLeadsOut) {
		return leadsOut(path)
	}
	why := fmt.Errorf("choose another file or folder (%w)", cause(err))
	switch {
	case errors.Is(err, syscall.ENOSPC):
		why = fmt.Errorf("the disk is full: free some space (%w)", cause(err))
	case errors.Is(err, os.ErrPermission):
		why = fmt.Errorf("you may not write there: choose another folder (%w)", cause(err))
	case errors.Is(err, os.ErrNotExist):
		why = fmt.Errorf("the folder %s does not exist: make it first", filepath.Dir(path))
	case errors.Is(err, syscall.ENOTDIR):
		why = errors.New("a file is where a folder is needed: choose another name")
	case isFolder(path):
		why = errors.New("it is a folder: name a file in it")
	case errors.Is(err, paths.ErrNotOrdinary):
		why = fmt.Errorf("%w: choose another name", paths.ErrNotOrdinary)
	}
	return fmt.Errorf("cannot write %s: %w", path, why)
}
