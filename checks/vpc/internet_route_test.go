package vpc_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/vpc"
)

const (
	toGateway    = "--destination-cidr-block 0.0.0.0/0 --gateway-id igw-0bbbbbbb --region us-east-1"
	createRoute  = "aws ec2 create-route --route-table-id rtb-0ccccccc " + toGateway
	replaceRoute = "aws ec2 replace-route --route-table-id rtb-0ccccccc " + toGateway
)

// route puts another default route into the main table; none if the target is empty.
func (n network) route(target, state string) network {
	main := n.tables[1]
	main.Routes = main.Routes[:1:1]
	if target != "" {
		main.Routes = append(main.Routes, account.Route{Destination: "0.0.0.0/0", Target: target, State: state})
	}
	n.tables = []account.RouteTable{n.tables[0], main}
	return n
}

// routes gives the main table these routes, each "destination target [state]", beside the local one.
func (n network) routes(list ...string) network {
	n = n.route("", "")
	main := &n.tables[1]
	for _, r := range list {
		fields := append(strings.Fields(r), "active")
		main.Routes = append(main.Routes, account.Route{Destination: fields[0], Target: fields[1], State: fields[2]})
	}
	return n
}

// own gives a subnet a table of its own without a way out.
func (n network) own(subnets ...string) network {
	n.tables = append(slices.Clip(n.tables), account.RouteTable{ID: ownTable, VPC: vpcID, Subnets: subnets})
	return n
}

// attached sets the attachments of the VPC's gateway to one in this state; none if the state is empty.
func (n network) attached(state string) network {
	gateway := account.InternetGateway{ID: gatewayID}
	if state != "" {
		gateway.Attachments = []account.Attachment{{VPC: vpcID, State: state}}
	}
	n.gateways = []account.InternetGateway{n.gateways[0], gateway}
	return n
}

// inState sets the state of the last subnet of the VPC.
func (n network) inState(state string) network {
	n.subnets = slices.Clone(n.subnets)
	n.subnets[len(n.subnets)-2].State = state
	return n
}

// elsewhere adds a default route of the subnets' own table to a target.
func (n network) elsewhere(target string, subnets ...string) network {
	n.tables = append(slices.Clip(n.tables), account.RouteTable{
		ID: "rtb-0" + target[4:], VPC: vpcID, Subnets: subnets,
		Routes: []account.Route{{Destination: "0.0.0.0/0", Target: target, State: "active"}},
	})
	return n
}

func TestAnIDThatAWSWouldNotGiveEntersNoCommand(t *testing.T) {
	n := fresh("us-east-1a", "us-east-1b").route("", "")
	n.tables[1].ID = "rtb-0aaaaaaa;reboot"
	fix := checktest.Look(t, vpc.InternetRoute, checktest.Case{Facts: n.forRoute()}).Fix
	require.Empty(t, fix.Commands)
	require.True(t, fix.ConsoleOnly)
}

