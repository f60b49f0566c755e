package sandbox_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// oneImage is a repository with one image as BuildKit pushes it: an index, an image for one platform and its
// attestation.
const oneImage = `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h", "images": [
	{"tags": ["latest"], "pushed": "-48h", "platforms": ["linux/amd64"], "attestation": true, "size": 190000000,
	 "scan": {"status": "COMPLETE", "counts": {"MEDIUM": 2}}}
]}]}}`

// putImage is the input that pushes a small image manifest; the same content makes the same digest.
func putImage(repository, tag, content string) *ecr.PutImageInput {
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(content)))
	return &ecr.PutImageInput{
		RepositoryName: aws.String(repository), ImageTag: aws.String(tag),
		ImageManifest: aws.String(`{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",
			"config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"` + digest + `","size":7},
			"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"` + digest +
			`","size":1234}]}`),
	}
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

func TestDescribedImageHasRealManifests(t *testing.T) {
	_, cfg := practice(t, oneImage)
	client, ctx := ecr.NewFromConfig(cfg), t.Context()

	images := describe(t, client)
	require.Len(t, images, 3)
	got, err := client.BatchGetImage(ctx, &ecr.BatchGetImageInput{
		RepositoryName: aws.String("docker-api"), ImageIds: []types.ImageIdentifier{{ImageTag: aws.String("latest")}},
	})
	require.NoError(t, err)
	require.Empty(t, got.Failures)
	require.Len(t, got.Images, 1)
	require.Equal(t, "latest", *got.Images[0].ImageId.ImageTag)

	var index struct {
		MediaType string
		Manifests []struct {
			MediaType   string
			Digest      string
			Size        int
			Annotations map[string]string
			Platform    struct{ OS, Architecture string }
		}
	}
	text := *got.Images[0].ImageManifest
	require.NoError(t, json.Unmarshal([]byte(text), &index))
	require.Equal(t, "application/vnd.oci.image.index.v1+json", index.MediaType)
	require.Equal(t, index.MediaType, *got.Images[0].ImageManifestMediaType)
	require.Equal(t, *got.Images[0].ImageId.ImageDigest, digestOf(text))

	require.Len(t, index.Manifests, 2)
	image, attestation := index.Manifests[0], index.Manifests[1]
	require.Equal(t, "linux/amd64", image.Platform.OS+"/"+image.Platform.Architecture)
	require.Equal(t, "unknown/unknown", attestation.Platform.OS+"/"+attestation.Platform.Architecture)
	require.Equal(t, "attestation-manifest", attestation.Annotations["vnd.docker.reference.type"])
	require.Equal(t, image.Digest, attestation.Annotations["vnd.docker.reference.digest"])

	for _, child := range index.Manifests {
		require.Contains(t, images, child.Digest)
		require.Empty(t, images[child.Digest].ImageTags)
		got, err := client.BatchGetImage(ctx, &ecr.BatchGetImageInput{
			RepositoryName: aws.String("docker-api"), ImageIds: []types.ImageIdentifier{{ImageDigest: &child.Digest}},
		})
		require.NoError(t, err)
		require.Equal(t, child.Digest, digestOf(*got.Images[0].ImageManifest))
		require.Len(t, *got.Images[0].ImageManifest, child.Size)
		require.Equal(t, child.MediaType, *got.Images[0].ImageManifestMediaType)
	}
	tagged := images[*got.Images[0].ImageId.ImageDigest]
	require.Equal(t, []string{"latest"}, tagged.ImageTags)
	require.EqualValues(t, 190000000, *tagged.ImageSizeInBytes, "an index has the size of its largest image")
	require.EqualValues(t, 190000000, *images[image.Digest].ImageSizeInBytes)
	require.Equal(t, "48h0m0s", now.Sub(*tagged.ImagePushedAt).String())
	require.Nil(t, tagged.ImageScanFindingsSummary)
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func TestImageWithOnePlatformAndNoAttestationIsNoIndex(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h", "images": [
		{"tags": ["v1", "latest"], "pushed": "-48h", "platforms": ["linux/arm64"], "size": 1000}]}]}}`)
	images := describe(t, ecr.NewFromConfig(cfg))
	require.Len(t, images, 1)
	for _, image := range images {
		require.Equal(t, "application/vnd.oci.image.manifest.v1+json", *image.ImageManifestMediaType)
		require.Equal(t, []string{"v1", "latest"}, image.ImageTags)
	}
}

func TestImageForTwoPlatforms(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h", "images": [
		{"tags": ["latest"], "pushed": "-48h", "platforms": ["linux/amd64", "linux/arm64/v8"],
		  "attestation": true, "size": 1000}]}]}}`)
	out, err := ecr.NewFromConfig(cfg).BatchGetImage(t.Context(), &ecr.BatchGetImageInput{
		RepositoryName: aws.String("docker-api"), ImageIds: []types.ImageIdentifier{{ImageTag: aws.String("latest")}},
	})
	require.NoError(t, err)
	var index struct {
		Manifests []struct {
			Digest   string
			Platform struct{ OS, Architecture, Variant string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(*out.Images[0].ImageManifest), &index))
	var platforms []string
	digests := map[string]bool{}
	for _, m := range index.Manifests {
		platforms = append(platforms, m.Platform.OS+"/"+m.Platform.Architecture+"/"+m.Platform.Variant)
		digests[m.Digest] = true
	}
	require.Equal(t, []string{"linux/amd64/", "linux/arm64/v8", "unknown/unknown/", "unknown/unknown/"}, platforms)
	require.Len(t, digests, 4)
}

