package vpc

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// InternetRoute passes when subnets of the default VPC in two zones send their traffic to its internet gateway.
var InternetRoute = checks.New(checks.Spec[checks.NoParams]{
	ID:    "vpc-internet-route",
	Title: "The default VPC's subnets reach the internet",
	Why:   "A task can pull its image and answer requests only if its subnet has a way to the internet.",
	Verify: "aws ec2 describe-route-tables --filters Name=vpc-id,Values=VPC_ID --region REGION " +
		"--query 'RouteTables[].Routes'",
	Pages: checks.Pages{
		Docs:    "vpc/latest/userguide/VPC_Internet_Gateway.html",
		Console: "vpcconsole/home?region=" + checks.PageRegion + "#RouteTables:",
	},
	Reads: []facts.Source{account.DefaultVPC, account.Subnets, account.InternetGateways, account.RouteTables},
	Extra: []facts.Source{account.PublicAccessBlock, account.AvailabilityZones},
	Run:   internetRoute,
})

func internetRoute(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	key := account.NetworkKey{Region: v.Site().Region}
	subnets, tables := account.Subnets.Start(v, key), account.RouteTables.Start(v, key)
	gateways, block := account.InternetGateways.Start(v, key), account.PublicAccessBlock.Start(v, key)

	vpc, f, without := findVPC(v, fmt.Sprintf(
		"subnets in %d zones with an active route %s to an internet gateway", zonesNeeded, everywhere))
	if without != nil {
		return *without, nil
	}
	f.Subject = "way from " + vpc.ID + " to the internet"
	f.LookedAt = fmt.Sprintf("subnets, route tables and internet gateways of %s in %s", vpc.ID, key.Region)
	w := way{vpc: vpc.ID, region: key.Region}
	err := w.findGateway(gateways)
	if err == nil {
		err = w.findPaths(subnets, tables)
	}
	if err != nil && !w.closed {
		return checks.Of(f.Unknown(err)), nil
	}
	if err == nil {
		f.LookedAt = fmt.Sprintf("%s and %s of %s in %s, and its internet gateway",
			checks.Count(len(w.subnets), "subnet"), checks.Count(len(w.tables), "route table"), vpc.ID, key.Region)
	}
	f = w.judge(f)
	switch f.Verdict {
	case checks.Fail:
		return checks.Of(f).WithFix(w.open(v)), nil
	case checks.Pass:
		f.Advice = checks.Join(blocked(block, key.Region), f.Advice)
	default:
	}
	return checks.Of(f), nil
}

// blocked says that a switch of the Region stops the traffic of every VPC. It may have exceptions, and so it only
// advises.
func blocked(block *facts.Pending[string], region string) string {
	switch mode, err := block.Get(); {
	case err != nil, mode == "":
		return "whether VPC Block Public Access stops this traffic could not be looked at"
	case mode == "off":
		return ""
	default:
		return "VPC Block Public Access is " + mode + " in " + region +
			": it stops this traffic although the routes are right"
	}
}

// judge judges the finding about the way.
func (w *way) judge(f checks.Finding) checks.Finding {
	public, unclear := w.public()
	open := ready(public)
	reached := fmt.Sprintf("%d of %s reach %s", len(open), checks.Count(len(ready(w.subnets)), "subnet"), w.gateway)
	if len(open) > 0 {
		reached += " from " + checks.Count(len(zonesOf(open)), "zone")
	}
	switch {
	case w.closed:
		return f.Fail("no internet gateway is attached to " + w.vpc)
	case w.state == "attaching":
		return f.Unknown(facts.Errorf(facts.NotYetConsistent,
			"AWS is still attaching the internet gateway %s", w.gateway))
	case w.state != available && w.state != "attached":
		return f.Unknown(facts.Errorf(facts.Unsupported,
			"the internet gateway %s is in the unknown state %q", w.gateway, w.state))
	case len(zonesOf(open)) >= zonesNeeded:
		f.Advice = addresses(open)
		return f.Pass(reached)
	}
	if err := cmp.Or(unsettled(public, zonesNeeded), unclear); err != nil {
		return f.Unknown(err)
	}
	return f.Fail(reached + w.obstacle())
}

// public lists the subnets whose traffic reaches the gateway, and says what is unclear about a route that might.
func (w *way) public() (subnets []account.Subnet, unclear error) {
	for _, s := range w.subnets {
		e := w.exits[w.tableOf(s).ID]
		if e.open() {
			subnets = append(subnets, s)
		}
		unclear = cmp.Or(unclear, e.unclear)
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
	return fmt.Sprintf(
		"no public address comes by itself in %d of these subnets: a task there needs one assigned", private)
}

// obstacle says why a subnet does not reach the gateway, by the table that the fix changes first.
func (w *way) obstacle() string {
	for _, t := range w.gentlest() {
		e := w.exits[t.ID]
		switch {
		case len(w.servedBy(t)) == 0:
		case e.missing != "":
			return fmt.Sprintf("; %s has no route %s", t.ID, e.missing) + onlyIPv6(t)
		case len(e.astray) > 0:
			return fmt.Sprintf("; the route %s of %s leads to %s", e.astray[0].Destination, t.ID, targetOf(e.astray[0]))
		}
	}
	return ""
}

func targetOf(r account.Route) string {
	target := cmp.Or(r.Target, "something")
	if r.State == "blackhole" {
		target += ", which is gone (blackhole)"
	}
	return target
}

func onlyIPv6(t account.RouteTable) string {
	if !slices.ContainsFunc(t.Routes, func(r account.Route) bool { return r.Destination == everywhereIPv6 }) {
		return ""
	}
	return ", only " + everywhereIPv6 + ", which is for IPv6"
}
