package vpc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
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

// judge completes the finding.
func (w *way) judge(f *checks.Finding) {
	public, unclear := w.public()
	open := ready(public)
	reached := fmt.Sprintf("%d of %s reach %s", len(open), checks.Count(len(ready(w.subnets)), "subnet"), w.gateway)
	if len(open) > 0 {
		reached += " from " + checks.Count(len(zonesOf(open)), "zone")
	}
	switch {
	case w.closed:
		f.Verdict, f.Found = checks.Fail, "no internet gateway is attached to "+w.vpc
	case w.state == "attaching":
		f.Reason, f.Detail = facts.NotYetConsistent, "AWS is still attaching the internet gateway "+w.gateway
	case w.state != available && w.state != "attached":
		f.Reason = facts.Unsupported
		f.Detail = fmt.Sprintf("the internet gateway %s is in the unknown state %q", w.gateway, w.state)
	case len(zonesOf(open)) >= zonesNeeded:
		f.Verdict, f.Found, f.Advice = checks.Pass, reached, addresses(open)
	case unsettled(f, public, zonesNeeded):
	case unclear != "":
		f.Reason, f.Detail = facts.Unsupported, unclear
	default:
		f.Verdict, f.Found = checks.Fail, reached+w.obstacle()
	}
}

// public lists the subnets whose traffic reaches the gateway, and says what is unclear about a route that might.
func (w *way) public() (subnets []account.Subnet, unclear string) {
	for _, s := range w.subnets {
		table := w.tableOf(s)
		route, ok := routeTo(everywhere, table)
		if !ok || route.Target != w.gateway {
			continue
		}
		switch route.State {
		case "active":
			subnets = append(subnets, s)
		case "blackhole", "filtered":
		default:
			unclear = fmt.Sprintf("the route %s of %s is in the unknown state %q", everywhere, table.ID, route.State)
		}
	}
	return subnets, unclear
}

// addresses says how many of the open subnets give no public address by themselves: the way is there, but what runs in
// them has to ask for the address.
func addresses(open []account.Subnet) string {
	private := 0
	for _, s := range open {
		if s.Private {
			private++
		}
	}
	if private == 0 {
		return ""
	}
	return fmt.Sprintf("no public address comes by itself in %d of these subnets: a task there needs one assigned", private)
}

// obstacle says why a subnet does not reach the gateway, by the table that the fix changes first.
func (w *way) obstacle() string {
	for _, t := range w.gentlest() {
		route, ok := routeTo(everywhere, t)
		switch {
		case len(w.servedBy(t)) == 0:
		case !ok:
			return fmt.Sprintf("; %s has no route %s", t.ID, everywhere) + onlyIPv6(t)
		case route.State == "blackhole":
			return fmt.Sprintf("; the route %s of %s leads to %s, which is gone (blackhole)", everywhere, t.ID, route.Target)
		case route.Target != w.gateway:
			return fmt.Sprintf("; the route %s of %s leads to %s", everywhere, t.ID, route.Target)
		}
	}
	return ""
}

func onlyIPv6(t account.RouteTable) string {
	if _, ok := routeTo(everywhereIPv6, t); !ok {
		return ""
	}
	return ", only " + everywhereIPv6 + ", which is for IPv6"
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
