//go:build conformance

package conformance

import (
	"cmp"
	"compress/gzip"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// model is AWS's own description of a service, as it comes with the aws command: which operations there are, and which
// shape their answers have.
// https://github.com/boto/botocore/tree/develop/botocore/data
type model struct {
	Metadata struct {
		EndpointPrefix string       `json:"endpointPrefix"`
		SigningName    string       `json:"signingName"`
		Protocol       string       `json:"protocol"`
		JSONVersion    string       `json:"jsonVersion"`
		Namespace      xmlNamespace `json:"xmlNamespace"`
	} `json:"metadata"`
	Operations map[string]struct {
		Output struct {
			member
			Wrapper string `json:"resultWrapper"`
		} `json:"output"`
		Errors []member `json:"errors"`
	} `json:"operations"`
	Shapes map[string]shape `json:"shapes"`
}

// shape is the form of a value.
type shape struct {
	Type      string            `json:"type"`
	Members   map[string]member `json:"members"` // of a structure
	Required  []string          `json:"required"`
	Member    member            `json:"member"` // of a list
	Flattened bool              `json:"flattened"`
	Key       member            `json:"key"` // of a map
	Value     member            `json:"value"`
	Enum      []string          `json:"enum"`
	Pattern   string            `json:"pattern"`
	Min       *float64          `json:"min"`
	Max       *float64          `json:"max"`
	Fault     bool              `json:"fault"` // of an error: AWS's own
	Error     struct {
		Code   string `json:"code"` // in the Query protocol, if it is not the shape's name
		Status int    `json:"httpStatusCode"`
	} `json:"error"`
	TimestampFormat string `json:"timestampFormat"`
}

// member is a shape where it is used.
type member struct {
	Shape        string `json:"shape"`
	LocationName string `json:"locationName"` // in XML, if it is not the member's name
}

// xmlNamespace is a name, or an object with the name.
type xmlNamespace string

func (n *xmlNamespace) UnmarshalJSON(data []byte) error {
	var object struct {
		URI string `json:"uri"`
	}
	if json.Unmarshal(data, &object) == nil {
		*n = xmlNamespace(object.URI)
		return nil
	}
	return json.Unmarshal(data, (*string)(n))
}

// wireName is the name of a structure's member in XML.
func (s shape) wireName(name string) string { return cmp.Or(s.Members[name].LocationName, name) }

// errorOf finds what an operation's error is, by its code.
func (m *model) errorOf(operation, code string) (shape, bool) {
	for _, e := range m.Operations[operation].Errors {
		s := m.Shapes[e.Shape]
		if e.Shape == code || s.Error.Code == code {
			return s, true
		}
	}
	return shape{}, false
}

// library has the models of the aws command on the PATH. It is safe for concurrent use.
type library struct {
	data string // botocore's folder of models

	mu     sync.Mutex
	models map[string]*model // by signing name
}

func openLibrary(t *testing.T) *library {
	t.Helper()
	command, err := exec.LookPath("aws")
	require.NoError(t, err, "make conformance installs the AWS CLI")
	folders, err := filepath.Glob(filepath.Join(filepath.Dir(command), "..", "lib", "python3*", "site-packages",
		"botocore", "data"))
	require.NoError(t, err)
	require.Len(t, folders, 1, "the models of %s", command)
	return &library{data: folders[0], models: map[string]*model{}}
}

// model finds the description of the service with a name in the scope of signatures, in its newest version.
func (l *library) model(t *testing.T, signed string) *model {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.models[signed] != nil {
		return l.models[signed]
	}
	folder := signed
	if signed == "monitoring" {
		folder = "cloudwatch"
	}
	versions, err := filepath.Glob(filepath.Join(l.data, folder, "*", "service-2.json.gz"))
	require.NoError(t, err)
	require.NotEmpty(t, versions, "no model of the service %q", signed)
	f, err := os.Open(slices.Max(versions)) // versions are dates
	require.NoError(t, err)
	defer f.Close()
	text, err := gzip.NewReader(f)
	require.NoError(t, err)
	m := &model{}
	require.NoError(t, json.NewDecoder(text).Decode(m))
	require.Equal(t, signed, cmp.Or(m.Metadata.SigningName, m.Metadata.EndpointPrefix))
	l.models[signed] = m
	return m
}
