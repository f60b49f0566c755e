package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/paths"
)

// labFile is the name of the lab file in a lab's folder. What else the folder holds is optional.
const labFile = "lab.yaml"

// accountsFolder holds a lab's practice accounts, NAME.json each.
const accountsFolder = "accounts"

// The practice accounts of a lab that have a meaning: it is graded on each of them by its laws.
const (
	Fresh    = "fresh"     // as the lab begins
	HalfDone = "half-done" // what a demonstration shows
	Finished = "finished"  // full marks
)

// maxAccount is the largest file of a practice account, in bytes.
const maxAccount = 16 << 20

// folder is where files are found that nobody named one by one: on the disk, or among the built-in ones.
type folder struct {
	builtin fs.FS  // nil on the disk
	dir     string // its path, in builtin with slashes
}

// join is the path of a file of the folder, for messages.
func (f folder) join(name string) string {
	if f.builtin != nil {
		return path.Join(f.dir, name)
	}
	return filepath.Join(f.dir, filepath.FromSlash(name))
}

// open gives the files to read. On the disk no link leads out of the folder. The caller calls done.
func (f folder) open() (files fs.FS, done func(), err error) {
	if f.builtin != nil {
		files, err = fs.Sub(f.builtin, f.dir)
		return files, func() {}, err
	}
	root, err := paths.OpenFolder(f.dir)
	if err != nil {
		return nil, nil, err
	}
	return paths.Files(root), func() { _ = root.Close() }, nil
}

// read reads a file of at most so many bytes. The error is an fs.ErrNotExist where there is none.
func (f folder) read(name string, most int64) ([]byte, error) {
	files, done, err := f.open()
	if err != nil {
		return nil, err
	}
	defer done()
	return paths.ReadIn(files, name, most)
}

// Accounts names the lab's own practice accounts, from the fresh one to the finished one and then by name. A lab in a
// single file has none.
func (l *Lab) Accounts() ([]string, error) {
	if l.folder == nil {
		return nil, nil
	}
	files, done, err := l.folder.open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.folder.dir, err)
	}
	defer done()
	entries, err := fs.ReadDir(files, accountsFolder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", l.folder.join(accountsFolder), err)
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".json"); ok && idPattern.MatchString(name) {
			names = append(names, name)
		}
	}
	known := []string{Finished, HalfDone, Fresh} // the others come after them
	slices.SortStableFunc(names, func(a, b string) int {
		return slices.Index(known, b) - slices.Index(known, a)
	})
	return names, nil
}

// Account reads a practice account of the lab, as JSON. file is its path, for messages.
func (l *Lab) Account(name string) (data []byte, file string, err error) {
	if l.folder == nil {
		return nil, "", fmt.Errorf("the lab %s has no practice accounts of its own", l.ID)
	}
	within := path.Join(accountsFolder, name+".json")
	file = l.folder.join(within)
	data, err = l.folder.read(within, maxAccount)
	if err != nil {
		return nil, file, fmt.Errorf("read the practice account: %w", err)
	}
	return data, file, nil
}
