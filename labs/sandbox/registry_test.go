package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	practiceecr "github.com/labcheck/labcheck/labs/sandbox/ecr"
	"github.com/labcheck/labcheck/labs/sandbox/iam"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// emptyRepository is a repository as `aws ecr create-repository` makes it.
const emptyRepository = `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h"}]}}`

// A registry is a practice account that is served behind a port, as docker knows it.
type registry struct {
	t       *testing.T
	account *sandbox.Account
	server  *httptest.Server
	host    string
	cfg     aws.Config
	now     time.Time
}

// serveRegistry serves a practice account whose us-east-1 holds regional.
func serveRegistry(t *testing.T, regional string, options sandbox.Options, own ...*wire.Service) *registry {
	t.Helper()
	state, err := sandbox.Parse(stateWith(regional), now, own...)
	require.NoError(t, err)
	return serveState(t, state, options)
}

func serveState(t *testing.T, state *sandbox.State, options sandbox.Options) *registry {
	t.Helper()
	g := &registry{t: t, now: now}
	options.Now = func() time.Time { return g.now }
	g.account = sandbox.New(state, options)
	g.server = httptest.NewServer(g.account)
	t.Cleanup(g.server.Close)
	g.host = strings.TrimPrefix(g.server.URL, "http://")
	g.cfg = config(g.account)
	g.cfg.HTTPClient, g.cfg.BaseEndpoint = g.server.Client(), &g.server.URL
	return g
}

// password is what `aws ecr get-login-password --region REGION` prints.
func (g *registry) password(region string) string {
	g.t.Helper()
	cfg := g.cfg.Copy()
	cfg.Region = region
	out, err := ecr.NewFromConfig(cfg).GetAuthorizationToken(g.t.Context(), nil)
	require.NoError(g.t, err)
	token, err := base64.StdEncoding.DecodeString(*out.AuthorizationData[0].AuthorizationToken)
	require.NoError(g.t, err)
	password, ok := strings.CutPrefix(string(token), "AWS:")
	require.True(g.t, ok)
	return password
}

// An exchange is one request to a registry as a client writes it, and what came back.
type exchange struct {
	status int
	header http.Header
	body   string
}

// do sends one request, signed in with a password unless that is empty. The headers come as name, value, name, value.
func (g *registry) do(method, path, password, body string, headers ...string) exchange {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), method, g.server.URL+path, strings.NewReader(body))
	require.NoError(g.t, err)
	if password != "" {
		req.SetBasicAuth("AWS", password)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := g.server.Client().Do(req)
	require.NoError(g.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(g.t, err)
	require.Equal(g.t, "registry/2.0", resp.Header.Get("Docker-Distribution-Api-Version"))
	require.Equal(g.t, "true", resp.Header.Get("X-Labcheck-Simulated"))
	return exchange{status: resp.StatusCode, header: resp.Header, body: string(text)}
}

func TestRegistryWantsItsPassword(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{})
	password := g.password("us-east-1")
	require.Equal(t, 200, g.do("GET", "/v2/", password, "").status)

	got := g.do("GET", "/v2/", "", "")
	require.Equal(t, 401, got.status)
	require.Equal(t, `Basic realm="`+g.server.URL+`/",service="ecr.amazonaws.com"`, got.header.Get("WWW-Authenticate"))
	for _, path := range []string{
		"/v2/docker-api/manifests/latest", "/v2/docker-api/blobs/uploads/", "/v2/no/such/thing",
	} {
		require.Equal(t, 401, g.do("GET", path, "", "").status, path)
	}
	for _, bad := range []string{"password", "e30=", password[:len(password)-8], resealed(
		t, g.password("eu-west-1"), password,
	)} {
		require.Equal(t, 400, g.do("GET", "/v2/", bad, "").status, bad)
	}
	require.Equal(t, 401, g.do("GET", "/v2/", "", "", "Authorization", "Bearer "+password).status)

	g.now = now.Add(12*time.Hour - time.Second)
	require.Equal(t, 200, g.do("GET", "/v2/", password, "").status)
	g.now = now.Add(12 * time.Hour)
	got = g.do("GET", "/v2/", password, "")
	require.Equal(t, 403, got.status)
	require.Contains(t, got.body, "Your authorization token has expired. Reauthenticate and try again.")
}

