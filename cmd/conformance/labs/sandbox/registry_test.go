// Package sandbox_test pushes images to the practice account and pulls them with a client that is not ours.
package sandbox_test

import (
	"encoding/base64"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/crane"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
	"github.com/google/go-containerregistry/pkg/v1/static"
	ggcr "github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/go-containerregistry/pkg/v1/validate"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
	practiceecr "github.com/labcheck/labcheck/labs/sandbox/ecr"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

var now = time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC)

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
	state, err := sandbox.Parse([]byte(`{"account": "123456789012", "root": {}, "regions": {"us-east-1": `+regional+`},
		"caller": {"arn": "arn:aws:iam::123456789012:user/alice", "userId": "AIDAEXAMPLEALICE",
			"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}}`),
		now, own...)
	require.NoError(t, err)
	g := &registry{t: t, now: now}
	options.Now = func() time.Time { return g.now }
	g.account = sandbox.New(state, options)
	g.server = httptest.NewServer(g.account)
	t.Cleanup(g.server.Close)
	g.host = strings.TrimPrefix(g.server.URL, "http://")
	id, secret, token := g.account.Credentials()
	g.cfg = aws.Config{
		Region: "us-east-1", HTTPClient: g.server.Client(), BaseEndpoint: &g.server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, token),
	}
	return g
}

// password is what `aws ecr get-login-password` prints.
func (g *registry) password() string {
	g.t.Helper()
	out, err := ecr.NewFromConfig(g.cfg).GetAuthorizationToken(g.t.Context(), nil)
	require.NoError(g.t, err)
	token, err := base64.StdEncoding.DecodeString(*out.AuthorizationData[0].AuthorizationToken)
	require.NoError(g.t, err)
	password, ok := strings.CutPrefix(string(token), "AWS:")
	require.True(g.t, ok)
	return password
}

// describe lists the active images of docker-api by digest.
func describe(t *testing.T, client *ecr.Client) map[string]types.ImageDetail {
	t.Helper()
	out, err := client.DescribeImages(t.Context(), &ecr.DescribeImagesInput{RepositoryName: aws.String("docker-api")})
	require.NoError(t, err)
	images := map[string]types.ImageDetail{}
	for _, image := range out.ImageDetails {
		images[*image.ImageDigest] = image
	}
	return images
}

// login is how a client of registries signs in.
func (g *registry) login() []remote.Option {
	return []remote.Option{
		remote.WithAuth(&authn.Basic{Username: "AWS", Password: g.password()}),
		remote.WithTransport(g.server.Client().Transport), remote.WithContext(g.t.Context()),
		remote.WithRetryBackoff(remote.Backoff{Steps: 1}),
	}
}

// ref is an image in the registry, such as "docker-api:latest".
func (g *registry) ref(image string) name.Reference {
	g.t.Helper()
	ref, err := name.ParseReference(g.host + "/" + image)
	require.NoError(g.t, err)
	return ref
}

// randomImage is an image of two layers.
func randomImage(t *testing.T) v1.Image {
	t.Helper()
	image, err := random.Image(10_000, 2)
	require.NoError(t, err)
	return image
}

// layerBytes is the size of an image as ECR counts it: its layers, compressed.
func layerBytes(t *testing.T, image v1.Image) int64 {
	t.Helper()
	m, err := image.Manifest()
	require.NoError(t, err)
	var sum int64
	for _, layer := range m.Layers {
		sum += layer.Size
	}
	return sum
}

func digest(t *testing.T, of interface{ Digest() (v1.Hash, error) }) string {
	t.Helper()
	h, err := of.Digest()
	require.NoError(t, err)
	return h.String()
}

// requireRegistryError fails the test unless err is an error answer of the registry with that status, code and words.
func requireRegistryError(t *testing.T, err error, status int, code, words string) {
	t.Helper()
	var answer *transport.Error
	require.ErrorAs(t, err, &answer)
	require.Equal(t, status, answer.StatusCode, err)
	require.Len(t, answer.Errors, 1)
	require.EqualValues(t, code, answer.Errors[0].Code)
	require.Contains(t, answer.Errors[0].Message, words)
}

