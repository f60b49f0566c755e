package vpc

import (
	"cmp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// The keys of Result.Known for the fix of the way to the internet. Lists are separated by spaces.
const (
	knownVPC     = "vpc"
	knownGateway = "gateway" // the attached internet gateway
	knownSpare   = "spare"   // an internet gateway that can be attached
	knownCreate  = "create"  // route tables without a default route
	knownReplace = "replace" // route tables whose default route leads elsewhere
)

// The ways in which a table can be made to lead to the gateway, the gentlest first: a route that leads elsewhere may be
// there for a reason.
const (
	leave = iota
	create
	replace
)

func (w *way) change(t account.RouteTable) int {
	switch route, ok := routeTo(everywhere, t); {
	case !ok:
		return create
	case w.gateway == "" || route.Target != w.gateway || route.State != "active":
		return replace
	}
	return leave
}

// gentlest are the tables in the order in which they are best changed.
func (w *way) gentlest() []account.RouteTable {
	return slices.SortedStableFunc(slices.Values(w.tables), func(a, b account.RouteTable) int {
		return cmp.Compare(w.change(a), w.change(b))
	})
}

// known gathers what the fix needs: the tables whose gentlest change gives a way to subnets in enough zones, and the
// zones of the subnets that are missing for that.
func (w *way) known(v *facts.View) map[string]string {
	known := map[string]string{
		knownVPC: inCommand(w.vpc), knownGateway: inCommand(w.gateway), knownSpare: inCommand(w.spare),
	}
	if len(w.tables) == 0 { // they could not be read
		return known
	}
	known[newZones] = missingZones(v, w.subnets, zonesNeeded)
	reached := map[string]bool{}
	for _, t := range w.gentlest() {
		if len(reached) >= zonesNeeded {
			break
		}
		served := w.servedBy(t)
		if len(served) == 0 && (!t.Main || known[newZones] == "") {
			continue
		}
		for _, s := range served {
			reached[s.Zone] = true
		}
		switch w.change(t) {
		case create:
			known[knownCreate] += inCommand(t.ID) + " "
		case replace:
			known[knownReplace] += inCommand(t.ID) + " "
		}
	}
	return known
}

// openWay makes what is missing, in order: the VPC with everything, or the gateway, then the routes, then the subnets.
func openWay(s checks.Site, _ checks.NoParams, r checks.Result) checks.Fix {
	const console = "VPC › Route tables › Routes › Edit routes"
	switch vpc, found := r.Known[knownVPC]; {
	case !found:
		return createDefaultVPC(s)
	case vpc == "": // its id cannot stand in a command
		return checks.Fix{Console: console, ConsoleOnly: true}
	}
	commands := attachGateway(s, r.Known)
	for _, table := range strings.Fields(r.Known[knownCreate]) {
		commands = append(commands, routeCommand(s, "create-route", table, r.Known))
	}
	for _, table := range strings.Fields(r.Known[knownReplace]) {
		commands = append(commands, routeCommand(s, "replace-route", table, r.Known))
	}
	commands = append(commands, subnetCommands(s, strings.Fields(r.Known[newZones]))...)
	return checks.Fix{
		Commands: commands, Console: console, ConsoleOnly: len(commands) == 0,
	}
}

// newGateway stands in a command for the id that the command before the pipe prints.
const newGateway = "IGW_ID"

// attachGateway attaches an internet gateway if the VPC has none: one that is to hand, or else a new one. Its id is not
// known before it is made, and so it goes through a pipe.
func attachGateway(s checks.Site, known map[string]string) []checks.Command {
	attach := func(id string) []string {
		return ec2Command(s, "attach-internet-gateway", "--internet-gateway-id", id, "--vpc-id", known[knownVPC]).Args
	}
	switch {
	case known[knownGateway] != "":
		return nil
	case known[knownSpare] != "":
		return []checks.Command{checks.Sh(attach(known[knownSpare])...)}
	}
	create := ec2Command(s, "create-internet-gateway", "--query", "InternetGateway.InternetGatewayId", "--output", "text")
	return []checks.Command{piped(create, attach(newGateway))}
}

// routeCommand leads a table's traffic to the gateway. The id of a gateway that an earlier command makes is asked for.
func routeCommand(s checks.Site, operation, table string, known map[string]string) checks.Command {
	route := func(gateway string) checks.Command {
		return ec2Command(s, operation, "--route-table-id", table, "--destination-cidr-block", everywhere, "--gateway-id", gateway)
	}
	for _, id := range []string{known[knownGateway], known[knownSpare]} {
		if id != "" {
			return route(id)
		}
	}
	find := ec2Command(s, "describe-internet-gateways", "--filters", "Name=attachment.vpc-id,Values="+known[knownVPC],
		"--query", "InternetGateways[0].InternetGatewayId", "--output", "text")
	return piped(find, route(newGateway).Args)
}

// piped gives what the first command prints to the second one in place of newGateway.
func piped(first checks.Command, second []string) checks.Command {
	first.PipedTo = append([]string{"xargs", "-I", newGateway}, second...)
	return first
}
