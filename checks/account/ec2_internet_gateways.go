package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// InternetGateway joins a VPC to the internet.
type InternetGateway struct {
	ID          string       `json:"id"`
	Attachments []Attachment `json:"attachments,omitempty"`
}

// Attachment is an internet gateway's tie to a VPC.
type Attachment struct {
	VPC string `json:"vpc"`
	// State is "available" on the wire when the gateway is attached, though the SDK's list of values says "attached".
	State string `json:"state"`
}

// InternetGateways are all those of a Region, attached or not.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInternetGateways.html
var InternetGateways = &facts.Read[NetworkKey, []InternetGateway]{
	Name:       "ec2.internet-gateways",
	Operations: []string{"ec2:DescribeInternetGateways"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) ([]InternetGateway, error) {
		client, err := clientFor(a, key.Region, ec2.NewFromConfig)
		if err != nil {
			return nil, err
		}
		in := &ec2.DescribeInternetGatewaysInput{MaxResults: aws.Int32(networkPage)}
		return wholeList(func(token *string) ([]types.InternetGateway, *string, error) {
			in.NextToken = token
			out, err := client.DescribeInternetGateways(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return out.InternetGateways, out.NextToken, nil
		}, internetGateway)
	},
}

func internetGateway(g types.InternetGateway) (InternetGateway, error) {
	gateway := InternetGateway{ID: aws.ToString(g.InternetGatewayId)}
	if g.Attachments == nil {
		return gateway, facts.Errorf(facts.InvalidResponse, "an internet gateway came without its attachments")
	}
	for _, a := range g.Attachments {
		if err := needed("the attachment of an internet gateway", a.VpcId); err != nil {
			return gateway, err
		}
		gateway.Attachments = append(gateway.Attachments, Attachment{aws.ToString(a.VpcId), string(a.State)})
	}
	return gateway, needed("an internet gateway", g.InternetGatewayId)
}
