// Package s3 has the checks of S3.
package s3

import (
	"embed"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared"
)

//go:embed *.yaml
var files embed.FS

// Checks returns the checks of this topic.
func Checks() []*checks.Check { return declared.Folder(files) }
