package sandbox_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// classroom is a server with one account per number, all in the same state, and how each caller asks.
type classroom struct {
	server   *sandbox.Server
	web      *httptest.Server
	accounts []*sandbox.Account
	configs  []aws.Config
}

func open(t testing.TB, state string, numbers ...string) *classroom {
	t.Helper()
	c := serve(t)
	for _, number := range numbers {
		c.add(t, state, number)
	}
	return c
}

// serve serves accounts.
func serve(t testing.TB, accounts ...*sandbox.Account) *classroom {
	t.Helper()
	c := &classroom{server: sandbox.NewServer(sandbox.ServerOptions{})}
	c.web = httptest.NewServer(c.server)
	t.Cleanup(c.web.Close)
	for _, account := range accounts {
		require.NoError(t, c.server.Add(account))
		c.accounts, c.configs = append(c.accounts, account), append(c.configs, c.config(account))
	}
	return c
}

// add serves one more account.
func (c *classroom) add(t testing.TB, state, number string) {
	t.Helper()
	loaded, err := sandboxtest.Load(state, now)
	require.NoError(t, err)
	loaded, err = loaded.Renumber(number)
	require.NoError(t, err)
	account := sandbox.New(loaded, sandbox.Options{Now: func() time.Time { return now }, ForgetCalls: true})
	require.NoError(t, c.server.Add(account))
	c.accounts, c.configs = append(c.accounts, account), append(c.configs, c.config(account))
}

// config is how an account's caller asks the server.
func (c *classroom) config(account *sandbox.Account) aws.Config {
	cfg := config(account)
	cfg.HTTPClient, cfg.BaseEndpoint = c.web.Client(), &c.web.URL
	return cfg
}

// with is a configuration with another access key.
func with(cfg aws.Config, id, secret, token string) aws.Config {
	cfg.Credentials = credentials.NewStaticCredentialsProvider(id, secret, token)
	return cfg
}

