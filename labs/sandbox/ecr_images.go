package sandbox

import (
	"regexp"
	"slices"
)

// Codes of failures inside a good answer, and of the errors for the same.
const (
	imageNotFound     = "ImageNotFound"
	imageMissingName  = "MissingDigestAndTag"
	imageBadDigest    = "InvalidImageDigest"
	imageTagElsewhere = "ImageTagDoesNotMatchDigest"
	imageReferenced   = "ImageReferencedByManifestList"
	statusActive      = "ACTIVE"
	statusArchived    = "ARCHIVED"
	anyImage          = "ANY"
)

var (
	imageDigest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	imageTag    = grammar{regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`), 300}
)

// An imageIdentifier names an image by digest, by tag or by both.
type imageIdentifier struct {
	Digest *string `wire:"imageDigest"`
	Tag    *string `wire:"imageTag"`
}

// String writes the identifier as ECR's messages do.
func (i imageIdentifier) String() string {
	quote := func(s *string) string {
		if s == nil {
			return "null"
		}
		return *s
	}
	return "{imageDigest:'" + quote(i.Digest) + "', imageTag:'" + quote(i.Tag) + "'}"
}

// find looks an image up. The failure is a code of ECR, empty when the image is found.
func (r *Repository) find(id imageIdentifier) (image *PushedImage, failure string) {
	switch {
	case id.Digest == nil && id.Tag == nil:
		return nil, imageMissingName
	case id.Digest != nil && !imageDigest.MatchString(*id.Digest):
		return nil, imageBadDigest
	case id.Digest == nil:
		image = r.byTag(*id.Tag)
	default:
		image = r.byDigest(*id.Digest)
	}
	if image == nil {
		return nil, imageNotFound
	}
	if id.Tag != nil && !slices.Contains(image.Tags, *id.Tag) {
		return nil, imageTagElsewhere
	}
	return image, ""
}

// image finds the image of an operation that is about exactly one, or fails as ECR does.
func (r *request) image(repository string, id imageIdentifier) (*Repository, *PushedImage, error) {
	repo, err := r.repository(repository)
	if err != nil {
		return nil, nil, err
	}
	image, failure := repo.find(id)
	switch failure {
	case "":
		return repo, image, nil
	case imageMissingName, imageBadDigest:
		return nil, nil, badECR("imageId", imageFailureReason(failure))
	default:
		return nil, nil, failf("ImageNotFoundException", "The image with imageId %s does not exist within %s", id, r.within(repo))
	}
}

// imageFailureReason is the sentence that goes with a failure code.
func imageFailureReason(code string) string {
	switch code {
	case imageMissingName:
		return "An image identifier needs an image digest or an image tag"
	case imageBadDigest:
		return "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"
	case imageTagElsewhere:
		return "Requested image tag does not match the requested image digest"
	case imageReferenced:
		return "Requested image referenced by manifest list"
	default:
		return "Requested image not found"
	}
}
