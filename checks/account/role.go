package account

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// roleSession is the name of our session of an assumed role: the role's owner reads it in CloudTrail.
const roleSession = "labcheck"

// assumeRole is the way to the credentials of the option's role, with those of a configuration. Like every way to
// credentials it is not under the guard.
func assumeRole(with aws.Config, o Options, at *stsEndpoint) aws.CredentialsProvider {
	client := roleClient{sts.NewFromConfig(with), at}
	return aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(client, o.RoleARN, func(a *stscreds.AssumeRoleOptions) {
		a.RoleSessionName = roleSession
		if o.ExternalID != "" {
			a.ExternalID = aws.String(o.ExternalID)
		}
	}))
}
