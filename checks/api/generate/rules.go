package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/labcheck/labcheck/checks/api/generate/botocore"
)

// rulesOf are the rules by which a service's endpoint is found, without their documentation, compressed.
func rulesOf(from, service string) ([]byte, error) {
	var set map[string]any
	if _, err := botocore.ReadData(from, service, "endpoint-rule-set-1.json.gz", &set); err != nil {
		return nil, err
	}
	return zip(withoutDocumentation(set))
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
	return zip(partitions)
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

func zip(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
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
