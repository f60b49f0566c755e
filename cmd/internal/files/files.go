// Package files reads and writes the files that a person names, and says what went wrong with them in words that need
// no knowledge of system calls.
package files

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/labcheck/labcheck/cmd/internal/failure"
)

// newFileMode is the mode of a new file, of which the system takes away what the person's umask says.
const newFileMode = 0o644

// System is the part of a file system that is written to.
type System interface {
	// CreateTemp makes a new file in a folder, whose name has something of its own in the place of the pattern's "*".
	CreateTemp(dir, pattern string) (File, error)
	Rename(from, to string) error
	Remove(name string) error
}

// File is a file that is being written.
type File interface {
	io.Writer
	Name() string
	Chmod(mode fs.FileMode) error
	Sync() error
	Close() error
}

// OS is the real file system.
type OS struct{}

// CreateTemp is os.CreateTemp with the mode of an ordinary new file: that one is for its owner only, whatever the
// umask.
func (OS) CreateTemp(dir, pattern string) (File, error) {
	const enough = 10 // letters: longer names are near the limit of file systems
	name := strings.Replace(pattern, "*", rand.Text()[:enough], 1)
	return os.OpenFile(filepath.Join(dir, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, newFileMode)
}

// Rename is os.Rename.
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove is os.Remove.
func (OS) Remove(name string) error { return os.Remove(name) }

// ReadAtMost reads the beginning of a file, up to so many bytes.
func ReadAtMost(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, limit))
}

// ReadProblem says why a file that the person named cannot be read, in words that need no knowledge of system calls.
func ReadProblem(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return failure.Usagef("there is no file %s: check the name and the current folder", path)
	case isFolder(path):
		return failure.Usagef("%s is a folder: name a file in it", path)
	case errors.Is(err, fs.ErrPermission):
		return failure.Usagef("you may not read %s: ask its owner for it", path)
	}
	return failure.Usagef("%s cannot be read: %w", path, cause(err))
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

// Write writes a file so that there is either the whole new one or the old one: into a neighbour that then takes its
// place. It keeps the mode of the old one, which may be for its owner only. What a link leads to is replaced, not the
// link; what is no ordinary file, such as a pipe, is written directly.
func Write(system System, path string, write func(io.Writer) error) error {
	old, missing := os.Stat(path)
	if missing == nil && !old.Mode().IsRegular() && !old.IsDir() {
		return writeDevice(path, write)
	}
	target := path
	if end, err := filepath.EvalSymlinks(path); err == nil {
		target = end
	}
	f, err := system.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if err != nil {
		return WriteProblem(path, err)
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
		err = system.Rename(f.Name(), target)
	}
	if err != nil {
		return WriteProblem(path, errors.Join(err, system.Remove(f.Name())))
	}
	return nil
}

func writeDevice(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return WriteProblem(path, err)
	}
	err = write(f)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return WriteProblem(path, err)
	}
	return nil
}

// WriteProblem says what to do about a file that could not be written.
func WriteProblem(path string, err error) error {
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

// Append adds a text to a file that other programs write to as well; nothing for no path. The text is told how long the
// file is.
func Append(path string, text func(size int64) string) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, newFileMode)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.WriteString(text(info.Size()))
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}
