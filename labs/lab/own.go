package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared"
	"github.com/labcheck/labcheck/checks/nearest"
)

// maxOwnChecks is how many check files a folder may hold.
const maxOwnChecks = 200

// CheckFile is a check file of a folder, with the check if it could be read, and what is wrong with it.
type CheckFile struct {
	File string
	ID   string // as the file says it, also where something else is wrong
	data []byte
	Err  error // of type Problems
}

// Load reads the check.
func (c CheckFile) Load() (*declared.File, error) {
	if c.Err != nil {
		return nil, c.Err
	}
	return declared.Load(c.File, c.data)
}

// checkFiles are the check files of a folder: those whose schema is a check's, in the order of their names.
func (f folder) checkFiles() []CheckFile {
	files, done, err := f.open()
	if err != nil {
		return nil // told where the folder is read for its labs
	}
	defer done()
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil
	}
	var found []CheckFile
	for _, e := range entries {
		if e.IsDir() || path.Ext(e.Name()) != ".yaml" || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		data, err := f.read(e.Name(), MaxFile)
		if err != nil || !declared.IsCheck(data) {
			continue // it is none, or it is told as a lab that cannot be read
		}
		c := CheckFile{File: f.join(e.Name()), ID: declared.IDOf(data), data: data}
		if len(found) == maxOwnChecks {
			tooMany := fmt.Sprintf("the folder holds more than %d checks", maxOwnChecks)
			c.data, c.Err = nil, Problems{{File: c.File, Text: tooMany}}
			return append(found, c)
		}
		found = append(found, c)
	}
	return found
}

// CheckFiles are the check files of the catalogue: those of its folders, and those of the labs in them.
func (c Catalogue) CheckFiles() []CheckFile {
	var found []CheckFile
	for _, dir := range c.Dirs {
		in := folder{dir: dir}
		found = append(found, in.checkFiles()...)
		files, done, err := in.open()
		if err != nil {
			continue
		}
		entries, err := fs.ReadDir(files, ".")
		if err == nil {
			for _, e := range entries {
				if !strings.HasPrefix(e.Name(), ".") && isThere(files, path.Join(e.Name(), labFile)) {
					found = append(found, folder{dir: in.join(e.Name())}.checkFiles()...)
				}
			}
		}
		done()
	}
	return found
}

// ownChecks are the checks that a lab can use beside the registry's: those of its folder, and of the folders of labs.
// Only those that a step names are read. Whatever is wrong with them is a problem of the lab, too.
type ownChecks struct {
	registry *checks.Registry
	files    []CheckFile
	loaded   map[string]*checks.Check
	problems Problems
}

func (l *Lab) ownChecks(registry *checks.Registry) *ownChecks {
	o := &ownChecks{registry: registry, loaded: map[string]*checks.Check{}}
	if l.folder != nil {
		o.files = l.folder.checkFiles()
	}
	for _, dir := range l.dirs {
		if l.folder == nil || l.folder.builtin != nil || l.folder.dir != dir {
			o.files = append(o.files, folder{dir: dir}.checkFiles()...)
		}
	}
	first := map[string]string{}
	for _, c := range o.files {
		switch other, twice := first[c.ID]; {
		case c.ID == "":
		case slices.Contains(registry.IDs(), c.ID):
			o.problems = append(o.problems, Problem{File: c.File, Text: fmt.Sprintf(
				"the id %q is that of a check that comes with labcheck; choose another", c.ID)})
		case twice:
			o.problems = append(o.problems, Problem{File: c.File, Text: fmt.Sprintf(
				"the check %q is also in %s; change one id", c.ID, other)})
		default:
			first[c.ID] = c.File
		}
	}
	return o
}

// lookup finds a check by its id. A check whose file is broken is found, and is nil.
func (o *ownChecks) lookup(id string) (check *checks.Check, ok bool) {
	if c, ok := o.registry.Lookup(id); ok {
		return c, true
	}
	if c, ok := o.loaded[id]; ok {
		return c, true
	}
	i := slices.IndexFunc(o.files, func(c CheckFile) bool { return c.ID == id && id != "" })
	if i < 0 {
		return nil, false
	}
	f, err := o.files[i].Load()
	var problems Problems
	switch {
	case errors.As(err, &problems):
		o.problems = append(o.problems, problems...)
	case err == nil:
		check = f.Check
	}
	o.loaded[id] = check
	return check, true
}

// ids are the ids of all checks.
func (o *ownChecks) ids() []string {
	ids := slices.Clone(o.registry.IDs())
	for _, c := range o.files {
		ids = append(ids, c.ID)
	}
	return ids
}

// didYouMean is the nearest of all ids.
func (o *ownChecks) didYouMean(id string) string { return nearest.DidYouMean(id, o.ids()) }
