package vpc

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// The destinations of all traffic that no other route of a table knows.
const (
	everywhere     = "0.0.0.0/0" // IPv4
	everywhereIPv6 = "::/0"
)

// way is what lies between the subnets of a VPC and the internet.
type way struct {
	vpc, region string
	// gateway is the id of the VPC's internet gateway, and state the attachment's. The way is closed if there is none:
	// that is proven whatever the routes are.
	gateway, state string
	closed         bool
	spare          string               // the id of an internet gateway that belongs to no VPC
	subnets        []account.Subnet     // with IPv4, be they still in the making
	tables         []account.RouteTable // the main one first
}

func (w *way) findGateway(pending *facts.Pending[[]account.InternetGateway]) error {
	gateways, err := pending.Get()
	if err != nil {
		return err
	}
	for _, g := range gateways {
		if len(g.Attachments) == 0 {
			w.spare = g.ID
		}
		for _, a := range g.Attachments {
			if a.VPC == w.vpc && !strings.HasPrefix(a.State, "detach") {
				w.gateway, w.state = g.ID, a.State
			}
		}
	}
	w.closed = w.gateway == ""
	return nil
}

func (w *way) findPaths(subnets *facts.Pending[[]account.Subnet], tables *facts.Pending[[]account.RouteTable]) error {
	all, err := subnets.Get()
	if err != nil {
		return err
	}
	list, err := tables.Get()
	if err != nil {
		return err
	}
	w.subnets = slices.DeleteFunc(ofVPC(all, w.vpc, w.region), func(s account.Subnet) bool { return s.IPv6Only })
	for _, t := range list {
		if t.VPC == w.vpc {
			w.tables = append(w.tables, t)
		}
	}
	slices.SortFunc(w.tables, mainFirst)
	if len(w.tables) == 0 || !w.tables[0].Main {
		return facts.Errorf(facts.InvalidResponse, "the VPC %s came without its main route table", w.vpc)
	}
	return nil
}

func mainFirst(a, b account.RouteTable) int {
	switch {
	case a.Main == b.Main:
		return strings.Compare(a.ID, b.ID)
	case a.Main:
		return -1
	}
	return 1
}

// tableOf is the table that names the subnet, or else the main one: AWS does not list the subnets that it serves.
func (w *way) tableOf(s account.Subnet) account.RouteTable {
	for _, t := range w.tables {
		if slices.Contains(t.Subnets, s.ID) {
			return t
		}
	}
	return w.tables[0]
}

// servedBy lists the subnets whose traffic a table leads.
func (w *way) servedBy(t account.RouteTable) []account.Subnet {
	return slices.DeleteFunc(slices.Clone(w.subnets), func(s account.Subnet) bool { return w.tableOf(s).ID != t.ID })
}

func routeTo(destination string, t account.RouteTable) (account.Route, bool) {
	for _, r := range t.Routes {
		if r.Destination == destination {
			return r, true
		}
	}
	return account.Route{}, false
}
