package sandbox_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// practice opens a practice account whose us-east-1 holds regional, and the configuration with which AWS's own client
// talks to it, without retries.
func practice(t *testing.T, regional string) (*sandbox.Account, aws.Config) {
	t.Helper()
	state, err := sandbox.Parse([]byte(`{"account": "123456789012", "root": {}, "regions": {"us-east-1": `+regional+`},
		"caller": {"arn": "arn:aws:iam::123456789012:user/alice", "userId": "AIDAEXAMPLEALICE",
			"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}}`), now)
	require.NoError(t, err)
	account := sandbox.New(state, sandbox.Options{Now: func() time.Time { return now }})
	id, secret, token := account.Credentials()
	return account, aws.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider(id, secret, token),
		HTTPClient: &http.Client{Transport: account}, RetryMaxAttempts: 1,
	}
}

// requireCode fails the test unless err is an error answer of AWS with that code.
func requireCode(t *testing.T, code string, err error) {
	t.Helper()
	var answer smithy.APIError
	require.ErrorAs(t, err, &answer)
	require.Equal(t, code, answer.ErrorCode(), answer.ErrorMessage())
}

// A network is what the four reads of the default network give.
type network struct {
	vpcs     []types.Vpc
	subnets  []types.Subnet
	gateways []types.InternetGateway
	tables   []types.RouteTable
}

func where(name, value string) []types.Filter {
	return []types.Filter{{Name: aws.String(name), Values: []string{value}}}
}

// readNetwork asks as a check of the default network does.
func readNetwork(t *testing.T, client *ec2.Client) network {
	t.Helper()
	vpcs, err := client.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{Filters: where("is-default", "true")})
	require.NoError(t, err)
	if len(vpcs.Vpcs) == 0 {
		return network{}
	}
	id := *vpcs.Vpcs[0].VpcId
	subnets, err := client.DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{Filters: where("vpc-id", id)})
	require.NoError(t, err)
	gateways, err := client.DescribeInternetGateways(
		t.Context(), &ec2.DescribeInternetGatewaysInput{Filters: where("attachment.vpc-id", id)},
	)
	require.NoError(t, err)
	tables, err := client.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{Filters: where("vpc-id", id)})
	require.NoError(t, err)
	return network{vpcs.Vpcs, subnets.Subnets, gateways.InternetGateways, tables.RouteTables}
}

func TestDefaultNetwork(t *testing.T) {
	_, cfg := practice(t, `{}`)
	n := readNetwork(t, ec2.NewFromConfig(cfg))

	require.Len(t, n.vpcs, 1)
	require.Equal(t, "172.31.0.0/16", *n.vpcs[0].CidrBlock)
	require.Equal(t, types.VpcStateAvailable, n.vpcs[0].State)
	require.True(t, *n.vpcs[0].IsDefault)
	require.Regexp(t, `^vpc-[0-9a-f]{17}$`, *n.vpcs[0].VpcId)
	require.Equal(t, "123456789012", *n.vpcs[0].OwnerId)

	require.Len(t, n.subnets, 6)
	first, last := n.subnets[0], n.subnets[5]
	require.Equal(
		t, []string{"us-east-1a", "use1-az1", "172.31.0.0/20"},
		[]string{*first.AvailabilityZone, *first.AvailabilityZoneId, *first.CidrBlock},
	)
	require.Equal(
		t, []string{"us-east-1f", "use1-az6", "172.31.80.0/20"},
		[]string{*last.AvailabilityZone, *last.AvailabilityZoneId, *last.CidrBlock},
	)
	require.Equal(t, types.SubnetStateAvailable, first.State)
	require.EqualValues(t, 4091, *first.AvailableIpAddressCount)
	require.True(t, *first.DefaultForAz)
	require.True(t, *first.MapPublicIpOnLaunch)
	require.Nil(t, first.OutpostArn)
	ids := map[string]bool{}
	for _, subnet := range n.subnets {
		ids[*subnet.SubnetId] = true
	}
	require.Len(t, ids, 6)

	require.Len(t, n.gateways, 1)
	require.Equal(t, []types.InternetGatewayAttachment{
		{State: "available", VpcId: n.vpcs[0].VpcId},
	}, n.gateways[0].Attachments,
		"the wire says available, which is not among the SDK's values")

	require.Len(t, n.tables, 1)
	require.Len(t, n.tables[0].Routes, 2)
	require.Equal(t, "local", *n.tables[0].Routes[0].GatewayId)
	require.Equal(t, "172.31.0.0/16", *n.tables[0].Routes[0].DestinationCidrBlock)
	require.Equal(t, *n.gateways[0].InternetGatewayId, *n.tables[0].Routes[1].GatewayId)
	require.Equal(t, types.RouteStateActive, n.tables[0].Routes[1].State)
	require.Len(t, n.tables[0].Associations, 1, "subnets that use the main table by default are not listed")
	require.True(t, *n.tables[0].Associations[0].Main)
	require.Nil(t, n.tables[0].Associations[0].SubnetId)
	require.Equal(t, types.RouteTableAssociationStateCodeAssociated, n.tables[0].Associations[0].AssociationState.State)
}

