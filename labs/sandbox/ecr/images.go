package ecr

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
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
	imageTag    = wire.Grammar{Pattern: regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*$`), Longest: 300}
)

// String writes the identifier, a digest, a tag or both, as ECR's messages do.
func (i imageIdentifierWire) String() string {
	quote := func(s *string) string {
		if s == nil {
			return "null"
		}
		return *s
	}
	return "{imageDigest:'" + quote(i.ImageDigest) + "', imageTag:'" + quote(i.ImageTag) + "'}"
}

// find looks an image up. The failure is a code of ECR, empty when the image is found.
func (r *Repository) find(id imageIdentifierWire) (image *PushedImage, failure string) {
	switch {
	case id.ImageDigest == nil && id.ImageTag == nil:
		return nil, imageMissingName
	case id.ImageDigest != nil && !imageDigest.MatchString(*id.ImageDigest):
		return nil, imageBadDigest
	case id.ImageDigest == nil:
		image = r.byTag(*id.ImageTag)
	default:
		image = r.byDigest(*id.ImageDigest)
	}
	if image == nil {
		return nil, imageNotFound
	}
	if id.ImageTag != nil && !slices.Contains(image.Tags, *id.ImageTag) {
		return nil, imageTagElsewhere
	}
	return image, ""
}

// findImage finds the image of an operation that is about exactly one, or fails as ECR does.
func findImage(r *wire.Request, repository string, id imageIdentifierWire) (*Repository, *PushedImage, error) {
	repo, err := findRepository(r, repository)
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
		return nil, nil, wire.Failf("ImageNotFoundException",
			"The image with imageId %s does not exist within %s", id, within(r, repo))
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

// matches reports whether a list has the image: TagStatus is TAGGED, UNTAGGED or ANY, the default; ImageStatus is
// ACTIVE, the default, ARCHIVED, ACTIVATING or ANY.
func (f listImagesFilterWire) matches(image *PushedImage) bool {
	if f.TagStatus != nil && *f.TagStatus != anyImage && (*f.TagStatus == "TAGGED") != (len(image.Tags) > 0) {
		return false
	}
	wanted := statusActive
	if f.ImageStatus != nil {
		wanted = *f.ImageStatus
	}
	return wanted == anyImage || wanted == image.state()
}

// filtered lists the images that match a filter, which may be nil.
func (r *Repository) filtered(filter *listImagesFilterWire) []*PushedImage {
	var list []*PushedImage
	for _, image := range r.Manifests {
		if wire.Value(filter).matches(image) {
			list = append(list, image)
		}
	}
	return list
}

// describeImages shows no summary of scans: the scanner that ECR has now does not fill it.
func describeImages(r *wire.Request, in *describeImagesInput) (*describeImagesOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	list := repo.filtered((*listImagesFilterWire)(in.Filter))
	if len(in.ImageIds) > 0 {
		if in.MaxResults != nil || in.NextToken != nil {
			return nil, wire.Failf("InvalidParameterException", "Pagination parameters cannot be used with imageIds")
		}
		list = nil
		for _, id := range in.ImageIds {
			_, image, err := findImage(r, repo.Name, id)
			if err != nil {
				return nil, err
			}
			if !slices.Contains(list, image) {
				list = append(list, image)
			}
		}
	}
	some, next, err := wire.Page(paging, list, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	byDigest, _ := repo.index()
	out := &describeImagesOutput{ImageDetails: []imageDetailWire{}, NextToken: next}
	for _, image := range some {
		out.ImageDetails = append(out.ImageDetails, imageDetailWire{
			RegistryId: new(r.AccountID()), RepositoryName: &repo.Name,
			ImageDigest: &image.digest, ImageTags: image.Tags, ImageSizeInBytes: new(image.sizeIn(byDigest)),
			ImagePushedAt: image.Pushed, LastRecordedPullTime: image.Pulled, ImageStatus: new(image.state()),
			ImageManifestMediaType: &image.MediaType, ArtifactMediaType: new(image.artifactType()),
		})
	}
	return out, nil
}

// listImages names each image once per tag.
func listImages(r *wire.Request, in *listImagesInput) (*listImagesOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	ids := []imageIdentifierWire{}
	for _, image := range repo.filtered(in.Filter) {
		if len(image.Tags) == 0 {
			ids = append(ids, image.identifier(nil))
		}
		for _, tag := range image.Tags {
			ids = append(ids, image.identifier(&tag))
		}
	}
	some, next, err := wire.Page(paging, ids, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &listImagesOutput{ImageIds: some, NextToken: next}, nil
}

// failImage is the entry for an image that a batch could not serve.
func failImage(id imageIdentifierWire, code string) imageFailureWire {
	return imageFailureWire{ImageId: &id, FailureCode: &code, FailureReason: new(imageFailureReason(code))}
}

// output is the image as the API hands it out, manifest included.
func (p *PushedImage) output(r *wire.Request, repo *Repository, tag *string) imageWire {
	return imageWire{
		RegistryId: new(r.AccountID()), RepositoryName: &repo.Name,
		ImageId: new(p.identifier(tag)), ImageManifest: &p.Manifest, ImageManifestMediaType: &p.MediaType,
	}
}

// batchGetImage hands out manifests as they were pushed: it does not translate them to the media types that the caller
// accepts.
func batchGetImage(r *wire.Request, in *batchGetImageInput) (*batchGetImageOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	out := &batchGetImageOutput{Images: []imageWire{}, Failures: []imageFailureWire{}}
	for _, id := range in.ImageIds {
		image, failure := repo.find(id)
		if failure != "" {
			out.Failures = append(out.Failures, failImage(id, failure))
			continue
		}
		out.Images = append(out.Images, image.output(r, repo, id.ImageTag))
	}
	return out, nil
}

// imagesPerDelete is the most images that one BatchDeleteImage may name.
const imagesPerDelete = 100

// batchDeleteImage deletes an image that is named by digest; one that is named by tag loses the tag, and is deleted
// with its last one.
func batchDeleteImage(r *wire.Request, in *batchDeleteImageInput) (*batchDeleteImageOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if len(in.ImageIds) > imagesPerDelete {
		return nil, badECR("imageIds", "Member must have length less than or equal to "+strconv.Itoa(imagesPerDelete))
	}
	out := &batchDeleteImageOutput{ImageIds: []imageIdentifierWire{}, Failures: []imageFailureWire{}}
	for _, id := range in.ImageIds {
		image, failure := repo.find(id)
		if failure == "" {
			var deleted []imageIdentifierWire
			if deleted, failure = repo.delete(image, id.ImageTag); failure == "" {
				out.ImageIds = append(out.ImageIds, deleted...)
				continue
			}
		}
		out.Failures = append(out.Failures, failImage(id, failure))
	}
	return out, nil
}

// delete takes a tag off an image (nil: all of them) and deletes the image that has none left. It returns what is gone.
func (r *Repository) delete(image *PushedImage, tag *string) (gone []imageIdentifierWire, failure string) {
	last := tag == nil || len(image.Tags) == 1
	if last && slices.ContainsFunc(r.Manifests, func(other *PushedImage) bool { return other.refersTo(image.digest) }) {
		return nil, imageReferenced
	}
	if !last {
		image.untag(*tag)
		return []imageIdentifierWire{image.identifier(tag)}, ""
	}
	for _, t := range image.Tags {
		gone = append(gone, image.identifier(&t))
	}
	if len(gone) == 0 {
		gone = append(gone, image.identifier(nil))
	}
	r.Manifests = slices.DeleteFunc(r.Manifests, func(other *PushedImage) bool { return other == image })
	return gone, ""
}

// putImage stores a manifest. Layers are not asked for: the way to send them is the registry protocol.
func putImage(r *wire.Request, in *putImageInput) (*putImageOutput, error) {
	repo, err := findRepository(r, in.RepositoryName)
	if err != nil {
		return nil, err
	}
	m, err := parseManifest(in.ImageManifest, wire.Value(in.ImageManifestMediaType))
	if err != nil {
		return nil, err
	}
	if in.ImageDigest != nil && *in.ImageDigest != m.digest {
		return nil, wire.Failf("ImageDigestDoesNotMatchException",
			"The provided digest '%s' does not match the digest '%s' of the image manifest", *in.ImageDigest, m.digest)
	}
	image, err := storeImage(r, repo, m, in.ImageTag)
	if err != nil {
		return nil, err
	}
	return &putImageOutput{Image: new(image.output(r, repo, in.ImageTag))}, nil
}

// codeImageExists is the code of the error for a push that changes nothing: the very same image is there, under the
// same tag.
const codeImageExists = "ImageAlreadyExistsException"

// storeImage puts a manifest into a repository and moves the tag (nil: no tag) to it. A new image is scanned, if the
// configuration says so.
func storeImage(r *wire.Request, repo *Repository, m manifest, tag *string) (*PushedImage, error) {
	if tag != nil && !imageTag.Takes(*tag) {
		return nil, badECR("imageTag", "must satisfy regular expression '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,299}'")
	}
	missing := missingFrom(m.Manifests, func(child descriptor) bool { return repo.byDigest(child.Digest) != nil })
	if len(missing) > 0 {
		return nil, incomplete(r, repo, "ReferencedImagesNotFoundException", "Images", missing)
	}
	old := repo.byDigest(m.digest)
	switch {
	case old != nil && (tag == nil || slices.Contains(old.Tags, *tag)):
		return nil, wire.Failf(codeImageExists,
			"Image with %s already exists in %s", old.identifier(tag), within(r, repo))
	case tag != nil && repo.byTag(*tag) != nil && repo.tagIsFixed(*tag):
		return nil, wire.Failf("ImageTagAlreadyExistsException", "The image tag '%s' already exists in the '%s' "+
			"repository and cannot be overwritten because the tag is immutable.", *tag, repo.Name)
	}
	image := repo.push(m, r.Now)
	if old == nil {
		scanOnArrival(r, repo, image)
	}
	if tag != nil {
		repo.tag(m.digest, *tag)
	}
	return image, nil
}

// missingFrom lists the digests of what is not there.
func missingFrom(wanted []descriptor, there func(descriptor) bool) []string {
	var missing []string
	for _, d := range wanted {
		if !there(d) {
			missing = append(missing, d.Digest)
		}
	}
	return missing
}

// incomplete is the answer to a manifest that points at images or layers which the repository does not have.
func incomplete(r *wire.Request, repo *Repository, code, what string, missing []string) error {
	return wire.Failf(code, "%s with digests '[%s]' required for pushing image into repository with name '%s' in the "+
		"registry with id '%s' do not exist", what, strings.Join(missing, ", "), repo.Name, r.AccountID())
}
