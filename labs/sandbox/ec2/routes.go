package ec2

import (
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

var routeTableKind = resourceKind[*RouteTable]{
	name:     "routeTable",
	notFound: "InvalidRouteTableID.NotFound",
	id:       func(t *RouteTable) string { return t.ID },
	filters: map[string]func(*wire.Request, *RouteTable) []string{
		"route-table-id":        func(_ *wire.Request, t *RouteTable) []string { return []string{t.ID} },
		"vpc-id":                func(_ *wire.Request, t *RouteTable) []string { return []string{t.VPC} },
		"association.main":      func(_ *wire.Request, t *RouteTable) []string { return []string{strconv.FormatBool(t.Main)} },
		"association.subnet-id": func(_ *wire.Request, t *RouteTable) []string { return t.Subnets },
		"owner-id":              func(r *wire.Request, _ *RouteTable) []string { return []string{r.AccountID()} },
	},
}

type describeRouteTablesInput struct {
	IDs []string `wire:"routeTableId"`
	selection
}

type describeRouteTablesOutput struct {
	Tables    []routeTableOutput `wire:"routeTableSet"`
	NextToken *string            `wire:"nextToken"`
}

type routeTableOutput struct {
	ID           string              `wire:"routeTableId"`
	Owner        string              `wire:"ownerId"`
	VPC          string              `wire:"vpcId"`
	Routes       []routeOutput       `wire:"routeSet"`
	Associations []associationOutput `wire:"associationSet"`
	Propagating  []struct{}          `wire:"propagatingVgwSet"`
	Tags         []struct{}          `wire:"tagSet"`
}

type routeOutput struct {
	CIDR             *string `wire:"destinationCidrBlock"`
	CIDRv6           *string `wire:"destinationIpv6CidrBlock"`
	Gateway          *string `wire:"gatewayId"`
	NAT              *string `wire:"natGatewayId"`
	TransitGateway   *string `wire:"transitGatewayId"`
	Peering          *string `wire:"vpcPeeringConnectionId"`
	NetworkInterface *string `wire:"networkInterfaceId"`
	State            string  `wire:"state"`
	Origin           string  `wire:"origin"`
}

type associationOutput struct {
	ID     string           `wire:"routeTableAssociationId"`
	Table  string           `wire:"routeTableId"`
	Main   bool             `wire:"main"`
	Subnet *string          `wire:"subnetId"`
	State  associationState `wire:"associationState"`
}

type associationState struct {
	State string `wire:"state"`
}

// output is the table as the API shows it. A subnet that uses the main table without being told so is not listed, as on AWS.
func (t *RouteTable) output(r *wire.Request) routeTableOutput {
	out := routeTableOutput{
		ID: t.ID, Owner: r.AccountID(), VPC: t.VPC, Routes: []routeOutput{}, Associations: []associationOutput{},
		Propagating: []struct{}{}, Tags: []struct{}{},
	}
	for _, vpc := range network(r).VPCs {
		if vpc.ID == t.VPC {
			local := "local"
			out.Routes = append(out.Routes, routeOutput{CIDR: &vpc.CIDR, Gateway: &local, State: "active", Origin: "CreateRouteTable"})
		}
	}
	for _, route := range t.Routes {
		out.Routes = append(out.Routes, route.output(network(r).routeState(t, route)))
	}
	associate := func(main bool, subnet *string, seed string) {
		out.Associations = append(out.Associations, associationOutput{
			ID: hashedID("rtbassoc", t.ID+seed), Table: t.ID, Main: main, Subnet: subnet, State: associationState{State: "associated"},
		})
	}
	if t.Main {
		associate(true, nil, "")
	}
	for _, subnet := range t.Subnets {
		associate(false, &subnet, subnet)
	}
	return out
}

// output is the route as the API shows it: the kind of target decides the field that holds it.
func (t Route) output(state string) routeOutput {
	out := routeOutput{State: state, Origin: "CreateRoute"}
	if strings.Contains(t.Destination, ":") {
		out.CIDRv6 = &t.Destination
	} else {
		out.CIDR = &t.Destination
	}
	switch prefix, _, _ := strings.Cut(t.Target, "-"); prefix {
	case "nat":
		out.NAT = &t.Target
	case "tgw":
		out.TransitGateway = &t.Target
	case "pcx":
		out.Peering = &t.Target
	case "eni":
		out.NetworkInterface = &t.Target
	default:
		out.Gateway = &t.Target
	}
	return out
}

// routeState is blackhole for a route to an internet gateway that is gone or not attached to the table's VPC.
func (n *Network) routeState(table *RouteTable, route Route) string {
	if strings.HasPrefix(route.Target, "igw-") && !slices.ContainsFunc(n.InternetGateways, func(g *InternetGateway) bool {
		return g.ID == route.Target && g.VPC == table.VPC
	}) {
		return "blackhole"
	}
	return "active"
}

func describeRouteTables(r *wire.Request, in *describeRouteTablesInput) (*describeRouteTablesOutput, error) {
	list, next, err := routeTableKind.list(r, network(r).RouteTables, in.IDs, in.selection)
	if err != nil {
		return nil, err
	}
	return &describeRouteTablesOutput{Tables: wire.Outputs(r, list, (*RouteTable).output), NextToken: next}, nil
}

// routeInput is the input of the operations that write a route to an internet gateway.
type routeInput struct {
	Table   string `wire:"routeTableId,required"`
	CIDR    string `wire:"destinationCidrBlock"`
	CIDRv6  string `wire:"destinationIpv6CidrBlock"`
	Gateway string `wire:"gatewayId"`
}

// destination is the block that the route is for.
func (in *routeInput) destination() string {
	if in.CIDR != "" {
		return in.CIDR
	}
	return in.CIDRv6
}

// placeOf finds the route table and the place of the route in it, which is -1 when there is none.
func (in *routeInput) place(r *wire.Request) (table *RouteTable, i int, err error) {
	if in.destination() == "" {
		return nil, 0, wire.Failf("MissingParameter", "The request must contain the parameter destinationCidrBlock")
	}
	if table, err = routeTableKind.find(network(r).RouteTables, in.Table); err != nil {
		return nil, 0, err
	}
	return table, slices.IndexFunc(table.Routes, func(x Route) bool { return x.Destination == in.destination() }), nil
}

// target checks that the route can lead to the gateway.
func (in *routeInput) target(r *wire.Request, table *RouteTable) (string, error) {
	if in.Gateway == "" {
		return "", wire.Failf("InvalidParameterCombination", "The practice account knows only routes to an internet gateway: the request must contain the parameter gatewayId")
	}
	i := slices.IndexFunc(network(r).InternetGateways, func(g *InternetGateway) bool { return g.ID == in.Gateway })
	if i < 0 {
		return "", wire.Failf("InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist", in.Gateway)
	}
	if network(r).InternetGateways[i].VPC != table.VPC {
		return "", wire.Failf("InvalidParameterValue", "route table %s and network gateway %s belong to different networks", table.ID, in.Gateway)
	}
	return in.Gateway, nil
}

func createRoute(r *wire.Request, in *routeInput) (*done, error) {
	table, i, err := in.place(r)
	if err != nil {
		return nil, err
	}
	if i >= 0 {
		return nil, wire.Failf("RouteAlreadyExists", "The route identified by %s already exists.", in.destination())
	}
	target, err := in.target(r, table)
	if err != nil {
		return nil, err
	}
	table.Routes = append(table.Routes, Route{Destination: in.destination(), Target: target})
	return worked, nil
}

func replaceRoute(r *wire.Request, in *routeInput) (*done, error) {
	table, i, err := in.place(r)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		return nil, wire.Failf("InvalidParameterValue", "There is no route defined for '%s' in the route table. Use CreateRoute instead.", in.destination())
	}
	target, err := in.target(r, table)
	if err != nil {
		return nil, err
	}
	table.Routes[i].Target = target
	return worked, nil
}

func deleteRoute(r *wire.Request, in *routeInput) (*done, error) {
	table, i, err := in.place(r)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		return nil, wire.Failf("InvalidRoute.NotFound", "no route with destination-cidr-block %s in route table %s", in.destination(), table.ID)
	}
	table.Routes = slices.Delete(table.Routes, i, i+1)
	return worked, nil
}