// resealed is a password with what another one stands for: somebody tried to open another registry with it.
func resealed(t *testing.T, password, other string) string {
	t.Helper()
	read := func(password string) map[string]any {
		text, err := base64.StdEncoding.DecodeString(password)
		require.NoError(t, err)
		var fields map[string]any
		require.NoError(t, json.Unmarshal(text, &fields))
		return fields
	}
	forged := read(password)
	forged["payload"] = read(other)["payload"]
	text, err := json.Marshal(forged)
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(text)
}

func TestPasswordOfAnotherAccountOpensNothing(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{})
	state, err := sandbox.Parse(stateWith(emptyRepository), now)
	require.NoError(t, err)
	state.Caller.SecretAccessKey = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"
	other := serveState(t, state, sandbox.Options{})
	require.Equal(t, 200, other.do("GET", "/v2/", other.password("us-east-1"), "").status)
	require.Equal(t, 400, g.do("GET", "/v2/", other.password("us-east-1"), "").status)
}

func TestPasswordsOfTwoAccountsBehindOneAddress(t *testing.T) {
	first := serveRegistry(t, emptyRepository, sandbox.Options{})
	state, err := first.account.Snapshot().Renumber("210987654321")
	require.NoError(t, err)
	practiceecr.Part.From(state, "us-east-1", true).Repositories[0].Name = "second-api"
	second := serveState(t, state, sandbox.Options{})
	passwords := []string{first.password("us-east-1"), second.password("us-east-1")}

	server := sandbox.NewServer(sandbox.ServerOptions{})
	require.NoError(t, server.Add(first.account))
	require.NoError(t, server.Add(second.account))
	first.server.Config.Handler = server
	for i, repository := range []string{"docker-api", "second-api"} {
		path := "/v2/" + repository + "/tags/list"
		require.Equal(t, 200, first.do("GET", path, passwords[i], "").status)
		other := first.do("GET", path, passwords[1-i], "")
		require.Equal(t, 404, other.status)
		require.Contains(t, other.body, []string{"210987654321", "123456789012"}[i])
	}
	require.Equal(t, 401, first.do("GET", "/v2/", "", "").status)
	require.Equal(t, 400, first.do("GET", "/v2/", "password", "").status)
	state, err = first.account.Snapshot().Renumber("000000000001")
	require.NoError(t, err)
	stranger := serveState(t, state, sandbox.Options{})
	require.Equal(t, 400, first.do("GET", "/v2/", stranger.password("us-east-1"), "").status)
}

func TestPasswordIsForOneRegion(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{})
	require.Equal(t, 200, g.do("GET", "/v2/docker-api/tags/list", g.password("us-east-1"), "").status)
	require.Equal(t, 404, g.do("GET", "/v2/docker-api/tags/list", g.password("eu-west-1"), "").status)
}

func TestPasswordHasThePermissionsOfItsCaller(t *testing.T) {
	state, err := sandboxtest.Load("finished", now)
	require.NoError(t, err)
	identities := iam.Part.From(state, "", true)
	identities.Groups[0].Attached = nil
	identities.Users[0].Inline = map[string]json.RawMessage{"pull": json.RawMessage(`{"Statement": {
		"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}}`)}
	g := serveState(t, state, sandbox.Options{})
	password := g.password("us-east-1")
	require.Equal(t, 200, g.do("GET", "/v2/docker-api/manifests/latest", password, "").status)
	push := g.do("POST", "/v2/docker-api/blobs/uploads/", password, "")
	require.Equal(t, 403, push.status)
	require.Contains(
		t, push.body,
		"User: arn:aws:iam::123456789012:user/alice is not authorized to perform: ecr:InitiateLayerUpload",
	)
	require.Equal(
		t, 403, g.do("GET", "/v2/docker-apiatest/tags/list", password, "").status,
		"whoever may not look does not learn what is there",
	)
}