func TestPushThenDescribeThenPull(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{})
	image := randomImage(t)
	require.NoError(t, remote.Write(g.ref("docker-api:latest"), image, g.login()...))

	client := ecr.NewFromConfig(g.cfg)
	images := describe(t, client)
	require.Len(t, images, 1)
	pushed := images[digest(t, image)]
	require.Equal(t, []string{"latest"}, pushed.ImageTags)
	require.Equal(t, layerBytes(t, image), *pushed.ImageSizeInBytes)
	require.Equal(t, "application/vnd.docker.distribution.manifest.v2+json", *pushed.ImageManifestMediaType)
	require.Equal(t, now, *pushed.ImagePushedAt)
	require.Nil(t, pushed.LastRecordedPullTime)

	for _, name := range []string{"docker-api:latest", "docker-api@" + digest(t, image)} {
		pulled, err := remote.Image(g.ref(name), g.login()...)
		require.NoError(t, err)
		require.NoError(t, validate.Image(pulled))
		require.Equal(t, digest(t, image), digest(t, pulled))
	}
	require.Equal(t, now, *describe(t, client)[digest(t, image)].LastRecordedPullTime)

	require.NoError(t, remote.Write(g.ref("docker-api:latest"), image, g.login()...),
		"the same push again changes nothing")
	require.Len(t, describe(t, client), 1)
	second := randomImage(t)
	require.NoError(t, remote.Write(g.ref("docker-api:latest"), second, g.login()...))
	images = describe(t, client)
	require.Empty(t, images[digest(t, image)].ImageTags)
	require.Equal(t, []string{"latest"}, images[digest(t, second)].ImageTags)
}

// buildKitIndex is what BuildKit pushes for one platform: an index over the image and its attestation.
func buildKitIndex(t *testing.T) (index v1.ImageIndex, image, attestation v1.Image) {
	t.Helper()
	image = mutate.MediaType(mutate.ConfigMediaType(randomImage(t), ggcr.OCIConfigJSON), ggcr.OCIManifestSchema1)
	attestation, err := mutate.Append(mutate.MediaType(mutate.ConfigMediaType(empty.Image, ggcr.OCIConfigJSON),
		ggcr.OCIManifestSchema1),
		mutate.Addendum{Layer: static.NewLayer([]byte(`{"predicate": {}}`), "application/vnd.in-toto+json")})
	require.NoError(t, err)
	index = mutate.AppendManifests(mutate.IndexMediaType(empty.Index, ggcr.OCIImageIndex),
		mutate.IndexAddendum{
			Add: image, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}},
		},
		mutate.IndexAddendum{Add: attestation, Descriptor: v1.Descriptor{
			Platform: &v1.Platform{OS: "unknown", Architecture: "unknown"},
			Annotations: map[string]string{
				"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": digest(t, image),
			},
		}})
	return index, image, attestation
}

func TestPushIndexWithAttestation(t *testing.T) {
	g := serveRegistry(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h", "scanOnPush": true}]}}`,
		sandbox.Options{})
	index, image, attestation := buildKitIndex(t)
	require.NoError(t, remote.WriteIndex(g.ref("docker-api:latest"), index, g.login()...))

	client := ecr.NewFromConfig(g.cfg)
	images := describe(t, client)
	require.Len(t, images, 3)
	tagged := images[digest(t, index)]
	require.Equal(t, []string{"latest"}, tagged.ImageTags)
	require.Equal(t, layerBytes(t, image), *tagged.ImageSizeInBytes, "an index has the size of its largest image")
	require.Equal(t, "application/vnd.oci.image.index.v1+json", *tagged.ImageManifestMediaType)
	require.Empty(t, images[digest(t, attestation)].ImageTags)
	require.Equal(t, layerBytes(t, attestation), *images[digest(t, attestation)].ImageSizeInBytes)

	for of, status := range map[interface{ Digest() (v1.Hash, error) }]types.ScanStatus{
		image: types.ScanStatusComplete, index: types.ScanStatusUnsupportedImage,
		attestation: types.ScanStatusUnsupportedImage,
	} {
		found, err := client.DescribeImageScanFindings(t.Context(), &ecr.DescribeImageScanFindingsInput{
			RepositoryName: aws.String("docker-api"), ImageId: &types.ImageIdentifier{ImageDigest: aws.String(digest(t, of))},
		})
		require.NoError(t, err)
		require.Equal(t, status, found.ImageScanStatus.Status)
	}

	pulled, err := remote.Index(g.ref("docker-api:latest"), g.login()...)
	require.NoError(t, err)
	require.Equal(t, digest(t, index), digest(t, pulled))
}

