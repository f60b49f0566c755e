package vpc_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/vpc"
)

func TestDefault(t *testing.T) {
	one := func(vpc account.VPC) []facts.Given { return []facts.Given{account.DefaultVPC.Given(key(), vpc)} }
	checktest.Run(t, vpc.Default, []checktest.Case{
		{
			Name: "as AWS makes it", Facts: one(fresh().vpc),
			Want: checks.Pass, Found: "default VPC vpc-0aaaaaaa, 172.31.0.0/16",
		},
		{
			Name: "other addresses", Facts: one(fresh().with(func(n *network) { n.vpc.CIDR = "10.0.0.0/16" }).vpc),
			Want: checks.Pass, Advice: "its addresses are 10.0.0.0/16",
		},
		{
			Name: "AWS does not tell the addresses", Facts: one(account.VPC{Exists: true, ID: vpcID, State: "available"}),
			Want: checks.Pass, Found: "default VPC vpc-0aaaaaaa\n",
		},
		{
			Name: "deleted", Facts: one(account.VPC{}),
			Want: checks.Fail, Found: "there is no default VPC in us-east-1", Fix: createDefaultVPC,
		},
		{
			Name: "being made", Facts: one(account.VPC{Exists: true, ID: vpcID, State: "pending"}),
			Want: checks.Unknown, Reason: facts.NotYetConsistent,
		},
		{
			Name: "being deleted", Facts: one(account.VPC{Exists: true, ID: vpcID, State: "deleting"}),
			Want: checks.Unknown, Reason: facts.NotYetConsistent,
		},
		{
			Name: "a state that AWS adds one day", Facts: one(account.VPC{Exists: true, ID: vpcID, State: "resting"}),
			Want: checks.Unknown, Reason: facts.Unsupported,
		},
	})
}
