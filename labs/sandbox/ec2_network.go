package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// stateAvailable is the state of whatever is ready: a VPC, a subnet, a zone. On the wire it is the state of an attached internet gateway
// too, though the API's enumeration says "attached".
const stateAvailable = "available"

// The network that AWS makes in every Region.
const (
	defaultVPCBlock = "172.31.0.0/16"
	everywhere      = "0.0.0.0/0"
)

// network is the network of the request's Region; the one that AWS makes if the state says nothing, which is kept only if it may change.
func (r *request) network() *Network {
	ec2 := &r.regional().EC2
	if ec2.Network != nil {
		return ec2.Network
	}
	made := newNetwork(r.Region)
	if r.changes {
		ec2.Network = made
	}
	return made
}

// newNetwork is the network that AWS makes in a Region of a new account.
func newNetwork(region string) *Network {
	made := &Network{}
	made.addDefaultVPC(region, func(prefix string) string { return hashedID(prefix, region) })
	return made
}

// addDefaultVPC makes the default VPC with a subnet in each zone, an internet gateway and a main route table that leads to it.
// newID makes an id from a prefix.
func (n *Network) addDefaultVPC(region string, newID func(prefix string) string) *VPC {
	vpc := &VPC{ID: newID("vpc"), CIDR: defaultVPCBlock, Default: true}
	gateway := &InternetGateway{ID: newID("igw"), VPC: vpc.ID}
	n.VPCs = append(n.VPCs, vpc)
	n.InternetGateways = append(n.InternetGateways, gateway)
	n.RouteTables = append(n.RouteTables, &RouteTable{
		ID: newID("rtb"), VPC: vpc.ID, Main: true,
		Routes: []Route{{Destination: everywhere, Target: gateway.ID}},
	})
	for i, zone := range zonesOf(region) {
		n.addDefaultSubnet(vpc, zone, i, hashedID("subnet", vpc.ID+zone.name))
	}
	return vpc
}

// addDefaultSubnet makes the subnet of one zone: the zone at that position has that sixteenth of the VPC's addresses.
func (n *Network) addDefaultSubnet(vpc *VPC, zone zone, position int, id string) *Subnet {
	subnet := &Subnet{
		ID: id, VPC: vpc.ID, CIDR: fmt.Sprintf("172.31.%d.0/20", position*16),
		Zone: zone.name, ZoneID: zone.id, DefaultZone: true, PublicIP: true,
	}
	n.Subnets = append(n.Subnets, subnet)
	return subnet
}

// hashedID makes an id that is always the same for the same seed: what nobody created must not depend on who asks first.
func hashedID(prefix, seed string) string {
	sum := sha256.Sum256([]byte(prefix + " " + seed))
	return prefix + "-0" + hex.EncodeToString(sum[:])[:16]
}
