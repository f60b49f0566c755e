package vpc_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/vpc"
)

func TestSubnets(t *testing.T) {
	const inB = "aws ec2 create-default-subnet --availability-zone us-east-1b --region us-east-1"
	one := fresh("us-east-1a")
	pending := fresh("us-east-1a", "us-east-1b").inState("pending")
	local := one.with(func(n *network) {
		n.subnets = append(n.subnets,
			account.Subnet{ID: "subnet-l", VPC: vpcID, State: "available", Zone: "us-east-1-bos-1a"},
			account.Subnet{ID: "subnet-o", VPC: vpcID, State: "available", Zone: "us-east-1b", Outpost: true},
			account.Subnet{ID: "subnet-u", VPC: vpcID, State: "unavailable", Zone: "us-east-1c"})
	})
	checktest.Run(t, vpc.Subnets, []checktest.Case{
		{
			Name: "two zones", Facts: fresh("us-east-1b", "us-east-1a").forSubnets(),
			Want: checks.Pass, Found: "2 zones (us-east-1a, us-east-1b)", Expected: "at least 2 zones",
		},
		{
			Name: "one zone", Facts: one.zonesToo(one.forSubnets()),
			Want: checks.Fail, Found: "1 zone (us-east-1a)", Fix: inB,
		},
		{
			Name: "two subnets in one zone", Facts: one.zonesToo(fresh("us-east-1a", "us-east-1a").forSubnets()),
			Want: checks.Fail, Found: "1 zone", Fix: inB,
		},
		{
			Name: "no subnet at all", Facts: one.zonesToo(fresh().forSubnets()), Want: checks.Fail, Found: "0 zones",
			Fix: "--availability-zone us-east-1a --region us-east-1\n" + inB,
		},
		{
			Name: "three zones asked for", Params: map[string]any{"availability-zones": 3},
			Facts: one.zonesToo(fresh("us-east-1a", "us-east-1c").forSubnets()),
			Want:  checks.Fail, Expected: "at least 3 zones", Fix: inB,
		},
		{
			Name:  "local zones, outposts and unavailable subnets do not count",
			Facts: local.zonesToo(local.forSubnets()), Want: checks.Fail, Found: "1 zone (us-east-1a)",
		},
		{
			Name: "the Region has no other zone", Params: map[string]any{"availability-zones": 6},
			Facts: one.with(func(n *network) { n.zones = []string{"us-east-1a"} }).zonesToo(one.forSubnets()), Want: checks.Fail,
		},
		{
			Name: "being made", Facts: pending.forSubnets(),
			Want: checks.Unknown, Reason: facts.NotYetConsistent,
		},
		{
			Name:  "a state of a subnet that AWS adds one day",
			Facts: fresh("us-east-1a", "us-east-1b").inState("resting").forSubnets(),
			Want:  checks.Unknown, Reason: facts.Unsupported,
		},
		{
			Name:  "a subnet without a state, but enough others",
			Facts: fresh("us-east-1a", "us-east-1c", "us-east-1b").inState("").forSubnets(),
			Want:  checks.Pass, Found: "2 zones (us-east-1a, us-east-1c)",
		},
		{
			Name: "a subnet that was never made", Want: checks.Fail, Found: "1 zone (us-east-1a)", Fix: inB,
			Facts: one.zonesToo(fresh("us-east-1a", "us-east-1b").inState("failed-insufficient-capacity").forSubnets()),
		},
		{
			Name: "no VPC", Facts: network{}.forSubnets(),
			Want: checks.Fail, Found: "no default VPC", Fix: createDefaultVPC,
		},
	})
}

func TestTheZonesOfARegionAreGuessedWhenTheyCannotBeAsked(t *testing.T) {
	n := fresh("us-east-1b")
	denied := facts.Errorf(facts.AccessDenied, "denied")
	given := append(n.forSubnets(), account.AvailabilityZones.GivenError(key(), denied))
	require.Equal(t, []checks.Command{
		checks.Sh("aws", "ec2", "create-default-subnet", "--availability-zone", "us-east-1a", "--region", "us-east-1"),
	}, checktest.Look(t, vpc.Subnets, checktest.Case{Facts: given}).Fix.Commands)
}

func TestWhatIsLookedAtIsCounted(t *testing.T) {
	two := fresh("us-east-1a", "us-east-1b")
	for looked, c := range map[string]struct {
		check *checks.Check
		given []facts.Given
	}{
		"default VPCs in us-east-1 (0)": {
			vpc.Default, []facts.Given{account.DefaultVPC.Given(key(), account.VPC{})},
		},
		"2 subnets of vpc-0aaaaaaa in us-east-1": {vpc.Subnets, two.forSubnets()},
		"2 subnets and 1 route table of vpc-0aaaaaaa in us-east-1, and its internet gateway": {
			vpc.InternetRoute, two.forRoute(),
		},
	} {
		result := checktest.Look(t, c.check, checktest.Case{Facts: c.given})
		require.Equal(t, looked, result.Findings[0].LookedAt)
	}
}

func TestANumberOfZonesThatNoRegionHasIsRefused(t *testing.T) {
	for _, zones := range []string{"0", "7"} {
		_, err := vpc.Subnets.Bind(map[string]json.RawMessage{"availability-zones": json.RawMessage(zones)})
		var wrong *checks.ParamError
		require.ErrorAs(t, err, &wrong)
		require.ErrorContains(t, err, "1 to 6 zones")
	}
}
