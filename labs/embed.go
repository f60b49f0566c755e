// Package labs embeds the labs that come with labcheck: the YAML files of this folder.
package labs

import "embed"

// Files holds the built-in labs, each named after its id.
//
//go:embed *.yaml
var Files embed.FS