func TestDigestsDoNotDependOnTheTime(t *testing.T) {
	_, cfg := practice(t, oneImage)
	first := describe(t, ecr.NewFromConfig(cfg))
	_, cfg = practice(t, oneImage)
	for digest := range describe(t, ecr.NewFromConfig(cfg)) {
		require.Contains(t, first, digest)
	}
}

func TestMovedTagLeavesTheOldImageUntagged(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h"}]}}`)
	client, ctx := ecr.NewFromConfig(cfg), t.Context()

	first, err := client.PutImage(ctx, putImage("docker-api", "latest", "one"))
	require.NoError(t, err)
	second, err := client.PutImage(ctx, putImage("docker-api", "latest", "two"))
	require.NoError(t, err)
	images := describe(t, client)
	require.Empty(t, images[*first.Image.ImageId.ImageDigest].ImageTags)
	require.Equal(t, []string{"latest"}, images[*second.Image.ImageId.ImageDigest].ImageTags)
	require.EqualValues(t, 1234, *images[*second.Image.ImageId.ImageDigest].ImageSizeInBytes)

	_, err = client.PutImage(ctx, putImage("docker-api", "latest", "two"))
	requireCode(t, "ImageAlreadyExistsException", err)
	_, err = client.PutImage(ctx, putImage("docker-api", "stable", "two"))
	require.NoError(t, err, "a second tag for an image that is there")
	require.Len(t, describe(t, client), 2)

	listed, err := client.ListImages(ctx, &ecr.ListImagesInput{
		RepositoryName: aws.String("docker-api"), Filter: &types.ListImagesFilter{TagStatus: types.TagStatusTagged},
	})
	require.NoError(t, err)
	require.Len(t, listed.ImageIds, 2, "one entry for each tag")
	listed, err = client.ListImages(ctx, &ecr.ListImagesInput{
		RepositoryName: aws.String("docker-api"), Filter: &types.ListImagesFilter{TagStatus: types.TagStatusUntagged},
	})
	require.NoError(t, err)
	require.Equal(t, []types.ImageIdentifier{{ImageDigest: first.Image.ImageId.ImageDigest}}, listed.ImageIds)
}

func TestPutImageRefusesWhatItCannotStore(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h"}]}}`)
	client := ecr.NewFromConfig(cfg)
	for name, c := range map[string]struct {
		change func(*ecr.PutImageInput)
		code   string
	}{
		"another repository": {
			func(in *ecr.PutImageInput) { in.RepositoryName = aws.String("docker-apiatest") },
			"RepositoryNotFoundException",
		},
		"no JSON": {
			func(in *ecr.PutImageInput) { in.ImageManifest = aws.String("{") }, "InvalidParameterException",
		},
		"no manifest": {
			func(in *ecr.PutImageInput) { in.ImageManifest = aws.String("{}") }, "InvalidParameterException",
		},
		"bad tag": {
			func(in *ecr.PutImageInput) { in.ImageTag = aws.String("a b") }, "InvalidParameterException",
		},
		"other media type": {
			func(in *ecr.PutImageInput) { in.ImageManifestMediaType = aws.String("text/plain") },
			"InvalidParameterException",
		},
		"other digest": {
			func(in *ecr.PutImageInput) { in.ImageDigest = aws.String(digestOf("x")) },
			"ImageDigestDoesNotMatchException",
		},
		"index of nothing": {func(in *ecr.PutImageInput) {
			in.ImageManifest = aws.String(
				`{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"` + digestOf(
					"x",
				) + `","size":1}]}`,
			)
		}, "ReferencedImagesNotFoundException"},
	} {
		t.Run(name, func(t *testing.T) {
			in := putImage("docker-api", "latest", "content")
			c.change(in)
			_, err := client.PutImage(t.Context(), in)
			requireCode(t, c.code, err)
		})
	}
}

