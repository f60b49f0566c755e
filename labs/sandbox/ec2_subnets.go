package sandbox

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

var subnetKind = resourceKind[*Subnet]{
	name:     "subnet",
	notFound: "InvalidSubnetID.NotFound",
	id:       func(s *Subnet) string { return s.ID },
	filters: map[string]func(*request, *Subnet) []string{
		"subnet-id":               func(_ *request, s *Subnet) []string { return []string{s.ID} },
		"vpc-id":                  func(_ *request, s *Subnet) []string { return []string{s.VPC} },
		"availability-zone":       func(_ *request, s *Subnet) []string { return []string{s.Zone} },
		"availability-zone-id":    func(_ *request, s *Subnet) []string { return []string{s.ZoneID} },
		"cidr-block":              func(_ *request, s *Subnet) []string { return []string{s.CIDR} },
		"default-for-az":          func(_ *request, s *Subnet) []string { return []string{strconv.FormatBool(s.DefaultZone)} },
		"map-public-ip-on-launch": func(_ *request, s *Subnet) []string { return []string{strconv.FormatBool(s.PublicIP)} },
		"state":                   func(*request, *Subnet) []string { return []string{stateAvailable} },
		"owner-id":                func(r *request, _ *Subnet) []string { return []string{r.accountID()} },
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
func (s *Subnet) output(r *request) subnetOutput {
	out := subnetOutput{
		ID: s.ID, ARN: r.arn("ec2", "subnet/"+s.ID), Owner: r.accountID(), State: stateAvailable,
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

func describeSubnets(r *request, in *describeSubnetsInput) (*describeSubnetsOutput, error) {
	list, next, err := subnetKind.list(r, r.network().Subnets, in.IDs, in.selection)
	if err != nil {
		return nil, err
	}
	return &describeSubnetsOutput{Subnets: outputs(r, list, (*Subnet).output), NextToken: next}, nil
}

type createDefaultSubnetInput struct {
	Zone string `wire:"availabilityZone,required"`
}

type createDefaultSubnetOutput struct {
	Subnet subnetOutput `wire:"subnet"`
}

func createDefaultSubnet(r *request, in *createDefaultSubnetInput) (*createDefaultSubnetOutput, error) {
	network := r.network()
	vpc := network.defaultVPC()
	if vpc == nil {
		return nil, failf("DefaultVpcDoesNotExist", "No default VPC exists for this account in this region.")
	}
	zones := zonesOf(r.Region)
	position := slices.IndexFunc(zones, func(z zone) bool { return z.name == in.Zone })
	if position < 0 {
		names := make([]string, 0, len(zones))
		for _, z := range zones {
			names = append(names, z.name)
		}
		return nil, failf("InvalidParameterValue", "Value (%s) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: %s.", in.Zone, strings.Join(names, ", "))
	}
	for _, subnet := range network.Subnets {
		if subnet.VPC == vpc.ID && subnet.DefaultZone && subnet.Zone == in.Zone {
			return nil, failf("DefaultSubnetAlreadyExistsInAvailabilityZone", "'%s' is already the default subnet in %s.", subnet.ID, in.Zone)
		}
	}
	subnet := network.addDefaultSubnet(vpc, zones[position], position, r.newID("subnet"))
	return &createDefaultSubnetOutput{Subnet: subnet.output(r)}, nil
}

type deleteSubnetInput struct {
	ID string `wire:"subnetId,required"`
}

func deleteSubnet(r *request, in *deleteSubnetInput) (*done, error) {
	network := r.network()
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
