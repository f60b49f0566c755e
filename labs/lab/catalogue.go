package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/declared"
	"github.com/labcheck/labcheck/labs/paths"
)

// Catalogue finds labs by their id: the built-in ones first, then those of folders. A lab is a folder with a lab.yaml,
// or a single file. Both are named after the lab.
type Catalogue struct {
	Builtin fs.FS
	Dirs    []string // of --labs and LABCHECK_LABS
	// Reserved are the names of the commands, which no lab may have as its id.
	Reserved []string
	// Version is that of labcheck, which a lab may require; empty for one that is as new as any.
	Version string
}

// NotFoundError says that there is no lab of a name.
type NotFoundError struct{ Name string }

// Error implements error.
func (e *NotFoundError) Error() string { return fmt.Sprintf("there is no lab %q", e.Name) }

// Entry is a file of the catalogue: its lab, if it could be decoded, and what is wrong with it.
type Entry struct {
	File string
	Lab  *Lab
	Err  error
}

// Find loads the lab of an id, or of a path: a name with a separator or one that ends in .yaml, of the lab file or of
// the lab's folder. Like that of Load, the result is to be bound, which tells its problems. The errors are a
// *NotFoundError or Problems.
func (c Catalogue) Find(name string) (*Lab, error) {
	if IsPath(name) {
		return c.findPath(name)
	}
	entries, err := c.List()
	if err != nil {
		return nil, err
	}
	var found []Entry
	for _, e := range entries {
		if e.Lab != nil && e.Lab.ID == name || e.Err != nil && nameOf(e.File) == name {
			found = append(found, e)
		}
	}
	switch {
	case len(found) == 0:
		return nil, &NotFoundError{name}
	case len(found) > 1:
		return nil, Problems{{File: found[1].File, Text: fmt.Sprintf(
			"the lab id %q is also that of %s; name the file by its path or change one id", name, found[0].File)}}
	}
	if found[0].Lab == nil {
		return nil, found[0].Err
	}
	return found[0].Lab, nil
}

// findPath loads the lab of a path.
func (c Catalogue) findPath(name string) (*Lab, error) {
	if root, err := paths.OpenFolder(name); err == nil {
		_ = root.Close()
		return c.load(folder{dir: filepath.Clean(name)}, labFile)
	}
	data, err := paths.Read(name, MaxFile)
	if err != nil {
		return nil, unreadable(name, err)
	}
	l, err := c.loadData(name, data)
	if err == nil && filepath.Base(name) == labFile {
		l.folder = &folder{dir: filepath.Dir(name)}
	}
	return l, err
}

func (c Catalogue) loadData(name string, data []byte) (*Lab, error) {
	l, err := Load(name, data, c.Reserved...)
	if err != nil {
		return nil, err
	}
	l.dirs = c.Dirs
	if l.needsNewer(c.Version) {
		l.problems = append(Problems{{File: name, At: l.Requires.At, Text: fmt.Sprintf(
			"the lab needs labcheck %s, and this is %s: get a newer one", l.Requires.Text, c.Version)}}, l.problems...)
	}
	return l, nil
}

// load loads a lab file of a folder.
func (c Catalogue) load(in folder, name string) (*Lab, error) {
	file := in.join(name)
	data, err := in.read(name, MaxFile)
	if err != nil {
		return nil, unreadable(file, err)
	}
	l, err := c.loadData(file, data)
	if err == nil && name == labFile {
		l.folder = &in
	}
	return l, err
}

func unreadable(file string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &NotFoundError{file}
	}
	return Problems{{File: file, Text: fmt.Sprintf("cannot be read: %v", err)}}
}

// IsPath says whether a lab is named by its file: with a separator, or ending in .yaml.
func IsPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml")
}

// List loads every lab, in the order of the folders and then of the names in each. A folder that is itself a lab's is
// the list of that one.
func (c Catalogue) List() ([]Entry, error) {
	entries, err := c.listFolder(folder{c.Builtin, "."})
	if err != nil {
		return nil, fmt.Errorf("list the built-in labs: %w", err)
	}
	for _, dir := range c.Dirs {
		more, err := c.listFolder(folder{dir: dir})
		if err != nil {
			return nil, Problems{{File: dir, Text: fmt.Sprintf("cannot be read as a folder of labs: %v", err)}}
		}
		entries = append(entries, more...)
	}
	return entries, nil
}

func (c Catalogue) listFolder(in folder) ([]Entry, error) {
	files, done, err := in.open()
	if err != nil {
		return nil, err
	}
	defer done()
	if isThere(files, labFile) {
		return []Entry{c.entry(in, labFile)}, nil
	}
	list, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, f := range list {
		switch name := f.Name(); {
		case !strings.HasPrefix(name, ".") && isThere(files, path.Join(name, labFile)):
			entries = append(entries, c.entry(folder{in.builtin, in.join(name)}, labFile))
		case !f.IsDir() && path.Ext(name) == ".yaml" && !in.isCheck(name):
			entries = append(entries, c.entry(in, name))
		}
	}
	return entries, nil
}

// isCheck says whether a file of the folder is a check's, by its schema. What cannot be read is not.
func (f folder) isCheck(name string) bool {
	data, err := f.read(name, MaxFile)
	return err == nil && declared.IsCheck(data)
}

func isThere(files fs.FS, name string) bool {
	_, err := fs.Stat(files, name)
	return err == nil
}

// entry loads a lab file of a folder for the list.
func (c Catalogue) entry(in folder, name string) Entry {
	e := Entry{File: in.join(name)}
	e.Lab, e.Err = c.load(in, name)
	if e.Lab != nil {
		e.Err = e.Lab.Problems()
	}
	return e
}

// IDs returns the ids of the labs that can be loaded, sorted.
func (c Catalogue) IDs() []string {
	entries, err := c.List()
	if err != nil {
		return nil
	}
	var ids []string
	for _, e := range entries {
		if e.Err == nil {
			ids = append(ids, e.Lab.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// nameOf is the name of a lab file, or of the lab's folder: what the lab's id should be.
func nameOf(file string) string {
	file = filepath.ToSlash(file)
	if path.Base(file) == labFile {
		return path.Base(path.Dir(file))
	}
	return strings.TrimSuffix(path.Base(file), ".yaml")
}
