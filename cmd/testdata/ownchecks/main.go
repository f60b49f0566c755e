// Command ownchecks is labcheck with a check of one's own. This file is all that it takes to put it on the list; the
// check itself is in region_is_on.go, and two-regions.yaml is a lab that uses it.
package main

import (
	"os"

	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd"
)

func main() {
	os.Exit(cmd.Main(cmd.System(), append(standard.Checks(), RegionIsOn)...))
}
