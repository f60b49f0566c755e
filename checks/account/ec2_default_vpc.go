package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// VPC is a virtual network. The zero value is that there is none.
type VPC struct {
	Exists bool   `json:"exists"`
	ID     string `json:"id,omitempty"`
	State  string `json:"state,omitempty"` // "pending" or "available"
	CIDR   string `json:"cidr,omitempty"`  // IPv4
}

// DefaultVPC is the one that AWS makes in every Region of a new account. There is at most one.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html
var DefaultVPC = &facts.Read[NetworkKey, VPC]{
	Name:       "ec2.default-vpc",
	Operations: []string{"ec2:DescribeVpcs"},
	Actions:    []string{"ec2:DescribeVpcs"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) (VPC, error) {
		client, err := ec2Client(a, key.Region)
		if err != nil {
			return VPC{}, err
		}
		in := &ec2.DescribeVpcsInput{
			Filters:    []types.Filter{{Name: aws.String("is-default"), Values: []string{"true"}}},
			MaxResults: aws.Int32(networkPage),
		}
		var vpc VPC
		err = eachPage(func(token *string) (*string, error) {
			in.NextToken = token
			out, err := client.DescribeVpcs(ctx, in)
			if err != nil {
				return nil, err
			}
			for _, found := range out.Vpcs {
				if err := needed("a VPC", found.VpcId); err != nil {
					return nil, err
				}
				if vpc.Exists {
					return nil, facts.Errorf(facts.InvalidResponse, "two default VPCs in %s, where AWS keeps one", key.Region)
				}
				vpc = VPC{true, *found.VpcId, string(found.State), aws.ToString(found.CidrBlock)}
			}
			return out.NextToken, nil
		})
		return vpc, err
	},
}