func TestEachRegionHasItsOwnDefaultNetwork(t *testing.T) {
	_, cfg := practice(t, `{}`)
	east := readNetwork(t, ec2.NewFromConfig(cfg))
	cfg.Region = "eu-central-1"
	central := readNetwork(t, ec2.NewFromConfig(cfg))
	require.NotEqual(t, *east.vpcs[0].VpcId, *central.vpcs[0].VpcId)
	require.Len(t, central.subnets, 3)
	require.Equal(t, "euc1-az2", *central.subnets[1].AvailabilityZoneId)
}

func TestNetworkOfTheState(t *testing.T) {
	_, cfg := practice(t, `{"ec2": {"blockPublicAccess": "block-ingress", "network": {
		"vpcs": [{"id": "vpc-1", "cidr": "172.31.0.0/16", "default": true}, {"id": "vpc-2", "cidr": "10.0.0.0/16"}],
		"subnets": [{"id": "subnet-1", "vpc": "vpc-1", "cidr": "172.31.0.0/20", "zone": "us-east-1-bos-1a",
		  "zoneId": "use1-bos1-az1", "outpostArn": "arn:aws:outposts:us-east-1:123456789012:outpost/op-1"}],
		"internetGateways": [{"id": "igw-1"}],
		"routeTables": [
			{"id": "rtb-1", "vpc": "vpc-1", "main": true, "routes": [{"destination": "0.0.0.0/0", "target": "igw-1"}]},
			{"id": "rtb-2", "vpc": "vpc-1", "subnets": ["subnet-1"], "routes": [
				{"destination": "0.0.0.0/0", "target": "nat-1"}, {"destination": "::/0", "target": "eni-1"},
				{"destination": "10.1.0.0/16", "target": "tgw-1"}, {"destination": "10.2.0.0/16", "target": "pcx-1"}]}
		]}}}`)
	client, ctx := ec2.NewFromConfig(cfg), t.Context()
	n := readNetwork(t, client)
	require.Len(t, n.subnets, 1)
	require.Contains(t, *n.subnets[0].OutpostArn, "outpost/op-1")
	require.Empty(t, n.gateways, "the gateway is not attached")
	require.Equal(t, types.RouteStateBlackhole, n.tables[0].Routes[1].State)

	routes := n.tables[1].Routes
	require.Equal(t, "nat-1", *routes[1].NatGatewayId)
	require.Equal(t, types.RouteStateActive, routes[1].State)
	require.Equal(t, "::/0", *routes[2].DestinationIpv6CidrBlock)
	require.Equal(t, "eni-1", *routes[2].NetworkInterfaceId)
	require.Equal(t, "tgw-1", *routes[3].TransitGatewayId)
	require.Equal(t, "pcx-1", *routes[4].VpcPeeringConnectionId)
	require.Equal(t, "subnet-1", *n.tables[1].Associations[0].SubnetId)
	require.False(t, *n.tables[1].Associations[0].Main)

	access, err := client.DescribeVpcBlockPublicAccessOptions(ctx, &ec2.DescribeVpcBlockPublicAccessOptionsInput{})
	require.NoError(t, err)
	require.Equal(
		t, types.InternetGatewayBlockModeBlockIngress, access.VpcBlockPublicAccessOptions.InternetGatewayBlockMode,
	)
	_, err = client.ModifyVpcBlockPublicAccessOptions(
		ctx, &ec2.ModifyVpcBlockPublicAccessOptionsInput{InternetGatewayBlockMode: "never"},
	)
	requireCode(t, "InvalidParameterValue", err)
	modified, err := client.ModifyVpcBlockPublicAccessOptions(ctx, &ec2.ModifyVpcBlockPublicAccessOptionsInput{
		InternetGatewayBlockMode: types.InternetGatewayBlockModeOff,
	})
	require.NoError(t, err)
	require.Equal(t, types.InternetGatewayBlockModeOff, modified.VpcBlockPublicAccessOptions.InternetGatewayBlockMode)
}

