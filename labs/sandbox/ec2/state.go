package ec2

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Part is what EC2 keeps.
var Part = &wire.Part[State]{Key: "ec2", Regional: true}

// A State is the network of one Region. The zero value is the network that AWS makes in every Region of a new account.
type State struct {
	// Network is everything that there is. Nil: the default VPC with its subnets, its internet gateway and its route
	// table.
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

// Validate finds what would make the answers of EC2 nonsense.
func (s *State) Validate() error {
	if s.BlockPublicAccess != "" && !slices.Contains(blockModes, s.BlockPublicAccess) {
		return fmt.Errorf("blockPublicAccess is one of %q, not %.20q", blockModes, s.BlockPublicAccess)
	}
	return nil
}

// stateAvailable is the state of whatever is ready: a VPC, a subnet, a zone. On the wire it is the state of an attached
// internet gateway too, though the API's enumeration says "attached".
const stateAvailable = "available"

// The network that AWS makes in every Region.
const (
	defaultVPCBlock = "172.31.0.0/16"
	everywhere      = "0.0.0.0/0"
)

// network is the network of the request's Region; the one that AWS makes if the state says nothing, which is kept only
// if it may change.
func network(r *wire.Request) *Network {
	ec2 := Part.Of(r)
	if ec2.Network != nil {
		return ec2.Network
	}
	made := DefaultNetwork(r.Region)
	if r.Changes {
		ec2.Network = made
	}
	return made
}

// DefaultNetwork is the network that AWS makes in a Region of a new account.
func DefaultNetwork(region string) *Network {
	made := &Network{}
	made.addDefaultVPC(region, func(prefix string) string { return hashedID(prefix, region) })
	return made
}

// addDefaultVPC makes the default VPC with a subnet in each zone, an internet gateway and a main route table that leads
// to it. newID makes an id from a prefix.
func (n *Network) addDefaultVPC(region string, newID func(prefix string) string) *VPC {
	vpc := &VPC{ID: newID("vpc"), CIDR: defaultVPCBlock, Default: true}
	gateway := &InternetGateway{ID: newID("igw"), VPC: vpc.ID}
	n.VPCs = append(n.VPCs, vpc)
	n.InternetGateways = append(n.InternetGateways, gateway)
	n.RouteTables = append(n.RouteTables, &RouteTable{
		ID: newID("rtb"), VPC: vpc.ID, Main: true,
		Routes: []Route{{Destination: everywhere, Target: gateway.ID}},
	})
	for i, zone := range wire.ZonesOf(region) {
		n.addDefaultSubnet(vpc, zone, i, hashedID("subnet", vpc.ID+zone.Name))
	}
	return vpc
}

// addDefaultSubnet makes the subnet of one zone: the zone at that position has that sixteenth of the VPC's addresses.
func (n *Network) addDefaultSubnet(vpc *VPC, zone wire.Zone, position int, id string) *Subnet {
	subnet := &Subnet{
		ID: id, VPC: vpc.ID, CIDR: fmt.Sprintf("172.31.%d.0/20", position*16),
		Zone: zone.Name, ZoneID: zone.ID, DefaultZone: true, PublicIP: true,
	}
	n.Subnets = append(n.Subnets, subnet)
	return subnet
}

// hashedID makes an id that is always the same for the same seed: what nobody created must not depend on who asks
// first.
func hashedID(prefix, seed string) string {
	sum := sha256.Sum256([]byte(prefix + " " + seed))
	return prefix + "-0" + hex.EncodeToString(sum[:])[:16]
}
