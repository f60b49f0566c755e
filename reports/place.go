package reports

import (
	"cmp"
	"path"
)

// Path is where the lab file is in a repository, in one line and never empty: File, or the place to which labcheck init
// writes it.
func (l Lab) Path() string {
	return cmp.Or(Clean(l.File), path.Join(".labcheck", Clean(l.ID)+".yaml"))
}