func TestInternetRoute(t *testing.T) {
	two, three := fresh("us-east-1a", "us-east-1b"), fresh("us-east-1a", "us-east-1b", "us-east-1c")
	one := fresh("us-east-1a")
	checktest.Run(t, vpc.InternetRoute, []checktest.Case{
		{
			Name: "as AWS makes it", Facts: two.forRoute(),
			Want: checks.Pass, Found: "2 of 2 subnets reach igw-0bbbbbbb from 2 zones",
		},
		{
			Name: "the SDK's word for an attachment", Facts: two.attached("attached").forRoute(), Want: checks.Pass,
		},
		{
			Name: "a third subnet keeps to itself", Facts: three.own("subnet-c").forRoute(),
			Want: checks.Pass, Found: "2 of 3 subnets",
		},
		{
			Name: "Block Public Access", Facts: two.with(func(n *network) { n.block = "block-bidirectional" }).forRoute(),
			Want: checks.Pass, Advice: "VPC Block Public Access is block-bidirectional",
		},
		{
			Name: "a subnet's own table has no route", Facts: two.own("subnet-b").forRoute(),
			Want: checks.Fail, Found: "1 of 2 subnets reach igw-0bbbbbbb from 1 zone; rtb-0ddddddd has no route 0.0.0.0/0",
			Fix: "aws ec2 create-route --route-table-id rtb-0ddddddd",
		},
		{
			Name: "no default route", Facts: two.route("", "").forRoute(),
			Want: checks.Fail, Found: "rtb-0ccccccc has no route 0.0.0.0/0", Fix: createRoute,
		},
		{
			Name: "the route leads nowhere", Facts: two.route("igw-0dead000", "blackhole").forRoute(),
			Want: checks.Fail, Found: "leads to igw-0dead000, which is gone (blackhole)", Fix: replaceRoute,
		},
		{
			Name: "the route leads to a NAT gateway", Facts: two.route("nat-0fffffff", "active").forRoute(),
			Want: checks.Fail, Found: "leads to nat-0fffffff", Fix: replaceRoute,
		},
		{
			Name: "a route for IPv6 only", Want: checks.Fail, Fix: createRoute,
			Found: "0 of 2 subnets reach igw-0bbbbbbb; rtb-0ccccccc has no route 0.0.0.0/0, only ::/0, which is for IPv6",
			Facts: two.route("", "").with(func(n *network) {
				ipv6 := account.Route{Destination: "::/0", Target: gatewayID, State: "active"}
				n.tables[1].Routes = append(n.tables[1].Routes, ipv6)
			}).forRoute(),
		},
		{
			Name: "two halves", Facts: two.routes("0.0.0.0/1 igw-0bbbbbbb", "128.0.0.0/1 igw-0bbbbbbb").forRoute(),
			Want: checks.Pass, Found: "2 of 2 subnets",
		},
		{
			Name: "a half and two quarters", Want: checks.Pass,
			Facts: two.routes("128.0.0.0/1 igw-0bbbbbbb", "64.0.0.0/2 igw-0bbbbbbb", "0.0.0.0/2 igw-0bbbbbbb").forRoute(),
		},
		{
			Name: "everything but the private networks", Facts: two.routes(publicRanges()...).forRoute(), Want: checks.Pass,
		},
		{
			Name: "everything public but one range", Facts: two.routes(publicRanges()[:31]...).forRoute(),
			Want: checks.Fail, Found: "rtb-0ccccccc has no route 208.0.0.0/4", Fix: createRoute,
		},
		{
			Name: "one half", Facts: two.routes("0.0.0.0/1 igw-0bbbbbbb").forRoute(),
			Want: checks.Fail, Found: "rtb-0ccccccc has no route 128.0.0.0/1", Fix: createRoute,
		},
		{
			Name: "one half is a black hole", Want: checks.Fail,
			Found: "the route 128.0.0.0/1 of rtb-0ccccccc leads to igw-0dead000, which is gone (blackhole)",
			Fix:   strings.ReplaceAll(replaceRoute, "0.0.0.0/0", "128.0.0.0/1"),
			Facts: two.routes("0.0.0.0/1 igw-0bbbbbbb", "128.0.0.0/1 igw-0dead000 blackhole").forRoute(),
		},
		{
			Name: "two halves lead elsewhere, though the default route is right", Want: checks.Fail,
			Found: "the route 0.0.0.0/1 of rtb-0ccccccc leads to nat-0fffffff",
			Fix: strings.ReplaceAll(replaceRoute, "0.0.0.0/0", "0.0.0.0/1") + "\n" +
				strings.ReplaceAll(replaceRoute, "0.0.0.0/0", "128.0.0.0/1"),
			Facts: two.routes("0.0.0.0/0 igw-0bbbbbbb", "0.0.0.0/1 nat-0fffffff", "128.0.0.0/1 nat-0fffffff").forRoute(),
		},
		{
			Name: "two halves lead to the gateway, though the default route is a NAT gateway's", Want: checks.Pass,
			Facts: two.routes("0.0.0.0/0 nat-0fffffff", "0.0.0.0/1 igw-0bbbbbbb", "128.0.0.0/1 igw-0bbbbbbb").forRoute(),
		},
		{
			Name: "exceptions", Want: checks.Pass, Found: "2 of 2 subnets",
			Facts: two.routes("0.0.0.0/0 igw-0bbbbbbb", "10.0.0.0/8 pcx-0fffffff", "9.0.0.0/8 vgw-0fffffff",
				"203.0.113.0/24 vgw-0fffffff blackhole", "pl-0fffffff vpce-0fffffff", "::/0 eigw-0fffffff").forRoute(),
		},
		{
			Name: "an exception alone", Facts: two.routes("9.0.0.0/8 nat-0fffffff").forRoute(),
			Want: checks.Fail, Found: "rtb-0ccccccc has no route 0.0.0.0/0", Fix: createRoute,
		},
		{
			Name: "a prefix list leads to the gateway", Facts: two.routes("pl-0fffffff igw-0bbbbbbb").forRoute(),
			Want: checks.Unknown, Reason: facts.Unsupported,
		},
		{
			Name: "a half leads to something that is not known", Want: checks.Unknown, Reason: facts.Unsupported,
			Facts: two.with(func(n *network) {
				*n = n.routes("0.0.0.0/1 igw-0bbbbbbb")
				n.tables[1].Routes = append(n.tables[1].Routes, account.Route{Destination: "128.0.0.0/1", State: "active"})
			}).forRoute(),
		},
		{
			Name: "a subnet without IPv4", Want: checks.Fail, Found: "1 of 1 subnet reach igw-0bbbbbbb from 1 zone",
			Facts: two.zonesToo(two.with(func(n *network) {
				n.subnets = slices.Clone(n.subnets)
				n.subnets[1].IPv6Only = true
			}).forRoute()),
		},
		{
			Name: "a subnet that is being made", Facts: two.inState("pending").forRoute(),
			Want: checks.Unknown, Reason: facts.NotYetConsistent,
		},
		{
			Name: "a subnet that is being made and will not help", Facts: two.inState("pending").route("", "").forRoute(),
			Want: checks.Fail, Fix: createRoute,
		},
		{
			Name: "subnets without public addresses of their own", Want: checks.Pass,
			Advice: "no public address comes by itself in 1 of these subnets: a task there needs one assigned",
			Facts: two.with(func(n *network) {
				n.subnets = slices.Clone(n.subnets)
				n.subnets[1].Private = true
			}).forRoute(),
		},
		{
			Name: "AWS does not tell about Block Public Access", Facts: two.with(func(n *network) { n.block = "" }).forRoute(),
			Want: checks.Pass, Advice: "whether VPC Block Public Access stops this traffic could not be looked at",
		},
		{
			Name: "a NAT gateway's route is left alone where a new route is enough", Want: checks.Fail,
			Found: "1 of 3 subnets reach igw-0bbbbbbb from 1 zone; rtb-0ddddddd has no route 0.0.0.0/0",
			Fix:   "aws ec2 create-route --route-table-id rtb-0ddddddd " + toGateway,
			Facts: three.elsewhere("nat-aaaaaaa", "subnet-a").own("subnet-c").forRoute(),
		},
		{
			Name: "a state of a route that AWS adds one day", Facts: two.route(gatewayID, "resting").forRoute(),
			Want: checks.Unknown, Reason: facts.Unsupported,
		},
		{
			Name: "a gateway to hand", Facts: two.attached("").route("", "").forRoute(),
			Want: checks.Fail, Found: "no internet gateway is attached to vpc-0aaaaaaa",
			Fix: "aws ec2 attach-internet-gateway --internet-gateway-id igw-0bbbbbbb --vpc-id vpc-0aaaaaaa " +
				"--region us-east-1\n" + createRoute,
		},
		{
			Name: "no gateway at all", Facts: two.with(func(n *network) { n.gateways = nil }).route("", "").forRoute(),
			Want: checks.Fail,
			Fix: "aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId --output text --region us-east-1" +
				" | xargs -I IGW_ID aws ec2 attach-internet-gateway --internet-gateway-id IGW_ID --vpc-id vpc-0aaaaaaa" +
				" --region us-east-1\n" +
				"aws ec2 describe-internet-gateways --filters Name=attachment.vpc-id,Values=vpc-0aaaaaaa" +
				" --query 'InternetGateways[0].InternetGatewayId' --output text --region us-east-1" +
				" | xargs -I IGW_ID aws ec2 create-route --route-table-id rtb-0ccccccc --destination-cidr-block 0.0.0.0/0" +
				" --gateway-id IGW_ID --region us-east-1",
		},
		{
			Name:  "the gateway was detached and its route is left",
			Facts: two.attached("detaching").route(gatewayID, "blackhole").forRoute(),
			Want:  checks.Fail, Found: "no internet gateway", Fix: "aws ec2 describe-internet-gateways",
		},
		{
			Name: "being attached", Facts: two.attached("attaching").forRoute(),
			Want: checks.Unknown, Reason: facts.NotYetConsistent,
		},
		{
			Name: "a state of an attachment that AWS adds one day", Facts: two.attached("resting").forRoute(),
			Want: checks.Unknown, Reason: facts.Unsupported,
		},
		{
			Name: "one zone", Facts: one.zonesToo(one.forRoute()), Want: checks.Fail,
			Found: "1 of 1 subnet reach igw-0bbbbbbb from 1 zone",
			Fix:   "aws ec2 create-default-subnet --availability-zone us-east-1b --region us-east-1",
		},
		{
			Name: "one zone without a route", Facts: one.zonesToo(one.route("", "").forRoute()), Want: checks.Fail,
			Fix: createRoute + "\naws ec2 create-default-subnet --availability-zone us-east-1b --region us-east-1",
		},
		{
			Name: "no subnet and a main table without a route", Facts: one.zonesToo(fresh().route("", "").forRoute()),
			Want: checks.Fail, Found: "0 of 0 subnets", Fix: createRoute,
		},
		{
			Name: "AWS leaves the main table out", Facts: two.with(func(n *network) { n.tables = n.tables[:1] }).forRoute(),
			Want: checks.Unknown, Reason: facts.InvalidResponse,
		},
		{
			Name: "no VPC", Facts: network{}.forRoute(),
			Want: checks.Fail, Found: "no default VPC", Fix: createDefaultVPC,
		},
	})
}

// publicRanges are routes to the gateway that together lead all that is not private, as some set them up.
func publicRanges() []string {
	ranges := strings.Fields("1.0.0.0/8 2.0.0.0/7 4.0.0.0/6 8.0.0.0/7 11.0.0.0/8 12.0.0.0/6 16.0.0.0/4 32.0.0.0/3 " +
		"64.0.0.0/2 128.0.0.0/3 160.0.0.0/5 168.0.0.0/6 172.0.0.0/12 172.32.0.0/11 172.64.0.0/10 172.128.0.0/9 " +
		"173.0.0.0/8 174.0.0.0/7 176.0.0.0/4 192.0.0.0/9 192.128.0.0/11 192.160.0.0/13 192.169.0.0/16 192.170.0.0/15 " +
		"192.172.0.0/14 192.176.0.0/12 192.192.0.0/10 193.0.0.0/8 194.0.0.0/7 196.0.0.0/6 200.0.0.0/5 208.0.0.0/4")
	for i := range ranges {
		ranges[i] += " " + gatewayID
	}
	return ranges
}
