package sandbox

import (
	"slices"
	"strconv"
)

var vpcKind = resourceKind[*VPC]{
	name:     "vpc",
	notFound: "InvalidVpcID.NotFound",
	id:       func(v *VPC) string { return v.ID },
	filters: map[string]func(*request, *VPC) []string{
		"vpc-id":     func(_ *request, v *VPC) []string { return []string{v.ID} },
		"is-default": func(_ *request, v *VPC) []string { return []string{strconv.FormatBool(v.Default)} },
		"isDefault":  func(_ *request, v *VPC) []string { return []string{strconv.FormatBool(v.Default)} }, // not documented, but everywhere
		"cidr":       func(_ *request, v *VPC) []string { return []string{v.CIDR} },
		"state":      func(*request, *VPC) []string { return []string{stateAvailable} },
		"owner-id":   func(r *request, _ *VPC) []string { return []string{r.accountID()} },
	},
}

type describeVPCsInput struct {
	IDs []string `wire:"vpcId"`
	selection
}

type describeVPCsOutput struct {
	VPCs      []vpcOutput `wire:"vpcSet"`
	NextToken *string     `wire:"nextToken"`
}

type vpcOutput struct {
	ID      string `wire:"vpcId"`
	Owner   string `wire:"ownerId"`
	State   string `wire:"state"`
	CIDR    string `wire:"cidrBlock"`
	Default bool   `wire:"isDefault"`
	Tenancy string `wire:"instanceTenancy"`
	Options string `wire:"dhcpOptionsId"`
	// Blocks has the CIDR block once more: a VPC can have several.
	Blocks []cidrBlockOutput `wire:"cidrBlockAssociationSet"`
}

type cidrBlockOutput struct {
	ID    string         `wire:"associationId"`
	CIDR  string         `wire:"cidrBlock"`
	State cidrBlockState `wire:"cidrBlockState"`
}

type cidrBlockState struct {
	State string `wire:"state"`
}

// output is the VPC as the API shows it.
func (v *VPC) output(r *request) vpcOutput {
	return vpcOutput{
		ID: v.ID, Owner: r.accountID(), State: stateAvailable, CIDR: v.CIDR, Default: v.Default, Tenancy: "default",
		Options: hashedID("dopt", r.Region),
		Blocks:  []cidrBlockOutput{{ID: hashedID("vpc-cidr-assoc", v.ID), CIDR: v.CIDR, State: cidrBlockState{State: "associated"}}},
	}
}

func describeVPCs(r *request, in *describeVPCsInput) (*describeVPCsOutput, error) {
	list, next, err := vpcKind.list(r, r.network().VPCs, in.IDs, in.selection)
	if err != nil {
		return nil, err
	}
	return &describeVPCsOutput{VPCs: outputs(r, list, (*VPC).output), NextToken: next}, nil
}

// defaultVPC is the default VPC, or nil.
func (n *Network) defaultVPC() *VPC {
	for _, vpc := range n.VPCs {
		if vpc.Default {
			return vpc
		}
	}
	return nil
}

type createDefaultVPCOutput struct {
	VPC vpcOutput `wire:"vpc"`
}

func createDefaultVPC(r *request, _ *none) (*createDefaultVPCOutput, error) {
	if r.network().defaultVPC() != nil {
		return nil, failf("DefaultVpcAlreadyExists", "A Default VPC already exists for this account in this region.")
	}
	return &createDefaultVPCOutput{VPC: r.network().addDefaultVPC(r.Region, r.newID).output(r)}, nil
}

type deleteVPCInput struct {
	ID string `wire:"vpcId,required"`
}

// deleteVPC deletes a VPC that is empty but for its main route table.
func deleteVPC(r *request, in *deleteVPCInput) (*done, error) {
	network := r.network()
	vpc, err := vpcKind.find(network.VPCs, in.ID)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(network.Subnets, func(s *Subnet) bool { return s.VPC == vpc.ID }) ||
		slices.ContainsFunc(network.InternetGateways, func(g *InternetGateway) bool { return g.VPC == vpc.ID }) ||
		slices.ContainsFunc(network.RouteTables, func(t *RouteTable) bool { return t.VPC == vpc.ID && !t.Main }) {
		return nil, failf("DependencyViolation", "The vpc '%s' has dependencies and cannot be deleted.", vpc.ID)
	}
	network.VPCs = slices.DeleteFunc(network.VPCs, func(other *VPC) bool { return other == vpc })
	network.RouteTables = slices.DeleteFunc(network.RouteTables, func(t *RouteTable) bool { return t.VPC == vpc.ID })
	return worked, nil
}
