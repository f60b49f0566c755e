package ec2

import (
	"slices"
	"strconv"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

var vpcKind = resourceKind[*VPC]{
	name:     "vpc",
	notFound: "InvalidVpcID.NotFound",
	id:       func(v *VPC) string { return v.ID },
	filters: map[string]func(*wire.Request, *VPC) []string{
		"vpc-id":     func(_ *wire.Request, v *VPC) []string { return []string{v.ID} },
		"is-default": func(_ *wire.Request, v *VPC) []string { return []string{strconv.FormatBool(v.Default)} },
		"isDefault":  func(_ *wire.Request, v *VPC) []string { return []string{strconv.FormatBool(v.Default)} }, // not documented, but everywhere
		"cidr":       func(_ *wire.Request, v *VPC) []string { return []string{v.CIDR} },
		"state":      func(*wire.Request, *VPC) []string { return []string{stateAvailable} },
		"owner-id":   func(r *wire.Request, _ *VPC) []string { return []string{r.AccountID()} },
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
func (v *VPC) output(r *wire.Request) vpcOutput {
	return vpcOutput{
		ID: v.ID, Owner: r.AccountID(), State: stateAvailable, CIDR: v.CIDR, Default: v.Default, Tenancy: "default",
		Options: hashedID("dopt", r.Region),
		Blocks:  []cidrBlockOutput{{ID: hashedID("vpc-cidr-assoc", v.ID), CIDR: v.CIDR, State: cidrBlockState{State: "associated"}}},
	}
}

func describeVPCs(r *wire.Request, in *describeVPCsInput) (*describeVPCsOutput, error) {
	list, next, err := vpcKind.list(r, network(r).VPCs, in.IDs, in.selection)
	if err != nil {
		return nil, err
	}
	return &describeVPCsOutput{VPCs: wire.Outputs(r, list, (*VPC).output), NextToken: next}, nil
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

func createDefaultVPC(r *wire.Request, _ *wire.None) (*createDefaultVPCOutput, error) {
	if network(r).defaultVPC() != nil {
		return nil, wire.Failf("DefaultVpcAlreadyExists", "A Default VPC already exists for this account in this region.")
	}
	return &createDefaultVPCOutput{VPC: network(r).addDefaultVPC(r.Region, func(prefix string) string { return newID(r, prefix) }).output(r)}, nil
}

type deleteVPCInput struct {
	ID string `wire:"vpcId,required"`
}

// deleteVPC deletes a VPC that is empty but for its main route table.
func deleteVPC(r *wire.Request, in *deleteVPCInput) (*done, error) {
	network := network(r)
	vpc, err := vpcKind.find(network.VPCs, in.ID)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(network.Subnets, func(s *Subnet) bool { return s.VPC == vpc.ID }) ||
		slices.ContainsFunc(network.InternetGateways, func(g *InternetGateway) bool { return g.VPC == vpc.ID }) ||
		slices.ContainsFunc(network.RouteTables, func(t *RouteTable) bool { return t.VPC == vpc.ID && !t.Main }) {
		return nil, wire.Failf("DependencyViolation", "The vpc '%s' has dependencies and cannot be deleted.", vpc.ID)
	}
	network.VPCs = slices.DeleteFunc(network.VPCs, func(other *VPC) bool { return other == vpc })
	network.RouteTables = slices.DeleteFunc(network.RouteTables, func(t *RouteTable) bool { return t.VPC == vpc.ID })
	return worked, nil
}

// blockModes are the values of State.BlockPublicAccess.
var blockModes = []string{"off", "block-bidirectional", "block-ingress"}

type blockPublicAccessOutput struct {
	Options blockPublicAccess `wire:"vpcBlockPublicAccessOptions"`
}

type blockPublicAccess struct {
	Account    string `wire:"awsAccountId"`
	Region     string `wire:"awsRegion"`
	State      string `wire:"state"`
	Mode       string `wire:"internetGatewayBlockMode"`
	ManagedBy  string `wire:"managedBy"`
	Exclusions string `wire:"exclusionsAllowed"`
}

func describeVPCBlockPublicAccessOptions(r *wire.Request, _ *wire.None) (*blockPublicAccessOutput, error) {
	options := blockPublicAccess{
		Account: r.AccountID(), Region: r.Region,
		State: "default-state", Mode: blockModes[0], ManagedBy: "account", Exclusions: "allowed",
	}
	if mode := Part.Of(r).BlockPublicAccess; mode != "" {
		options.State, options.Mode = "update-complete", mode
	}
	return &blockPublicAccessOutput{Options: options}, nil
}

type modifyBlockPublicAccessInput struct {
	Mode string `wire:"internetGatewayBlockMode,required"`
}

func modifyVPCBlockPublicAccessOptions(r *wire.Request, in *modifyBlockPublicAccessInput) (*blockPublicAccessOutput, error) {
	if !slices.Contains(blockModes, in.Mode) {
		return nil, wire.Failf("InvalidParameterValue", "Value (%s) for parameter InternetGatewayBlockMode is invalid.", in.Mode)
	}
	Part.Of(r).BlockPublicAccess = in.Mode
	return describeVPCBlockPublicAccessOptions(r, &wire.None{})
}
