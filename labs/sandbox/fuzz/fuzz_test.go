// Package fuzz_test sends anything to a practice account. It stands in a folder of its own because it needs no client:
// a program that is fuzzed is compiled anew with all that it imports, and AWS's client of EC2 alone takes minutes then.
package fuzz_test

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/ecr"
)

func now() time.Time { return time.Unix(1795410720, 0) }

// signed is what a client of this service signs a request with, as far as an account looks that believes any secret.
func signed(service string) string {
	return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/" + service +
		"/aws4_request, SignedHeaders=host;x-amz-date, Signature=0"
}

// Whatever arrives, an account answers it.
func FuzzRequests(f *testing.F) {
	f.Add(
		"ecr", "AmazonEC2ContainerRegistry_V20150921.DescribeImages", "/", "",
		`{"repositoryName":"a","imageIds":[{}],"filter":{}}`,
	)
	f.Add("iam", "", "/", "", "Action=CreateUser&UserName=a&Tags.member.1.Key=k")
	f.Add(
		"ec2", "", "/", "",
		"Action=DescribeVpcs&Filter.1.Name=is-default&Filter.1.Value.1=true&MaxResults=5&NextToken=x",
	)
	f.Add("monitoring", "", "/service/GraniteServiceVersion20100801/operation/PutMetricAlarm", "rpc-v2-cbor",
		"\xa1iAlarmName`")
	f.Add("sns", "", "/?Action=Subscribe", "", "")
	f.Add("budgets", "AWSBudgetServiceGateway.CreateBudget", "/", "",
		`{"AccountId":"123456789012","Budget":{"BudgetName":"a"},"x":[[[]]]}`)
	account, err := os.ReadFile("../sandboxtest/half-done.json")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, service, target, path, smithy, body string) {
		where, err := url.Parse(path)
		if err != nil {
			t.Skip()
		}
		header := http.Header{}
		header.Set("X-Amz-Target", target)
		header.Set("Smithy-Protocol", smithy)
		header.Set("X-Amz-Date", "20261123T051200Z")
		state, err := sandbox.Parse(account, now())
		require.NoError(t, err)
		request := &http.Request{
			Method: http.MethodPost, Host: "localhost", Header: header, URL: where, Body: io.NopCloser(strings.NewReader(body)),
		}
		header.Set("Authorization", signed(service))
		w := httptest.NewRecorder()
		sandbox.New(state, sandbox.Options{AnySecret: true}).ServeHTTP(w, request.WithContext(t.Context()))
		require.NotZero(t, w.Code)
	})
}

// FuzzRegistry sends anything to a registry that somebody is signed in to.
func FuzzRegistry(f *testing.F) {
	for _, method := range []string{"HEAD", "GET", "POST", "PUT", "PATCH", "DELETE"} {
		for _, path := range []string{
			"/v2/", "/v2", "/v2//", "/v2/docker-api/manifests/latest", "/v2/docker-api/blobs/uploads/", "/v2/a/b/tags/list",
			"/v2/docker-api/tags/x",
		} {
			f.Add(
				"", method, path, "digest=sha256:&n=-1&last=%", "9-3",
				`{"schemaVersion":2,"layers":[{"digest":"a"}],"manifests":[{}]}`,
			)
		}
	}
	f.Add("QVdTOg==", "GET", "/v2/", "", "", "")
	f.Add("QVdTOmUzMD0=", "GET", "/v2/", "", "", "") // {}
	f.Fuzz(func(t *testing.T, login, method, path, query, contentRange, body string) {
		state, err := sandbox.Parse([]byte(oneImage), now(), ecr.WithLayerBytes(1<<16))
		require.NoError(t, err)
		account := sandbox.New(state, sandbox.Options{Now: now, AnySecret: true})
		req := &http.Request{
			Method: method, URL: &url.URL{Path: path, RawQuery: query}, Host: "127.0.0.1",
			Body: io.NopCloser(strings.NewReader(body)),
			Header: http.Header{
				"Authorization": {"Basic " + cmp.Or(login, password(t, account))}, "Content-Range": {contentRange},
				"Range": {contentRange}, "Content-Type": {query},
			},
		}
		w := httptest.NewRecorder()
		account.ServeHTTP(w, req.WithContext(t.Context()))
		require.Less(t, w.Code, 500, w.Body)
		account.Snapshot() // whatever was pushed can be kept
	})
}

