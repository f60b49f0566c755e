package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/labcheck/labcheck/checks/facts"
)

// PublicAccessBlock is a Region's VPC Block Public Access: a switch that stops the traffic of internet gateways although
// the routes are right. The value is "off", "block-bidirectional" or "block-ingress"; empty if AWS does not tell.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcBlockPublicAccessOptions.html
var PublicAccessBlock = &facts.Read[NetworkKey, string]{
	Name:       "ec2.public-access-block",
	Operations: []string{"ec2:DescribeVpcBlockPublicAccessOptions"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) (string, error) {
		client, err := clientFor(a, key.Region, ec2.NewFromConfig)
		if err != nil {
			return "", err
		}
		out, err := client.DescribeVpcBlockPublicAccessOptions(ctx, &ec2.DescribeVpcBlockPublicAccessOptionsInput{})
		if err != nil || out.VpcBlockPublicAccessOptions == nil {
			return "", err
		}
		return string(out.VpcBlockPublicAccessOptions.InternetGatewayBlockMode), nil
	},
}