func TestLayerInChunks(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{})
	password := g.password("us-east-1")
	begun := g.do("POST", "/v2/docker-api/blobs/uploads/", password, "")
	require.Equal(t, 202, begun.status)
	place := begun.header.Get("Location")

	first := g.do("PATCH", place, password, "hello ", "Content-Range", "0-5")
	require.Equal(t, 202, first.status)
	require.Equal(t, "0-5", first.header.Get("Range"))
	require.Equal(t, 416, g.do("PATCH", place, password, "world", "Content-Range", "9-13").status)
	second := g.do("PATCH", place, password, "wor", "Content-Range", "6-8")
	require.Equal(t, "0-8", second.header.Get("Range"))
	require.Equal(t, 400, g.do("PUT", place, password, "ld").status, "no digest")
	done := g.do("PUT", place+"?digest="+digestOf("hello world"), password, "ld")
	require.Equal(t, 201, done.status)
	require.Equal(t, digestOf("hello world"), done.header.Get("Docker-Content-Digest"))
	require.Equal(t, 404, g.do("PATCH", place, password, "more").status, "the upload is over")

	layer := done.header.Get("Location")
	require.Equal(t, "11", g.do("HEAD", layer, password, "").header.Get("Content-Length"))
	require.Equal(t, "hello world", g.do("GET", layer, password, "").body)
	part := g.do("GET", layer, password, "", "Range", "bytes=6-")
	require.Equal(t, 206, part.status)
	require.Equal(t, "world", part.body)
}

func TestLayerInOnePiece(t *testing.T) {
	g := serveRegistry(
		t,
		`{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h"}, {"name": "team/other", "created": "-72h"}]}}`,
		sandbox.Options{},
	)
	password := g.password("us-east-1")
	done := g.do("POST", "/v2/docker-api/blobs/uploads/?digest="+digestOf("hello"), password, "hello")
	require.Equal(t, 201, done.status)
	require.Equal(t, "hello", g.do("GET", done.header.Get("Location"), password, "").body)

	// Docker sends the whole layer with PATCH and its digest with an empty PUT.
	place := g.do("POST", "/v2/team/other/blobs/uploads/", password, "").header.Get("Location")
	require.Equal(t, 202, g.do("PATCH", place, password, "docker").status)
	require.Equal(t, 201, g.do("PUT", place+"?digest="+digestOf("docker"), password, "").status)
	require.Equal(t, "docker", g.do("GET", "/v2/team/other/blobs/"+digestOf("docker"), password, "").body)

	require.Equal(
		t, 404, g.do("HEAD", "/v2/team/other/blobs/"+digestOf("hello"), password, "").status,
		"a layer is in one repository",
	)
	mounted := g.do("POST", "/v2/team/other/blobs/uploads/?mount="+digestOf("hello")+"&from=docker-api", password, "")
	require.Equal(t, 202, mounted.status, "layers are not mounted, but uploaded again")

	bad := g.do("POST", "/v2/docker-api/blobs/uploads/?digest="+digestOf("hello"), password, "other")
	require.Equal(t, 400, bad.status)
	require.Contains(t, bad.body, "DIGEST_INVALID")
	require.Equal(t, 204, g.do("DELETE", mounted.header.Get("Location"), password, "").status)
	require.Equal(t, 404, g.do("DELETE", mounted.header.Get("Location"), password, "").status)
}

