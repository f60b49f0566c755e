// Package paths opens the files and folders that a person names, and those that stand in such a folder without being
// named. A repository may come from a stranger, who can leave links, pipes and huge files in it. The rules:
//
//   - A relative path stays in the repository of the working folder, or in the working folder itself outside of one: a
//     link that leads out of it is refused. From a path that begins with "../" and goes further up, it is the folder
//     that these lead to which no link leaves.
//   - An absolute path was meant as it is typed, and links in it are followed. Only where it says what to write, a
//     final link below the working folder or repository is replaced like any other there; see [ForWriting].
//   - What stands in a folder that was named never leads out of that folder.
//   - Only ordinary files are read. Opening never waits, as it would for the writer of a pipe.
//
// It stands below everything that reads files. Package workstation, which follows the configuration in the home folder
// as its own tools do, has its own rules.
package paths

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

var (
	// ErrLeadsOut is the error of a link that is not followed.
	ErrLeadsOut = errors.New("it escapes from its folder through a link")
	// ErrNotOrdinary is the error of a pipe, a socket, a device or a folder in the place of a file.
	ErrNotOrdinary = errors.New("it is no ordinary file")
)

// TooLargeError is the error of a file that is larger than whoever reads it wants to have.
type TooLargeError struct{ Most int64 } // in bytes

// Error implements error.
func (e *TooLargeError) Error() string {
	if e.Most < 1<<20 {
		return fmt.Sprintf("it is larger than %d KiB", e.Most>>10)
	}
	return fmt.Sprintf("it is larger than %d MiB", e.Most>>20)
}

// Read reads a file that a person named, of at most so many bytes. The errors are ErrLeadsOut, ErrNotOrdinary, a
// *TooLargeError and the system's.
func Read(path string, most int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	return readAll(f, most)
}

// ReadIn reads a file of a folder, of at most so many bytes. The errors are those of Read.
func ReadIn(files fs.FS, name string, most int64) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	return readAll(f, most)
}

// longestRead is how long is waited for what calls itself an ordinary file and waits for somebody, as some files of the
// kernel do.
const longestRead = 10 * time.Second

func readAll(f fs.File, most int64) ([]byte, error) {
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "read", Path: info.Name(), Err: ErrNotOrdinary}
	case info.Size() > most: // and it may be larger than the memory
		return nil, &fs.PathError{Op: "read", Path: info.Name(), Err: &TooLargeError{most}}
	}
	if waits, ok := f.(interface{ SetReadDeadline(t time.Time) error }); ok {
		_ = waits.SetReadDeadline(time.Now().Add(longestRead)) // an ordinary file has none
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if int64(len(data)) > most {
		return nil, &fs.PathError{Op: "read", Path: info.Name(), Err: &TooLargeError{most}}
	}
	return data, err
}

// Open opens a file that a person named.
func Open(path string) (*os.File, error) {
	base, name, err := split(path)
	if err != nil {
		return nil, err
	}
	if base == "" {
		return openOrdinary(path, os.Stat, os.OpenFile)
	}
	root, err := os.OpenRoot(base)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	return openOrdinary(name, root.Stat, root.OpenFile)
}

// openOrdinary looks before it opens: opening a device can already do something. What is there by then is looked at
// again.
func openOrdinary(
	name string, stat func(string) (fs.FileInfo, error), open func(string, int, fs.FileMode) (*os.File, error),
) (*os.File, error) {
	ordinary := func(info fs.FileInfo, err error) error {
		if err == nil && !info.Mode().IsRegular() {
			err = &fs.PathError{Op: "open", Path: name, Err: ErrNotOrdinary}
		}
		return explain(err)
	}
	if err := ordinary(stat(name)); err != nil {
		return nil, err
	}
	f, err := open(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, explain(err)
	}
	if err := ordinary(f.Stat()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// OpenFolder opens a folder that a person named. The caller closes it.
func OpenFolder(path string) (*os.Root, error) {
	base, name, err := split(path)
	if err != nil {
		return nil, err
	}
	if base == "" {
		return openRoot(path, os.Stat, os.OpenRoot)
	}
	root, err := os.OpenRoot(base)
	if err != nil || name == "." {
		return root, err
	}
	defer func() { _ = root.Close() }()
	return openRoot(name, root.Stat, root.OpenRoot)
}

// openRoot looks before it opens: os.OpenRoot waits for the writer of a pipe.
func openRoot(
	name string, stat func(string) (fs.FileInfo, error), open func(string) (*os.Root, error),
) (*os.Root, error) {
	info, err := stat(name)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: syscall.ENOTDIR}
	}
	if err != nil {
		return nil, explain(err)
	}
	root, err := open(name)
	return root, explain(err)
}