func TestAskingForImages(t *testing.T) {
	_, cfg := practice(t, oneImage)
	client, ctx := ecr.NewFromConfig(cfg), t.Context()
	byTag := func(tag string) *ecr.DescribeImagesInput {
		return &ecr.DescribeImagesInput{
			RepositoryName: aws.String("docker-api"), ImageIds: []types.ImageIdentifier{{ImageTag: aws.String(tag)}},
		}
	}
	out, err := client.DescribeImages(ctx, byTag("latest"))
	require.NoError(t, err)
	require.Len(t, out.ImageDetails, 1)

	_, err = client.DescribeImages(ctx, byTag("lastest"))
	var notFound *types.ImageNotFoundException
	require.ErrorAs(t, err, &notFound)
	require.Equal(
		t,
		"The image with imageId {imageDigest:'null', imageTag:'lastest'} does not exist within the repository with name "+
			"'docker-api' in the registry with id '123456789012'",
		notFound.ErrorMessage(),
	)

	limited := byTag("latest")
	limited.MaxResults = aws.Int32(5)
	_, err = client.DescribeImages(ctx, limited)
	requireCode(t, "InvalidParameterException", err)

	digest := out.ImageDetails[0].ImageDigest
	for code, id := range map[types.ImageFailureCode]types.ImageIdentifier{
		types.ImageFailureCodeImageNotFound:              {ImageTag: aws.String("v1")},
		types.ImageFailureCodeMissingDigestAndTag:        {},
		types.ImageFailureCodeInvalidImageDigest:         {ImageDigest: aws.String("sha256:1")},
		types.ImageFailureCodeImageTagDoesNotMatchDigest: {ImageDigest: digest, ImageTag: aws.String("v1")},
	} {
		got, err := client.BatchGetImage(ctx, &ecr.BatchGetImageInput{
			RepositoryName: aws.String("docker-api"), ImageIds: []types.ImageIdentifier{id, {ImageDigest: digest}},
		})
		require.NoError(t, err)
		require.Len(t, got.Images, 1, "one bad image does not spoil the others")
		require.Len(t, got.Failures, 1)
		require.Equal(t, code, got.Failures[0].FailureCode)
	}
}

