// Package lambda has the checks of Lambda.
package lambda

import (
	"embed"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared"
)

//go:embed *.yaml
var files embed.FS

// Checks returns the checks of this topic.
func Checks() []*checks.Check { return declared.Folder(files) }
