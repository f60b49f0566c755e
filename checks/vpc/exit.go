package vpc

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// exit is how a route table leads what goes to the internet over IPv4.
type exit struct {
	missing string          // a range of the internet that no route leads; "" if there is none
	astray  []account.Route // what leads the internet, or a large part of it, to something else or to nothing
	unclear error           // a route that matters cannot be understood
}

// open says whether everything for the internet reaches the gateway.
func (e *exit) open() bool { return e.missing == "" && len(e.astray) == 0 && e.unclear == nil }

// wholePart is the prefix length from which a route that leads elsewhere is an exception, such as the way to an
// office, and no part of the way to the internet: the largest private network is 10.0.0.0/8.
const wholePart = 8

// neverPublic are ranges of addresses that nothing on the internet has: https://www.rfc-editor.org/rfc/rfc6890
var neverPublic = [...]netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("224.0.0.0/3"), // multicast, and reserved
}

// isNeverPublic says whether nothing on the internet has an address of the range.
func isNeverPublic(p netip.Prefix) bool {
	return slices.ContainsFunc(neverPublic[:], func(r netip.Prefix) bool {
		return r.Bits() <= p.Bits() && r.Contains(p.Addr())
	})
}

// prefixRoute is a route with its destination.
type prefixRoute struct {
	to netip.Prefix
	account.Route
}

// follower follows the routes of a table to an internet gateway.
type follower struct {
	table, gateway string
	exit           exit
	reached        bool // some part of the internet goes to the gateway
}

// exitOf follows the routes of a table to the gateway with this id, "" for none. The most specific route leads, and
// several may share the internet among them, such as 0.0.0.0/1 and 128.0.0.0/1.
func exitOf(t account.RouteTable, gateway string) exit {
	f := follower{table: t.ID, gateway: gateway}
	var routes []prefixRoute
	var listed error
	for _, r := range t.Routes {
		to, err := netip.ParsePrefix(r.Destination)
		switch {
		case err == nil && (!to.Addr().Is4() || isNeverPublic(to)):
		case err == nil:
			routes = append(routes, prefixRoute{to.Masked(), r})
		case strings.HasPrefix(r.Destination, "pl-") && r.Target == gateway && gateway != "":
			listed = facts.Errorf(facts.Unsupported, "%s leads the prefix list %s to the internet gateway, and which "+
				"addresses it has is not known here", t.ID, r.Destination)
		}
	}
	f.follow(netip.MustParsePrefix(everywhere), nil, routes)
	if !f.reached && len(f.exit.astray) == 0 && f.exit.unclear == nil {
		f.exit.missing = everywhere // exceptions at most, and nothing that they are exceptions from
	}
	if listed != nil && !f.exit.open() {
		return exit{unclear: listed}
	}
	return f.exit
}

// follow looks where the addresses of a range are led. by is the route to a larger range that leads them so far, and
// routes are those to the range itself and to parts of it.
func (f *follower) follow(p netip.Prefix, by *prefixRoute, routes []prefixRoute) {
	switch {
	case isNeverPublic(p):
		return
	case by != nil && f.leads(by) && p.Bits() >= wholePart: // what is more specific is an exception
		f.reached = true
		return
	}
	if i := slices.IndexFunc(routes, func(r prefixRoute) bool { return r.to == p }); i >= 0 {
		by = &routes[i]
	}
	if slices.ContainsFunc(routes, func(r prefixRoute) bool { return r.to != p }) {
		for _, half := range halves(p) {
			f.follow(half, by, slices.DeleteFunc(slices.Clone(routes), func(r prefixRoute) bool {
				return r.to == p || !half.Contains(r.to.Addr())
			}))
		}
		return
	}
	switch {
	case by == nil:
		f.exit.missing = cmp.Or(f.exit.missing, p.String())
	case f.leads(by):
		f.reached = true
	case by.to.Bits() >= wholePart:
	case by.State == "blackhole", by.State == "filtered", by.Target != "" && by.Target != f.gateway:
		if !slices.Contains(f.exit.astray, by.Route) {
			f.exit.astray = append(f.exit.astray, by.Route)
		}
	case by.Target == "":
		f.exit.unclear = facts.Errorf(facts.Unsupported,
			"the route %s of %s leads to something that is not known here", by.Destination, f.table)
	default:
		f.exit.unclear = facts.Errorf(facts.Unsupported,
			"the route %s of %s is in the unknown state %q", by.Destination, f.table, by.State)
	}
}

// leads says whether a route leads to the gateway.
func (f *follower) leads(r *prefixRoute) bool {
	return f.gateway != "" && r.Target == f.gateway && r.State == "active"
}

// halves are the two halves of a range that is larger than an address.
func halves(p netip.Prefix) [2]netip.Prefix {
	bits := p.Bits()
	upper := p.Addr().As4()
	upper[bits/8] |= 1 << (7 - bits%8)
	return [2]netip.Prefix{netip.PrefixFrom(p.Addr(), bits+1), netip.PrefixFrom(netip.AddrFrom4(upper), bits+1)}
}