func TestArchivedImagesAreHiddenByDefault(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h", "images": [
		{"tags": ["old"], "pushed": "-48h", "size": 1000, "status": "ARCHIVED"},
		{"tags": ["new"], "pushed": "-24h", "size": 1000}]}]}}`)
	client := ecr.NewFromConfig(cfg)
	for filter, want := range map[types.ImageStatusFilter]int{
		"": 1, types.ImageStatusFilterArchived: 1, types.ImageStatusFilterAny: 2,
	} {
		out, err := client.DescribeImages(t.Context(), &ecr.DescribeImagesInput{
			RepositoryName: aws.String("docker-api"), Filter: &types.DescribeImagesFilter{ImageStatus: filter},
		})
		require.NoError(t, err)
		require.Len(t, out.ImageDetails, want, filter)
	}
}

func TestDeletingImages(t *testing.T) {
	_, cfg := practice(t, oneImage)
	client, ctx := ecr.NewFromConfig(cfg), t.Context()
	remove := func(ids ...types.ImageIdentifier) *ecr.BatchDeleteImageOutput {
		out, err := client.BatchDeleteImage(
			ctx, &ecr.BatchDeleteImageInput{RepositoryName: aws.String("docker-api"), ImageIds: ids},
		)
		require.NoError(t, err)
		return out
	}
	var child *string
	for digest, image := range describe(t, client) {
		if len(image.ImageTags) == 0 {
			child = &digest
		}
	}
	out := remove(types.ImageIdentifier{ImageDigest: child})
	require.Equal(t, types.ImageFailureCodeImageReferencedByManifestList, out.Failures[0].FailureCode)

	_, err := client.DeleteRepository(ctx, &ecr.DeleteRepositoryInput{RepositoryName: aws.String("docker-api")})
	requireCode(t, "RepositoryNotEmptyException", err)

	out = remove(types.ImageIdentifier{ImageTag: aws.String("latest")})
	require.Empty(t, out.Failures)
	require.Equal(t, "latest", *out.ImageIds[0].ImageTag)
	require.Len(t, describe(t, client), 2, "the image goes with its last tag, what it listed stays")
	out = remove(types.ImageIdentifier{ImageDigest: child})
	require.Empty(t, out.Failures)
	require.Len(t, describe(t, client), 1)

	_, err = client.DeleteRepository(
		ctx, &ecr.DeleteRepositoryInput{RepositoryName: aws.String("docker-api"), Force: true},
	)
	require.NoError(t, err)
}

func TestDeletingOneTagOfTwoKeepsTheImage(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h", "images": [
		{"tags": ["v1", "latest"], "pushed": "-48h", "size": 1000}]}]}}`)
	client := ecr.NewFromConfig(cfg)
	_, err := client.BatchDeleteImage(t.Context(), &ecr.BatchDeleteImageInput{
		RepositoryName: aws.String("docker-api"), ImageIds: []types.ImageIdentifier{{ImageTag: aws.String("latest")}},
	})
	require.NoError(t, err)
	for _, image := range describe(t, client) {
		require.Equal(t, []string{"v1"}, image.ImageTags)
	}
}

func TestManifestsSurviveTheStateFile(t *testing.T) {
	state, err := sandbox.Parse(stateWith(oneImage), now)
	require.NoError(t, err)
	client, ctx := ecr.NewFromConfig(
		config(sandbox.New(state, sandbox.Options{Now: func() time.Time { return now }})),
	), t.Context()
	_, err = client.PutImage(ctx, putImage("docker-api", "v2", "two"))
	require.NoError(t, err)
	before := describe(t, client)
	require.Len(t, before, 4)

	saved, err := json.Marshal(state)
	require.NoError(t, err)
	state, err = sandbox.Parse(saved, now.Add(time.Hour))
	require.NoError(t, err)
	client = ecr.NewFromConfig(config(sandbox.New(state, sandbox.Options{Now: func() time.Time { return now }})))
	require.Equal(t, before, describe(t, client))
	scan := &ecr.DescribeImageScanFindingsInput{
		RepositoryName: aws.String("docker-api"), ImageId: &types.ImageIdentifier{},
	}
	for digest, image := range before {
		if image.ImageTags == nil && *image.ImageSizeInBytes == 190000000 {
			scan.ImageId.ImageDigest = &digest
		}
	}
	found, err := client.DescribeImageScanFindings(ctx, scan)
	require.NoError(t, err)
	require.Equal(t, map[string]int32{"MEDIUM": 2}, found.ImageScanFindings.FindingSeverityCounts)
}

func TestStateWithManifestsThatNoRegistryHolds(t *testing.T) {
	const manifest = `"{\"schemaVersion\":2}"`
	for problem, manifests := range map[string]string{
		"Invalid JSON syntax": `[{"manifest": "{", "pushed": "-1h"}]`,
		"pushed is needed":    `[{"manifest": ` + manifest + `}]`,
		"each manifest once": `[{"manifest": ` + manifest + `, "pushed": "-1h"}, {"manifest": ` + manifest +
			`, "pushed": "-1h"}]`,
		`"a b" is not a tag`:              `[{"manifest": ` + manifest + `, "pushed": "-1h", "tags": ["a b"]}]`,
		`"v1" is not a tag that no other`: `[{"manifest": ` + manifest + `, "pushed": "-1h", "tags": ["v1", "v1"]}]`,
		"Media type does not match": `[{"manifest": "{\"schemaVersion\":2,\"mediaType\":\"a/b\"}", ` +
			`"mediaType": "c/d", "pushed": "-1h"}]`,
	} {
		_, err := sandbox.Parse(stateWith(
			`{"ecr": {"repositories": [{"name": "docker-api", "created": "-72h", "manifests": `+manifests+`}]}}`,
		), now)
		require.ErrorContains(t, err, problem)
	}
}
