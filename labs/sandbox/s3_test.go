package sandbox_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// An s3Client asks S3 of a practice account as any client does: with a signature over what it sends.
type s3Client struct {
	*testing.T
	account *sandbox.Account
	host    string
	region  string
	digest  string // what is signed in place of the body's digest
}

func newS3(t *testing.T) *s3Client {
	t.Helper()
	account, _ := practice(t, `{}`)
	return &s3Client{T: t, account: account, host: "127.0.0.1:4580", region: "us-east-1"}
}

// ask sends a request and returns the answer and its body. Each header is "Name: value".
func (c *s3Client) ask(method, target, body string, headers ...string) (*http.Response, string) {
	c.Helper()
	req := httptest.NewRequestWithContext(c.Context(), method, "http://"+c.host+target, strings.NewReader(body))
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		req.Header.Set(name, value)
	}
	digest := c.digest
	if digest == "" {
		sum := sha256.Sum256([]byte(body))
		digest = hex.EncodeToString(sum[:])
	}
	req.Header.Set("X-Amz-Content-Sha256", digest)
	creds, err := config(c.account).Credentials.Retrieve(c.Context())
	require.NoError(c, err)
	require.NoError(c, v4.NewSigner().SignHTTP(c.Context(), creds, req, digest, "s3", c.region, now,
		func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }))
	answer, err := c.account.RoundTrip(req)
	require.NoError(c, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(c, err)
	return answer, string(text)
}

// does sends a request that must be answered with this status, and returns the body.
func (c *s3Client) does(status int, method, target, body string, headers ...string) string {
	c.Helper()
	answer, text := c.ask(method, target, body, headers...)
	require.Equal(c, status, answer.StatusCode, text)
	return text
}

