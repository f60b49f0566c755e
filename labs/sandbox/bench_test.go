package sandbox_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// In process a call is the transport of AWS's own client: what it costs is what `labcheck LAB --sandbox` waits for.
func BenchmarkCallInProcess(b *testing.B) {
	state, err := sandboxtest.Load("finished", now)
	require.NoError(b, err)
	calls := perProtocol(config(sandbox.New(state, sandbox.Options{ForgetCalls: true})))
	for _, service := range []string{"iam", "ecr", "ec2", "cloudwatch"} {
		b.Run(service, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, calls[service](b.Context()))
			}
		})
	}
}

// Requests per second of one account over loopback. The clients are as quick as can be, and sign once: they have the
// machine in common with the server.
func BenchmarkServe(b *testing.B) {
	state, err := sandboxtest.Load("finished", now)
	require.NoError(b, err)
	account := sandbox.New(state, sandbox.Options{ForgetCalls: true})
	c := serve(b, account)
	c.web.Client().Transport.(*http.Transport).MaxIdleConnsPerHost = 64
	for name, request := range map[string]struct{ service, target, body string }{
		"sts:GetCallerIdentity": {service: "sts", body: "Action=GetCallerIdentity&Version=2011-06-15"},
		"iam:GetAccountSummary": {service: "iam", body: "Action=GetAccountSummary&Version=2010-05-08"},
		"ecr:DescribeImages": {
			service: "ecr", target: "AmazonEC2ContainerRegistry_V20150921.DescribeImages",
			body: `{"repositoryName":"docker-api"}`,
		},
		"ec2:DescribeSubnets":    {service: "ec2", body: "Action=DescribeSubnets&Version=2016-11-15"},
		"logs:DescribeLogGroups": {service: "logs", target: "Logs_20140328.DescribeLogGroups", body: `{}`},
	} {
		b.Run(name, func(b *testing.B) {
			signed := c.signed(b, account, request.service, request.target, request.body)
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					req := signed.Clone(b.Context())
					req.Body = io.NopCloser(strings.NewReader(request.body))
					resp, err := c.web.Client().Do(req)
					if err != nil || resp.StatusCode != http.StatusOK {
						b.Error(resp, err)
						return
					}
					_, err = io.Copy(io.Discard, resp.Body)
					if err != nil || resp.Body.Close() != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
		})
	}
}

// signed is a request with its signature.
func (c *classroom) signed(b *testing.B, account *sandbox.Account, service, target, body string) *http.Request {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, c.web.URL+"/", strings.NewReader(body))
	require.NoError(b, err)
	if target != "" {
		req.Header.Set("X-Amz-Target", target)
		req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	}
	creds, err := config(account).Credentials.Retrieve(b.Context())
	require.NoError(b, err)
	digest := sha256.Sum256([]byte(body))
	require.NoError(b, v4.NewSigner().SignHTTP(
		b.Context(), creds, req, hex.EncodeToString(digest[:]), service, "us-east-1", time.Now(),
	))
	return req
}

// Memory of a class: accounts as they are when they have been made, and when each has been asked once by every service.
func BenchmarkAccounts(b *testing.B) {
	const accounts = 1000
	for _, name := range sandboxtest.States() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				before := heap()
				c := open(b, name)
				for i := range accounts {
					c.add(b, name, fmt.Sprintf("%012d", 100000000000+i))
				}
				c.configs = nil // and with them the clients
				made := heap() - before
				for _, account := range c.accounts {
					c.configs = append(c.configs, c.config(account))
				}
				for _, cfg := range c.configs {
					for service, call := range perProtocol(cfg) {
						if err := call(b.Context()); service != "sns" &&
							service != "budgets" { // which name another account
							require.NoError(b, err)
						}
					}
				}
				c.configs = nil
				asked := heap() - before
				b.ReportMetric(float64(made)/accounts, "bytes/account-made")
				b.ReportMetric(float64(asked)/accounts, "bytes/account-asked")
				runtime.KeepAlive(c)
			}
		})
	}
}

// heap is how much memory is in use.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
