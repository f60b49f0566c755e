// Package labs embeds the labs that come with labcheck: each is a folder here, named after its id.
package labs

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
)

// Files holds the built-in labs: ID/lab.yaml and what goes with it.
//
//go:embed */*.yaml */accounts/*.json
var Files embed.FS

// First is the id of the lab that stands where an example or a default is needed: no code knows a lab's id. It is the
// first built-in one with a demonstration class, so that a lab which comes before it in the alphabet does not move it.
func First() string {
	classes, err := fs.Glob(Files, "*/class.yaml")
	if err != nil || len(classes) == 0 { // what is embedded is there
		panic(fmt.Sprintf("no built-in lab has a class.yaml: %v", err))
	}
	return path.Dir(classes[0])
}
