// Command generate writes the Go types of what the operations of a service of the practice account take and answer,
// from AWS's own models. Nothing of a service is written by hand but what its operations do.
//
//	go run github.com/labcheck/labcheck/labs/sandbox/wire/generate FOLDER...
//	go run github.com/labcheck/labcheck/labs/sandbox/wire/generate -botocore DIR FOLDER...
//
// A folder holds the package of one service. The operations are those that its Go files list: wire.Op("Name", …) and
// wire.Change("Name", …). With -botocore, the folder of botocore's Python package, model.json is written first: the
// part of AWS's model that these operations need. types.go is written from model.json alone, without a network and
// without botocore.
//
// To add an operation, write its line in the service's list, run the command with -botocore ("make models" does for the
// services here), and write the function.
//
// A structure of AWS that a state keeps as it is gets the names of JSON as well, which are AWS's with a small letter. A
// comment in the service's package says so, and which names are others in a state file; "-" is a member that no state
// file has:
//
//	//wire:keep Notification NotificationType=type NotificationState=state
//
// A member that AWS leaves out of some answers although its model requires it is made optional by a comment, too:
//
//	//wire:optional User.UserName
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	botocore := flag.String("botocore", "", "the `folder` of botocore's Python package, to write model.json anew")
	flag.Parse()
	for _, folder := range flag.Args() {
		if err := generate(folder, *botocore); err != nil {
			fmt.Fprintln(os.Stderr, "generate:", err)
			os.Exit(1)
		}
	}
}

// The files of a service that are not written by hand.
const (
	modelFile = "model.json"
	typesFile = "types.go"
)

// generate writes the generated files of one service.
func generate(folder, botocore string) error {
	if botocore != "" {
		text, err := prune(folder, botocore)
		if err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
		if err := os.WriteFile(filepath.Join(folder, modelFile), text, 0o644); err != nil {
			return err
		}
	}
	text, err := types(folder)
	if err != nil {
		return fmt.Errorf("%s: %w", folder, err)
	}
	return os.WriteFile(filepath.Join(folder, typesFile), text, 0o644)
}
