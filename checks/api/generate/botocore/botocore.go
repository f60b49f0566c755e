// Package botocore reads AWS's models out of botocore's Python package, for the programs that generate from them.
package botocore

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

var version = regexp.MustCompile(`(?m)^__version__ = '([^']+)'`)

// Read reads a service's newest model. The source is what it is from, such as "botocore 1.44.8, s3/2006-03-01".
func Read(folder, service string, model any) (source string, err error) {
	about, err := os.ReadFile(filepath.Join(folder, "__init__.py"))
	if err != nil {
		return "", err
	}
	found := version.FindSubmatch(about)
	if found == nil {
		return "", fmt.Errorf("%s does not say its version", folder)
	}
	path, err := ReadData(folder, service, "service-2.json.gz", model)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("botocore %s, %s/%s", found[1], service, filepath.Base(filepath.Dir(path))), nil
}

// ReadData reads a file of the newest version of a service. The error is os.ErrNotExist where it has none.
func ReadData(folder, service, name string, into any) (path string, err error) {
	files, err := filepath.Glob(filepath.Join(folder, "data", service, "*", name))
	if err != nil {
		return "", err
	}
	if len(files) == 0 {
		return "", &os.PathError{Op: "find", Path: service + "/" + name, Err: os.ErrNotExist}
	}
	path = slices.Max(files)
	text, err := os.ReadFile(path)
	if err != nil {
		return path, err
	}
	if filepath.Ext(name) == ".gz" {
		unpacked, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			return path, err
		}
		if text, err = io.ReadAll(unpacked); err != nil {
			return path, err
		}
	}
	if err := json.Unmarshal(text, into); err != nil {
		return path, fmt.Errorf("%s: %w", path, err)
	}
	return path, nil
}