func TestLayersOfPushesThatNeverEndedAreGivenUp(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{}, practiceecr.WithLayerBytes(10))
	upload := func(content string) exchange {
		return g.do("POST", "/v2/docker-api/blobs/uploads/?digest="+digestOf(content), g.password("us-east-1"), content)
	}
	asked := func(content string) int {
		return g.do("HEAD", "/v2/docker-api/blobs/"+digestOf(content), g.password("us-east-1"), "").status
	}
	require.Equal(t, 201, upload("aaaaa").status)
	require.Equal(t, 201, upload("aaaaa").status, "the same again is no second layer")
	g.now = g.now.Add(25 * time.Hour)
	require.Equal(t, 200, asked("aaaaa"))
	full := upload("bbbbbb")
	require.Equal(t, 403, full.status, "a client that was told of a layer counts on it")
	require.Contains(t, full.body, "Delete an image")
	g.now = g.now.Add(25 * time.Hour)
	require.Equal(t, 201, upload("bbbbbb").status)
	require.Equal(t, 404, asked("aaaaa"))
}

// A client that begins and never goes on is forgotten: soon where there are many, and after an hour in any case.
func TestAbandonedUploadsAreForgotten(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{}, practiceecr.WithLayerBytes(10))
	password := g.password("us-east-1")
	begin := func() exchange { return g.do("POST", "/v2/docker-api/blobs/uploads/", password, "") }
	first := begin().header.Get("Location")
	require.Equal(t, 202, g.do("PATCH", first, password, "aaaaaaaaaa").status)
	for range 127 {
		require.Equal(t, 202, begin().status)
	}
	require.Equal(t, 429, begin().status)
	g.now = g.now.Add(time.Minute)
	require.Equal(t, 429, begin().status, "a minute is not over")
	g.now = g.now.Add(time.Second)
	second := begin().header.Get("Location")
	require.Equal(t, 404, g.do("PATCH", first, password, "").status)
	require.Equal(t, 202, g.do("PATCH", second, password, "bbbbbbbbbb").status, "its bytes are given up as well")
	g.now = g.now.Add(time.Hour + time.Second)
	require.Equal(t, 202, begin().status)
	require.Equal(t, 404, g.do("PATCH", second, password, "").status)
}

func TestManifestWithoutItsLayers(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{})
	password := g.password("us-east-1")
	text := *putImage("docker-api", "", "one").ImageManifest
	put := func(target, manifest string) exchange {
		return g.do(
			"PUT", "/v2/docker-api/manifests/"+target, password, manifest, "Content-Type",
			"application/vnd.docker.distribution.manifest.v2+json",
		)
	}
	missing := put("latest", text)
	require.Equal(t, 400, missing.status)
	require.Contains(t, missing.body, "MANIFEST_BLOB_UNKNOWN")
	require.Contains(
		t, missing.body,
		"required for pushing image into repository with name 'docker-api' in the registry with id '123456789012' do not "+
			"exist",
	)

	require.Equal(t, 201, g.do("POST", "/v2/docker-api/blobs/uploads/?digest="+digestOf("one"), password, "one").status)
	require.Contains(t, put(digestOf("another"), text).body, "MANIFEST_INVALID")
	require.Contains(t, put("-bad-", text).body, "UNSUPPORTED")
	require.Contains(t, put("latest", "{").body, "Invalid JSON syntax")
	require.Contains(t, put("latest", "{\"schemaVersion\":2,\"a\":\"\xff\"}").body, "Invalid JSON syntax", "not UTF-8")
	require.Equal(t, 201, put("latest", text).status)
	require.Equal(t, 201, put(digestOf(text), text).status)
	head := g.do("HEAD", "/v2/docker-api/manifests/latest", password, "")
	require.Equal(t, digestOf(text), head.header.Get("Docker-Content-Digest"))
	require.Equal(t, fmt.Sprint(len(text)), head.header.Get("Content-Length"))
	require.Equal(t, 405, g.do("DELETE", "/v2/docker-api/manifests/latest", password, "").status)
}
