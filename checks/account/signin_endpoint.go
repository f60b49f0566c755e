package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// stsEndpoint leads the questions by which the SDK assumes a profile's role to the endpoint that is configured for STS.
// The SDK makes its client for them before it knows of that endpoint and would ask AWS itself; the AWS CLI does not.
type stsEndpoint struct {
	url *string // nil: AWS's own
}

// options make the clients of the sign-in ask the endpoint, which may be known later than they are made.
func (e *stsEndpoint) options() []func(*config.LoadOptions) error {
	return []func(*config.LoadOptions) error{
		config.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) {
			if o.Client != nil {
				o.Client = roleClient{o.Client, e}
			}
		}),
		config.WithWebIdentityRoleCredentialOptions(func(o *stscreds.WebIdentityRoleOptions) {
			if o.Client != nil {
				o.Client = webIdentityClient{o.Client, e}
			}
		}),
	}
}

// know takes the endpoint from what was given, else from what the SDK has read.
func (e *stsEndpoint) know(given string, cfg aws.Config) {
	if given != "" {
		e.url = aws.String(given)
		return
	}
	e.url = sts.NewFromConfig(cfg).Options().BaseEndpoint
}

func (e *stsEndpoint) lead(o *sts.Options) {
	if e.url != nil {
		o.BaseEndpoint = e.url
	}
}

type roleClient struct {
	stscreds.AssumeRoleAPIClient
	endpoint *stsEndpoint
}

// AssumeRole implements stscreds.AssumeRoleAPIClient.
func (c roleClient) AssumeRole(
	ctx context.Context, in *sts.AssumeRoleInput, options ...func(*sts.Options),
) (*sts.AssumeRoleOutput, error) {
	return c.AssumeRoleAPIClient.AssumeRole(ctx, in, append(options, c.endpoint.lead)...)
}

type webIdentityClient struct {
	stscreds.AssumeRoleWithWebIdentityAPIClient
	endpoint *stsEndpoint
}

// AssumeRoleWithWebIdentity implements stscreds.AssumeRoleWithWebIdentityAPIClient.
func (c webIdentityClient) AssumeRoleWithWebIdentity(
	ctx context.Context, in *sts.AssumeRoleWithWebIdentityInput, options ...func(*sts.Options),
) (*sts.AssumeRoleWithWebIdentityOutput, error) {
	return c.AssumeRoleWithWebIdentityAPIClient.AssumeRoleWithWebIdentity(ctx, in, append(options, c.endpoint.lead)...)
}
