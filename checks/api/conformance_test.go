//go:build conformance

package api

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/fxamacker/cbor/v2"
	"github.com/stretchr/testify/assert"
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
		if p.Service == "savingsplans" && p.FIPS {
			continue // it has no such endpoint: what is signed for one stands in botocore's own older table
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

// What botocore writes and reads in CBOR, and another encoder writes, we write and read alike: of every operation of
// the services that speak it.
func TestConformanceOfCBOR(t *testing.T) {
	botocore, ok := os.LookupEnv("BOTOCORE")
	require.True(t, ok, "BOTOCORE is the folder of botocore's package: make conformance")
	var in bytes.Buffer
	for _, service := range Services() {
		for _, name := range Operations(service) {
			o, err := Find(service + ":" + name)
			require.NoError(t, err)
			if slices.Contains(o.Protocols, protocolCBOR) {
				require.NoError(t, json.NewEncoder(&in).Encode(
					map[string]any{"service": service, "operation": name, "times": 24}))
			}
		}
	}
	python := exec.Command("python3", "testdata/cbor.py")
	python.Env = append(os.Environ(), "PYTHONPATH="+filepath.Dir(botocore), "AWS_CONFIG_FILE=/dev/null")
	python.Stdin, python.Stderr = &in, os.Stderr
	out, err := python.Output()
	require.NoError(t, err)
	answers, requests, refusals, services := 0, 0, 0, map[string]bool{}
	for line := range strings.Lines(string(out)) {
		var c cborCase
		require.NoError(t, json.Unmarshal([]byte(line), &c))
		o, err := Find(c.Service + ":" + c.Operation)
		require.NoError(t, err)
		services[c.Service] = true
		switch {
		case c.Path != "":
			requests++
			c.asks(t, o)
		case c.Code != "":
			refusals++
			_, err := o.askIn(t.Context(), c.door(t, http.StatusBadRequest), "us-east-1", Settings{Rules: &Rules{}}, nil,
				o.Everything())
			var coded smithy.APIError
			if assert.ErrorAs(t, err, &coded, line) {
				assert.Equal(t, c.Code, coded.ErrorCode(), line)
			}
		default:
			answers++
			got, err := o.askIn(t.Context(), c.door(t, http.StatusOK), "us-east-1", Settings{Rules: &Rules{}}, nil,
				o.Everything())
			if assert.NoError(t, err, line) {
				assert.Equal(t, o.Everything().Prune(c.Answer), got, line)
			}
		}
	}
	t.Logf("%d answers, %d errors and %d requests of %d services", answers, refusals, requests, len(services))
}

// A cborCase is an answer that botocore read, an error, or a request that it wrote.
type cborCase struct {
	Service, Operation, Code, Path string
	Body, Request                  string // in base 16
	Answer, Input                  map[string]any
}

func (c *cborCase) door(t *testing.T, status int) *answers {
	t.Helper()
	body, err := hex.DecodeString(c.Body)
	require.NoError(t, err)
	return &answers{pages: []page{{status, map[string]string{
		"Content-Type": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor",
	}, string(body)}}}
}

// asks writes the same request, and compares what it says, whatever the order.
func (c *cborCase) asks(t *testing.T, o *Operation) {
	t.Helper()
	in, problems := o.CheckInput(c.Input)
	require.Empty(t, problems, "%s %v", o, c.Input)
	codec, err := o.codec(protocolCBOR)
	require.NoError(t, err)
	schema := o.schema(o.Everything())
	r, _ := smithyhttp.NewStackRequest().(*smithyhttp.Request)
	ctx := middleware.WithOperationName(t.Context(), o.Name)
	require.NoError(t, codec.SerializeRequest(ctx, schema, &input{o.Input, schema.Input, o.withDefaults(in)}, r))
	body, err := io.ReadAll(r.GetStream())
	require.NoError(t, err)
	expected, err := hex.DecodeString(c.Request)
	require.NoError(t, err)
	var want, got any
	require.NoError(t, cbor.Unmarshal(expected, &want))
	require.NoError(t, cbor.Unmarshal(body, &got))
	assert.Equal(t, want, got, "%s %v", o, c.Input)
	assert.Equal(t, c.Path, r.URL.Path)
}
