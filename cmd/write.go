package cmd

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// newFileMode is the mode of a new file, of which the system takes away what the person's umask says.
const newFileMode = 0o644

// write writes to a file, or to standard output for the empty path.
func (a *app) write(path string, write func(io.Writer) error) error {
	switch path {
	case "", "/dev/stdout":
		// Opened by its name, a redirected standard output would be a second file at the same place.
		return writeStream(a.env.Stdout, write)
	case "/dev/stderr":
		return writeStream(a.env.Stderr, write)
	}
	return writeFile(a.env.Files, path, write)
}

// print writes to standard output in one go.
func (a *app) print(write func(*bufio.Writer)) error {
	w := bufio.NewWriter(a.env.Stdout)
	write(w)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write to standard output: %w", err)
	}
	return nil
}

func writeStream(stream io.Writer, write func(io.Writer) error) error {
	w := bufio.NewWriter(stream)
	if err := write(w); err != nil {
		return fmt.Errorf("cannot be written: %w", err)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("cannot be written to the screen or to where it is led: %w", err)
	}
	return nil
}

// writeFile writes a file so that there is either the whole new one or the old one: into a neighbour that then takes
// its place. It keeps the mode of the old one, which may be for its owner only. What a link leads to is replaced, not the
// link; what is no ordinary file, such as a pipe, is written directly.
func writeFile(files Files, path string, write func(io.Writer) error) error {
	old, missing := os.Stat(path)
	if missing == nil && !old.Mode().IsRegular() && !old.IsDir() {
		return writeDevice(path, write)
	}
	target := path
	if end, err := filepath.EvalSymlinks(path); err == nil {
		target = end
	}
	f, err := files.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return writeProblem(path, err)
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err == nil && missing == nil {
		err = f.Chmod(old.Mode().Perm())
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = files.Rename(f.Name(), target)
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
	}
	return fmt.Errorf("cannot write %s: %w", path, why)
}
