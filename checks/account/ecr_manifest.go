package account

import (
	"cmp"
	"context"
	"encoding/json"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// Media types of manifests: https://github.com/opencontainers/image-spec and
// https://distribution.github.io/distribution/spec/manifest-v2-2/.
const (
	ociIndex       = "application/vnd.oci.image.index.v1+json"
	ociManifest    = "application/vnd.oci.image.manifest.v1+json"
	dockerList     = "application/vnd.docker.distribution.manifest.list.v2+json"
	dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
)

// maxPlatforms is the longest index that is read: a hostile one would ask for as many scans.
const maxPlatforms = 64

// isIndex says whether a manifest of this media type is a list of other manifests.
func isIndex(mediaType string) bool { return mediaType == ociIndex || mediaType == dockerList }

// Manifest is what a tag leads to.
type Manifest struct {
	RepositoryExists bool   `json:"repositoryExists"`
	Exists           bool   `json:"exists"`
	Digest           string `json:"digest,omitempty"`
	Index            bool   `json:"index,omitempty"`
	// Platforms are the images that can run: those of the index, or the image itself, whose platform its manifest does
	// not tell. BuildKit's attestations are not among them.
	Platforms []PlatformImage `json:"platforms"`
}

// PlatformImage is the image for one platform.
type PlatformImage struct {
	Digest string `json:"digest"`
	// Platform is os/architecture[/variant], such as "linux/arm64/v8"; empty if it is not known.
	Platform string `json:"platform,omitempty"`
}

// ImageManifest follows a tag to the images for each platform. `docker push` sends an index by default, and ECR scans
// only what the index lists.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html
var ImageManifest = &facts.Read[ImageKey, Manifest]{
	Name:       "ecr.manifest",
	Operations: []string{"ecr:BatchGetImage"},
	Fetch: func(ctx context.Context, a *facts.Access, key ImageKey) (Manifest, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return Manifest{}, err
		}
		out, err := client.BatchGetImage(ctx, &ecr.BatchGetImageInput{
			RepositoryName:     aws.String(key.Repository),
			ImageIds:           []types.ImageIdentifier{{ImageTag: aws.String(key.Tag)}},
			AcceptedMediaTypes: []string{ociIndex, dockerList, ociManifest, dockerManifest},
		})
		if absent(err, "RepositoryNotFoundException") {
			return Manifest{Platforms: []PlatformImage{}}, nil
		}
		if err != nil {
			return Manifest{}, err
		}
		wanted := func(id *types.ImageIdentifier) bool { return id != nil && aws.ToString(id.ImageTag) == key.Tag }
		for _, image := range out.Images {
			if wanted(image.ImageId) {
				return parseManifest(aws.ToString(image.ImageId.ImageDigest),
					aws.ToString(image.ImageManifestMediaType), aws.ToString(image.ImageManifest))
			}
		}
		// A missing image is a failure inside an answer of status 200.
		i := slices.IndexFunc(out.Failures, func(f types.ImageFailure) bool { return wanted(f.ImageId) })
		if i < 0 {
			return Manifest{}, facts.Errorf(facts.InvalidResponse, "ECR answered without the image that was asked for")
		}
		if code := out.Failures[i].FailureCode; code != types.ImageFailureCodeImageNotFound {
			return Manifest{}, facts.Errorf(facts.Unsupported, "ECR answered with the failure code %q", code)
		}
		return Manifest{RepositoryExists: true, Platforms: []PlatformImage{}}, nil
	},
}

// imageIndex is the part of an OCI index or a Docker manifest list that matters here.
type imageIndex struct {
	MediaType string            `json:"mediaType"`
	Manifests []indexDescriptor `json:"manifests"`
}

type indexDescriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Annotations map[string]string `json:"annotations"`
	Platform    *struct {
		OS           string `json:"os"`
		Architecture string `json:"architecture"`
		Variant      string `json:"variant"`
	} `json:"platform"`
}

// parseManifest reads a manifest's text, which whoever pushed it wrote. An index beyond maxPlatforms or with a digest
// that is none is an invalid_response, and one that lists another index is unsupported: ECR scans no index.
func parseManifest(digest, mediaType, text string) (Manifest, error) {
	if !IsDigest(digest) {
		return Manifest{}, facts.Errorf(facts.InvalidResponse, "ECR answered with a manifest without its digest")
	}
	var index imageIndex
	if err := json.Unmarshal([]byte(text), &index); err != nil {
		return Manifest{}, facts.Errorf(facts.InvalidResponse, "the manifest of the image cannot be read: %w", err)
	}
	mediaType = cmp.Or(mediaType, index.MediaType)
	if mediaType == "" && index.Manifests != nil { // an OCI index may leave its media type out
		mediaType = ociIndex
	}
	manifest := Manifest{RepositoryExists: true, Exists: true, Digest: digest, Platforms: []PlatformImage{}}
	if !isIndex(mediaType) {
		manifest.Platforms = append(manifest.Platforms, PlatformImage{Digest: digest})
		return manifest, nil
	}
	manifest.Index = true
	for _, d := range index.Manifests {
		image := PlatformImage{Digest: d.Digest, Platform: d.platform()}
		if d.isAttestation() || slices.Contains(manifest.Platforms, image) {
			continue
		}
		if isIndex(d.MediaType) {
			return Manifest{}, facts.Errorf(facts.Unsupported, "the image index lists another index")
		}
		if !IsDigest(d.Digest) || len(manifest.Platforms) == maxPlatforms {
			return Manifest{}, facts.Errorf(facts.InvalidResponse,
				"the image index lists something that is no digest, or more than %d platforms", maxPlatforms)
		}
		manifest.Platforms = append(manifest.Platforms, image)
	}
	return manifest, nil
}

// isAttestation knows the provenance and bills of material that BuildKit lists beside the images:
// https://docs.docker.com/build/metadata/attestations/attestation-storage/
func (d *indexDescriptor) isAttestation() bool {
	return d.Annotations["vnd.docker.reference.type"] == "attestation-manifest" ||
		d.Platform != nil && d.Platform.OS == "unknown"
}

func (d *indexDescriptor) platform() string {
	if d.Platform == nil || d.Platform.OS == "" {
		return ""
	}
	name := d.Platform.OS + "/" + d.Platform.Architecture
	if d.Platform.Variant != "" {
		name += "/" + d.Platform.Variant
	}
	return name
}

var digestPattern = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// IsDigest says whether the text is an image digest as ECR writes it, and so safe to stand in a command.
func IsDigest(text string) bool { return digestPattern.MatchString(text) }
