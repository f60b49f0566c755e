package main

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

// A service2 is a model of botocore, service-2.json.
type service2 struct {
	Metadata struct {
		EndpointPrefix, SigningName, TargetPrefix, XMLNamespace, JSONVersion, Protocol, ServiceID, APIVersion string

		Protocols          []string
		AWSQueryCompatible json.RawMessage
	}
	Operations map[string]operation
	Shapes     map[string]shape
}

type operation struct {
	HTTP          struct{ Method, RequestURI string }
	Input, Output *reference
	Errors        []reference
	Endpoint      struct{ HostPrefix string }
	Auth          []string
	AuthType      string

	StaticContextParams    map[string]struct{ Value any }
	OperationContextParams map[string]struct{ Path string }
}

// A shape is a shape of botocore.
type shape struct {
	Type            string
	Required        []string
	Members         members
	Member          *reference
	Key             *reference
	Value           *reference
	Flattened       bool
	Sensitive       bool
	Payload         string
	TimestampFormat string
	Enum            []string
	Document        bool
	EventStream     bool
	Streaming       bool
	LocationName    string
	Error           struct{ Code string }
}

// A reference is a use of a shape.
type reference struct {
	Shape            string
	LocationName     string
	Location         string
	QueryName        string
	ResultWrapper    string
	Flattened        bool
	Streaming        bool
	XMLAttribute     bool
	IdempotencyToken bool
	JSONValue        bool
	ContextParam     struct{ Name string }
}

// members are the members of a structure in the file's order.
type members []namedReference

type namedReference struct {
	name string
	reference
}

// UnmarshalJSON keeps the order.
func (m *members) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		r := namedReference{name: name.(string)}
		if err := d.Decode(&r.reference); err != nil {
			return fmt.Errorf("member %s: %w", r.name, err)
		}
		*m = append(*m, r)
	}
	return nil
}

// A paginator says how the pages of an operation follow one another.
type paginator struct {
	InputToken       textOrList `json:"input_token"`
	OutputToken      textOrList `json:"output_token"`
	MoreResults      string     `json:"more_results"`
	ResultKey        textOrList `json:"result_key"`
	NonAggregateKeys []string   `json:"non_aggregate_keys"`
}

type textOrList []string

func (t *textOrList) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		return json.Unmarshal(data, (*[]string)(t))
	}
	*t = make(textOrList, 1)
	return json.Unmarshal(data, &(*t)[0])
}

var botocoreVersion = regexp.MustCompile(`(?m)^__version__ = '([^']+)'`)

// readBotocore reads a service's newest model out of botocore's Python package.
func readBotocore(botocore, service string) (whole *service2, source string, err error) {
	about, err := os.ReadFile(filepath.Join(botocore, "__init__.py"))
	if err != nil {
		return nil, "", err
	}
	version := botocoreVersion.FindSubmatch(about)
	if version == nil {
		return nil, "", fmt.Errorf("%s does not say its version", botocore)
	}
	whole = &service2{}
	path, err := readData(botocore, service, "service-2.json.gz", whole)
	if err != nil {
		return nil, "", err
	}
	return whole, fmt.Sprintf("botocore %s, %s/%s", version[1], service, filepath.Base(filepath.Dir(path))), nil
}

// readPaginators reads how the lists of a service are paged, by operation. A service may have none.
func readPaginators(botocore, service string) (map[string]paginator, error) {
	var pages struct{ Pagination map[string]paginator }
	if _, err := readData(botocore, service, "paginators-1.json", &pages); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	// What the SDKs have beside AWS's own, such as that a member tells the same for every page.
	var extras struct {
		Merge struct {
			Pagination map[string]paginator
		}
	}
	if _, err := readData(botocore, service, "paginators-1.sdk-extras.json", &extras); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	for name, extra := range extras.Merge.Pagination {
		p := pages.Pagination[name]
		p.NonAggregateKeys = append(p.NonAggregateKeys, extra.NonAggregateKeys...)
		pages.Pagination[name] = p
	}
	return pages.Pagination, nil
}

// readData reads a file of the newest version of a service.
func readData(botocore, service, name string, into any) (path string, err error) {
	files, err := filepath.Glob(filepath.Join(botocore, "data", service, "*", name))
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
