package ec2

import (
	"slices"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

var gatewayKind = resourceKind[*InternetGateway]{
	name:     "internetGateway",
	notFound: "InvalidInternetGatewayID.NotFound",
	id:       func(g *InternetGateway) string { return g.ID },
	filters: map[string]func(*wire.Request, *InternetGateway) []string{
		"internet-gateway-id": func(_ *wire.Request, g *InternetGateway) []string { return []string{g.ID} },
		"attachment.vpc-id":   func(_ *wire.Request, g *InternetGateway) []string { return g.ifAttached(g.VPC) },
		"attachment.state":    func(_ *wire.Request, g *InternetGateway) []string { return g.ifAttached(stateAvailable) },
		"owner-id":            func(r *wire.Request, _ *InternetGateway) []string { return []string{r.AccountID()} },
	},
}

// ifAttached is the value of a filter that looks at attachments.
func (g *InternetGateway) ifAttached(value string) []string {
	if g.VPC == "" {
		return nil
	}
	return []string{value}
}

// output is the gateway as the API shows it.
func (g *InternetGateway) output(r *wire.Request) internetGatewayWire {
	out := internetGatewayWire{
		InternetGatewayId: &g.ID, OwnerId: new(r.AccountID()), Attachments: []internetGatewayAttachmentWire{},
	}
	if g.VPC != "" {
		out.Attachments = append(out.Attachments, internetGatewayAttachmentWire{
			VpcId: &g.VPC, State: new(stateAvailable),
		})
	}
	return out
}

func describeInternetGateways(
	r *wire.Request, in *describeInternetGatewaysInput,
) (*describeInternetGatewaysOutput, error) {
	selected := selection{in.Filters, in.MaxResults, in.NextToken}
	list, next, err := gatewayKind.list(r, network(r).InternetGateways, in.InternetGatewayIds, selected)
	if err != nil {
		return nil, err
	}
	return &describeInternetGatewaysOutput{
		InternetGateways: wire.Outputs(r, list, (*InternetGateway).output), NextToken: next,
	}, nil
}

func createInternetGateway(r *wire.Request, _ *createInternetGatewayInput) (*createInternetGatewayOutput, error) {
	gateway := &InternetGateway{ID: newID(r, "igw")}
	network(r).InternetGateways = append(network(r).InternetGateways, gateway)
	return &createInternetGatewayOutput{InternetGateway: new(gateway.output(r))}, nil
}

// gatewayAndVPC finds what an attachment is about.
func gatewayAndVPC(r *wire.Request, gatewayID, vpcID string) (*InternetGateway, *VPC, error) {
	gateway, err := gatewayKind.find(network(r).InternetGateways, gatewayID)
	if err != nil {
		return nil, nil, err
	}
	vpc, err := vpcKind.find(network(r).VPCs, vpcID)
	return gateway, vpc, err
}

func attachInternetGateway(r *wire.Request, in *attachInternetGatewayInput) (*done, error) {
	gateway, vpc, err := gatewayAndVPC(r, in.InternetGatewayId, in.VpcId)
	if err != nil {
		return nil, err
	}
	if gateway.VPC != "" {
		return nil, wire.Failf(
			"Resource.AlreadyAssociated", "resource %s is already attached to network %s", gateway.ID, gateway.VPC,
		)
	}
	if slices.ContainsFunc(network(r).InternetGateways, func(g *InternetGateway) bool { return g.VPC == vpc.ID }) {
		return nil, wire.Failf("InvalidParameterValue", "Network %s already has an internet gateway attached", vpc.ID)
	}
	gateway.VPC = vpc.ID
	return worked, nil
}

// detachInternetGateway leaves the routes that point at the gateway: they become black holes.
func detachInternetGateway(r *wire.Request, in *detachInternetGatewayInput) (*done, error) {
	gateway, vpc, err := gatewayAndVPC(r, in.InternetGatewayId, in.VpcId)
	if err != nil {
		return nil, err
	}
	if gateway.VPC != vpc.ID {
		return nil, wire.Failf("Gateway.NotAttached", "resource %s is not attached to network %s", gateway.ID, vpc.ID)
	}
	gateway.VPC = ""
	return worked, nil
}

func deleteInternetGateway(r *wire.Request, in *deleteInternetGatewayInput) (*done, error) {
	network := network(r)
	gateway, err := gatewayKind.find(network.InternetGateways, in.InternetGatewayId)
	if err != nil {
		return nil, err
	}
	if gateway.VPC != "" {
		return nil, wire.Failf(
			"DependencyViolation", "The internetGateway '%s' has dependencies and cannot be deleted.", gateway.ID,
		)
	}
	network.InternetGateways = slices.DeleteFunc(network.InternetGateways, func(other *InternetGateway) bool {
		return other == gateway
	})
	return worked, nil
}
