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

// RegistryKey asks about the private ECR registry of one Region.
type RegistryKey struct {
	Region string `json:"region"`
}

// RepositoryKey asks about one repository of the private ECR registry.
type RepositoryKey struct {
	Region     string `json:"region"`
	Repository string `json:"repository"`
}

// Repository is one private ECR repository.
type Repository struct {
	Exists bool `json:"exists"`
	// URI is the repository's name for docker, without a tag.
	URI string `json:"uri,omitempty"`
	// ScanOnPush is the repository's own setting. The registry's rules come before it: see RepositoryScanning.
	ScanOnPush bool      `json:"scanOnPush,omitempty"`
	CreatedAt  time.Time `json:"createdAt,omitzero"`
}

// ECRRepository finds one repository by its exact name:
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html
var ECRRepository = &facts.Read[RepositoryKey, Repository]{
	Name:       "ecr.repository",
	Operations: []string{"ecr:DescribeRepositories"},
	Fetch: func(ctx context.Context, a *facts.Access, key RepositoryKey) (Repository, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return Repository{}, err
		}
		out, err := client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{
			RepositoryNames: []string{key.Repository},
		})
		if absent(err, "RepositoryNotFoundException") {
			return Repository{}, nil
		}
		if err != nil {
			return Repository{}, err
		}
		for _, r := range out.Repositories {
			if aws.ToString(r.RepositoryName) != key.Repository {
				continue
			}
			repository := Repository{Exists: true, URI: aws.ToString(r.RepositoryUri), CreatedAt: aws.ToTime(r.CreatedAt)}
			if r.ImageScanningConfiguration != nil {
				repository.ScanOnPush = r.ImageScanningConfiguration.ScanOnPush
			}
			return repository, nil
		}
		return Repository{}, facts.Errorf(facts.InvalidResponse, "ECR answered without the repository that was asked for")
	},
}

// RepositoryNames lists the names of all repositories, sorted: ECR documents no order.
// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html
var RepositoryNames = &facts.Read[RegistryKey, []string]{
	Name:       "ecr.repositories",
	Operations: []string{"ecr:DescribeRepositories"},
	Fetch: func(ctx context.Context, a *facts.Access, key RegistryKey) ([]string, error) {
		client, err := clientFor(a, key.Region, ecr.NewFromConfig)
		if err != nil {
			return nil, err
		}
		names, err := wholeList(func(token *string) ([]types.Repository, *string, error) {
			out, err := client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{
				MaxResults: aws.Int32(ecrPageSize), NextToken: token,
			})
			if err != nil {
				return nil, nil, err
			}
			return out.Repositories, out.NextToken, nil
		}, func(r types.Repository) (string, error) { return nameOf("an ECR repository", r.RepositoryName) })
		slices.Sort(names)
		return names, err
	},
}

// ecrPageSize is the largest page of ECR's lists.
const ecrPageSize = 1000
