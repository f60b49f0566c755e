package cmd

import (
	"fmt"
	"strings"
)

// The ids of the finished account's network.
const (
	vpcID     = "vpc-0a1b2c3d4e5f60718"
	gatewayID = "igw-0a1b2c3d4e5f60718"
	mainTable = "rtb-0a1b2c3d4e5f60718"
)

// defaultNetwork is the network that AWS makes in us-east-1, as a state writes it.
func defaultNetwork() string {
	var subnets []string
	for i, zone := range "abcdef" {
		subnets = append(subnets, fmt.Sprintf(`{"id": %q, "vpc": %q, "cidr": "172.31.%d.0/20", "zone": "us-east-1%c",
			"zoneId": "use1-az%d", "defaultForZone": true, "mapPublicIpOnLaunch": true}`, subnetID(zone), vpcID, 16*i, zone, i+1))
	}
	return fmt.Sprintf(`{
		"vpcs": [{"id": %[1]q, "cidr": "172.31.0.0/16", "default": true}],
		"subnets": [%[4]s],
		"internetGateways": [{"id": %[2]q, "vpc": %[1]q}],
		"routeTables": [{"id": %[3]q, "vpc": %[1]q, "main": true, "routes": [{"destination": "0.0.0.0/0", "target": %[2]q}]}]}`,
		vpcID, gatewayID, mainTable, strings.Join(subnets, ", "))
}

// subnetID is the id of the default subnet in a zone.
func subnetID(zone rune) string { return fmt.Sprintf("subnet-0a1b2c3d4e5f6071%c", zone) }

// vpcMutants are about the network.
func vpcMutants() []mutant {
	const (
		subnets  = atNetwork + "/subnets"
		gateways = atNetwork + "/internetGateways"
		tables   = atNetwork + "/routeTables"
		route    = tables + "/0/routes/0"
		otherVPC = `{"id": "vpc-0ffffffffffffffff", "cidr": "10.0.0.0/16"}`
	)
	noVPC := changes{"vpc-default": "fail", "vpc-subnets": "blocked by vpc-default", "vpc-internet-route": "blocked by vpc-default"}
	oneZone, noWay := changes{"vpc-subnets": "fail", "vpc-internet-route": "fail"}, changes{"vpc-internet-route": "fail"}
	// only keeps the subnets of some zones, and puts others beside them
	only := func(zones string, more ...edit) edit {
		edits := []edit{}
		for i, zone := range "abcdef" {
			if !strings.ContainsRune(zones, zone) {
				at := fmt.Sprintf("%s/%d", subnets, i-len(edits))
				edits = append(edits, drop(at))
			}
		}
		return all(append(edits, more...)...)
	}
	second := func(zone, more string) edit {
		return set(subnets+"/-", fmt.Sprintf(`{"id": "subnet-0ffffffffffffffff", "vpc": %q, "cidr": "172.31.96.0/20",
			"zone": %q, "zoneId": "other-az1"%s}`, vpcID, zone, more))
	}
	// private leads some zones elsewhere
	private := func(zones string) edit {
		var ids []string
		for _, zone := range zones {
			ids = append(ids, quoted(subnetID(zone)))
		}
		return set(tables+"/-", fmt.Sprintf(
			`{"id": "rtb-0ffffffffffffffff", "vpc": %q, "subnets": [%s]}`, vpcID, strings.Join(ids, ", ")))
	}
	return []mutant{
		{"the network as AWS makes it", drop(atNetwork), nil},
		{"nothing in the network", set(atNetwork, `{}`), noVPC},
		{"no default VPC", set(atNetwork+"/vpcs/0/default", `false`), noVPC},
		{"another VPC in place of the default one", all(
			set(atNetwork+"/vpcs", `[`+otherVPC+`]`), set(subnets, `[]`), set(gateways, `[]`), set(tables, `[]`),
		), noVPC},
		{"another VPC beside the default one", set(atNetwork+"/vpcs/-", otherVPC), nil},
		{"a default VPC with other addresses", text(atNetwork+"/vpcs/0/cidr", "10.0.0.0/16"), nil},

		{"no subnet", set(subnets, `[]`), oneZone},
		{"subnets in one zone", only("a"), oneZone},
		{"subnets in two zones", only("ab"), nil},
		{"two subnets in one zone", only("a", second("us-east-1a", "")), oneZone},
		{"the second subnet in a local zone", only("a", second("us-east-1-bos-1a", "")), oneZone},
		{"the second subnet on an Outpost", only("a", second("us-east-1b",
			`, "outpostArn": "arn:aws:outposts:us-east-1:123456789012:outpost/op-0a1b2c3d4e5f60718"`)), oneZone},
		{"the second subnet in another VPC", all(
			only("ab"), set(atNetwork+"/vpcs/-", otherVPC), text(subnets+"/1/vpc", "vpc-0ffffffffffffffff"),
		), oneZone},
		{"no public addresses by default", only("ab", set(subnets+"/0/mapPublicIpOnLaunch", `false`)), nil},

		{"no internet gateway", set(gateways, `[]`), noWay},
		{"the internet gateway is detached", drop(gateways + "/0/vpc"), noWay},
		{"the internet gateway of another VPC", all(
			set(atNetwork+"/vpcs/-", otherVPC), text(gateways+"/0/vpc", "vpc-0ffffffffffffffff"),
		), noWay},
		{"no route", set(tables+"/0/routes", `[]`), noWay},
		{"a route to a gateway that is gone", text(route+"/target", "igw-0ffffffffffffffff"), noWay},
		{"a route to a NAT gateway", text(route+"/target", "nat-0a1b2c3d4e5f60718"), noWay},
		{"a route for IPv6 only", text(route+"/destination", "::/0"), noWay},
		{"a route for some addresses only", text(route+"/destination", "0.0.0.0/1"), noWay},
		{"routes for IPv6 too", set(tables+"/0/routes/-", `{"destination": "::/0", "target": "`+gatewayID+`"}`), nil},
		{"tables of their own without a way for all subnets but one", private("bcdef"), noWay},
		{"a table of their own without a way for all subnets", private("abcdef"), noWay},
		{"a table of their own without a way for some subnets", private("cdef"), nil},
		{"a way by a table of their own for two subnets", all(
			private("ab"), set(tables+"/1/routes", `[{"destination": "0.0.0.0/0", "target": "`+gatewayID+`"}]`),
			set(tables+"/0/routes", `[]`),
		), nil},
		{
			"an answer without the main route table", set(tables+"/0/main", `false`),
			changes{"vpc-internet-route": "unknown invalid_response"},
		},
		{"a switch that blocks the internet", text(atRegion+"/ec2/blockPublicAccess", "block-bidirectional"), nil},
	}
}
