package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Catalogue finds labs by their id: the built-in ones first, then those in folders. A file is named after its lab.
type Catalogue struct {
	Builtin fs.FS
	Dirs    []string // of --labs and LABCHECK_LABS
	// Reserved are the names of the commands, which no lab may have as its id.
	Reserved []string
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

// Find loads the lab of an id, or of a path: a name with a separator or one that ends in .yaml. Like that of Load, the
// result is to be bound, which tells its problems. The errors are a *NotFoundError or Problems.
func (c Catalogue) Find(name string) (*Lab, error) {
	if IsPath(name) {
		data, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &NotFoundError{name}
		}
		if err != nil {
			return nil, Problems{{File: name, Text: fmt.Sprintf("cannot be read: %v", err)}}
		}
		return Load(name, data, c.Reserved...)
	}
	entries, err := c.List()
	if err != nil {
		return nil, err
	}
	var found []Entry
	for _, e := range entries {
		if e.Lab != nil && e.Lab.ID == name || e.Err != nil && stem(e.File) == name {
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

// IsPath says whether a lab is named by its file: with a separator, or ending in .yaml.
func IsPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml")
}

// List loads every lab, in the order of the folders and then of the file names.
func (c Catalogue) List() ([]Entry, error) {
	entries, err := c.listFolder(c.Builtin, "")
	if err != nil {
		return nil, fmt.Errorf("list the built-in labs: %w", err)
	}
	for _, dir := range c.Dirs {
		more, err := c.listFolder(os.DirFS(dir), dir)
		if err != nil {
			return nil, Problems{{File: dir, Text: fmt.Sprintf("cannot be read as a folder of labs: %v", err)}}
		}
		entries = append(entries, more...)
	}
	return entries, nil
}

func (c Catalogue) listFolder(fsys fs.FS, dir string) ([]Entry, error) {
	files, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, f := range files {
		if f.IsDir() || filepath.Ext(f.Name()) != ".yaml" {
			continue
		}
		e := Entry{File: filepath.Join(dir, f.Name())}
		data, err := fs.ReadFile(fsys, f.Name())
		if err == nil {
			e.Lab, e.Err = Load(e.File, data, c.Reserved...)
		} else {
			e.Err = Problems{{File: e.File, Text: fmt.Sprintf("cannot be read: %v", err)}}
		}
		if e.Lab != nil {
			e.Err = e.Lab.Problems()
		}
		entries = append(entries, e)
	}
	return entries, nil
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

func stem(file string) string { return strings.TrimSuffix(filepath.Base(file), ".yaml") }
