package sandbox_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/stretchr/testify/require"
)

func TestRepositories(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "team/base", "created": "-72h", "scanOnPush": true}]}}`)
	client, ctx := ecr.NewFromConfig(cfg), t.Context()

	created, err := client.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("docker-api")})
	require.NoError(t, err)
	require.Equal(t, "123456789012.dkr.ecr.us-east-1.amazonaws.com/docker-api", *created.Repository.RepositoryUri)
	require.Equal(t, "arn:aws:ecr:us-east-1:123456789012:repository/docker-api", *created.Repository.RepositoryArn)
	require.Equal(t, types.ImageTagMutabilityMutable, created.Repository.ImageTagMutability)
	require.Equal(t, now, created.Repository.CreatedAt.UTC())

	all, err := client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{})
	require.NoError(t, err)
	require.Len(t, all.Repositories, 2)
	require.Equal(t, "team/base", *all.Repositories[0].RepositoryName)
	require.True(t, all.Repositories[0].ImageScanningConfiguration.ScanOnPush)
	require.Equal(t, "72h0m0s", now.Sub(*all.Repositories[0].CreatedAt).String())

	_, err = client.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("docker-api")})
	requireCode(t, "RepositoryAlreadyExistsException", err)
	_, err = client.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("Docker-API")})
	requireCode(t, "InvalidParameterException", err)
	_, err = client.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("a")})
	requireCode(t, "InvalidParameterException", err)

	_, err = client.DescribeRepositories(
		ctx, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{"docker-apiatest"}},
	)
	var notFound *types.RepositoryNotFoundException
	require.ErrorAs(t, err, &notFound)
	require.Equal(
		t, "The repository with name 'docker-apiatest' does not exist in the registry with id '123456789012'",
		notFound.ErrorMessage(),
	)

	_, err = client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{
		RepositoryNames: []string{"docker-api"}, MaxResults: aws.Int32(10),
	})
	requireCode(t, "InvalidParameterException", err)

	_, err = client.DeleteRepository(ctx, &ecr.DeleteRepositoryInput{RepositoryName: aws.String("docker-api")})
	require.NoError(t, err)
	_, err = client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{"docker-api"}})
	requireCode(t, "RepositoryNotFoundException", err)
}

func TestRepositoriesArePaged(t *testing.T) {
	account, cfg := practice(t, `{"ecr": {"repositories": [
		{"name": "app-a", "created": "-3h"}, {"name": "app-b", "created": "-2h"}, {"name": "app-c", "created": "-1h"}
	]}}`)
	pages := ecr.NewDescribeRepositoriesPaginator(
		ecr.NewFromConfig(cfg), &ecr.DescribeRepositoriesInput{MaxResults: aws.Int32(2)},
	)
	var names []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, repo := range page.Repositories {
			names = append(names, *repo.RepositoryName)
		}
	}
	require.Equal(t, []string{"app-a", "app-b", "app-c"}, names)
	require.Len(t, account.Calls(), 2)
}

func TestRepositoryOfAnotherRegionIsNotThere(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-1h"}]}}`)
	cfg.Region = "us-west-2"
	all, err := ecr.NewFromConfig(cfg).DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{})
	require.NoError(t, err)
	require.Empty(t, all.Repositories)
}

func TestTagMutability(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [{"name": "docker-api", "created": "-1h"}]}}`)
	client, ctx := ecr.NewFromConfig(cfg), t.Context()
	out, err := client.PutImageTagMutability(ctx, &ecr.PutImageTagMutabilityInput{
		RepositoryName: aws.String("docker-api"), ImageTagMutability: types.ImageTagMutabilityImmutableWithExclusion,
		ImageTagMutabilityExclusionFilters: []types.ImageTagMutabilityExclusionFilter{
			{Filter: aws.String("dev-*"), FilterType: types.ImageTagMutabilityExclusionFilterTypeWildcard},
		},
	})
	require.NoError(t, err)
	require.Equal(t, "dev-*", *out.ImageTagMutabilityExclusionFilters[0].Filter)

	push := func(tag, content string) error {
		_, err := client.PutImage(ctx, putImage("docker-api", tag, content))
		return err
	}
	require.NoError(t, push("v1", "first"))
	require.NoError(t, push("dev-1", "second"))
	requireCode(t, "ImageTagAlreadyExistsException", push("v1", "third"))
	require.NoError(t, push("dev-1", "third"))

	_, err = client.PutImageTagMutability(ctx, &ecr.PutImageTagMutabilityInput{
		RepositoryName: aws.String("docker-api"), ImageTagMutability: types.ImageTagMutabilityMutableWithExclusion,
	})
	requireCode(t, "InvalidParameterException", err)
}

func TestLifecyclePolicy(t *testing.T) {
	_, cfg := practice(t, `{"ecr": {"repositories": [
		{"name": "docker-api", "created": "-1h"},
		{"name": "kept", "created": "-1h", "lifecyclePolicy": {"rules": [{"rulePriority": 1}]}}
	]}}`)
	client, ctx := ecr.NewFromConfig(cfg), t.Context()
	get := func(name string) (*ecr.GetLifecyclePolicyOutput, error) {
		return client.GetLifecyclePolicy(ctx, &ecr.GetLifecyclePolicyInput{RepositoryName: aws.String(name)})
	}
	_, err := get("docker-api")
	requireCode(t, "LifecyclePolicyNotFoundException", err)
	kept, err := get("kept")
	require.NoError(t, err)
	require.Equal(t, `{"rules":[{"rulePriority":1}]}`, *kept.LifecyclePolicyText)

	put := func(policy string) error {
		_, err := client.PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{
			RepositoryName: aws.String("docker-api"), LifecyclePolicyText: aws.String(policy),
		})
		return err
	}
	const untagged = `{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed",` +
		`"countUnit":"days","countNumber":7},"action":{"type":"expire"}}`
	const keepTen = `{"rulePriority":2,"selection":{"tagStatus":"any","countType":"imageCountMoreThan",` +
		`"countNumber":10},"action":{"type":"expire"}}`
	require.NoError(t, put(`{ "rules": [`+untagged+`, `+keepTen+`] }`))
	got, err := get("docker-api")
	require.NoError(t, err)
	require.Equal(t, `{"rules":[`+untagged+`,`+keepTen+`]}`, *got.LifecyclePolicyText)

	for name, policy := range map[string]string{
		"no JSON": `rules`,
		"no rule": `{"rules":[]}`,
		"any before others": `{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan",` +
			`"countNumber":9},"action":{"type":"expire"}},{"rulePriority":2,"selection":{"tagStatus":"untagged",` +
			`"countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}]}`,
		"same priority": `{"rules":[` + untagged + `,` + untagged + `]}`,
		"no unit": `{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged",` +
			`"countType":"sinceImagePushed","countNumber":7},"action":{"type":"expire"}}]}`,
		"tags of no kind": `{"rules":[{"rulePriority":1,"selection":{"tagStatus":"tagged",` +
			`"countType":"imageCountMoreThan","countNumber":7},"action":{"type":"expire"}}]}`,
		"no action": `{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"imageCountMoreThan",` +
			`"countNumber":7}}]}`,
	} {
		t.Run(name, func(t *testing.T) { requireCode(t, "InvalidParameterException", put(policy)) })
	}
}
