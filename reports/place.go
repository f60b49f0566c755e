package reports

import (
	"cmp"
	"path"
)

// Path is where the lab file is in a repository, never empty: File, or the place to which labcheck init writes it.
func (l Lab) Path() string { return cmp.Or(l.File, path.Join(".labcheck", l.ID+".yaml")) }
