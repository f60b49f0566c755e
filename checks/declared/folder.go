package declared

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
)

// Folder returns the checks of a topic's folder, in the order of their ids. A file is named after the id, and is read
// when its check is looked up.
func Folder(files fs.FS) []*checks.Check {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil // of the pattern alone
	}
	list := make([]*checks.Check, len(names))
	for i, name := range names {
		id := strings.TrimSuffix(name, ".yaml")
		list[i] = checks.Later(id, func() *checks.Check { return fromFolder(files, name, id) })
	}
	return list
}

// fromFolder reads a check that is built in. A test holds that none of them is broken.
func fromFolder(files fs.FS, name, id string) *checks.Check {
	data, err := fs.ReadFile(files, name)
	if err == nil {
		var f *File
		if f, err = Load(name, data); err == nil && f.ID == id {
			return f.Check
		}
	}
	broken := fmt.Errorf("the check %s that is built in cannot be read: %w", id, err)
	return checks.Declare(checks.Declaration{ID: id, Title: id, Bind: func(map[string]any) (
		func(*facts.View) (checks.Result, error), error,
	) {
		return nil, broken
	}})
}
