package account

import (
	"cmp"
	"context"
	"slices"

	"github.com/labcheck/labcheck/checks/facts"
)

// networkPage is the page size of the reads of EC2: the most that DescribeRouteTables allows. A page size is always
// given, because EC2 allows fewer requests that ask for everything at once.
const networkPage = 100

// wholeNetwork asks for everything that an operation lists, page by page.
func wholeNetwork() map[string]any { return map[string]any{"MaxResults": int64(networkPage)} }

// where is a filter of EC2, to be true of what is listed. A filter only narrows.
func where(name, value string) map[string]any {
	return map[string]any{"Name": name, "Values": []any{value}}
}

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
		input := wholeNetwork()
		input["Filters"] = []any{where("is-default", "true")}
		out, err := Ask[struct{ Vpcs []vpc }](ctx, a, "ec2:DescribeVpcs", key.Region, input)
		if err != nil {
			return VPC{}, err
		}
		all, err := eachOf(out.Vpcs, defaultVPCOf)
		all = slices.DeleteFunc(all, func(v VPC) bool { return !v.Exists })
		switch {
		case err != nil || len(all) == 0:
			return VPC{}, err
		case len(all) > 1:
			return VPC{}, facts.Errorf(facts.InvalidResponse, "%d default VPCs in %s, where AWS keeps one", len(all), key.Region)
		}
		return all[0], nil
	},
}

// vpc is what is kept of a VPC. As in the other types like it, the fields are named like AWS's members, and what is nil
// was not in the answer.
type vpc struct {
	ID               string `json:"VpcId"`
	State, CidrBlock string
	IsDefault        *bool
}

// defaultVPCOf is the zero VPC for one that is not the default one.
func defaultVPCOf(v vpc) (VPC, error) {
	switch {
	case v.IsDefault == nil:
		return VPC{}, facts.Errorf(facts.InvalidResponse, "a VPC came without telling whether it is the default one")
	case !*v.IsDefault:
		return VPC{}, nil
	}
	return VPC{true, v.ID, v.State, v.CidrBlock}, requireID("a VPC", &v.ID)
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
		out, err := Ask[struct{ Subnets []subnet }](ctx, a, "ec2:DescribeSubnets", key.Region, wholeNetwork())
		if err != nil {
			return nil, err
		}
		return eachOf(out.Subnets, subnetOf)
	},
}

type subnet struct {
	ID                                  string `json:"SubnetId"`
	VPC                                 string `json:"VpcId"`
	State, AvailabilityZone, OutpostArn string
	Ipv6Native                          bool
	Public                              *bool `json:"MapPublicIpOnLaunch"`
}

func subnetOf(s subnet) (Subnet, error) {
	return Subnet{
		ID: s.ID, VPC: s.VPC, State: s.State, Zone: s.AvailabilityZone,
		Outpost: s.OutpostArn != "", IPv6Only: s.Ipv6Native, Private: s.Public != nil && !*s.Public,
	}, requireID("a subnet", &s.ID, &s.VPC, &s.AvailabilityZone)
}

