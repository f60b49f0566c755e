package account

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// VPC is a virtual network. The zero value is that there is none.
type VPC struct {
	Exists bool   `json:"exists"`
	ID     string `json:"id,omitempty"`
	State  string `json:"state,omitempty"` // "pending", "available" or "deleting"
	CIDR   string `json:"cidr,omitempty"`  // IPv4; empty if AWS does not tell
}

// DefaultVPC is the one that AWS makes in every Region of a new account. There is at most one.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html
var DefaultVPC = &facts.Read[NetworkKey, VPC]{
	Name:       "ec2.default-vpc",
	Operations: []string{"ec2:DescribeVpcs"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) (VPC, error) {
		client, err := clientFor(a, key.Region, ec2.NewFromConfig)
		if err != nil {
			return VPC{}, err
		}
		in := &ec2.DescribeVpcsInput{
			Filters:    []types.Filter{{Name: aws.String("is-default"), Values: []string{"true"}}},
			MaxResults: aws.Int32(networkPage),
		}
		all, err := wholeList(func(token *string) ([]types.Vpc, *string, error) {
			in.NextToken = token
			out, err := client.DescribeVpcs(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return out.Vpcs, out.NextToken, nil
		}, defaultVPC)
		all = slices.DeleteFunc(all, func(v VPC) bool { return !v.Exists }) // a filter only narrows
		switch {
		case err != nil || len(all) == 0:
			return VPC{}, err
		case len(all) > 1:
			return VPC{}, facts.Errorf(facts.InvalidResponse, "%d default VPCs in %s, where AWS keeps one", len(all), key.Region)
		}
		return all[0], nil
	},
}

// defaultVPC is the zero VPC for one that is not the default one.
func defaultVPC(v types.Vpc) (VPC, error) {
	switch {
	case v.IsDefault == nil:
		return VPC{}, facts.Errorf(facts.InvalidResponse, "a VPC came without telling whether it is the default one")
	case !*v.IsDefault:
		return VPC{}, nil
	}
	return VPC{true, aws.ToString(v.VpcId), string(v.State), aws.ToString(v.CidrBlock)}, needed("a VPC", v.VpcId)
}
