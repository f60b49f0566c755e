package ec2

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

var subnetKind = resourceKind[*Subnet]{
	name:     "subnet",
	notFound: "InvalidSubnetID.NotFound",
	id:       func(s *Subnet) string { return s.ID },
	filters: map[string]func(*wire.Request, *Subnet) []string{
		"subnet-id":               func(_ *wire.Request, s *Subnet) []string { return []string{s.ID} },
		"vpc-id":                  func(_ *wire.Request, s *Subnet) []string { return []string{s.VPC} },
		"availability-zone":       func(_ *wire.Request, s *Subnet) []string { return []string{s.Zone} },
		"availability-zone-id":    func(_ *wire.Request, s *Subnet) []string { return []string{s.ZoneID} },
		"cidr-block":              func(_ *wire.Request, s *Subnet) []string { return []string{s.CIDR} },
		"default-for-az":          func(_ *wire.Request, s *Subnet) []string { return yesOrNo(s.DefaultZone) },
		"map-public-ip-on-launch": func(_ *wire.Request, s *Subnet) []string { return yesOrNo(s.PublicIP) },
		"state":                   func(*wire.Request, *Subnet) []string { return []string{stateAvailable} },
		"owner-id":                func(r *wire.Request, _ *Subnet) []string { return []string{r.AccountID()} },
	},
}

// output is the subnet as the API shows it: without IPv6, and with the names that AWS gives to machines in it by
// default.
func (s *Subnet) output(r *wire.Request) subnetWire {
	return subnetWire{
		SubnetId: &s.ID, SubnetArn: new(r.ARN("ec2", "subnet/"+s.ID)), OwnerId: new(r.AccountID()),
		State: new(stateAvailable), VpcId: &s.VPC, CidrBlock: &s.CIDR, AvailableIpAddressCount: new(s.freeIPs()),
		AvailabilityZone: &s.Zone, AvailabilityZoneId: &s.ZoneID, DefaultForAz: &s.DefaultZone,
		MapPublicIpOnLaunch: &s.PublicIP, OutpostArn: wire.Present(s.Outpost),
		PrivateDnsNameOptionsOnLaunch: &privateDnsNameOptionsOnLaunchWire{
			HostnameType: new("ip-name"), EnableResourceNameDnsARecord: new(false),
			EnableResourceNameDnsAAAARecord: new(false),
		},
		AssignIpv6AddressOnCreation: new(false), Ipv6Native: new(false), EnableDns64: new(false),
		Ipv6CidrBlockAssociationSet: []subnetIpv6CidrBlockAssociationWire{},
	}
}

// freeIPs counts the addresses of an empty subnet, in which AWS keeps five for itself.
func (s *Subnet) freeIPs() int32 {
	block, err := netip.ParsePrefix(s.CIDR)
	if err != nil || !block.Addr().Is4() || block.Bits() < 16 || block.Bits() > 28 {
		return 0
	}
	return 1<<(32-block.Bits()) - 5
}

func describeSubnets(r *wire.Request, in *describeSubnetsInput) (*describeSubnetsOutput, error) {
	selected := selection{in.Filters, in.MaxResults, in.NextToken}
	list, next, err := subnetKind.list(r, network(r).Subnets, in.SubnetIds, selected)
	if err != nil {
		return nil, err
	}
	return &describeSubnetsOutput{Subnets: wire.Outputs(r, list, (*Subnet).output), NextToken: next}, nil
}

func createDefaultSubnet(r *wire.Request, in *createDefaultSubnetInput) (*createDefaultSubnetOutput, error) {
	if in.AvailabilityZone == nil { // AWS's model does not require it, as there may be its id in its place
		return nil, wire.Failf("MissingParameter", "The request must contain the parameter availabilityZone")
	}
	wanted, network := *in.AvailabilityZone, network(r)
	vpc := network.defaultVPC()
	if vpc == nil {
		return nil, wire.Failf("DefaultVpcDoesNotExist", "No default VPC exists for this account in this region.")
	}
	zones := wire.ZonesOf(r.Region)
	position := slices.IndexFunc(zones, func(z wire.Zone) bool { return z.Name == wanted })
	if position < 0 {
		names := make([]string, 0, len(zones))
		for _, z := range zones {
			names = append(names, z.Name)
		}
		return nil, wire.Failf("InvalidParameterValue", "Value (%s) for parameter availabilityZone is invalid. "+
			"Subnets can currently only be created in the following availability zones: %s.", wanted, strings.Join(names, ", "))
	}
	for _, subnet := range network.Subnets {
		if subnet.VPC == vpc.ID && subnet.DefaultZone && subnet.Zone == wanted {
			return nil, wire.Failf("DefaultSubnetAlreadyExistsInAvailabilityZone",
				"'%s' is already the default subnet in %s.", subnet.ID, wanted)
		}
	}
	subnet := network.addDefaultSubnet(vpc, zones[position], position, newID(r, "subnet"))
	return &createDefaultSubnetOutput{Subnet: new(subnet.output(r))}, nil
}

func deleteSubnet(r *wire.Request, in *deleteSubnetInput) (*done, error) {
	network := network(r)
	subnet, err := subnetKind.find(network.Subnets, in.SubnetId)
	if err != nil {
		return nil, err
	}
	network.Subnets = slices.DeleteFunc(network.Subnets, func(other *Subnet) bool { return other == subnet })
	for _, table := range network.RouteTables {
		table.Subnets = slices.DeleteFunc(table.Subnets, func(id string) bool { return id == subnet.ID })
	}
	return worked, nil
}
