package workstation_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// A machine is made of a file system, variables and programs; Local makes the real one.
func ExampleNew() {
	machine := workstation.New(workstation.Options{
		Home: fstest.MapFS{".aws/config": {Data: []byte("[default]\nregion = eu-west-1\n")}},
		GOOS: "linux",
	})
	session := facts.NewSession(context.Background(), facts.Options{Doors: []facts.Door{facts.Open(machine)}})
	view := session.View(facts.Site{}, []facts.Source{workstation.CLI}, nil)
	cli, err := workstation.CLI.Get(view, workstation.CLIKey{})
	fmt.Println(cli.Config.Path, cli.Profiles[0].Region, cli.Credentials.Exists, err)
	// Output: ~/.aws/config eu-west-1 false <nil>
}
