// Command ownchecks is labcheck with checks of one's own. This file is all that it takes to put them on the list, and
// to have a practice account on which they can be tried. The checks are in region_is_on.go and key_pairs.go, and
// two-regions.yaml is a lab that uses them.
package main

import (
	"os"

	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

func main() {
	env := cmd.System()
	env.Services = []*wire.Service{Practice()}
	os.Exit(cmd.Main(env, append(standard.Checks(), RegionIsOn, KeyPairExists)...))
}