// oneImage is an account with one image in a registry.
const oneImage = `{
	"account": "123456789012",
	"caller": {
		"arn": "arn:aws:iam::123456789012:user/alice", "userId": "AIDAEXAMPLEALICE",
		"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	},
	"root": {},
	"regions": {"us-east-1": {"ecr": {"repositories": [{"name": "docker-api", "created": "-72h", "images": [
		{"tags": ["latest"], "pushed": "-48h", "platforms": ["linux/amd64"], "size": 190000000}
	]}]}}}
}`

// password signs in to the registry of an account.
func password(t *testing.T, account *sandbox.Account) string {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/", strings.NewReader("{}"))
	request.Header.Set("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken")
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Date", "20261123T051200Z")
	request.Header.Set("Authorization", signed("ecr"))
	w := httptest.NewRecorder()
	account.ServeHTTP(w, request)
	var answer struct {
		AuthorizationData []struct {
			AuthorizationToken string `json:"authorizationToken"`
		} `json:"authorizationData"`
	}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer), w.Body)
	require.Len(t, answer.AuthorizationData, 1, w.Body)
	return answer.AuthorizationData[0].AuthorizationToken
}

// FuzzObjects sends anything to S3.
func FuzzObjects(f *testing.F) {
	f.Add("PUT", "tfstate.localhost", "/a?versionId=x", "*", "STREAMING-", "1\r\na\r\n0\r\n\r\n")
	f.Add("PUT", "localhost", "/tfstate?versioning", "", "", "<VersioningConfiguration><Status>Enabled</Status>")
	f.Add("POST", "localhost", "/tfstate?delete", "", "", "<Delete><Object><Key>a</Key></Object><Object/></Delete>")
	f.Add("GET", "localhost", "/tfstate?list-type=2&max-keys=0&delimiter=&prefix=%ff", "", "", "")
	f.Add("GET", "localhost", "/tfstate?versions&max-keys=1&key-marker=a", "", "", "")
	f.Add("PUT", "localhost", "/tfstate?policy", "", "", `{"Statement":[{"Effect":"Allow","Principal":["*"]}]}`)
	f.Fuzz(func(t *testing.T, method, host, path, none, digest, body string) {
		where, err := url.Parse(path)
		if err != nil {
			t.Skip()
		}
		state, err := sandbox.Parse([]byte(`{"account":"123456789012",
			"caller":{"arn":"a","accessKeyId":"AKIAIOSFODNN7EXAMPLE",
			"secretAccessKey":"x"},"root":{},"s3":{"buckets":[{"name":"tfstate","region":"us-east-1","created":"-1h",
			"versioning":"Suspended","objects":[{"key":"a","version":"1","modified":"-1h","body":"x"},
			{"key":"a","modified":"-1m","deleted":true}]}]}}`), now())
		require.NoError(t, err)
		account := sandbox.New(state, sandbox.Options{AnySecret: true})
		header := http.Header{}
		header.Set("Authorization", signed("s3"))
		header.Set("X-Amz-Date", "20261123T051200Z")
		header.Set("If-None-Match", none)
		header.Set("X-Amz-Content-Sha256", digest)
		request := &http.Request{
			Method: method, Host: host, Header: header, URL: where, Body: io.NopCloser(strings.NewReader(body)),
		}
		w := httptest.NewRecorder()
		account.ServeHTTP(w, request.WithContext(t.Context()))
		require.NotZero(t, w.Code)
		account.Snapshot() // what is kept can be read again
	})
}
