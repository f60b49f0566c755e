package account

import (
	"cmp"
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// ImageKey asks about the image that a tag of a repository names.
type ImageKey struct {
	Region     string `json:"region"`
	Repository string `json:"repository"`
	Tag        string `json:"tag"`
}

// ImagesKey asks for the images of a repository that have one status. ECR hides archived images unless asked for them.
type ImagesKey struct {
	Region     string      `json:"region"`
	Repository string      `json:"repository"`
	Status     ImageStatus `json:"status"`
}

// ImageStatus says whether an image can be pulled. AWS may add values.
type ImageStatus string

// The statuses that ECR has today.
const (
	ActiveImage     ImageStatus = "ACTIVE"
	ArchivedImage   ImageStatus = "ARCHIVED"   // in cheaper storage; cannot be pulled
	ActivatingImage ImageStatus = "ACTIVATING" // on its way back from the archive
)

// Image is one manifest in a repository: an image for one platform, or an index over several.
type Image struct {
	Digest string   `json:"digest"`
	Tags   []string `json:"tags"`
	// Bytes is the compressed size. An index has the size of its largest image, which is in the list as well.
	Bytes    int64       `json:"bytes"`
	Index    bool        `json:"index,omitempty"`
	PushedAt time.Time   `json:"pushedAt,omitzero"`
	Status   ImageStatus `json:"status,omitempty"`
	// Artifact is the media type by which ECR knows that this is no container image, such as a Helm chart's. A signature
	// may look like an image here: its manifest tells.
	Artifact string `json:"artifact,omitempty"`
}

// FoundImage is the image under a tag, if there is one.
type FoundImage struct {
	RepositoryExists bool  `json:"repositoryExists"`
	Exists           bool  `json:"exists"`
	Image            Image `json:"image,omitzero"`
}

// ImageList is the images of a repository in ECR's order.
type ImageList struct {
	RepositoryExists bool    `json:"repositoryExists"`
	Images           []Image `json:"images"`
}

// TaggedImage finds the image that a tag names. ECR leaves archived images out of an answer that does not ask for their
// status, and its documentation does not say whether that is so when one is asked for by its tag: one that is not found
// may still be among the Images of another status.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
var TaggedImage = &facts.Read[ImageKey, FoundImage]{
	Name:       "ecr.image",
	Operations: []string{"ecr:DescribeImages"},
	Fetch: func(ctx context.Context, a *facts.Access, key ImageKey) (FoundImage, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return FoundImage{}, err
		}
		out, err := client.DescribeImages(ctx, &ecr.DescribeImagesInput{
			RepositoryName: aws.String(key.Repository),
			ImageIds:       []types.ImageIdentifier{{ImageTag: aws.String(key.Tag)}},
		})
		switch {
		case absent(err, "RepositoryNotFoundException"):
			return FoundImage{}, nil
		case absent(err, "ImageNotFoundException"):
			return FoundImage{RepositoryExists: true}, nil
		case err != nil:
			return FoundImage{}, err
		}
		for _, detail := range out.ImageDetails {
			if slices.Contains(detail.ImageTags, key.Tag) {
				image, err := imageOf(detail)
				return FoundImage{RepositoryExists: true, Exists: true, Image: image}, err
			}
		}
		return FoundImage{}, facts.Errorf(facts.InvalidResponse, "ECR answered without the tag that was asked for")
	},
}

