package api

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func endpoint(t testing.TB, operation, region string, s Settings, in map[string]any) (Endpoint, error) {
	t.Helper()
	o, err := Find(operation)
	require.NoError(t, err)
	return o.Endpoint(region, s, in)
}

// Make conformance compares thousands with botocore's.
func TestEndpointsFollowTheRules(t *testing.T) {
	const arn = "arn:aws:s3:eu-west-1:123456789012:accesspoint/my-point"
	for _, test := range []struct {
		operation, region  string
		settings           Settings
		in                 map[string]any
		url, name, signing string
	}{
		{"ecs:ListClusters", "eu-west-1", Settings{}, nil, "https://ecs.eu-west-1.amazonaws.com", "ecs", "eu-west-1"},
		{"ecs:ListClusters", "cn-north-1", Settings{}, nil, "https://ecs.cn-north-1.amazonaws.com.cn", "ecs", "cn-north-1"},
		{
			"ecs:ListClusters", "us-east-1",
			Settings{FIPS: true},
			nil, "https://ecs-fips.us-east-1.amazonaws.com", "ecs",
			"us-east-1",
		},
		{
			"ec2:DescribeVpcs", "us-east-1",
			Settings{DualStack: true},
			nil, "https://ec2.us-east-1.api.aws", "ec2",
			"us-east-1",
		},
		{"iam:ListUsers", "eu-west-1", Settings{}, nil, "https://iam.amazonaws.com", "iam", "us-east-1"},
		{"iam:ListUsers", "us-gov-east-1", Settings{}, nil, "https://iam.us-gov.amazonaws.com", "iam", "us-gov-west-1"},
		{"iam:ListUsers", "zz-new-1", Settings{}, nil, "https://iam.amazonaws.com", "iam", "us-east-1"},
		{
			"s3:ListObjectsV2", "us-east-1",
			Settings{},
			map[string]any{"Bucket": "b-1"},
			"https://b-1.s3.us-east-1.amazonaws.com", "s3", "us-east-1",
		},
		{
			"s3:ListObjectsV2", "us-east-1",
			Settings{},
			map[string]any{"Bucket": "b.1"},
			"https://s3.us-east-1.amazonaws.com/b.1", "s3", "us-east-1",
		},
		{
			"s3:ListObjectsV2", "eu-west-1",
			Settings{},
			map[string]any{"Bucket": arn},
			"https://my-point-123456789012.s3-accesspoint.eu-west-1.amazonaws.com", "s3", "eu-west-1",
		},
		{
			"s3:ListObjectsV2", "us-east-1",
			Settings{URL: "http://localhost:4566"},
			map[string]any{"Bucket": "b-1"},
			"http://localhost:4566/b-1", "s3", "us-east-1",
		},
		{
			"s3control:GetPublicAccessBlock", "us-east-1",
			Settings{},
			map[string]any{"AccountId": "123456789012"},
			"https://123456789012.s3-control.us-east-1.amazonaws.com", "s3", "us-east-1",
		},
	} {
		end, err := endpoint(t, test.operation, test.region, test.settings, test.in)
		require.NoError(t, err, test)
		require.Equal(t, test.url, end.URL)
		require.Equal(t, test.name, end.SigningName)
		require.Equal(t, test.signing, end.SigningRegion)
	}
	_, err := endpoint(t, "s3:ListObjectsV2", "us-east-1", Settings{}, map[string]any{"Bucket": "../x"})
	require.NoError(t, err, "it stands in the path, escaped")
	_, err = endpoint(t, "s3control:GetPublicAccessBlock", "us-east-1", Settings{}, map[string]any{"AccountId": "x.evil/"})
	require.Error(t, err)
}

func BenchmarkEndpoint(b *testing.B) {
	ask := func(o *Operation, rules *Rules) {
		_, _ = o.Endpoint("us-east-1", Settings{Rules: rules}, map[string]any{"Bucket": "my-bucket"})
	}
	for _, name := range []string{"ecs:ListClusters", "s3:ListObjectsV2"} {
		o, err := Find(name)
		require.NoError(b, err)
		b.Run(name+" again", func(b *testing.B) {
			rules := &Rules{}
			for b.Loop() {
				ask(o, rules)
			}
		})
		b.Run(name+" first", func(b *testing.B) {
			for b.Loop() {
				ask(o, nil)
			}
		})
	}
}
