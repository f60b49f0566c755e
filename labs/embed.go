// Package labs embeds the labs that come with labcheck: each is a folder here, named after its id.
package labs

import (
	"embed"
	"fmt"
)

// Files holds the built-in labs: ID/lab.yaml and what goes with it.
//
//go:embed */*.yaml */accounts/*.json
var Files embed.FS

// First is the id of the first built-in lab. It stands where an example or a default is needed: no code knows a lab's
// id.
func First() string {
	folders, err := Files.ReadDir(".")
	if err != nil || len(folders) == 0 { // what is embedded is there
		panic(fmt.Sprintf("no built-in lab: %v", err))
	}
	return folders[0].Name()
}