// Images lists the tagged and untagged images of one status:
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
var Images = &facts.Read[ImagesKey, ImageList]{
	Name:       "ecr.images",
	Operations: []string{"ecr:DescribeImages"},
	Fetch: func(ctx context.Context, a *facts.Access, key ImagesKey) (ImageList, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return ImageList{}, err
		}
		images, err := wholeList(func(token *string) ([]types.ImageDetail, *string, error) {
			out, err := client.DescribeImages(ctx, &ecr.DescribeImagesInput{
				RepositoryName: aws.String(key.Repository),
				Filter: &types.DescribeImagesFilter{
					TagStatus: types.TagStatusAny, ImageStatus: types.ImageStatusFilter(key.Status),
				},
				MaxResults: aws.Int32(ecrPageSize), NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			return out.ImageDetails, out.NextToken, nil
		}, sizedImageOf)
		if absent(err, "RepositoryNotFoundException") {
			return ImageList{Images: []Image{}}, nil
		}
		return ImageList{RepositoryExists: true, Images: images}, err
	},
}

func imageOf(d types.ImageDetail) (Image, error) {
	image := Image{
		Digest: aws.ToString(d.ImageDigest), Tags: append([]string{}, d.ImageTags...),
		Bytes: aws.ToInt64(d.ImageSizeInBytes), Index: isIndex(aws.ToString(d.ImageManifestMediaType)),
		PushedAt: aws.ToTime(d.ImagePushedAt), Status: ImageStatus(d.ImageStatus),
	}
	if mediaType := aws.ToString(d.ImageManifestMediaType); mediaType == ociManifest || mediaType == dockerManifest {
		image.Artifact = artifactType(aws.ToString(d.ArtifactMediaType))
	}
	if !IsDigest(image.Digest) {
		return Image{}, facts.Errorf(facts.InvalidResponse, "ECR described an image without its digest")
	}
	return image, nil
}

// sizedImageOf is imageOf for a list whose sizes are summed: each image must tell its size and whether it is an index.
func sizedImageOf(d types.ImageDetail) (Image, error) {
	image, err := imageOf(d)
	if err == nil && (aws.ToString(d.ImageManifestMediaType) == "" || image.Bytes <= 0 && !image.Index) {
		err = facts.Errorf(facts.InvalidResponse,
			"ECR described the image %s without its size or its media type", image.Digest)
	}
	return image, err
}

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
	// Artifact is the media type of what is no container image; "" for an image and for an index.
	Artifact string `json:"artifact,omitempty"`
	// Platforms are the images that can run: those of the index, or the image itself, whose platform its manifest does
	// not tell. Attestations, SOCI indexes and other artifacts are not among them.
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

// manifestText is the part of a manifest or an index that matters here:
// https://github.com/opencontainers/image-spec/blob/main/manifest.md
type manifestText struct {
	MediaType    string            `json:"mediaType"`
	ArtifactType string            `json:"artifactType"`
	Config       mediaTyped        `json:"config"`
	Layers       []mediaTyped      `json:"layers"`
	Manifests    []indexDescriptor `json:"manifests"` // of an index
}

type mediaTyped struct {
	MediaType string `json:"mediaType"`
}

// artifact is the media type by which a manifest is no container image's, or "". Artifacts say so by their artifactType
// or by the type of their config. Signatures and bills of material of cosign have an image's config, but no layer of a
// file system.
func (m *manifestText) artifact() string {
	if declared := cmp.Or(artifactType(m.ArtifactType), artifactType(m.Config.MediaType)); declared != "" {
		return declared
	}
	ofFiles := func(layer mediaTyped) bool {
		return layer.MediaType == "" || strings.HasPrefix(layer.MediaType, "application/vnd.oci.image.layer.") ||
			strings.HasPrefix(layer.MediaType, "application/vnd.docker.")
	}
	if len(m.Layers) == 0 || slices.ContainsFunc(m.Layers, ofFiles) {
		return ""
	}
	return m.Layers[0].MediaType
}

// artifactType is the media type of a config or an artifact, or "" if it is not given or a container image's.
func artifactType(mediaType string) string {
	switch mediaType {
	case "application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json",
		"application/octet-stream": // Docker 1.10 called the config of an image so
		return ""
	}
	return mediaType
}

type indexDescriptor struct {
	MediaType    string            `json:"mediaType"`
	ArtifactType string            `json:"artifactType"`
	Digest       string            `json:"digest"`
	Annotations  map[string]string `json:"annotations"`
	Platform     *struct {
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
	var m manifestText
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return Manifest{}, facts.Errorf(facts.InvalidResponse, "the manifest of the image cannot be read: %w", err)
	}
	mediaType = cmp.Or(mediaType, m.MediaType)
	if mediaType == "" && m.Manifests != nil { // an OCI index may leave its media type out
		mediaType = ociIndex
	}
	manifest := Manifest{RepositoryExists: true, Exists: true, Digest: digest, Platforms: []PlatformImage{}}
	if !isIndex(mediaType) {
		if manifest.Artifact = m.artifact(); manifest.Artifact == "" {
			manifest.Platforms = append(manifest.Platforms, PlatformImage{Digest: digest})
		}
		return manifest, nil
	}
	manifest.Index = true
	if len(m.Manifests) == 0 {
		return Manifest{}, facts.Errorf(facts.InvalidResponse, "the image index lists nothing")
	}
	for _, d := range m.Manifests {
		image := PlatformImage{Digest: d.Digest, Platform: d.platform()}
		if d.isArtifact() || slices.Contains(manifest.Platforms, image) {
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

// isArtifact knows what an index lists beside images: BuildKit's provenance and bills of material, SOCI indexes, and
// whatever calls itself an artifact or is no manifest.
//   - https://docs.docker.com/build/metadata/attestations/attestation-storage/
//   - https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html
func (d *indexDescriptor) isArtifact() bool {
	switch d.MediaType {
	case "", ociManifest, dockerManifest, ociIndex, dockerList:
	default:
		return true
	}
	return artifactType(d.ArtifactType) != "" || d.Annotations["com.amazon.soci.image-manifest-digest"] != "" ||
		d.Annotations["vnd.docker.reference.type"] == "attestation-manifest" ||
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