func TestPushToRepositoryThatDoesNotExist(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{})
	err := remote.Write(g.ref("docker-apiatest:latest"), randomImage(t), g.login()...)
	requireRegistryError(t, err, 404, "NAME_UNKNOWN",
		"The repository with name 'docker-apiatest' does not exist in the registry with id '123456789012'")
	_, err = remote.Image(g.ref("docker-apiatest:latest"), g.login()...)
	requireRegistryError(t, err, 404, "NAME_UNKNOWN", "docker-apiatest")
	_, err = remote.Image(g.ref("docker-api:latest"), g.login()...)
	requireRegistryError(t, err, 404, "MANIFEST_UNKNOWN", "Requested image not found")
}

func TestFixedTagIsNotMoved(t *testing.T) {
	g := serveRegistry(t,
		`{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h", "tagMutability": "IMMUTABLE"}]}}`,
		sandbox.Options{})
	image := randomImage(t)
	require.NoError(t, remote.Write(g.ref("docker-api:v1"), image, g.login()...))
	require.NoError(t, remote.Write(g.ref("docker-api:v1"), image, g.login()...))
	err := remote.Write(g.ref("docker-api:v1"), randomImage(t), g.login()...)
	requireRegistryError(t, err, 400, "TAG_INVALID", "The image tag 'v1' already exists in the 'docker-api' repository")
	require.NoError(t, remote.Tag(g.ref("docker-api:v2").Context().Tag("v2"), image, g.login()...))
}

func TestAddressOfTheRegistry(t *testing.T) {
	g := serveRegistry(t, `{}`, sandbox.Options{})
	client, ctx := ecr.NewFromConfig(g.cfg), t.Context()
	created, err := client.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("docker-api")})
	require.NoError(t, err)
	require.Equal(t, g.host+"/docker-api", *created.Repository.RepositoryUri)
	token, err := client.GetAuthorizationToken(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, g.server.URL, *token.AuthorizationData[0].ProxyEndpoint)
	ref, err := name.ParseReference(*created.Repository.RepositoryUri + ":latest")
	require.NoError(t, err)
	require.NoError(t, remote.Write(ref, randomImage(t), g.login()...))
	require.Len(t, describe(t, client), 1)
}

func TestTagsOfRepository(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{})
	ref, image := g.ref("docker-api:v0"), randomImage(t)
	require.NoError(t, remote.Write(ref, image, g.login()...))
	manifest, err := image.RawManifest()
	require.NoError(t, err)
	for i := range 120 {
		_, err := ecr.NewFromConfig(g.cfg).PutImage(t.Context(), &ecr.PutImageInput{
			RepositoryName: aws.String("docker-api"), ImageTag: aws.String("v" + strings.Repeat("x", i+1)),
			ImageManifest: aws.String(string(manifest)),
		})
		require.NoError(t, err)
	}
	tags, err := remote.List(ref.Context(), g.login()...)
	require.NoError(t, err)
	require.Len(t, tags, 121)
	few, err := remote.List(ref.Context(), append(g.login(), remote.WithPageSize(7))...)
	require.NoError(t, err)
	require.Equal(t, tags, few)
	_, err = remote.List(ref.Context(), append(g.login(), remote.WithPageSize(1001))...)
	requireRegistryError(t, err, 405, "UNSUPPORTED", "Member must have value less than or equal to 1000")
}

