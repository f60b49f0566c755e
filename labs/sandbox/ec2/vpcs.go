package ec2

import (
	"slices"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

var vpcKind = resourceKind[*VPC]{
	name:     "vpc",
	notFound: "InvalidVpcID.NotFound",
	id:       func(v *VPC) string { return v.ID },
	filters: map[string]func(*wire.Request, *VPC) []string{
		"vpc-id":     func(_ *wire.Request, v *VPC) []string { return []string{v.ID} },
		"is-default": func(_ *wire.Request, v *VPC) []string { return yesOrNo(v.Default) },
		// Not documented, but everywhere.
		"isDefault": func(_ *wire.Request, v *VPC) []string { return yesOrNo(v.Default) },
		"cidr":      func(_ *wire.Request, v *VPC) []string { return []string{v.CIDR} },
		"state":     func(*wire.Request, *VPC) []string { return []string{stateAvailable} },
		"owner-id":  func(r *wire.Request, _ *VPC) []string { return []string{r.AccountID()} },
	},
}

// output is the VPC as the API shows it. The CIDR block stands in it twice: a VPC can have several.
func (v *VPC) output(r *wire.Request) vpcWire {
	return vpcWire{
		VpcId: &v.ID, OwnerId: new(r.AccountID()), State: new(stateAvailable), CidrBlock: &v.CIDR, IsDefault: &v.Default,
		InstanceTenancy: new("default"), DhcpOptionsId: new(hashedID("dopt", r.Region)),
		CidrBlockAssociationSet: []vpcCidrBlockAssociationWire{{
			AssociationId: new(hashedID("vpc-cidr-assoc", v.ID)), CidrBlock: &v.CIDR,
			CidrBlockState: &vpcCidrBlockStateWire{State: new("associated")},
		}},
	}
}

func describeVPCs(r *wire.Request, in *describeVpcsInput) (*describeVpcsOutput, error) {
	selected := selection{in.Filters, in.MaxResults, in.NextToken}
	list, next, err := vpcKind.list(r, network(r).VPCs, in.VpcIds, selected)
	if err != nil {
		return nil, err
	}
	return &describeVpcsOutput{Vpcs: wire.Outputs(r, list, (*VPC).output), NextToken: next}, nil
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

func createDefaultVPC(r *wire.Request, _ *createDefaultVpcInput) (*createDefaultVpcOutput, error) {
	if network(r).defaultVPC() != nil {
		return nil, wire.Failf("DefaultVpcAlreadyExists",
			"A Default VPC already exists for this account in this region.")
	}
	made := network(r).addDefaultVPC(r.Region, func(prefix string) string { return newID(r, prefix) })
	return &createDefaultVpcOutput{Vpc: new(made.output(r))}, nil
}

// deleteVPC deletes a VPC that is empty but for its main route table.
func deleteVPC(r *wire.Request, in *deleteVpcInput) (*done, error) {
	network := network(r)
	vpc, err := vpcKind.find(network.VPCs, in.VpcId)
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

func describeVPCBlockPublicAccessOptions(
	r *wire.Request, _ *describeVpcBlockPublicAccessOptionsInput,
) (*describeVpcBlockPublicAccessOptionsOutput, error) {
	return &describeVpcBlockPublicAccessOptionsOutput{VpcBlockPublicAccessOptions: blockPublicAccess(r)}, nil
}

func blockPublicAccess(r *wire.Request) *vpcBlockPublicAccessOptionsWire {
	options := &vpcBlockPublicAccessOptionsWire{
		AwsAccountId: new(r.AccountID()), AwsRegion: &r.Region, State: new("default-state"),
		InternetGatewayBlockMode: new(blockModes[0]), ManagedBy: new("account"), ExclusionsAllowed: new("allowed"),
	}
	if mode := Part.Of(r).BlockPublicAccess; mode != "" {
		options.State, options.InternetGatewayBlockMode = new("update-complete"), &mode
	}
	return options
}

func modifyVPCBlockPublicAccessOptions(
	r *wire.Request, in *modifyVpcBlockPublicAccessOptionsInput,
) (*modifyVpcBlockPublicAccessOptionsOutput, error) {
	mode := in.InternetGatewayBlockMode
	if !slices.Contains(blockModes, mode) {
		return nil, wire.Failf("InvalidParameterValue",
			"Value (%s) for parameter InternetGatewayBlockMode is invalid.", mode)
	}
	Part.Of(r).BlockPublicAccess = mode
	return &modifyVpcBlockPublicAccessOptionsOutput{VpcBlockPublicAccessOptions: blockPublicAccess(r)}, nil
}
