package account

import (
	"context"
	"slices"
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
	if !IsDigest(image.Digest) {
		return Image{}, facts.Errorf(facts.InvalidResponse, "ECR described an image without its digest")
	}
	return image, nil
}

// sizedImageOf is imageOf for a list whose sizes are summed: each image must tell its size and whether it is an index.
func sizedImageOf(d types.ImageDetail) (Image, error) {
	image, err := imageOf(d)
	if err == nil && (aws.ToString(d.ImageManifestMediaType) == "" || image.Bytes <= 0 && !image.Index) {
		err = facts.Errorf(facts.InvalidResponse, "ECR described the image %s without its size or its media type", image.Digest)
	}
	return image, err
}
