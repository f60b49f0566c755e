package account

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// RouteTable says where the traffic of subnets goes.
type RouteTable struct {
	ID  string `json:"id"`
	VPC string `json:"vpc"`
	// Main says that the table serves the subnets which no table names. AWS does not list those.
	Main bool `json:"main,omitempty"`
	// Subnets are the ids of the subnets that the table names.
	Subnets []string `json:"subnets,omitempty"`
	Routes  []Route  `json:"routes,omitempty"`
}

// Route sends the traffic to a destination on to a target.
type Route struct {
	Destination string `json:"destination"` // IPv4 or IPv6 CIDR block, or the id of a prefix list
	// Target is the id of a gateway (igw-, nat-, tgw- …) or of a network interface, or "local".
	Target string `json:"target"`
	State  string `json:"state"` // "active", "blackhole" or "filtered"
}

// RouteTables are all those of a Region.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
var RouteTables = &facts.Read[NetworkKey, []RouteTable]{
	Name:       "ec2.route-tables",
	Operations: []string{"ec2:DescribeRouteTables"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) ([]RouteTable, error) {
		client, err := clientFor(a, key.Region, ec2.NewFromConfig)
		if err != nil {
			return nil, err
		}
		in := &ec2.DescribeRouteTablesInput{MaxResults: aws.Int32(networkPage)}
		return wholeList(func(token *string) ([]types.RouteTable, *string, error) {
			in.NextToken = token
			out, err := client.DescribeRouteTables(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return out.RouteTables, out.NextToken, nil
		}, routeTable)
	},
}

func routeTable(t types.RouteTable) (RouteTable, error) {
	table := RouteTable{ID: aws.ToString(t.RouteTableId), VPC: aws.ToString(t.VpcId)}
	for _, a := range t.Associations {
		if a.AssociationState != nil && slices.Contains(brokenAssociations(), a.AssociationState.State) {
			continue
		}
		table.Main = table.Main || aws.ToBool(a.Main)
		if id := aws.ToString(a.SubnetId); id != "" {
			table.Subnets = append(table.Subnets, id)
		}
	}
	if t.Routes == nil {
		return table, facts.Errorf(facts.InvalidResponse, "a route table came without its routes")
	}
	for _, r := range t.Routes {
		route := Route{
			Destination: firstText(r.DestinationCidrBlock, r.DestinationIpv6CidrBlock, r.DestinationPrefixListId),
			Target: firstText(
				r.GatewayId, r.NatGatewayId, r.TransitGatewayId, r.EgressOnlyInternetGatewayId, r.VpcPeeringConnectionId,
				r.LocalGatewayId, r.CarrierGatewayId, r.NetworkInterfaceId, r.InstanceId, r.CoreNetworkArn,
			),
			State: string(r.State),
		}
		if err := needed("a route", &route.Destination); err != nil {
			return table, err
		}
		table.Routes = append(table.Routes, route)
	}
	return table, needed("a route table", t.RouteTableId, t.VpcId)
}

// brokenAssociations are the states in which a table does not serve the subnet that it names.
func brokenAssociations() []types.RouteTableAssociationStateCode {
	return []types.RouteTableAssociationStateCode{
		types.RouteTableAssociationStateCodeDisassociated, types.RouteTableAssociationStateCodeFailed,
	}
}

// firstText is the first of the fields that is there: a route has one destination and one target.
func firstText(fields ...*string) string {
	values := make([]string, len(fields))
	for i, field := range fields {
		values[i] = aws.ToString(field)
	}
	return cmp.Or(values...)
}
