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

// networkPage is the page size of the reads of EC2: the most that DescribeRouteTables allows. A page size is always
// given, because EC2 allows fewer requests that ask for everything at once.
const networkPage = 100

// NetworkKey asks about the network of one Region.
type NetworkKey struct {
	Region string `json:"region"`
}

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
		}, defaultVPCOf)
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

// defaultVPCOf is the zero VPC for one that is not the default one.
func defaultVPCOf(v types.Vpc) (VPC, error) {
	switch {
	case v.IsDefault == nil:
		return VPC{}, facts.Errorf(facts.InvalidResponse, "a VPC came without telling whether it is the default one")
	case !*v.IsDefault:
		return VPC{}, nil
	}
	return VPC{true, aws.ToString(v.VpcId), string(v.State), aws.ToString(v.CidrBlock)}, requireID("a VPC", v.VpcId)
}

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
		}, subnetOf)
	},
}

func subnetOf(s types.Subnet) (Subnet, error) {
	return Subnet{
		ID: aws.ToString(s.SubnetId), VPC: aws.ToString(s.VpcId), State: string(s.State),
		Zone:    aws.ToString(s.AvailabilityZone),
		Outpost: aws.ToString(s.OutpostArn) != "", IPv6Only: aws.ToBool(s.Ipv6Native),
		Private: s.MapPublicIpOnLaunch != nil && !*s.MapPublicIpOnLaunch,
	}, requireID("a subnet", s.SubnetId, s.VpcId, s.AvailabilityZone)
}

// AvailabilityZones are the names of the ordinary zones of a Region that this account can use, such as us-east-1a: not
// every account sees the same ones. Local and Wavelength zones are left out.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html
var AvailabilityZones = &facts.Read[NetworkKey, []string]{
	Name:       "ec2.availability-zones",
	Operations: []string{"ec2:DescribeAvailabilityZones"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) ([]string, error) {
		client, err := clientFor(a, key.Region, ec2.NewFromConfig)
		if err != nil {
			return nil, err
		}
		out, err := client.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{
			Filters: []types.Filter{
				{Name: aws.String("zone-type"), Values: []string{"availability-zone"}},
				{Name: aws.String("state"), Values: []string{string(types.AvailabilityZoneStateAvailable)}},
			},
		})
		if err != nil {
			return nil, err
		}
		var zones []string
		for _, z := range out.AvailabilityZones {
			if name := aws.ToString(z.ZoneName); name != "" {
				zones = append(zones, name)
			}
		}
		return zones, nil
	},
}

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
		}, internetGatewayOf)
	},
}

func internetGatewayOf(g types.InternetGateway) (InternetGateway, error) {
	gateway := InternetGateway{ID: aws.ToString(g.InternetGatewayId)}
	if g.Attachments == nil {
		return gateway, facts.Errorf(facts.InvalidResponse, "an internet gateway came without its attachments")
	}
	for _, a := range g.Attachments {
		if err := requireID("the attachment of an internet gateway", a.VpcId); err != nil {
			return gateway, err
		}
		gateway.Attachments = append(gateway.Attachments, Attachment{aws.ToString(a.VpcId), string(a.State)})
	}
	return gateway, requireID("an internet gateway", g.InternetGatewayId)
}

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
		}, routeTableOf)
	},
}

func routeTableOf(t types.RouteTable) (RouteTable, error) {
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
		if err := requireID("a route", &route.Destination); err != nil {
			return table, err
		}
		table.Routes = append(table.Routes, route)
	}
	return table, requireID("a route table", t.RouteTableId, t.VpcId)
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

// PublicAccessBlock is a Region's VPC Block Public Access: a switch that stops the traffic of internet gateways
// although the routes are right. The value is "off", "block-bidirectional" or "block-ingress"; empty if AWS does not
// tell.
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
