package vpc

import (
	"fmt"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

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
		switch {
		case !ok, route.State == "blackhole", route.State == "filtered":
		case route.Target == "":
			unclear = fmt.Sprintf("the route %s of %s leads to something that is not known here", everywhere, table.ID)
		case route.Target != w.gateway:
		case route.State == "active":
			subnets = append(subnets, s)
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