// MakeFolder opens a folder that a person named, and makes it where it is missing, with those above it. The caller
// closes it.
func MakeFolder(path string, mode fs.FileMode) (*os.Root, error) {
	base, name, err := split(path)
	if err != nil {
		return nil, err
	}
	if base == "" {
		if err := os.MkdirAll(path, mode); err != nil {
			return nil, err
		}
		return openRoot(path, os.Stat, os.OpenRoot)
	}
	root, err := os.OpenRoot(base)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	return MakeFolderIn(root, name, mode)
}

// MakeFolderIn is MakeFolder in a folder that is open, and stays so.
func MakeFolderIn(root *os.Root, name string, mode fs.FileMode) (*os.Root, error) {
	if err := root.MkdirAll(name, mode); err != nil && !errors.Is(err, fs.ErrExist) { // a file is there, or a link
		return nil, explain(err)
	}
	return openRoot(name, root.Stat, root.OpenRoot)
}

// ForWriting opens the folder in which a file that a person named is to be written, and says the file's name in it. If
// the name is that of a link, the link is to be replaced. The caller closes the folder.
func ForWriting(path string) (folder *os.Root, name string, err error) {
	if filepath.Base(path) == ".." {
		return nil, "", &fs.PathError{Op: "write", Path: path, Err: syscall.EISDIR}
	}
	if end, err := filepath.EvalSymlinks(path); err == nil && filepath.IsAbs(path) && !isBelow(path) {
		path = end
	}
	folder, err = OpenFolder(filepath.Dir(path))
	return folder, filepath.Base(path), err
}

// isBelow says whether an absolute path is that of something in the working folder or its repository.
func isBelow(path string) bool {
	base, err := workingBase()
	if err != nil || base == filepath.Dir(base) {
		return false // everything is below the root of the file system
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	return within(base, filepath.Dir(path)) || err == nil && within(base, folder)
}

func within(base, path string) bool {
	rel, err := filepath.Rel(base, path)
	return err == nil && filepath.IsLocal(rel)
}

// split splits a path into a folder that no link leads out of, and the way on from there. The folder is "" for an
// absolute path, which is followed.
func split(path string) (base, name string, err error) {
	if filepath.IsAbs(path) || filepath.VolumeName(path) != "" {
		return "", path, nil
	}
	folder, err := workingFolder()
	if err != nil {
		return "", "", err
	}
	if base, err = workingBase(); err != nil {
		return "", "", err
	}
	path = filepath.Join(folder, path)
	for !within(base, path) { // "../" led out of it
		base = filepath.Dir(base)
	}
	name, err = filepath.Rel(base, path)
	return base, name, err
}

// workingFolder is the folder in which the program runs, without the links that the person may have come through.
func workingFolder() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(folder)
}

// workingBase is the repository of the working folder, or the working folder itself.
func workingBase() (string, error) {
	if repository, ok := Repository(); ok {
		return repository, nil
	}
	return workingFolder()
}

// Repository walks up from the working folder to the one that holds .git, a folder or, in a work tree, a file.
func Repository() (string, bool) {
	folder, err := workingFolder()
	for err == nil {
		if _, missing := os.Lstat(filepath.Join(folder, ".git")); missing == nil {
			return folder, true
		}
		above := filepath.Dir(folder)
		if above == folder {
			break
		}
		folder = above
	}
	return "", false
}

// InRepository is the path of a file from the root of the repository of the working folder, with slashes; false for a
// file that is not in it.
func InRepository(file string) (string, bool) {
	root, ok := Repository()
	folder, err := workingFolder()
	if !ok || err != nil {
		return "", false
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(folder, file)
	} else if end, err := filepath.EvalSymlinks(file); err == nil && !within(root, file) {
		file = end
	}
	name, err := filepath.Rel(root, file)
	return filepath.ToSlash(name), err == nil && within(root, file)
}

// explain gives an error of os.Root, which has no name for it, one of ours.
func explain(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) && strings.HasSuffix(at.Err.Error(), "path escapes from parent") {
		return &fs.PathError{Op: at.Op, Path: at.Path, Err: ErrLeadsOut}
	}
	return err
}

// Files are the files of a folder. What is neither an ordinary file nor a folder is not opened.
func Files(folder *os.Root) fs.FS {
	return filesIn{folder.FS().(looking), folder}
}

// looking is all that can be done in a folder without opening a file.
type looking interface {
	fs.StatFS
	fs.ReadLinkFS
}

type filesIn struct {
	looking
	root *os.Root
}

// Open implements fs.FS.
func (f filesIn) Open(name string) (fs.File, error) {
	info, err := f.Stat(name)
	if err == nil && info.IsDir() {
		return f.looking.Open(name)
	}
	if err != nil {
		return nil, explain(err)
	}
	return openOrdinary(filepath.FromSlash(name), f.root.Stat, f.root.OpenFile)
}