func TestSelectingResources(t *testing.T) {
	_, cfg := practice(t, `{}`)
	client, ctx := ec2.NewFromConfig(cfg), t.Context()
	subnets := func(in ec2.DescribeSubnetsInput) ([]types.Subnet, error) {
		out, err := client.DescribeSubnets(ctx, &in)
		if err != nil {
			return nil, err
		}
		return out.Subnets, nil
	}
	all, err := subnets(ec2.DescribeSubnetsInput{})
	require.NoError(t, err)

	some, err := subnets(ec2.DescribeSubnetsInput{Filters: []types.Filter{
		{Name: aws.String("availability-zone"), Values: []string{"us-east-1a", "us-east-1?"}},
		{Name: aws.String("cidr-block"), Values: []string{"172.31.1*", "172.31.80.0/20"}},
	}})
	require.NoError(t, err)
	require.Len(t, some, 2, "values widen a filter, filters narrow the list")

	some, err = subnets(ec2.DescribeSubnetsInput{SubnetIds: []string{*all[3].SubnetId}})
	require.NoError(t, err)
	require.Equal(t, all[3], some[0])

	_, err = subnets(ec2.DescribeSubnetsInput{SubnetIds: []string{"subnet-1"}})
	requireCode(t, "InvalidSubnetID.NotFound", err)
	_, err = subnets(ec2.DescribeSubnetsInput{Filters: where("colour", "red")})
	requireCode(t, "InvalidParameterValue", err)
	_, err = subnets(ec2.DescribeSubnetsInput{SubnetIds: []string{*all[3].SubnetId}, MaxResults: aws.Int32(5)})
	requireCode(t, "InvalidParameterCombination", err)
	_, err = subnets(ec2.DescribeSubnetsInput{MaxResults: aws.Int32(4)})
	requireCode(t, "InvalidParameterValue", err)

	pages := ec2.NewDescribeSubnetsPaginator(client, &ec2.DescribeSubnetsInput{MaxResults: aws.Int32(5)})
	var sizes []int
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		sizes = append(sizes, len(page.Subnets))
	}
	require.Equal(t, []int{5, 1}, sizes)
}

// Every filter is tried with a value of the default network, and must keep what has the value.
func TestFilters(t *testing.T) {
	_, cfg := practice(t, `{}`)
	client, ctx := ec2.NewFromConfig(cfg), t.Context()
	n := readNetwork(t, client)
	vpc, subnet, gateway, table := *n.vpcs[0].VpcId, *n.subnets[0].SubnetId, *n.gateways[0].InternetGatewayId,
		*n.tables[0].RouteTableId
	const owner = "123456789012"

	for name, value := range map[string]string{
		"vpc-id": vpc, "is-default": "true", "isDefault": "true", "cidr": "172.31.0.0/16", "state": "available",
		"owner-id": owner,
	} {
		out, err := client.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: where(name, value)})
		require.NoError(t, err)
		require.Len(t, out.Vpcs, 1, name)
	}
	for name, c := range map[string]struct {
		value string
		want  int
	}{
		"subnet-id": {subnet, 1}, "vpc-id": {vpc, 6}, "availability-zone": {"us-east-1a", 1},
		"availability-zone-id": {"use1-az1", 1},
		"cidr-block":           {"172.31.0.0/20", 1}, "default-for-az": {"true", 6},
		"map-public-ip-on-launch": {"false", 0},
		"state":                   {"available", 6}, "owner-id": {owner, 6},
	} {
		out, err := client.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{Filters: where(name, c.value)})
		require.NoError(t, err)
		require.Len(t, out.Subnets, c.want, name)
	}
	for name, value := range map[string]string{
		"internet-gateway-id": gateway, "attachment.vpc-id": vpc, "attachment.state": "available", "owner-id": owner,
	} {
		out, err := client.DescribeInternetGateways(
			ctx, &ec2.DescribeInternetGatewaysInput{Filters: where(name, value)},
		)
		require.NoError(t, err)
		require.Len(t, out.InternetGateways, 1, name)
	}
	for name, c := range map[string]struct {
		value string
		want  int
	}{
		"route-table-id": {table, 1}, "vpc-id": {vpc, 1}, "association.main": {"true", 1},
		"association.subnet-id": {subnet, 0}, "owner-id": {owner, 1},
	} {
		out, err := client.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: where(name, c.value)})
		require.NoError(t, err)
		require.Len(t, out.RouteTables, c.want, name)
	}
	for name, c := range map[string]struct {
		value string
		want  int
	}{
		"zone-name": {"us-east-1a", 1}, "zone-id": {"use1-az1", 1}, "region-name": {"us-east-1", 6},
		"state":     {"available", 6},
		"zone-type": {"local-zone", 0}, "opt-in-status": {"opt-in-not-required", 6},
	} {
		out, err := client.DescribeAvailabilityZones(
			ctx, &ec2.DescribeAvailabilityZonesInput{Filters: where(name, c.value)},
		)
		require.NoError(t, err)
		require.Len(t, out.AvailabilityZones, c.want, name)
	}
	for name, value := range map[string]string{"region-name": "us-east-1", "endpoint": "ec2.us-east-1.amazonaws.com"} {
		out, err := client.DescribeRegions(ctx, &ec2.DescribeRegionsInput{Filters: where(name, value)})
		require.NoError(t, err)
		require.Len(t, out.Regions, 1, name)
	}
}

