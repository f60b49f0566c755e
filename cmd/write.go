package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// reportMode lets the instructor's programs read a report.
const reportMode = 0o644

// writeFile writes a file so that there is either the whole new one or the old one: into a neighbour that then takes
// its place. A device such as /dev/stdout cannot be replaced and is written directly.
func writeFile(files Files, path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return writeDevice(path, write)
	}
	f, err := files.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return writeProblem(path, err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = f.Chmod(reportMode)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = files.Rename(f.Name(), path)
	}
	if err != nil {
		return writeProblem(path, errors.Join(err, files.Remove(f.Name())))
	}
	return nil
}

func writeDevice(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return writeProblem(path, err)
	}
	err = write(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return writeProblem(path, err)
	}
	return nil
}

// writeProblem says what to do about a file that could not be written.
func writeProblem(path string, err error) error {
	advice := "choose another file or folder"
	switch {
	case errors.Is(err, syscall.ENOSPC):
		advice = "the disk is full: free some space"
	case errors.Is(err, os.ErrPermission):
		advice = "you may not write there: choose another folder"
	case errors.Is(err, os.ErrNotExist):
		advice = "the folder does not exist: make it first"
	}
	return fmt.Errorf("cannot write %s, and what was there before is as it was; %s: %w", path, advice, err)
}
