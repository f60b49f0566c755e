// Command labcheck grades a learning lab: it looks at an AWS account, and says what is right, what is not and how to
// fix it. It never changes anything.
package main

import (
	"os"

	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd"
)

func main() {
	os.Exit(cmd.Main(cmd.System(), standard.Checks()...))
}
