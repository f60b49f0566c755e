package sandbox

import (
	"slices"
	"time"
)

// An imageFilter narrows a list of images.
type imageFilter struct {
	TagStatus *string `wire:"tagStatus"`   // TAGGED, UNTAGGED or ANY, the default
	Status    *string `wire:"imageStatus"` // ACTIVE, the default, ARCHIVED, ACTIVATING or ANY
}

func (f imageFilter) matches(image *PushedImage) bool {
	if f.TagStatus != nil && *f.TagStatus != anyImage && (*f.TagStatus == "TAGGED") != (len(image.Tags) > 0) {
		return false
	}
	wanted := statusActive
	if f.Status != nil {
		wanted = *f.Status
	}
	return wanted == anyImage || wanted == image.state()
}

// filtered lists the images that match.
func (r *Repository) filtered(filter imageFilter) []*PushedImage {
	var list []*PushedImage
	for _, image := range r.Manifests {
		if filter.matches(image) {
			list = append(list, image)
		}
	}
	return list
}

type describeImagesInput struct {
	repositoryInput
	ImageIDs []imageIdentifier `wire:"imageIds"`
	Filter   imageFilter       `wire:"filter"`
	pageInput
}

type describeImagesOutput struct {
	Details   []imageDetail `wire:"imageDetails"`
	NextToken *string       `wire:"nextToken"`
}

// An imageDetail carries no scan summary: the scanner that ECR has now does not fill it.
type imageDetail struct {
	repositoryPlace
	Digest       string    `wire:"imageDigest"`
	Tags         []string  `wire:"imageTags"`
	Size         int64     `wire:"imageSizeInBytes"`
	PushedAt     time.Time `wire:"imagePushedAt"`
	PulledAt     time.Time `wire:"lastRecordedPullTime"`
	MediaType    string    `wire:"imageManifestMediaType"`
	ArtifactType string    `wire:"artifactMediaType"`
	Status       string    `wire:"imageStatus"`
}

func describeImages(r *request, in *describeImagesInput) (*describeImagesOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	list := repo.filtered(in.Filter)
	if len(in.ImageIDs) > 0 {
		if in.MaxResults != nil || in.NextToken != nil {
			return nil, failf("InvalidParameterException", "Pagination parameters cannot be used with imageIds")
		}
		list = nil
		for _, id := range in.ImageIDs {
			_, image, err := r.image(repo.Name, id)
			if err != nil {
				return nil, err
			}
			if !slices.Contains(list, image) {
				list = append(list, image)
			}
		}
	}
	some, next, err := page(ecrPaging, list, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &describeImagesOutput{Details: []imageDetail{}, NextToken: next}
	for _, image := range some {
		out.Details = append(out.Details, imageDetail{
			repositoryPlace: r.place(repo), Digest: image.digest, Tags: image.Tags, Size: repo.size(image),
			PushedAt: image.Pushed.Time, PulledAt: image.Pulled.Time,
			MediaType: image.MediaType, ArtifactType: image.artifactType(), Status: image.state(),
		})
	}
	return out, nil
}

type listImagesInput struct {
	repositoryInput
	Filter imageFilter `wire:"filter"`
	pageInput
}

type listImagesOutput struct {
	ImageIDs  []imageIdentifier `wire:"imageIds"`
	NextToken *string           `wire:"nextToken"`
}

// listImages names each image once per tag.
func listImages(r *request, in *listImagesInput) (*listImagesOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	ids := []imageIdentifier{}
	for _, image := range repo.filtered(in.Filter) {
		if len(image.Tags) == 0 {
			ids = append(ids, image.identifier(nil))
		}
		for _, tag := range image.Tags {
			ids = append(ids, image.identifier(&tag))
		}
	}
	some, next, err := page(ecrPaging, ids, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &listImagesOutput{ImageIDs: some, NextToken: next}, nil
}

type batchImagesInput struct {
	repositoryInput
	ImageIDs []imageIdentifier `wire:"imageIds,required"`
}

type imageFailure struct {
	ImageID imageIdentifier `wire:"imageId"`
	Code    string          `wire:"failureCode"`
	Reason  string          `wire:"failureReason"`
}

// failImage is the entry for an image that a batch could not serve.
func failImage(id imageIdentifier, code string) imageFailure {
	return imageFailure{ImageID: id, Code: code, Reason: imageFailureReason(code)}
}

type imageOutput struct {
	repositoryPlace
	ImageID   imageIdentifier `wire:"imageId"`
	Manifest  string          `wire:"imageManifest"`
	MediaType string          `wire:"imageManifestMediaType"`
}

// output is the image as the API hands it out, manifest included.
func (p *PushedImage) output(r *request, repo *Repository, tag *string) imageOutput {
	return imageOutput{
		repositoryPlace: r.place(repo), ImageID: p.identifier(tag), Manifest: p.Manifest, MediaType: p.MediaType,
	}
}

type batchGetImageOutput struct {
	Images   []imageOutput  `wire:"images"`
	Failures []imageFailure `wire:"failures"`
}

// batchGetImage hands out manifests as they were pushed: it does not translate them to the media types that the caller accepts.
func batchGetImage(r *request, in *batchImagesInput) (*batchGetImageOutput, error) {
	repo, err := r.repository(in.RepositoryName)
	if err != nil {
		return nil, err
	}
	out := &batchGetImageOutput{Images: []imageOutput{}, Failures: []imageFailure{}}
	for _, id := range in.ImageIDs {
		image, failure := repo.find(id)
		if failure != "" {
			out.Failures = append(out.Failures, failImage(id, failure))
			continue
		}
		out.Images = append(out.Images, image.output(r, repo, id.Tag))
	}
	return out, nil
}