const versioningOn = `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
	`<Status>Enabled</Status></VersioningConfiguration>`

func TestBuckets(t *testing.T) {
	c := newS3(t)
	require.Contains(t, c.does(404, "GET", "/tfstate/?versioning", ""), "<Code>NoSuchBucket</Code>")
	c.does(200, "PUT", "/tfstate", "")
	c.does(200, "PUT", "/tfstate", "") // in us-east-1 that is no error
	require.Contains(t, c.does(400, "PUT", "/No", ""), "InvalidBucketName")
	require.Contains(t, c.does(400, "PUT", "/other", `<CreateBucketConfiguration>`+
		`<LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>`), "IllegalLocationConstraint")
	require.Contains(t, c.does(200, "GET", "/?x-id=ListBuckets", ""), "<Bucket><Name>tfstate</Name><CreationDate>2026-")
	require.Contains(t, c.does(200, "GET", "/tfstate?location", ""),
		`<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>`)
	answer, text := c.ask("HEAD", "/tfstate", "")
	require.Equal(t, "us-east-1", answer.Header.Get("X-Amz-Bucket-Region"))
	require.Empty(t, text)

	c.region = "eu-west-1"
	answer, text = c.ask("GET", "/tfstate?versioning", "")
	require.Equal(t, http.StatusMovedPermanently, answer.StatusCode, "the bucket is in another Region")
	require.Equal(t, "us-east-1", answer.Header.Get("X-Amz-Bucket-Region"))
	require.Contains(t, text, "PermanentRedirect")
	c.does(200, "PUT", "/euro", `<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>`+
		`</CreateBucketConfiguration>`)
	c.region = "us-east-1"
	require.Contains(t, c.does(200, "GET", "/euro?location", ""), ">eu-west-1</LocationConstraint>")

	c.does(200, "PUT", "/tfstate/a", "x")
	require.Contains(t, c.does(409, "DELETE", "/tfstate", ""), "BucketNotEmpty")
	c.does(204, "DELETE", "/tfstate/a", "")
	c.does(204, "DELETE", "/tfstate", "")
	c.does(404, "HEAD", "/tfstate", "")
	require.Contains(t, c.does(501, "GET", "/euro?cors", ""), "NotImplemented")
}

func TestBucketSettings(t *testing.T) {
	c := newS3(t)
	c.does(200, "PUT", "/tfstate", "")
	require.NotContains(t, c.does(200, "GET", "/tfstate?versioning", ""), "Status", "never switched on")
	c.does(200, "PUT", "/tfstate?versioning", versioningOn)
	require.Contains(t, c.does(200, "GET", "/tfstate?versioning", ""), "<Status>Enabled</Status>")

	require.Contains(t, c.does(200, "GET", "/tfstate?publicAccessBlock", ""), "<BlockPublicAcls>true</BlockPublicAcls>",
		"as every bucket since April 2023")
	const everybody = `{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}`
	require.Contains(t, c.does(403, "PUT", "/tfstate?policy", everybody), "prevented by the BlockPublicPolicy setting")
	c.does(204, "DELETE", "/tfstate?publicAccessBlock", "")
	require.Contains(t, c.does(404, "GET", "/tfstate?publicAccessBlock", ""), "NoSuchPublicAccessBlockConfiguration")
	require.Contains(t, c.does(404, "GET", "/tfstate?policyStatus", ""), "NoSuchBucketPolicy")
	c.does(200, "PUT", "/tfstate?policy", everybody)
	require.Contains(t, c.does(200, "GET", "/tfstate?policyStatus", ""), "<IsPublic>true</IsPublic>")
	require.JSONEq(t, everybody, c.does(200, "GET", "/tfstate?policy", ""))
	c.does(204, "DELETE", "/tfstate?policy", "")

	require.Contains(t, c.does(200, "GET", "/tfstate?encryption", ""), "<SSEAlgorithm>AES256</SSEAlgorithm>")
	c.does(200, "PUT", "/tfstate?encryption", `<ServerSideEncryptionConfiguration><Rule>`+
		`<ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault>`+
		`</Rule></ServerSideEncryptionConfiguration>`)
	require.Contains(t, c.does(200, "GET", "/tfstate?encryption", ""), "<SSEAlgorithm>aws:kms</SSEAlgorithm>")

	const block, account = "/v20180820/configuration/publicAccessBlock", "X-Amz-Account-Id: 123456789012"
	require.Contains(t, c.does(404, "GET", block, "", account), "NoSuchPublicAccessBlockConfiguration")
	c.does(200, "PUT", block, `<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>`+
		`</PublicAccessBlockConfiguration>`, account)
	require.Contains(t, c.does(200, "GET", block, "", account), "<BlockPublicAcls>true</BlockPublicAcls>")
	c.does(403, "GET", block, "", "X-Amz-Account-Id: 999999999999")
	c.does(204, "DELETE", block, "", account)
	c.host = "123456789012.s3-control.us-east-1.amazonaws.com"
	c.does(404, "GET", block, "", account)
	text, err := c.account.Snapshot().MarshalJSON()
	require.NoError(t, err)
	_, err = sandbox.Parse(text, now)
	require.NoError(t, err, "what is kept can be read again")
}

// Terraform locks a state with an object that must not be there yet.
func TestObjectThatMustNotBeThere(t *testing.T) {
	c := newS3(t)
	c.does(200, "PUT", "/tfstate", "")
	const lock, none = "/tfstate/app.tfstate.tflock", "If-None-Match: *"
	c.does(200, "PUT", lock, `{"ID":"1"}`, none)
	require.Contains(t, c.does(412, "PUT", lock, `{"ID":"2"}`, none), "PreconditionFailed")
	require.JSONEq(t, `{"ID":"1"}`, c.does(200, "GET", lock, ""))
	c.does(204, "DELETE", lock, "")
	c.does(200, "PUT", lock, `{"ID":"2"}`, none)

	answer, _ := c.ask("HEAD", lock, "")
	c.does(412, "PUT", lock, "", `If-Match: "00"`)
	c.does(200, "PUT", lock, "", "If-Match: "+answer.Header.Get("Etag"))
}

func TestVersionsOfObjects(t *testing.T) {
	c := newS3(t)
	c.does(200, "PUT", "/tfstate", "")
	c.does(200, "PUT", "/tfstate/a", "first")
	c.does(200, "PUT", "/tfstate?versioning", versioningOn)
	second, _ := c.ask("PUT", "/tfstate/a", "second", "X-Amz-Meta-Colour: red")
	id := second.Header.Get("X-Amz-Version-Id")
	require.NotEmpty(t, id)
	marker, _ := c.ask("DELETE", "/tfstate/a", "")
	require.Equal(t, "true", marker.Header.Get("X-Amz-Delete-Marker"))

	gone, _ := c.ask("GET", "/tfstate/a", "")
	require.Equal(t, 404, gone.StatusCode)
	require.Equal(t, "true", gone.Header.Get("X-Amz-Delete-Marker"))
	require.Equal(t, "first", c.does(200, "GET", "/tfstate/a?versionId=null", ""))
	old, text := c.ask("GET", "/tfstate/a?versionId="+id, "")
	require.Equal(t, "second", text)
	require.Equal(t, "red", old.Header.Get("X-Amz-Meta-Colour"))
	require.Equal(t, "Mon, 23 Nov 2026 05:12:00 GMT", old.Header.Get("Last-Modified"))
	require.NotContains(t, c.does(200, "GET", "/tfstate?list-type=2", ""), "<Contents>")
	versions := c.does(200, "GET", "/tfstate?versions", "")
	require.Equal(t, 2, strings.Count(versions, "<Version>"))
	require.Equal(t, 1, strings.Count(versions, "<IsLatest>true</IsLatest>"))
	require.Contains(t, versions, "<DeleteMarker><Owner>")

	c.does(200, "POST", "/tfstate?delete", `<Delete><Object><Key>a</Key><VersionId>null</VersionId></Object>`+
		`<Object><Key>a</Key><VersionId>`+id+`</VersionId></Object></Delete>`)
	c.does(409, "DELETE", "/tfstate", "") // the marker is still there
	c.does(204, "DELETE", "/tfstate/a?versionId="+marker.Header.Get("X-Amz-Version-Id"), "")
	c.does(204, "DELETE", "/tfstate", "")
}

func TestListsOfObjects(t *testing.T) {
	c := newS3(t)
	c.does(200, "PUT", "/tfstate", "")
	for _, key := range []string{"b/2", "a", "b/1", "env%3A/dev/a%20b"} {
		c.does(200, "PUT", "/tfstate/"+key, key)
	}
	page := c.does(200, "GET", "/tfstate?list-type=2&max-keys=2&delimiter=/", "")
	require.Contains(t, page, "<Key>a</Key>")
	require.Contains(t, page, "<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>")
	require.Contains(t, page, "<IsTruncated>true</IsTruncated>")
	_, after, _ := strings.Cut(page, "<NextContinuationToken>")
	token, _, _ := strings.Cut(after, "<")
	page = c.does(200, "GET", "/tfstate?list-type=2&delimiter=/&continuation-token="+token, "")
	require.Contains(t, page, "<KeyCount>1</KeyCount>")
	require.Contains(t, page, "<Prefix>env:/</Prefix>")
	require.Contains(t, c.does(200, "GET", "/tfstate?prefix=env:/&encoding-type=url", ""),
		"<Key>env%3A/dev/a%20b</Key>")
	require.NotContains(t, c.does(200, "GET", "/tfstate?list-type=2&start-after=b/1", ""), "<Key>b/1</Key>")
}

// A bucket may stand in the name of the host, whatever the path of its object is then.
func TestBucketInTheHost(t *testing.T) {
	c := newS3(t)
	c.does(200, "PUT", "/tfstate", "")
	for _, host := range []string{
		"tfstate.localhost:4580", "tfstate.s3.localhost", "tfstate.s3.amazonaws.com", "tfstate.s3.us-east-1.amazonaws.com",
	} {
		c.host = host
		c.does(200, "PUT", "/v2/labcheck/x", host)
		require.Equal(t, host, c.does(200, "GET", "/v2/labcheck/x", ""))
	}
	c.host = "s3.us-east-1.amazonaws.com"
	c.does(200, "GET", "/tfstate/v2/labcheck/x", "")
}

// Clients may send a body in chunks and sign that they do.
func TestObjectInChunks(t *testing.T) {
	c := newS3(t)
	c.does(200, "PUT", "/tfstate", "")
	c.digest = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	c.does(200, "PUT", "/tfstate/a", "5\r\nhello\r\n6;chunk-signature=0\r\n world\r\n0\r\nx-amz-checksum-crc32:x\r\n\r\n")
	c.does(400, "PUT", "/tfstate/b", "50\r\nhello\r\n")
	c.digest = ""
	require.Equal(t, "hello world", c.does(200, "GET", "/tfstate/a", ""))
}
