package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/api/generate/botocore"
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

// paginator makes one of a line of pages.txt. What else the answer holds the first page tells for all.
func (s *service2) paginator(operation string, fields []string) (paginator, error) {
	o, ok := s.Operations[operation]
	if !ok || o.Input == nil || o.Output == nil || len(fields) < 3 {
		return paginator{}, errors.New("it is no list")
	}
	p := paginator{InputToken: fields[:1], OutputToken: fields[1:2], ResultKey: fields[2:3]}
	if len(fields) > 3 {
		p.MoreResults = fields[3]
	}
	paged := fields[1:]
	for _, m := range s.Shapes[o.Output.Shape].Members {
		if i := slices.Index(paged, m.name); i >= 0 {
			paged = slices.Delete(slices.Clone(paged), i, i+1)
		} else {
			p.NonAggregateKeys = append(p.NonAggregateKeys, m.name)
		}
	}
	takes := func(m namedReference) bool { return m.name == fields[0] }
	if !slices.ContainsFunc(s.Shapes[o.Input.Shape].Members, takes) || len(paged) > 0 {
		return paginator{}, fmt.Errorf("it has no %s", strings.Join(append(paged, fields[0]), ", "))
	}
	return p, nil
}

type textOrList []string

func (t *textOrList) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		return json.Unmarshal(data, (*[]string)(t))
	}
	*t = make(textOrList, 1)
	return json.Unmarshal(data, &(*t)[0])
}

// readPaginators reads how the lists of a service are paged, by operation. A service may have none.
func readPaginators(from, service string) (map[string]paginator, error) {
	var pages struct{ Pagination map[string]paginator }
	if _, err := botocore.ReadData(from, service, "paginators-1.json", &pages); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	// What the SDKs have beside AWS's own, such as that a member tells the same for every page.
	var extras struct {
		Merge struct {
			Pagination map[string]paginator
		}
	}
	_, err := botocore.ReadData(from, service, "paginators-1.sdk-extras.json", &extras)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	for name, extra := range extras.Merge.Pagination {
		p := pages.Pagination[name]
		p.NonAggregateKeys = append(p.NonAggregateKeys, extra.NonAggregateKeys...)
		pages.Pagination[name] = p
	}
	if pages.Pagination == nil {
		pages.Pagination = map[string]paginator{}
	}
	return pages.Pagination, nil
}