func TestRegionsAndZones(t *testing.T) {
	_, cfg := practice(t, `{}`)
	client, ctx := ec2.NewFromConfig(cfg), t.Context()
	enabled, err := client.DescribeRegions(ctx, &ec2.DescribeRegionsInput{})
	require.NoError(t, err)
	require.Len(t, enabled.Regions, 17)
	all, err := client.DescribeRegions(
		ctx, &ec2.DescribeRegionsInput{AllRegions: aws.Bool(true), Filters: where("opt-in-status", "not-opted-in")},
	)
	require.NoError(t, err)
	require.NotEmpty(t, all.Regions)
	require.Equal(t, "not-opted-in", *all.Regions[0].OptInStatus)
	_, err = client.DescribeRegions(ctx, &ec2.DescribeRegionsInput{RegionNames: []string{"us-east-1a"}})
	requireCode(t, "InvalidParameterValue", err)

	zones, err := client.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{})
	require.NoError(t, err)
	require.Len(t, zones.AvailabilityZones, 6)
	require.Equal(t, types.AvailabilityZoneStateAvailable, zones.AvailabilityZones[0].State)
}

func TestNetworkIsTakenApartAndMadeAgain(t *testing.T) {
	_, cfg := practice(t, `{}`)
	client, ctx := ec2.NewFromConfig(cfg), t.Context()
	before := readNetwork(t, client)
	vpc, gateway, table := before.vpcs[0].VpcId, before.gateways[0].InternetGatewayId, before.tables[0].RouteTableId

	_, err := client.CreateDefaultVpc(ctx, &ec2.CreateDefaultVpcInput{})
	requireCode(t, "DefaultVpcAlreadyExists", err)
	_, err = client.CreateDefaultSubnet(ctx, &ec2.CreateDefaultSubnetInput{AvailabilityZone: aws.String("us-east-1a")})
	requireCode(t, "DefaultSubnetAlreadyExistsInAvailabilityZone", err)
	_, err = client.CreateDefaultSubnet(ctx, &ec2.CreateDefaultSubnetInput{AvailabilityZone: aws.String("us-east-1z")})
	requireCode(t, "InvalidParameterValue", err)
	_, err = client.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: vpc})
	requireCode(t, "DependencyViolation", err)
	_, err = client.DeleteInternetGateway(ctx, &ec2.DeleteInternetGatewayInput{InternetGatewayId: gateway})
	requireCode(t, "DependencyViolation", err)

	for _, subnet := range before.subnets {
		_, err := client.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: subnet.SubnetId})
		require.NoError(t, err)
	}
	created, err := client.CreateDefaultSubnet(
		ctx, &ec2.CreateDefaultSubnetInput{AvailabilityZone: aws.String("us-east-1b")},
	)
	require.NoError(t, err)
	require.Equal(t, "172.31.16.0/20", *created.Subnet.CidrBlock)
	require.NotEqual(t, before.subnets[1].SubnetId, created.Subnet.SubnetId)
	_, err = client.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: created.Subnet.SubnetId})
	require.NoError(t, err)

	_, err = client.DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{InternetGatewayId: gateway, VpcId: vpc})
	require.NoError(t, err)
	require.Equal(t, types.RouteStateBlackhole, readNetwork(t, client).tables[0].Routes[1].State)
	_, err = client.DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{InternetGatewayId: gateway, VpcId: vpc})
	requireCode(t, "Gateway.NotAttached", err)
	_, err = client.DeleteInternetGateway(ctx, &ec2.DeleteInternetGatewayInput{InternetGatewayId: gateway})
	require.NoError(t, err)

	_, err = client.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: vpc})
	require.NoError(t, err)
	_, err = client.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{*table}})
	requireCode(t, "InvalidRouteTableID.NotFound", err)
	require.Empty(t, readNetwork(t, client).vpcs)
	_, err = client.CreateDefaultSubnet(ctx, &ec2.CreateDefaultSubnetInput{AvailabilityZone: aws.String("us-east-1a")})
	requireCode(t, "DefaultVpcDoesNotExist", err)

	_, err = client.CreateDefaultVpc(ctx, &ec2.CreateDefaultVpcInput{})
	require.NoError(t, err)
	after := readNetwork(t, client)
	require.NotEqual(t, *vpc, *after.vpcs[0].VpcId)
	require.Len(t, after.subnets, 6)
	require.Equal(t, types.RouteStateActive, after.tables[0].Routes[1].State)
}

