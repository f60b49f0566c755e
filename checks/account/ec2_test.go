package account

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// stateOf is a practice account with these parts beside the caller, such as "budgets": [ … ].
func stateOf(t *testing.T, parts string) *sandbox.Account {
	t.Helper()
	state, err := sandbox.Parse([]byte(`{
		"account": "123456789012",
		"caller": {
			"arn": "arn:aws:iam::123456789012:user/alice", "userId": "AIDACKCEVSQ6C2EXAMPLE",
			"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
		},
		"root": {}, `+parts+`}`), testNow())
	require.NoError(t, err)
	return sandbox.New(state, sandbox.Options{Now: testNow})
}

// readFrom asks one read through the transport, and holds its answer to the law that it survives JSON.
func readFrom[K comparable, V any](t *testing.T, transport http.RoundTripper, read *facts.Read[K, V], key K) V {
	t.Helper()
	value, err := read.Get(openTest(t, transport, read), key)
	require.NoError(t, err)
	data, err := json.Marshal(value)
	require.NoError(t, err)
	var again V
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, value, again)
	return value
}

func TestTheDefaultNetworkIsReadAsAWSMakesIt(t *testing.T) {
	a := stateOf(t, `"regions": {}`)
	key := NetworkKey{Region: "us-east-1"}
	vpc := readFrom(t, a, DefaultVPC, key)
	require.Equal(t, VPC{Exists: true, ID: vpc.ID, State: "available", CIDR: "172.31.0.0/16"}, vpc)
	require.NotEmpty(t, vpc.ID)

	subnets := readFrom(t, a, Subnets, key)
	require.Len(t, subnets, 6)
	require.Equal(t, Subnet{ID: subnets[0].ID, VPC: vpc.ID, State: "available", Zone: "us-east-1a"}, subnets[0])

	gateways := readFrom(t, a, InternetGateways, key)
	require.Equal(t, []InternetGateway{{gateways[0].ID, []Attachment{{vpc.ID, "available"}}}}, gateways)

	tables := readFrom(t, a, RouteTables, key)
	require.Equal(t, []RouteTable{{ID: tables[0].ID, VPC: vpc.ID, Main: true, Routes: []Route{
		{"172.31.0.0/16", "local", "active"}, {"0.0.0.0/0", gateways[0].ID, "active"},
	}}}, tables)

	zones := readFrom(t, a, AvailabilityZones, NetworkKey{Region: "us-west-1"})
	require.Equal(t, []string{"us-west-1a", "us-west-1c"}, zones, "not every Region has a zone b")
	require.Equal(t, "off", readFrom(t, a, PublicAccessBlock, key))
}

func TestANetworkOfOnesOwnIsRead(t *testing.T) {
	a := stateOf(t, `"regions": {"us-east-1": {"ec2": {"blockPublicAccess": "block-ingress", "network": {
		"vpcs": [{"id": "vpc-1", "cidr": "10.0.0.0/16"}],
		"subnets": [{"id": "subnet-1", "vpc": "vpc-1", "cidr": "10.0.0.0/24",
			"zone": "us-east-1-bos-1a", "zoneId": "use1-bos1-az1",
			"outpostArn": "arn:aws:outposts:us-east-1:123456789012:outpost/op-1"}],
		"internetGateways": [{"id": "igw-1"}],
		"routeTables": [
			{"id": "rtb-1", "vpc": "vpc-1", "main": true},
			{"id": "rtb-2", "vpc": "vpc-1", "subnets": ["subnet-1"], "routes": [
				{"destination": "0.0.0.0/0", "target": "nat-1"}, {"destination": "::/0", "target": "igw-9"}]}]
	}}}}`)
	key := NetworkKey{Region: "us-east-1"}
	require.Zero(t, readFrom(t, a, DefaultVPC, key), "a VPC that is not the default one does not count")
	require.Equal(t, []Subnet{{
		ID: "subnet-1", VPC: "vpc-1", State: "available", Zone: "us-east-1-bos-1a", Outpost: true,
		Private: true,
	}},
		readFrom(t, a, Subnets, key))
	require.Equal(t, []InternetGateway{{ID: "igw-1"}}, readFrom(t, a, InternetGateways, key))
	tables := readFrom(t, a, RouteTables, key)
	require.Len(t, tables, 2)
	require.True(t, tables[0].Main)
	require.Equal(t, []string{"subnet-1"}, tables[1].Subnets)
	require.Contains(t, tables[1].Routes, Route{"0.0.0.0/0", "nat-1", "active"})
	require.Equal(t, "::/0", tables[1].Routes[len(tables[1].Routes)-1].Destination)
	require.Equal(t, "block-ingress", readFrom(t, a, PublicAccessBlock, key))
}

func TestSubnetsAreReadPageByPage(t *testing.T) {
	var subnets []string
	for i := range networkPage + 1 {
		subnets = append(subnets, fmt.Sprintf(`{"id": "subnet-%d", "vpc": "vpc-1", "cidr": "10.0.0.0/28",
			"zone": "us-east-1a", "zoneId": "use1-az1"}`, i))
	}
	a := stateOf(t, `"regions": {"us-east-1": {"ec2": {"network": {
		"vpcs": [{"id": "vpc-1", "cidr": "10.0.0.0/16"}], "subnets": [`+strings.Join(subnets, ",")+`]}}}}`)
	require.Len(t, readFrom(t, a, Subnets, NetworkKey{Region: "us-east-1"}), networkPage+1)
	require.Len(t, a.Calls(), 2)
}