func TestAccountsAreKeptApart(t *testing.T) {
	numbers := []string{"111122223333", "444455556666", "777788889999"}
	c := open(t, "half-done", numbers...)
	var wait sync.WaitGroup
	for i, cfg := range c.configs {
		wait.Go(func() {
			for j := range 4 {
				_, err := ecr.NewFromConfig(cfg).CreateRepository(t.Context(), &ecr.CreateRepositoryInput{
					RepositoryName: aws.String(fmt.Sprintf("of-%s/%d", numbers[i], j)),
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	for i, cfg := range c.configs {
		who, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil)
		require.NoError(t, err)
		require.Equal(t, "arn:aws:iam::"+numbers[i]+":user/alice", *who.Arn)
		list, err := ecr.NewFromConfig(cfg).DescribeRepositories(t.Context(), nil)
		require.NoError(t, err)
		var names []string
		for _, repository := range list.Repositories {
			require.Equal(t, numbers[i], *repository.RegistryId)
			names = append(names, *repository.RepositoryName)
		}
		want := []string{"docker-api", "docker-apiatest"}
		for j := range 4 {
			want = append(want, fmt.Sprintf("of-%s/%d", numbers[i], j))
		}
		require.ElementsMatch(t, want, names)
	}
}

func TestAnAccountIsServedOnce(t *testing.T) {
	c := open(t, "finished", "111122223333")
	state, err := sandboxtest.Load("finished", now)
	require.NoError(t, err)
	again, err := state.Renumber("111122223333")
	require.NoError(t, err)
	require.ErrorContains(t, c.server.Add(sandbox.New(again, sandbox.Options{})), "111122223333")

	require.NoError(t, c.server.Add(sandbox.New(state, sandbox.Options{})))
	other, err := sandboxtest.Load("half-done", now)
	require.NoError(t, err)
	other.Account = "444455556666"
	require.ErrorContains(
		t, c.server.Add(sandbox.New(other, sandbox.Options{})), "another practice account has the same access key",
	)
}

// What each service answers to a caller whom it does not believe.
func TestSignaturesAreChecked(t *testing.T) {
	c := open(t, "finished", "111122223333")
	id, secret, token := c.accounts[0].Credentials()
	unknown := map[string]string{
		"iam": "InvalidClientTokenId", "ecr": "UnrecognizedClientException", "ec2": "AuthFailure",
		"cloudwatch": "UnrecognizedClientException", "sns": "InvalidClientTokenId",
		"budgets": "UnrecognizedClientException",
	}
	wrong := map[string]string{
		"iam": "SignatureDoesNotMatch", "ecr": "InvalidSignatureException", "ec2": "AuthFailure",
		"cloudwatch": "InvalidSignatureException", "sns": "SignatureDoesNotMatch",
		"budgets": "InvalidSignatureException",
	}
	tampered := c.configs[0]
	tampered.HTTPClient = doer(func(req *http.Request) (*http.Response, error) {
		req.Header.Set("X-Amz-User-Agent", "somebody in the middle")
		body, err := io.ReadAll(req.Body)
		require.NoError(t, err)
		body = append(body, ' ')
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return c.web.Client().Do(req)
	})
	for name, test := range map[string]struct {
		cfg  aws.Config
		want map[string]string
	}{
		"another account's key":            {with(c.configs[0], "AKIAIOSFODNN7EXAMPLE", secret, token), unknown},
		"a session token of nobody":        {with(c.configs[0], id, secret, "EXAMPLE"), unknown},
		"a wrong secret":                   {with(c.configs[0], id, secret+"x", token), wrong},
		"a request changed on its way":     {tampered, wrong},
		"and the right secret, in the end": {c.configs[0], nil},
	} {
		t.Run(name, func(t *testing.T) {
			for service, call := range perProtocol(test.cfg) {
				if service == "budgets" && test.want == nil {
					continue // the call names another account
				}
				err := call(t.Context())
				if test.want == nil && service != "sns" { // whose call names a topic of another account
					require.NoError(t, err, service)
				} else if test.want != nil {
					requireCode(t, test.want[service], err)
				}
			}
		})
	}
}

// The signer of the SDK, at any time: five minutes are as far as clocks may be apart.
func TestSignaturesGetOld(t *testing.T) {
	state, err := sandboxtest.Load("finished", now)
	require.NoError(t, err)
	account := sandbox.New(state, sandbox.Options{Now: func() time.Time { return now }})
	server := sandbox.NewServer(sandbox.ServerOptions{Now: func() time.Time { return now }})
	require.NoError(t, server.Add(account))
	creds, err := config(account).Credentials.Retrieve(t.Context())
	require.NoError(t, err)
	const body = "Action=GetCallerIdentity&Version=2011-06-15"
	digest := sha256.Sum256([]byte(body))
	for age, want := range map[time.Duration]string{
		0:                "<GetCallerIdentityResponse",
		5 * time.Minute:  "<GetCallerIdentityResponse",
		-5 * time.Minute: "<GetCallerIdentityResponse",
		5*time.Minute + time.Second: "<Code>SignatureDoesNotMatch</Code><Message>Signature expired: 20261123T050659Z " +
			"is now earlier than 20261123T050700Z (20261123T051200Z - 5 min.)</Message>",
		-6 * time.Minute: "<Code>SignatureDoesNotMatch</Code><Message>Signature not yet current: 20261123T051800Z is " +
			"still later than 20261123T051700Z (20261123T051200Z + 5 min.)</Message>",
	} {
		req := httptest.NewRequest(http.MethodPost, "http://localhost/", strings.NewReader(body))
		require.NoError(t, v4.NewSigner().SignHTTP(
			t.Context(), creds, req, hex.EncodeToString(digest[:]), "sts", "us-east-1", now.Add(-age),
		))
		w := httptest.NewRecorder()
		server.ServeHTTP(w, req)
		require.Contains(t, w.Body.String(), want, age)
		require.Equal(t, now.Format(http.TimeFormat), w.Header().Get("Date"))
	}
}

func TestIncompleteSignatures(t *testing.T) {
	c := open(t, "finished", "111122223333")
	for header, code := range map[string]string{
		"": "MissingAuthenticationToken",
		"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/sts/aws4_request": "IncompleteSignature",
		"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/sts, SignedHeaders=host;x-amz-date, " +
			"Signature=0": "IncompleteSignature",
		"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/sts/aws4_request, SignedHeaders=host, " +
			"Signature=0": "IncompleteSignature",
		"Basic QWxhZGRpbg==": "IncompleteSignature",
		"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/sts/aws4_request, " +
			"SignedHeaders=host;x-amz-date, Signature=0": "InvalidClientTokenId",
	} {
		req := httptest.NewRequest(http.MethodPost, "http://localhost/", strings.NewReader("Action=GetCallerIdentity"))
		req.Header.Set("Authorization", header)
		w := httptest.NewRecorder()
		c.server.ServeHTTP(w, req)
		require.Contains(t, w.Body.String(), "<Code>"+code+"</Code>", header)
	}
}

// A key works from the moment that it is issued until it is switched off or deleted, for whom it was issued.
func TestIssuedKeysAreRouted(t *testing.T) {
	c := open(t, "half-done", "111122223333", "444455556666")
	ctx := t.Context()
	for i, cfg := range c.configs {
		client := iam.NewFromConfig(cfg)
		_, err := client.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("bob")})
		require.NoError(t, err)
		made, err := client.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("bob")})
		require.NoError(t, err)
		bob := sts.NewFromConfig(with(cfg, *made.AccessKey.AccessKeyId, *made.AccessKey.SecretAccessKey, ""))
		who, err := bob.GetCallerIdentity(ctx, nil)
		require.NoError(t, err)
		require.Equal(t, "arn:aws:iam::"+[]string{"111122223333", "444455556666"}[i]+":user/bob", *who.Arn)

		for _, status := range []string{"Inactive", "Active"} {
			_, err = client.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{
				UserName: aws.String("bob"), AccessKeyId: made.AccessKey.AccessKeyId, Status: types.StatusType(status),
			})
			require.NoError(t, err)
			_, err = bob.GetCallerIdentity(ctx, nil)
			require.Equal(t, status == "Active", err == nil)
		}
		_, err = client.DeleteAccessKey(
			ctx, &iam.DeleteAccessKeyInput{UserName: aws.String("bob"), AccessKeyId: made.AccessKey.AccessKeyId},
		)
		require.NoError(t, err)
		_, err = bob.GetCallerIdentity(ctx, nil)
		requireCode(t, "InvalidClientTokenId", err)
	}
	// The key that the account came with is no exception.
	id, _, _ := c.accounts[0].Credentials()
	_, err := iam.NewFromConfig(c.configs[0]).DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{AccessKeyId: &id})
	require.NoError(t, err)
	_, err = sts.NewFromConfig(c.configs[0]).GetCallerIdentity(ctx, nil)
	requireCode(t, "InvalidClientTokenId", err)
}

