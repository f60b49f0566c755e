// Package cloudtrail has the checks of CloudTrail.
package cloudtrail

import (
	"embed"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared"
)

//go:embed *.yaml
var files embed.FS

// Checks returns the checks of this topic.
func Checks() []*checks.Check { return declared.Folder(files) }
