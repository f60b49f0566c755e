package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// Subnet is a part of a VPC in one zone.
type Subnet struct {
	ID    string `json:"id"`
	VPC   string `json:"vpc"`
	State string `json:"state"` // "pending", "available", "unavailable" or one of the failures
	// Zone is the zone's name, such as us-east-1a, or us-east-1-bos-1a in a local zone.
	Zone string `json:"zone"`
	// Outpost says that the subnet is on the owner's own premises.
	Outpost bool `json:"outpost,omitempty"`
	// IPv6Only says that the subnet has no IPv4 addresses.
	IPv6Only bool `json:"ipv6Only,omitempty"`
	// Private says that a network interface gets a public IPv4 address only if it asks for one.
	Private bool `json:"private,omitempty"`
}

// Subnets are all those of a Region: a Region has few, and so they can be asked for beside their VPC.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
var Subnets = &facts.Read[NetworkKey, []Subnet]{
	Name:       "ec2.subnets",
	Operations: []string{"ec2:DescribeSubnets"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) ([]Subnet, error) {
		client, err := clientFor(a, key.Region, ec2.NewFromConfig)
		if err != nil {
			return nil, err
		}
		in := &ec2.DescribeSubnetsInput{MaxResults: aws.Int32(networkPage)}
		return wholeList(func(token *string) ([]types.Subnet, *string, error) {
			in.NextToken = token
			out, err := client.DescribeSubnets(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return out.Subnets, out.NextToken, nil
		}, subnet)
	},
}

func subnet(s types.Subnet) (Subnet, error) {
	return Subnet{
		ID: aws.ToString(s.SubnetId), VPC: aws.ToString(s.VpcId), State: string(s.State), Zone: aws.ToString(s.AvailabilityZone),
		Outpost: aws.ToString(s.OutpostArn) != "", IPv6Only: aws.ToBool(s.Ipv6Native),
		Private: s.MapPublicIpOnLaunch != nil && !*s.MapPublicIpOnLaunch,
	}, needed("a subnet", s.SubnetId, s.VpcId, s.AvailabilityZone)
}
