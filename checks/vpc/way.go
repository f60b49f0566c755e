package vpc

import (
	"cmp"
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
	exits          map[string]exit      // by the table's id
	own            map[string]int       // the index of the table that names a subnet, by the subnet's id
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
	w.exits = make(map[string]exit, len(w.tables))
	w.own = map[string]int{}
	for i, t := range w.tables {
		w.exits[t.ID] = exitOf(t, w.gateway)
		for _, id := range t.Subnets {
			w.own[id] = cmp.Or(w.own[id], i) // the main table serves it in any case
		}
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
func (w *way) tableOf(s account.Subnet) account.RouteTable { return w.tables[w.own[s.ID]] }

// servedBy lists the subnets whose traffic a table leads.
func (w *way) servedBy(t account.RouteTable) []account.Subnet {
	return slices.DeleteFunc(slices.Clone(w.subnets), func(s account.Subnet) bool { return w.tableOf(s).ID != t.ID })
}

// The ways in which a table can be made to lead to the gateway, the gentlest first: a route that leads elsewhere may be
// there for a reason.
const (
	leaveRoute = iota
	createRoute
	replaceRoute
)

func (w *way) change(t account.RouteTable) int {
	switch e := w.exits[t.ID]; {
	case len(e.astray) > 0:
		return replaceRoute
	case e.missing != "":
		return createRoute
	}
	return leaveRoute
}

// gentlest are the tables in the order in which they are best changed.
func (w *way) gentlest() []account.RouteTable {
	return slices.SortedStableFunc(slices.Values(w.tables), func(a, b account.RouteTable) int {
		return cmp.Compare(w.change(a), w.change(b))
	})
}

// open is the fix: it makes what is missing, in order: the gateway, then the routes, then the subnets.
func (w *way) open(v *facts.View) checks.Fix {
	fix := checks.Fix{Console: "VPC › Route tables › Routes › Edit routes"}
	to := opening{v.Site(), inCommand(w.vpc), inCommand(w.gateway), inCommand(w.spare)}
	if to.vpc == "" { // its id cannot stand in a command
		fix.ConsoleOnly = true
		return fix
	}
	fix.Commands = to.attachGateway()
	if len(w.tables) > 0 { // they could be read
		zones := missingZones(v, w.subnets, zonesNeeded)
		create, replace := w.tablesToChange(len(zones) > 0)
		for _, table := range create {
			fix.Commands = append(fix.Commands, to.route("create-route", table, everywhere))
		}
		for _, table := range replace {
			for _, route := range w.exits[table].astray {
				fix.Commands = append(fix.Commands, to.route("replace-route", table, route.Destination))
			}
		}
		fix.Commands = append(fix.Commands, subnetCommands(v.Site(), zones)...)
	}
	fix.ConsoleOnly = len(fix.Commands) == 0
	return fix
}

// tablesToChange picks the tables whose gentlest change gives a way to subnets in enough zones: those without a default
// route, and those whose default route leads elsewhere. The main table serves the subnets that the fix makes.
func (w *way) tablesToChange(makesSubnets bool) (create, replace []string) {
	reached := map[string]bool{}
	for _, t := range w.gentlest() {
		if len(reached) >= zonesNeeded {
			break
		}
		served := w.servedBy(t)
		if len(served) == 0 && (!t.Main || !makesSubnets) {
			continue
		}
		for _, s := range served {
			reached[s.Zone] = true
		}
		id := inCommand(t.ID)
		if id != "" && w.exits[t.ID].missing != "" {
			create = append(create, id)
		}
		if id != "" && w.change(t) == replaceRoute {
			replace = append(replace, id)
		}
	}
	return create, replace
}

// opening makes the commands of the fix. It holds ids that may stand in a command.
type opening struct {
	site                checks.Site
	vpc, gateway, spare string // see way; "" for none
}

// newGateway stands in a command for the id that the command before the pipe prints.
const newGateway = "IGW_ID"

// attachGateway attaches an internet gateway if the VPC has none: one that is to hand, or else a new one. Its id is not
// known before it is made, and so it goes through a pipe.
func (o opening) attachGateway() []checks.Command {
	attach := func(id string) checks.Command {
		return ec2Command(o.site, "attach-internet-gateway", "--internet-gateway-id", id, "--vpc-id", o.vpc)
	}
	switch {
	case o.gateway != "":
		return nil
	case o.spare != "":
		return []checks.Command{attach(o.spare)}
	}
	create := ec2Command(o.site, "create-internet-gateway",
		"--query", "InternetGateway.InternetGatewayId", "--output", "text")
	return []checks.Command{piped(create, attach(newGateway))}
}

// route leads a table's traffic to the gateway. The id of a gateway that an earlier command makes is asked for.
func (o opening) route(operation, table, destination string) checks.Command {
	route := func(gateway string) checks.Command {
		return ec2Command(o.site, operation, "--route-table-id", table, "--destination-cidr-block", destination,
			"--gateway-id", gateway)
	}
	if id := cmp.Or(o.gateway, o.spare); id != "" {
		return route(id)
	}
	find := ec2Command(o.site, "describe-internet-gateways", "--filters", "Name=attachment.vpc-id,Values="+o.vpc,
		"--query", "InternetGateways[0].InternetGatewayId", "--output", "text")
	return piped(find, route(newGateway))
}

// piped gives what the first command prints to the second one in place of newGateway.
func piped(first, second checks.Command) checks.Command {
	first.PipedTo = append([]string{"xargs", "-I", newGateway}, second.Args...)
	return first
}