// An answer in the right form that leaves everything out is neither an absence nor a panic.
func TestANetworkWithoutItsIDsIsAnInvalidResponse(t *testing.T) {
	key := NetworkKey{Region: "us-east-1"}
	for name, get := range map[string]func(*facts.View) error{
		"Vpcs vpcSet":                         errorOf(DefaultVPC, key),
		"Subnets subnetSet":                   errorOf(Subnets, key),
		"InternetGateways internetGatewaySet": errorOf(InternetGateways, key),
		"RouteTables routeTableSet":           errorOf(RouteTables, key),
	} {
		things, list, _ := strings.Cut(name, " ")
		body := inEC2(things, "<"+list+"><item/></"+list+">")
		v := openTest(t, answer(http.StatusOK, xmlType, body), DefaultVPC, Subnets, InternetGateways, RouteTables)
		require.Equal(t, facts.InvalidResponse, facts.AsError(get(v)).Reason, name)
	}
}

// inEC2 is EC2's answer to the question for things.
func inEC2(things, content string) string {
	return "<Describe" + things + "Response>" + content + "</Describe" + things + "Response>"
}

func TestTextInPlaceOfRoutesIsAnInvalidResponse(t *testing.T) {
	for body, reason := range map[string]facts.Reason{
		`<DescribeRouteTablesResponse><routeTableSet><item><routeSet>none</routeSet></item></routeTableSet>
			</DescribeRouteTablesResponse>`: facts.InvalidResponse,
		`<DescribeRouteTablesResponse><requestId>1</requestId><routeTableSet><item><routeTableId>rtb-1</routeTableId>
			<vpcId>vpc-1</vpcId><routeSet/></item></routeTableSet></DescribeRouteTablesResponse>`: "",
	} {
		_, err := RouteTables.Get(openTest(t, answer(http.StatusOK, xmlType, body), RouteTables), NetworkKey{"us-east-1"})
		if reason == "" {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, reason, facts.AsError(err).Reason, body)
	}
}

// Whatever is in the answer, only what says that it is the default VPC is taken for it.
func TestTheDefaultVPCIsTheOneThatSaysSo(t *testing.T) {
	vpcs := func(items ...string) *answering {
		return answer(http.StatusOK, xmlType, inEC2("Vpcs", "<vpcSet>"+strings.Join(items, "")+"</vpcSet>"))
	}
	const (
		usual  = "<item><vpcId>vpc-1</vpcId><isDefault>true</isDefault></item>"
		other  = "<item><vpcId>vpc-2</vpcId><isDefault>false</isDefault></item>"
		silent = "<item><vpcId>vpc-3</vpcId></item>"
	)
	key := NetworkKey{Region: "us-east-1"}
	require.Equal(t, VPC{Exists: true, ID: "vpc-1"}, readFrom(t, vpcs(other, usual), DefaultVPC, key))
	require.Zero(t, readFrom(t, vpcs(other), DefaultVPC, key))
	for _, lie := range []*answering{vpcs(silent), vpcs(usual, usual)} {
		_, err := DefaultVPC.Get(openTest(t, lie, DefaultVPC), key)
		require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
	}
}

func TestASubnetWithoutIPv4(t *testing.T) {
	body := inEC2("Subnets", "<subnetSet><item><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>"+
		"<availabilityZone>us-east-1a</availabilityZone><ipv6Native>true</ipv6Native></item></subnetSet>")
	require.Equal(t, []Subnet{{ID: "subnet-1", VPC: "vpc-1", Zone: "us-east-1a", IPv6Only: true}},
		readFrom(t, answer(http.StatusOK, xmlType, body), Subnets, NetworkKey{Region: "us-east-1"}))
}

// A table that names a subnet and failed to take it does not serve it: the main one does.
func TestARouteTableServesOnlyTheSubnetsThatItTook(t *testing.T) {
	association := func(subnet, state string) string {
		return "<item><main>false</main><subnetId>" + subnet + "</subnetId>" +
			"<associationState><state>" + state + "</state></associationState></item>"
	}
	body := inEC2("RouteTables", "<routeTableSet><item>"+
		"<routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId><routeSet/><associationSet>"+
		association("subnet-1", "associated")+association("subnet-2", "failed")+association("subnet-3", "disassociated")+
		association("subnet-4", "associating")+"<item><main>false</main><subnetId>subnet-5</subnetId></item>"+
		"</associationSet></item></routeTableSet>")
	require.Equal(t, []RouteTable{{ID: "rtb-1", VPC: "vpc-1", Subnets: []string{"subnet-1", "subnet-4", "subnet-5"}}},
		readFrom(t, answer(http.StatusOK, xmlType, body), RouteTables, NetworkKey{Region: "us-east-1"}))
}
