package ec2

import (
	"net/netip"
	"slices"
	"strconv"
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
		"default-for-az":          func(_ *wire.Request, s *Subnet) []string { return []string{strconv.FormatBool(s.DefaultZone)} },
		"map-public-ip-on-launch": func(_ *wire.Request, s *Subnet) []string { return []string{strconv.FormatBool(s.PublicIP)} },
		"state":                   func(*wire.Request, *Subnet) []string { return []string{stateAvailable} },
		"owner-id":                func(r *wire.Request, _ *Subnet) []string { return []string{r.AccountID()} },
	},
}

type describeSubnetsInput struct {
	IDs []string `wire:"subnetId"`
	selection
}

type describeSubnetsOutput struct {
	Subnets   []subnetOutput `wire:"subnetSet"`
	NextToken *string        `wire:"nextToken"`
}

type subnetOutput struct {
	ID          string  `wire:"subnetId"`
	ARN         string  `wire:"subnetArn"`
	Owner       string  `wire:"ownerId"`
	State       string  `wire:"state"`
	VPC         string  `wire:"vpcId"`
	CIDR        string  `wire:"cidrBlock"`
	FreeIPs     int32   `wire:"availableIpAddressCount"`
	Zone        string  `wire:"availabilityZone"`
	ZoneID      string  `wire:"availabilityZoneId"`
	DefaultZone bool    `wire:"defaultForAz"`
	PublicIP    bool    `wire:"mapPublicIpOnLaunch"`
	Outpost     *string `wire:"outpostArn"`
	subnetNames
	subnetIPv6
}

// subnetNames are the names that machines in a subnet get, as AWS has it by default.
type subnetNames struct {
	DNS privateDNSNames `wire:"privateDnsNameOptionsOnLaunch"`
}

type privateDNSNames struct {
	HostnameType string `wire:"hostnameType"`
	A            bool   `wire:"enableResourceNameDnsARecord"`
	AAAA         bool   `wire:"enableResourceNameDnsAAAARecord"`
}

// subnetIPv6 is what a subnet without IPv6 says about it.
type subnetIPv6 struct {
	Assign bool       `wire:"assignIpv6AddressOnCreation"`
	Native bool       `wire:"ipv6Native"`
	DNS64  bool       `wire:"enableDns64"`
	Blocks []struct{} `wire:"ipv6CidrBlockAssociationSet"`
}

// output is the subnet as the API shows it.
func (s *Subnet) output(r *wire.Request) subnetOutput {
	out := subnetOutput{
		ID: s.ID, ARN: r.ARN("ec2", "subnet/"+s.ID), Owner: r.AccountID(), State: stateAvailable,
		VPC: s.VPC, CIDR: s.CIDR, FreeIPs: s.freeIPs(), Zone: s.Zone, ZoneID: s.ZoneID,
		DefaultZone: s.DefaultZone, PublicIP: s.PublicIP,
		subnetNames: subnetNames{privateDNSNames{HostnameType: "ip-name"}}, subnetIPv6: subnetIPv6{Blocks: []struct{}{}},
	}
	if s.Outpost != "" {
		out.Outpost = &s.Outpost
	}
	return out
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
	list, next, err := subnetKind.list(r, network(r).Subnets, in.IDs, in.selection)
	if err != nil {
		return nil, err
	}
	return &describeSubnetsOutput{Subnets: wire.Outputs(r, list, (*Subnet).output), NextToken: next}, nil
}

type createDefaultSubnetInput struct {
	Zone string `wire:"availabilityZone,required"`
}

type createDefaultSubnetOutput struct {
	Subnet subnetOutput `wire:"subnet"`
}

func createDefaultSubnet(r *wire.Request, in *createDefaultSubnetInput) (*createDefaultSubnetOutput, error) {
	network := network(r)
	vpc := network.defaultVPC()
	if vpc == nil {
		return nil, wire.Failf("DefaultVpcDoesNotExist", "No default VPC exists for this account in this region.")
	}
	zones := wire.ZonesOf(r.Region)
	position := slices.IndexFunc(zones, func(z wire.Zone) bool { return z.Name == in.Zone })
	if position < 0 {
		names := make([]string, 0, len(zones))
		for _, z := range zones {
			names = append(names, z.Name)
		}
		return nil, wire.Failf("InvalidParameterValue", "Value (%s) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: %s.", in.Zone, strings.Join(names, ", "))
	}
	for _, subnet := range network.Subnets {
		if subnet.VPC == vpc.ID && subnet.DefaultZone && subnet.Zone == in.Zone {
			return nil, wire.Failf("DefaultSubnetAlreadyExistsInAvailabilityZone", "'%s' is already the default subnet in %s.", subnet.ID, in.Zone)
		}
	}
	subnet := network.addDefaultSubnet(vpc, zones[position], position, newID(r, "subnet"))
	return &createDefaultSubnetOutput{Subnet: subnet.output(r)}, nil
}

type deleteSubnetInput struct {
	ID string `wire:"subnetId,required"`
}

func deleteSubnet(r *wire.Request, in *deleteSubnetInput) (*done, error) {
	network := network(r)
	subnet, err := subnetKind.find(network.Subnets, in.ID)
	if err != nil {
		return nil, err
	}
	network.Subnets = slices.DeleteFunc(network.Subnets, func(other *Subnet) bool { return other == subnet })
	for _, table := range network.RouteTables {
		table.Subnets = slices.DeleteFunc(table.Subnets, func(id string) bool { return id == subnet.ID })
	}
	return worked, nil
}
