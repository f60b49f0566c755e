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

type describeGatewaysInput struct {
	IDs []string `wire:"internetGatewayId"`
	selection
}

type describeGatewaysOutput struct {
	Gateways  []gatewayOutput `wire:"internetGatewaySet"`
	NextToken *string         `wire:"nextToken"`
}

type gatewayOutput struct {
	ID          string             `wire:"internetGatewayId"`
	Owner       string             `wire:"ownerId"`
	Attachments []attachmentOutput `wire:"attachmentSet"`
}

type attachmentOutput struct {
	VPC   string `wire:"vpcId"`
	State string `wire:"state"`
}

// output is the gateway as the API shows it.
func (g *InternetGateway) output(r *wire.Request) gatewayOutput {
	out := gatewayOutput{ID: g.ID, Owner: r.AccountID(), Attachments: []attachmentOutput{}}
	if g.VPC != "" {
		out.Attachments = append(out.Attachments, attachmentOutput{VPC: g.VPC, State: stateAvailable})
	}
	return out
}

func describeInternetGateways(r *wire.Request, in *describeGatewaysInput) (*describeGatewaysOutput, error) {
	list, next, err := gatewayKind.list(r, network(r).InternetGateways, in.IDs, in.selection)
	if err != nil {
		return nil, err
	}
	return &describeGatewaysOutput{Gateways: wire.Outputs(r, list, (*InternetGateway).output), NextToken: next}, nil
}

type createGatewayOutput struct {
	Gateway gatewayOutput `wire:"internetGateway"`
}

func createInternetGateway(r *wire.Request, _ *wire.None) (*createGatewayOutput, error) {
	gateway := &InternetGateway{ID: newID(r, "igw")}
	network(r).InternetGateways = append(network(r).InternetGateways, gateway)
	return &createGatewayOutput{Gateway: gateway.output(r)}, nil
}

type attachGatewayInput struct {
	ID  string `wire:"internetGatewayId,required"`
	VPC string `wire:"vpcId,required"`
}

// gatewayAndVPC finds what an attachment is about.
func gatewayAndVPC(r *wire.Request, in *attachGatewayInput) (*InternetGateway, *VPC, error) {
	gateway, err := gatewayKind.find(network(r).InternetGateways, in.ID)
	if err != nil {
		return nil, nil, err
	}
	vpc, err := vpcKind.find(network(r).VPCs, in.VPC)
	return gateway, vpc, err
}

func attachInternetGateway(r *wire.Request, in *attachGatewayInput) (*done, error) {
	gateway, vpc, err := gatewayAndVPC(r, in)
	if err != nil {
		return nil, err
	}
	if gateway.VPC != "" {
		return nil, wire.Failf("Resource.AlreadyAssociated", "resource %s is already attached to network %s", gateway.ID, gateway.VPC)
	}
	if slices.ContainsFunc(network(r).InternetGateways, func(g *InternetGateway) bool { return g.VPC == vpc.ID }) {
		return nil, wire.Failf("InvalidParameterValue", "Network %s already has an internet gateway attached", vpc.ID)
	}
	gateway.VPC = vpc.ID
	return worked, nil
}

// detachInternetGateway leaves the routes that point at the gateway: they become black holes.
func detachInternetGateway(r *wire.Request, in *attachGatewayInput) (*done, error) {
	gateway, vpc, err := gatewayAndVPC(r, in)
	if err != nil {
		return nil, err
	}
	if gateway.VPC != vpc.ID {
		return nil, wire.Failf("Gateway.NotAttached", "resource %s is not attached to network %s", gateway.ID, vpc.ID)
	}
	gateway.VPC = ""
	return worked, nil
}

type deleteGatewayInput struct {
	ID string `wire:"internetGatewayId,required"`
}

func deleteInternetGateway(r *wire.Request, in *deleteGatewayInput) (*done, error) {
	network := network(r)
	gateway, err := gatewayKind.find(network.InternetGateways, in.ID)
	if err != nil {
		return nil, err
	}
	if gateway.VPC != "" {
		return nil, wire.Failf("DependencyViolation", "The internetGateway '%s' has dependencies and cannot be deleted.", gateway.ID)
	}
	network.InternetGateways = slices.DeleteFunc(network.InternetGateways, func(other *InternetGateway) bool { return other == gateway })
	return worked, nil
}