func TestRootKeysCallAsRoot(t *testing.T) {
	c := open(t, "fresh", "111122223333")
	made, err := iam.NewFromConfig(c.configs[0]).CreateAccessKey(t.Context(), nil)
	require.NoError(t, err)
	root := with(c.configs[0], *made.AccessKey.AccessKeyId, *made.AccessKey.SecretAccessKey, "")
	who, err := sts.NewFromConfig(root).GetCallerIdentity(t.Context(), nil)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::111122223333:root", *who.Arn)
}

// Credentials of an assumed role end, and AWS says that they have.
func TestSessionsEnd(t *testing.T) {
	state, err := sandboxtest.Load("half-done", now)
	require.NoError(t, err)
	clock := now
	account := sandbox.New(state, sandbox.Options{Now: func() time.Time { return clock }})
	cfg, ctx := config(account), t.Context()
	role, err := iam.NewFromConfig(cfg).CreateRole(ctx, &iam.CreateRoleInput{
		RoleName:                 aws.String("reader"),
		AssumeRolePolicyDocument: aws.String(`{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}`),
	})
	require.NoError(t, err)
	assume := func() aws.Config {
		session, err := sts.NewFromConfig(
			cfg,
		).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: role.Role.Arn, RoleSessionName: aws.String("x")})
		require.NoError(t, err)
		c := session.Credentials
		return with(cfg, *c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)
	}
	first := sts.NewFromConfig(assume())
	_, err = first.GetCallerIdentity(ctx, nil)
	require.NoError(t, err)
	clock = clock.Add(time.Hour + time.Second)
	_, err = first.GetCallerIdentity(ctx, nil)
	requireCode(t, "ExpiredToken", err)
	clock = clock.Add(24 * time.Hour)
	assume() // which forgets what ended a day ago
	_, err = first.GetCallerIdentity(ctx, nil)
	requireCode(t, "InvalidClientTokenId", err)
}

// What is served can not be mistaken for AWS, whatever is asked.
func TestServedAnswersSayThatTheyAreSimulated(t *testing.T) {
	c := open(t, "finished", "111122223333")
	check := func(header http.Header) {
		require.Equal(t, "labcheck practice account", header.Get("Server"))
		require.Equal(t, "true", header.Get("X-Labcheck-Simulated"))
	}
	cfg := c.configs[0]
	cfg.HTTPClient = doer(func(req *http.Request) (*http.Response, error) {
		resp, err := c.web.Client().Do(req)
		if err == nil {
			check(resp.Header)
		}
		return resp, err
	})
	for service, call := range perProtocol(cfg) {
		err := call(t.Context())
		require.True(t, err == nil || service == "sns" || service == "budgets", service) // which name another account
	}
	for _, path := range []string{
		"/", "/?Action=ListUsers", "/v2/", "/v2", "/labcheck", "/labcheck/simulate", "/latest/meta-data/",
	} {
		w := httptest.NewRecorder()
		c.server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
		check(w.Header())
	}
}

var subnetID = regexp.MustCompile(`subnet-[0-9a-f]{17}`)

// Reads leave no trace, wherever they look: a class of accounts must not grow by being graded.
func TestReadsDoNotGrowTheState(t *testing.T) {
	c := open(t, "fresh", "111122223333")
	before := written(t, c.accounts[0])
	for _, region := range []string{"us-east-1", "eu-west-1", "sa-east-1"} {
		cfg := c.configs[0]
		cfg.Region = region
		for service, call := range perProtocol(cfg) {
			if service != "sns" && service != "budgets" {
				require.NoError(t, call(t.Context()))
			}
		}
		first, err := askEC2(t.Context(), cfg, "DescribeSubnets")
		require.NoError(t, err)
		second, err := askEC2(t.Context(), cfg, "DescribeSubnets")
		require.NoError(t, err)
		require.NotEmpty(t, subnetID.FindAllString(first, -1))
		require.Equal(t, subnetID.FindAllString(first, -1), subnetID.FindAllString(second, -1))
	}
	require.Equal(t, before, written(t, c.accounts[0]))
}

func written(t *testing.T, account *sandbox.Account) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, account.Snapshot().Write(&b))
	return b.String()
}

func post(t *testing.T, h http.Handler, path, from string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "http://localhost"+path, nil)
	req.RemoteAddr = from
	for name, values := range header {
		req.Header[name] = values
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}