func TestLayersLeaveRoomWhenTheirImageIsDeleted(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{}, practiceecr.WithLayerBytes(30_000))
	first, second := randomImage(t), randomImage(t)
	require.NoError(t, remote.Write(g.ref("docker-api:first"), first, g.login()...))
	err := remote.Write(g.ref("docker-api:second"), second, g.login()...)
	requireRegistryError(t, err, 403, "DENIED", "Delete an image")

	client := ecr.NewFromConfig(g.cfg)
	_, err = client.BatchDeleteImage(t.Context(), &ecr.BatchDeleteImageInput{
		RepositoryName: aws.String("docker-api"), ImageIds: []types.ImageIdentifier{{ImageTag: aws.String("first")}},
	})
	require.NoError(t, err)
	// What is left of the failed push does not stay for ever, but for those who ask for it again.
	g.now = now.Add(25 * time.Hour)
	require.NoError(t, remote.Write(g.ref("docker-api:second"), second, g.login()...))
	require.Contains(t, describe(t, client), digest(t, second))
}

func TestLayersAreGoneAfterARestart(t *testing.T) {
	g := serveRegistry(t, emptyRepository, sandbox.Options{})
	image, login := randomImage(t), g.login()
	require.NoError(t, remote.Write(g.ref("docker-api:latest"), image, login...))

	g.server.Config.Handler = sandbox.New(g.account.Snapshot(), sandbox.Options{Now: func() time.Time { return now }})
	again, err := remote.Image(g.ref("docker-api:latest"), login...)
	require.NoError(t, err, "the login and the manifest outlive a restart")
	_, err = again.RawConfigFile()
	requireRegistryError(t, err, 404, "BLOB_UNKNOWN", "Push the image again")
	require.NoError(t, remote.Write(g.ref("docker-api:again"), image, login...),
		"under a tag that is there this client sends no layers")
	_, err = again.RawConfigFile()
	require.NoError(t, err)
}

func TestFaultsOfTheRegistry(t *testing.T) {
	for kind, want := range map[sandbox.FaultKind]struct {
		status      int
		code, words string
	}{
		sandbox.Throttle: {429, "TOOMANYREQUESTS", "Rate exceeded"},
		sandbox.Deny:     {403, "DENIED", "is not authorized to perform: ecr:PutImage"},
	} {
		g := serveRegistry(t, emptyRepository, sandbox.Options{
			Faults: []sandbox.Fault{{Service: "ecr", Operation: "PutImage", Kind: kind}},
		})
		err := remote.Write(g.ref("docker-api:latest"), randomImage(t), g.login()...)
		requireRegistryError(t, err, want.status, want.code, want.words)
	}
	g := serveRegistry(t, emptyRepository, sandbox.Options{
		Faults: []sandbox.Fault{{Service: "ecr", Operation: "PutImage", Kind: sandbox.Reset}},
	})
	require.Error(t, remote.Write(g.ref("docker-api:latest"), randomImage(t), g.login()...))
}

func TestChangeIsToldOncePerImage(t *testing.T) {
	told := 0
	g := serveRegistry(t, emptyRepository, sandbox.Options{Changed: func() { told++ }})
	image, login := randomImage(t), g.login()
	before := told
	require.NoError(t, remote.Write(g.ref("docker-api:latest"), image, login...))
	require.Equal(t, before+1, told)
	require.NoError(t,
		crane.Copy(g.host+"/docker-api:latest", g.host+"/docker-api:copy", crane.WithTransport(g.server.Client().Transport),
			crane.WithAuth(&authn.Basic{Username: "AWS", Password: g.password()})))
	require.Equal(t, before+3, told, "the pull and the push of a copy")
	_, err := remote.Image(g.ref("docker-api:copy"), login...)
	require.NoError(t, err)
	require.Equal(t, before+3, told, "one pull a day is noted")
}
