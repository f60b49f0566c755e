//go:build conformance

package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"
)

// A place is a question about an endpoint.
type place struct {
	Service   string         `json:"service"`
	Operation string         `json:"operation"`
	Region    string         `json:"region"`
	FIPS      bool           `json:"fips"`
	DualStack bool           `json:"dualstack"`
	Endpoint  string         `json:"endpoint,omitempty"`
	Params    map[string]any `json:"params"`
}

// places are every service in six Regions of three partitions, plain, FIPS, dual stack and both, and the ways in which
// S3 names a bucket.
func places(t *testing.T) []place {
	var all []place
	add := func(service, operation string, params map[string]any) {
		for _, region := range []string{
			"us-east-1", "eu-west-1", "ap-southeast-2", "cn-north-1", "us-gov-west-1", "us-gov-east-1",
		} {
			for _, fips := range []bool{false, true} {
				for _, dual := range []bool{false, true} {
					all = append(all, place{service, operation, region, fips, dual, "", params})
				}
			}
			all = append(all, place{service, operation, region, false, false, "http://localhost:4566", params})
			all = append(all, place{service, operation, region, false, false, "https://10.1.2.3/base", params})
		}
	}
	for _, service := range Services() {
		for _, name := range Operations(service) {
			o, err := Find(service + ":" + name)
			require.NoError(t, err)
			add(service, name, required(o.Input))
			if service != "s3" && service != "s3control" && service != "dynamodb" {
				break // the rules of the others know no operations
			}
		}
	}
	for _, bucket := range []string{
		"my-bucket", "my.bucket", "My_Bucket", "ab", "10.1.2.3", "a..b",
		"arn:aws:s3:us-east-1:123456789012:accesspoint/my-point", "arn:aws:s3:eu-west-1:123456789012:accesspoint/my-point",
		"arn:aws:s3:us-east-1:123456789012:accesspoint:my-point", "my-point-0123456789abcdefghijklmnopqrst-s3alias",
	} {
		add("s3", "ListObjectsV2", map[string]any{"Bucket": bucket})
		add("s3", "GetObjectTagging", map[string]any{"Bucket": bucket, "Key": "a key/with ü+and%20"})
	}
	return all
}

// AWS's own rules, evaluated here, give the endpoints and the signatures that botocore makes of them.
func TestConformanceOfEndpoints(t *testing.T) {
	botocore, ok := os.LookupEnv("BOTOCORE")
	require.True(t, ok, "BOTOCORE is the folder of botocore's package: make conformance")
	all := places(t)
	var in bytes.Buffer
	for _, p := range all {
		require.NoError(t, json.NewEncoder(&in).Encode(p))
	}
	python := exec.Command("python3", "testdata/endpoints.py")
	python.Env = append(os.Environ(), "PYTHONPATH="+filepath.Dir(botocore), "AWS_CONFIG_FILE=/dev/null")
	python.Stdin, python.Stderr = &in, os.Stderr
	out, err := python.Output()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	require.Len(t, lines, len(all))
	different, refused, rules := 0, 0, &Rules{}
	for i, p := range all {
		var want struct{ URL, Method, Region, Name, Error string }
		require.NoError(t, json.Unmarshal([]byte(lines[i]), &want))
		got, method, address := ask(t, p, rules)
		if want.Error != "" {
			refused++
		}
		if (want.Error == "") != (got != nil) || got != nil &&
			(want.URL != address || want.Method != method || want.Region != got.SigningRegion || want.Name != got.SigningName) {
			different++
			question, _ := json.Marshal(p)
			t.Errorf("%s\n  botocore %s\n  we       %v %s %v", question, lines[i], method, address, got)
		}
	}
	t.Logf("%d endpoints of %d services, %d of them none; %d different", len(all), len(Services()), refused, different)
}

// ask returns the endpoint and the address of a request; nil if there is none.
func ask(t *testing.T, p place, rules *Rules) (end *Endpoint, method, address string) {
	o, err := Find(p.Service + ":" + p.Operation)
	require.NoError(t, err)
	in, problems := o.CheckInput(p.Params)
	require.Empty(t, problems, o)
	found, err := o.Endpoint(p.Region, Settings{p.Endpoint, p.FIPS, p.DualStack, rules}, in)
	if err != nil {
		return nil, err.Error(), ""
	}
	codec, err := o.codec(o.protocol(true)) // CBOR has a path for each operation; botocore chooses JSON
	require.NoError(t, err)
	schema := o.schema(&Selection{shape: o.Output})
	r, _ := smithyhttp.NewStackRequest().(*smithyhttp.Request)
	require.NoError(t, codec.SerializeRequest(t.Context(), schema, &input{o.Input, schema.Input, in}, r))
	require.NoError(t, found.Apply(r))
	if r.Method == "" {
		r.Method = http.MethodPost
	}
	u := *r.URL
	u.RawQuery = ""
	return &found, r.Method, u.String()
}
