package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/labcheck/labcheck/checks/api/generate/botocore"
)

// rulesOf are the rules by which a service's endpoint is found, without their documentation, compressed: a line with
// the parameters and the numbers of the first rules, and then a line for each rule and each condition, which refer to
// one another by number. The rules repeat themselves, and few of them are read to find an endpoint.
func rulesOf(from, service string) ([]byte, error) {
	var set struct {
		Parameters map[string]any
		Rules      []any
	}
	if _, err := botocore.ReadData(from, service, "endpoint-rule-set-1.json.gz", &set); err != nil {
		return nil, err
	}
	withoutDocumentation(set.Parameters)
	withoutDocumentation(set.Rules)
	n := &numberer{numbers: map[string]int{}}
	first := n.all(set.Rules)
	head := toJSON(map[string]any{"parameters": set.Parameters, "rules": first})
	return zip([]byte(head + "\n" + strings.Join(n.lines, "\n")))
}

// A numberer gives each rule and each condition the number of its line.
type numberer struct {
	lines   []string
	numbers map[string]int // by line
}

func (n *numberer) all(list []any) []int {
	numbers := make([]int, len(list))
	for i, v := range list {
		object, _ := v.(map[string]any)
		for _, name := range []string{"conditions", "rules"} {
			if below, ok := object[name].([]any); ok {
				object[name] = n.all(below)
			}
		}
		line := toJSON(object)
		number, known := n.numbers[line]
		if !known {
			number = len(n.lines)
			n.numbers[line] = number
			n.lines = append(n.lines, line)
		}
		numbers[i] = number
	}
	return numbers
}

// partitionsOf are AWS's partitions and their Regions, compressed.
func partitionsOf(from string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(from, "data", "partitions.json"))
	if err != nil {
		return nil, err
	}
	var partitions any
	if err := json.Unmarshal(text, &partitions); err != nil {
		return nil, err
	}
	return zip([]byte(toJSON(partitions)))
}

func withoutDocumentation(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "documentation")
		delete(v, "deprecated")
		for _, value := range v {
			withoutDocumentation(value)
		}
	case []any:
		for _, value := range v {
			withoutDocumentation(value)
		}
	}
	return v
}

func zip(text []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}