// AvailabilityZones are the names of the ordinary zones of a Region that this account can use, such as us-east-1a: not
// every account sees the same ones. Local and Wavelength zones are left out.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html
var AvailabilityZones = &facts.Read[NetworkKey, []string]{
	Name:       "ec2.availability-zones",
	Operations: []string{"ec2:DescribeAvailabilityZones"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) ([]string, error) {
		type zone struct{ ZoneName string }
		out, err := Ask[struct{ AvailabilityZones []zone }](
			ctx, a, "ec2:DescribeAvailabilityZones", key.Region, map[string]any{
				"Filters": []any{where("zone-type", "availability-zone"), where("state", "available")},
			})
		if err != nil {
			return nil, err
		}
		var zones []string
		for _, z := range out.AvailabilityZones {
			if z.ZoneName != "" {
				zones = append(zones, z.ZoneName)
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
		out, err := Ask[struct{ InternetGateways []internetGateway }](
			ctx, a, "ec2:DescribeInternetGateways", key.Region, wholeNetwork())
		if err != nil {
			return nil, err
		}
		return eachOf(out.InternetGateways, internetGatewayOf)
	},
}

type internetGateway struct {
	ID          string `json:"InternetGatewayId"`
	Attachments []struct {
		VPC   string `json:"VpcId"`
		State string
	}
}

func internetGatewayOf(g internetGateway) (InternetGateway, error) {
	gateway := InternetGateway{ID: g.ID}
	if g.Attachments == nil {
		return gateway, facts.Errorf(facts.InvalidResponse, "an internet gateway came without its attachments")
	}
	for _, a := range g.Attachments {
		if err := requireID("the attachment of an internet gateway", &a.VPC); err != nil {
			return gateway, err
		}
		gateway.Attachments = append(gateway.Attachments, Attachment{a.VPC, a.State})
	}
	return gateway, requireID("an internet gateway", &g.ID)
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
		out, err := Ask[struct{ RouteTables []routeTable }](
			ctx, a, "ec2:DescribeRouteTables", key.Region, wholeNetwork())
		if err != nil {
			return nil, err
		}
		return eachOf(out.RouteTables, routeTableOf)
	},
}

type routeTable struct {
	ID           string `json:"RouteTableId"`
	VPC          string `json:"VpcId"`
	Associations []struct {
		Main             bool
		Subnet           string `json:"SubnetId"`
		AssociationState struct{ State string }
	}
	Routes []route
}

type route struct {
	DestinationCidrBlock, DestinationIpv6CidrBlock string
	DestinationPrefixList                          string `json:"DestinationPrefixListId"`

	Gateway           string `json:"GatewayId"`
	NATGateway        string `json:"NatGatewayId"`
	TransitGateway    string `json:"TransitGatewayId"`
	EgressOnlyGateway string `json:"EgressOnlyInternetGatewayId"`
	Peering           string `json:"VpcPeeringConnectionId"`
	LocalGateway      string `json:"LocalGatewayId"`
	CarrierGateway    string `json:"CarrierGatewayId"`
	NetworkInterface  string `json:"NetworkInterfaceId"`
	Instance          string `json:"InstanceId"`
	CoreNetworkArn    string

	State string
}

func routeTableOf(t routeTable) (RouteTable, error) {
	table := RouteTable{ID: t.ID, VPC: t.VPC}
	for _, a := range t.Associations {
		if state := a.AssociationState.State; state == "disassociated" || state == "failed" {
			continue // the table does not serve the subnet that it names
		}
		table.Main = table.Main || a.Main
		if a.Subnet != "" {
			table.Subnets = append(table.Subnets, a.Subnet)
		}
	}
	if t.Routes == nil {
		return table, facts.Errorf(facts.InvalidResponse, "a route table came without its routes")
	}
	for _, r := range t.Routes {
		to := Route{ // it has one destination and one target
			Destination: cmp.Or(r.DestinationCidrBlock, r.DestinationIpv6CidrBlock, r.DestinationPrefixList),
			Target: cmp.Or(
				r.Gateway, r.NATGateway, r.TransitGateway, r.EgressOnlyGateway, r.Peering,
				r.LocalGateway, r.CarrierGateway, r.NetworkInterface, r.Instance, r.CoreNetworkArn,
			),
			State: r.State,
		}
		if err := requireID("a route", &to.Destination); err != nil {
			return table, err
		}
		table.Routes = append(table.Routes, to)
	}
	return table, requireID("a route table", &t.ID, &t.VPC)
}

// PublicAccessBlock is a Region's VPC Block Public Access: a switch that stops the traffic of internet gateways
// although the routes are right. The value is "off", "block-bidirectional" or "block-ingress"; empty if AWS does not
// tell.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcBlockPublicAccessOptions.html
var PublicAccessBlock = &facts.Read[NetworkKey, string]{
	Name:       "ec2.public-access-block",
	Operations: []string{"ec2:DescribeVpcBlockPublicAccessOptions"},
	Fetch: func(ctx context.Context, a *facts.Access, key NetworkKey) (string, error) {
		type options struct{ InternetGatewayBlockMode string }
		out, err := Ask[struct{ VpcBlockPublicAccessOptions options }](
			ctx, a, "ec2:DescribeVpcBlockPublicAccessOptions", key.Region, nil)
		return out.VpcBlockPublicAccessOptions.InternetGatewayBlockMode, err
	},
}
