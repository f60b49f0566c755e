package sandbox

import (
	"fmt"
	"slices"
)

// An EC2State is the network of one Region. The zero value is the network that AWS makes in every Region of a new account.
type EC2State struct {
	// Network is everything that there is. Nil: the default VPC with its subnets, its internet gateway and its route table.
	Network *Network `json:"network,omitempty"`
	// BlockPublicAccess is off (also when empty), block-bidirectional or block-ingress.
	BlockPublicAccess string `json:"blockPublicAccess,omitempty"`
}

// A Network is the VPCs of one Region and what hangs on them.
type Network struct {
	VPCs             []*VPC             `json:"vpcs,omitempty"`
	Subnets          []*Subnet          `json:"subnets,omitempty"`
	InternetGateways []*InternetGateway `json:"internetGateways,omitempty"`
	RouteTables      []*RouteTable      `json:"routeTables,omitempty"`
}

// A VPC is a virtual network.
type VPC struct {
	ID      string `json:"id"`
	CIDR    string `json:"cidr"`
	Default bool   `json:"default,omitempty"`
}

// A Subnet is a part of a VPC in one zone.
type Subnet struct {
	ID          string `json:"id"`
	VPC         string `json:"vpc"`
	CIDR        string `json:"cidr"`
	Zone        string `json:"zone"` // such as us-east-1a, or us-east-1-bos-1a in a local zone
	ZoneID      string `json:"zoneId"`
	DefaultZone bool   `json:"defaultForZone,omitempty"`
	PublicIP    bool   `json:"mapPublicIpOnLaunch,omitempty"`
	Outpost     string `json:"outpostArn,omitempty"`
}

// An InternetGateway joins a VPC to the internet.
type InternetGateway struct {
	ID  string `json:"id"`
	VPC string `json:"vpc,omitempty"` // empty when it is not attached
}

// A RouteTable says where the traffic of subnets goes. The route inside the VPC is always there and is not listed.
type RouteTable struct {
	ID   string `json:"id"`
	VPC  string `json:"vpc"`
	Main bool   `json:"main,omitempty"` // serves the subnets that no table is associated with
	// Subnets are those with an explicit association.
	Subnets []string `json:"subnets,omitempty"`
	Routes  []Route  `json:"routes,omitempty"`
}

// A Route sends a destination to a target.
type Route struct {
	Destination string `json:"destination"` // IPv4 or IPv6 CIDR block
	Target      string `json:"target"`      // the id of an internet gateway (igw-), NAT gateway (nat-) and so on
}

// validate finds what would make the answers of EC2 nonsense.
func (s *EC2State) validate() error {
	if s.BlockPublicAccess != "" && !slices.Contains(blockModes, s.BlockPublicAccess) {
		return fmt.Errorf("ec2: blockPublicAccess is one of %q, not %q", blockModes, s.BlockPublicAccess)
	}
	return nil
}
