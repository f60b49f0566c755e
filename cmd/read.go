package cmd

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// readProblem says why a file that the person named cannot be read, in words that need no knowledge of system calls.
func readProblem(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usagef("there is no file %s: check the name and the current folder", path)
	case isFolder(path):
		return usagef("%s is a folder: name a file in it", path)
	case errors.Is(err, fs.ErrPermission):
		return usagef("you may not read %s: ask its owner for it", path)
	}
	return usagef("%s cannot be read: %w", path, cause(err))
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
