package ec2

import (
	"cmp"
	"slices"
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
		"association.main":      func(_ *wire.Request, t *RouteTable) []string { return yesOrNo(t.Main) },
		"association.subnet-id": func(_ *wire.Request, t *RouteTable) []string { return t.Subnets },
		"owner-id":              func(r *wire.Request, _ *RouteTable) []string { return []string{r.AccountID()} },
	},
}

// output is the table as the API shows it. A subnet that uses the main table without being told so is not listed, as on
// AWS.
func (t *RouteTable) output(r *wire.Request) routeTableWire {
	out := routeTableWire{
		RouteTableId: &t.ID, OwnerId: new(r.AccountID()), VpcId: &t.VPC,
		Routes: []routeWire{}, Associations: []routeTableAssociationWire{},
		PropagatingVgws: []propagatingVgwWire{}, Tags: []tagWire{},
	}
	for _, vpc := range network(r).VPCs {
		if vpc.ID == t.VPC {
			out.Routes = append(out.Routes, routeWire{
				DestinationCidrBlock: &vpc.CIDR, GatewayId: new("local"), State: new("active"),
				Origin: new("CreateRouteTable"),
			})
		}
	}
	for _, route := range t.Routes {
		out.Routes = append(out.Routes, route.output(network(r).routeState(t, route)))
	}
	associate := func(main bool, subnet *string, seed string) {
		out.Associations = append(out.Associations, routeTableAssociationWire{
			RouteTableAssociationId: new(hashedID("rtbassoc", t.ID+seed)), RouteTableId: &t.ID, Main: &main,
			SubnetId: subnet, AssociationState: &routeTableAssociationStateWire{State: new("associated")},
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
func (t Route) output(state string) routeWire {
	out := routeWire{State: &state, Origin: new("CreateRoute")}
	if strings.Contains(t.Destination, ":") {
		out.DestinationIpv6CidrBlock = &t.Destination
	} else {
		out.DestinationCidrBlock = &t.Destination
	}
	switch prefix, _, _ := strings.Cut(t.Target, "-"); prefix {
	case "nat":
		out.NatGatewayId = &t.Target
	case "tgw":
		out.TransitGatewayId = &t.Target
	case "pcx":
		out.VpcPeeringConnectionId = &t.Target
	case "eni":
		out.NetworkInterfaceId = &t.Target
	default:
		out.GatewayId = &t.Target
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
	selected := selection{in.Filters, in.MaxResults, in.NextToken}
	list, next, err := routeTableKind.list(r, network(r).RouteTables, in.RouteTableIds, selected)
	if err != nil {
		return nil, err
	}
	return &describeRouteTablesOutput{RouteTables: wire.Outputs(r, list, (*RouteTable).output), NextToken: next}, nil
}

// A routeRequest is what the operations on one route are asked. Of the targets that AWS has it knows internet gateways.
type routeRequest struct {
	table, destination, gateway string
}

func requestedRoute(table string, ipv4, ipv6, gateway *string) routeRequest {
	return routeRequest{table, cmp.Or(wire.Value(ipv4), wire.Value(ipv6)), wire.Value(gateway)}
}

// find finds the route table and the index of the route in it, which is -1 when there is none.
func (q routeRequest) find(r *wire.Request) (table *RouteTable, i int, err error) {
	if q.destination == "" {
		return nil, 0, wire.Failf("MissingParameter", "The request must contain the parameter destinationCidrBlock")
	}
	if table, err = routeTableKind.find(network(r).RouteTables, q.table); err != nil {
		return nil, 0, err
	}
	return table, slices.IndexFunc(table.Routes, func(x Route) bool { return x.Destination == q.destination }), nil
}

// target checks that the route can lead to the gateway.
func (q routeRequest) target(r *wire.Request, table *RouteTable) (string, error) {
	if q.gateway == "" {
		return "", wire.Failf("InvalidParameterCombination", "The practice account knows only routes to an internet "+
			"gateway: the request must contain the parameter gatewayId")
	}
	i := slices.IndexFunc(network(r).InternetGateways, func(g *InternetGateway) bool { return g.ID == q.gateway })
	if i < 0 {
		return "", wire.Failf("InvalidGatewayID.NotFound", "The gateway ID '%s' does not exist", q.gateway)
	}
	if network(r).InternetGateways[i].VPC != table.VPC {
		return "", wire.Failf("InvalidParameterValue",
			"route table %s and network gateway %s belong to different networks", table.ID, q.gateway)
	}
	return q.gateway, nil
}

func createRoute(r *wire.Request, in *createRouteInput) (*createRouteOutput, error) {
	q := requestedRoute(in.RouteTableId, in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, in.GatewayId)
	table, i, err := q.find(r)
	if err != nil {
		return nil, err
	}
	if i >= 0 {
		return nil, wire.Failf("RouteAlreadyExists", "The route identified by %s already exists.", q.destination)
	}
	target, err := q.target(r, table)
	if err != nil {
		return nil, err
	}
	table.Routes = append(table.Routes, Route{Destination: q.destination, Target: target})
	return &createRouteOutput{Return: new(true)}, nil
}

func replaceRoute(r *wire.Request, in *replaceRouteInput) (*done, error) {
	q := requestedRoute(in.RouteTableId, in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, in.GatewayId)
	table, i, err := q.find(r)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		return nil, wire.Failf("InvalidParameterValue",
			"There is no route defined for '%s' in the route table. Use CreateRoute instead.", q.destination)
	}
	target, err := q.target(r, table)
	if err != nil {
		return nil, err
	}
	table.Routes[i].Target = target
	return worked, nil
}

func deleteRoute(r *wire.Request, in *deleteRouteInput) (*done, error) {
	q := requestedRoute(in.RouteTableId, in.DestinationCidrBlock, in.DestinationIpv6CidrBlock, nil)
	table, i, err := q.find(r)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		return nil, wire.Failf("InvalidRoute.NotFound",
			"no route with destination-cidr-block %s in route table %s", q.destination, table.ID)
	}
	table.Routes = slices.Delete(table.Routes, i, i+1)
	return worked, nil
}
