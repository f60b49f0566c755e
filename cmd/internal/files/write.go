package files

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/labs/paths"
)

// System is the part of a file system that is written to.
type System interface {
	// CreateTemp makes a new file in a folder, to take the place of the file of a name. Its own name is hidden, and
	// begins with that one.
	CreateTemp(folder *os.Root, name string, mode fs.FileMode) (File, error)
}

// File is a file that is being written. It ends in Rename or Remove.
type File interface {
	io.Writer
	Name() string
	Chmod(mode fs.FileMode) error
	Sync() error
	Close() error
	// Rename gives the file, which is closed, the place of another one.
	Rename(to string) error
	Remove() error
}

// OS is the real file system.
type OS struct{}

// temporary finds the name of a file in that of a neighbour which CreateTemp made for it.
var temporary = regexp.MustCompile(`^\.(.+)\.[A-Z2-7]{10}$`)

// CreateTemp makes a file with the mode of an ordinary new one: os.CreateTemp makes one that is for its owner only,
// whatever the umask. As long as the file is neither renamed nor removed it is held, so that another run can tell it
// from what a run left behind that was killed.
func (OS) CreateTemp(folder *os.Root, name string, mode fs.FileMode) (File, error) {
	const letters = 10 // longer names are near the limit of file systems
	for {
		own := "." + name + "." + rand.Text()[:letters]
		f, err := folder.OpenFile(own, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if err != nil {
			return nil, err
		}
		release, held := hold(folder, own)
		made, err := f.Stat()
		there, missing := folder.Lstat(own)
		if held && err == nil && missing == nil && os.SameFile(made, there) {
			return &temp{f, folder, own, release}, nil
		}
		// Another run took it for one that was left behind, in the moment before it was held.
		release()
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
}

// temp is a file on its way to its place.
type temp struct {
	*os.File
	folder  *os.Root
	name    string
	release func() // lets go of what hold holds
}

// Name is the file's name in its folder.
func (t *temp) Name() string { return t.name }

// Rename implements File.
func (t *temp) Rename(to string) error {
	if err := t.folder.Rename(t.name, to); err != nil {
		return err
	}
	t.release()
	return nil
}

// Remove implements File.
func (t *temp) Remove() error {
	defer t.release()
	return t.folder.Remove(t.name)
}

// Write writes a file so that there is either the whole new one or the old one: into a neighbour that then takes its
// place. It keeps the mode of an old one, which may be for its owner only. A link is replaced or followed by the rules
// of package paths. A device, such as /dev/null, is written directly.
func Write(system System, path string, write func(io.Writer) error) error {
	return writeTo(system, path, newFileMode, write)
}

// WritePrivate is Write for a file that only its owner may read, also where an old one is for others too.
func WritePrivate(system System, path string, write func(io.Writer) error) error {
	return writeTo(system, path, privateMode, write)
}

// CheckWrite finds out what Write would refuse a path for, so that it can be said before the work is done. It leaves
// nothing behind.
func CheckWrite(system System, path string) error {
	if isDevice(path) {
		return nil
	}
	folder, name, err := paths.ForWriting(path)
	if err != nil {
		return failure.New(failure.Usage, WriteProblem(path, err))
	}
	defer func() { _ = folder.Close() }()
	old, err := replaced(folder, name)
	if err == nil && old != nil && old.IsDir() {
		err = &fs.PathError{Op: "write", Path: name, Err: syscall.EISDIR}
	}
	if err == nil {
		var f File
		if f, err = system.CreateTemp(folder, name, privateMode); err == nil {
			_ = f.Close() // of an empty file
			err = f.Remove()
		}
	}
	if err != nil {
		return failure.New(failure.Usage, WriteProblem(path, err))
	}
	return nil
}

func writeTo(system System, path string, mode fs.FileMode, write func(io.Writer) error) error {
	if isDevice(path) {
		return problemOf(path, writeDevice(path, write))
	}
	folder, name, err := paths.ForWriting(path)
	if err != nil {
		return WriteProblem(path, err)
	}
	defer func() { _ = folder.Close() }()
	if err := replace(system, folder, name, mode, write); err != nil {
		return WriteProblem(path, err)
	}
	sweep(folder, name)
	return nil
}

func problemOf(path string, err error) error {
	if err == nil {
		return nil
	}
	return WriteProblem(path, err)
}

// Folder is a folder of files that are written together. No link in it is followed, for nobody named the files.
type Folder struct {
	system  System
	root    *os.Root
	path    string
	written []string
}

// MakeFolder opens a folder that a person named, and makes it where it is missing. The caller closes it.
func MakeFolder(system System, path string) (*Folder, error) {
	root, err := paths.MakeFolder(path, newFolderMode)
	if err != nil {
		return nil, WriteProblem(path, err)
	}
	return &Folder{system: system, root: root, path: path}, nil
}

// MakeFolderIn opens a folder in one that is open, and makes it where it is missing. The caller closes both.
func MakeFolderIn(system System, root *os.Root, path string) (*Folder, error) {
	folder, err := paths.MakeFolderIn(root, path, newFolderMode)
	if err != nil {
		return nil, WriteProblem(path, err)
	}
	return &Folder{system: system, root: folder, path: path}, nil
}

// Write is the package's Write for a file of the folder.
func (f *Folder) Write(name string, write func(io.Writer) error) error {
	f.written = append(f.written, name)
	return problemOf(filepath.Join(f.path, name), replace(f.system, f.root, name, newFileMode, write))
}

// Close closes the folder.
func (f *Folder) Close() error {
	sweep(f.root, f.written...)
	return f.root.Close()
}

// replace writes a file of a folder. What is there is replaced, also if it is a link, unless it is no file.
func replace(
	system System, folder *os.Root, name string, mode fs.FileMode, write func(io.Writer) error,
) error {
	old, err := replaced(folder, name)
	if err != nil {
		return err
	}
	regular := old != nil && old.Mode().IsRegular()
	f, err := system.CreateTemp(folder, name, mode)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err == nil && regular && mode != privateMode {
		err = f.Chmod(old.Mode().Perm())
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = f.Rename(name)
	}
	if err != nil {
		return errors.Join(err, f.Remove())
	}
	return nil
}

// replaced is what is there of a file that is to be written: nil, a file, a link or a folder, which the system refuses
// to replace.
func replaced(folder *os.Root, name string) (fs.FileInfo, error) {
	old, missing := folder.Lstat(name)
	switch {
	case missing != nil:
		return nil, nil //nolint:nilnil,nilerr // nothing is there
	case old.Mode().IsRegular(), old.Mode().Type() == fs.ModeSymlink, old.IsDir():
		return old, nil
	}
	return nil, &fs.PathError{Op: "write", Path: name, Err: paths.ErrNotOrdinary}
}

// sweep removes what runs left beside files that were killed while they wrote them. What cannot be removed stays for
// the next run.
func sweep(folder *os.Root, names ...string) {
	entries, err := fs.ReadDir(folder.FS(), ".")
	if err != nil {
		return
	}
	for _, e := range entries {
		of := temporary.FindStringSubmatch(e.Name())
		if of != nil && e.Type().IsRegular() && slices.Contains(names, of[1]) {
			removeAbandoned(folder, e.Name())
		}
	}
}

// removeAbandoned removes a file of the person's own that no run holds.
func removeAbandoned(folder *os.Root, name string) {
	f, err := folder.OpenFile(name, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && isAbandoned(f, info) {
		_ = folder.Remove(name)
	}
}

// isDevice says whether a path names a device. Outside of /dev nobody means one: it is somebody's trap.
func isDevice(path string) bool {
	path = filepath.ToSlash(filepath.Clean(path))
	info, err := os.Stat(path)
	named := strings.HasPrefix(path, "/dev/") || strings.EqualFold(path, os.DevNull)
	return named && err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

func writeDevice(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0) // a pipe may have nobody who reads
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// Append adds a text to a file that other programs write to as well; nothing for no path. The text is told how long the
// file is.
func Append(path string, text func(size int64) string) error {
	if path == "" {
		return nil
	}
	f, err := openToAppend(path)
	if err != nil {
		return WriteProblem(path, err)
	}
	info, err := f.Stat()
	if err == nil {
		_, err = f.WriteString(text(info.Size()))
	}
	return problemOf(path, errors.Join(err, f.Close()))
}

func openToAppend(path string) (*os.File, error) {
	const flags = os.O_APPEND | os.O_WRONLY | syscall.O_NONBLOCK
	if isDevice(path) {
		return os.OpenFile(path, flags, 0)
	}
	folder, name, err := paths.ForWriting(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = folder.Close() }()
	if info, err := folder.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "append", Path: name, Err: paths.ErrNotOrdinary}
	}
	return folder.OpenFile(name, flags|os.O_CREATE, newFileMode)
}
