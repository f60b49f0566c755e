package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

// imagesPerDelete is the most images that one BatchDeleteImage may name.
const imagesPerDelete = 100

type batchDeleteImageOutput struct {
	ImageIDs []imageIdentifier `wire:"imageIds"`
	Failures []imageFailure    `wire:"failures"`
}

// batchDeleteImage deletes an image that is named by digest; one that is named by tag loses the tag, and is deleted with its last one.
func batchDeleteImage(r *request, in *batchImagesInput) (*batchDeleteImageOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	if len(in.ImageIDs) > imagesPerDelete {
		return nil, badECR("imageIds", "Member must have length less than or equal to "+strconv.Itoa(imagesPerDelete))
	}
	out := &batchDeleteImageOutput{ImageIDs: []imageIdentifier{}, Failures: []imageFailure{}}
	for _, id := range in.ImageIDs {
		image, failure := repo.find(id)
		if failure == "" {
			var deleted []imageIdentifier
			if deleted, failure = repo.delete(image, id.Tag); failure == "" {
				out.ImageIDs = append(out.ImageIDs, deleted...)
				continue
			}
		}
		out.Failures = append(out.Failures, failImage(id, failure))
	}
	return out, nil
}

// delete takes a tag off an image (nil: all of them) and deletes the image that has none left. It returns what is gone.
func (r *Repository) delete(image *PushedImage, tag *string) (gone []imageIdentifier, failure string) {
	last := tag == nil || len(image.Tags) == 1
	if last && slices.ContainsFunc(r.Manifests, func(other *PushedImage) bool { return other.refersTo(image.digest) }) {
		return nil, imageReferenced
	}
	if !last {
		image.untag(*tag)
		return []imageIdentifier{image.identifier(tag)}, ""
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

type putImageInput struct {
	repositoryInput
	Manifest  string  `wire:"imageManifest,required"`
	MediaType string  `wire:"imageManifestMediaType"`
	Tag       *string `wire:"imageTag"`
	Digest    *string `wire:"imageDigest"`
}

type putImageOutput struct {
	Image imageOutput `wire:"image"`
}

// putImage stores a manifest. Layers are not asked for: the way to send them is the registry protocol.
func putImage(r *request, in *putImageInput) (*putImageOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	m, err := parseManifest(in.Manifest, in.MediaType)
	if err != nil {
		return nil, err
	}
	if in.Digest != nil && *in.Digest != m.digest {
		return nil, failf("ImageDigestDoesNotMatchException", "The provided digest '%s' does not match the digest '%s' of the image manifest", *in.Digest, m.digest)
	}
	image, err := r.store(repo, m, in.Tag)
	if err != nil {
		return nil, err
	}
	return &putImageOutput{Image: image.output(r, repo, in.Tag)}, nil
}

// codeImageExists is the code of the error for a push that changes nothing: the very same image is there, under the same tag.
const codeImageExists = "ImageAlreadyExistsException"

// store puts a manifest into a repository and moves the tag (nil: no tag) to it. A new image is scanned, if the configuration says so.
func (r *request) store(repo *Repository, m manifest, tag *string) (*PushedImage, error) {
	if tag != nil && !imageTag.takes(*tag) {
		return nil, badECR("imageTag", "must satisfy regular expression '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,299}'")
	}
	missing := missingFrom(m.Manifests, func(child descriptor) bool { return repo.byDigest(child.Digest) != nil })
	if len(missing) > 0 {
		return nil, r.incomplete(repo, "ReferencedImagesNotFoundException", "Images", missing)
	}
	old := repo.byDigest(m.digest)
	switch {
	case old != nil && (tag == nil || slices.Contains(old.Tags, *tag)):
		return nil, failf(codeImageExists, "Image with %s already exists in %s", old.identifier(tag), r.within(repo))
	case tag != nil && repo.byTag(*tag) != nil && repo.tagIsFixed(*tag):
		return nil, failf("ImageTagAlreadyExistsException", "The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the tag is immutable.", *tag, repo.Name)
	}
	image := repo.push(m, r.Now)
	if old == nil {
		r.scanOnArrival(repo, image)
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
func (r *request) incomplete(repo *Repository, code, what string, missing []string) error {
	return failf(code, "%s with digests '[%s]' required for pushing image into repository with name '%s' in the registry with id '%s' do not exist",
		what, strings.Join(missing, ", "), repo.Name, r.accountID())
}