func TestRouteToTheInternetIsMended(t *testing.T) {
	_, cfg := practice(t, `{}`)
	client, ctx := ec2.NewFromConfig(cfg), t.Context()
	before := readNetwork(t, client)
	vpc, old, table := before.vpcs[0].VpcId, before.gateways[0].InternetGatewayId, before.tables[0].RouteTableId
	all := aws.String("0.0.0.0/0")
	create := func(gateway *string) error {
		_, err := client.CreateRoute(
			ctx, &ec2.CreateRouteInput{RouteTableId: table, DestinationCidrBlock: all, GatewayId: gateway},
		)
		return err
	}
	replace := func(gateway *string) error {
		_, err := client.ReplaceRoute(
			ctx, &ec2.ReplaceRouteInput{RouteTableId: table, DestinationCidrBlock: all, GatewayId: gateway},
		)
		return err
	}
	remove := func() error {
		_, err := client.DeleteRoute(ctx, &ec2.DeleteRouteInput{RouteTableId: table, DestinationCidrBlock: all})
		return err
	}

	made, err := client.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})
	require.NoError(t, err)
	gateway := made.InternetGateway.InternetGatewayId
	require.Empty(t, made.InternetGateway.Attachments)
	requireCode(t, "InvalidParameterValue", attach(ctx, client, gateway, vpc))
	requireCode(t, "Resource.AlreadyAssociated", attach(ctx, client, old, vpc))
	requireCode(t, "InvalidVpcID.NotFound", attach(ctx, client, gateway, aws.String("vpc-1")))
	_, err = client.DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{InternetGatewayId: old, VpcId: vpc})
	require.NoError(t, err)
	require.NoError(t, attach(ctx, client, gateway, vpc))

	requireCode(t, "RouteAlreadyExists", create(gateway))
	requireCode(t, "InvalidParameterValue", replace(old))
	requireCode(t, "InvalidGatewayID.NotFound", replace(aws.String("igw-1")))
	require.NoError(t, replace(gateway))
	require.Equal(t, types.RouteStateActive, readNetwork(t, client).tables[0].Routes[1].State)

	require.NoError(t, remove())
	requireCode(t, "InvalidRoute.NotFound", remove())
	requireCode(t, "InvalidParameterValue", replace(gateway))
	require.Len(t, readNetwork(t, client).tables[0].Routes, 1)
	require.NoError(t, create(gateway))
	require.Equal(t, types.RouteStateActive, readNetwork(t, client).tables[0].Routes[1].State)
}

func attach(ctx context.Context, client *ec2.Client, gateway, vpc *string) error {
	_, err := client.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: gateway, VpcId: vpc})
	return err
}
