package sandbox

import (
	"slices"
	"strconv"
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

// putImage stores a manifest. Layers are not asked for: this registry keeps none.
func putImage(r *request, in *putImageInput) (*putImageOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	m, err := parseManifest(in.Manifest, in.MediaType)
	if err != nil {
		return nil, err
	}
	if in.Tag != nil && !imageTag.MatchString(*in.Tag) {
		return nil, badECR("imageTag", "must satisfy regular expression '"+imageTag.String()+"'")
	}
	if in.Digest != nil && *in.Digest != m.digest {
		return nil, failf("ImageDigestDoesNotMatchException", "The provided digest '%s' does not match the digest '%s' of the image manifest", *in.Digest, m.digest)
	}
	for _, child := range m.Manifests {
		if repo.byDigest(child.Digest) == nil {
			return nil, failf("ReferencedImagesNotFoundException", "Images with digests '[%s]' required for pushing image into %s do not exist", child.Digest, r.within(repo))
		}
	}
	old := repo.byDigest(m.digest)
	switch {
	case old != nil && (in.Tag == nil || slices.Contains(old.Tags, *in.Tag)):
		return nil, failf("ImageAlreadyExistsException", "Image with %s already exists in %s", old.identifier(in.Tag), r.within(repo))
	case in.Tag != nil && repo.byTag(*in.Tag) != nil && repo.tagIsFixed(*in.Tag):
		return nil, failf("ImageTagAlreadyExistsException", "The image tag '%s' already exists in the '%s' repository and cannot be overwritten because the tag is immutable.", *in.Tag, repo.Name)
	}
	image := repo.push(m, r.Now)
	if old == nil {
		r.scanOnArrival(repo, image)
	}
	if in.Tag != nil {
		repo.tag(m.digest, *in.Tag)
	}
	return &putImageOutput{Image: image.output(r, repo, in.Tag)}, nil
}
