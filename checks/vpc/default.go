package vpc

import (
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Default passes when the Region has its default VPC.
var Default = checks.New(checks.Spec[checks.NoParams]{
	ID:     "vpc-default",
	Title:  "The Region has a default VPC",
	Why:    "A container task runs in a VPC, and the default one is ready to use and free.",
	Verify: "aws ec2 describe-vpcs --filters Name=is-default,Values=true --region REGION",
	Pages: checks.Pages{
		Docs:    "vpc/latest/userguide/default-vpc.html",
		Console: "vpcconsole/home?region=" + checks.PageRegion + "#vpcs:",
	},
	Reads: []facts.Source{account.DefaultVPC},
	Run:   defaultVPC,
})

// usualCIDR is the address range that AWS gives to every default VPC.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
const usualCIDR = "172.31.0.0/16"

func defaultVPC(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	vpc, f, without := findVPC(v, "one default VPC")
	if without != nil {
		return *without, nil
	}
	if vpc.CIDR != "" && vpc.CIDR != usualCIDR {
		f.Advice = "its addresses are " + vpc.CIDR + "; AWS gives a default VPC " + usualCIDR
	}
	return checks.Of(f.Pass(strings.TrimSuffix(fmt.Sprintf("default VPC %s, %s", vpc.ID, vpc.CIDR), ", "))), nil
}

// findVPC asks for the default VPC and begins the finding of a check about it. Where there is no VPC that can be used,
// without is the whole result of the check: it fails, or it is not known.
func findVPC(v *facts.View, expected string) (vpc account.VPC, f checks.Finding, without *checks.Result) {
	region := v.Site().Region
	f = checks.Finding{
		Subject: "default VPC in " + region, LookedAt: "VPCs in " + region, Expected: expected,
	}
	vpc, err := account.DefaultVPC.Get(v, account.NetworkKey{Region: region})
	switch {
	case err != nil:
	case !vpc.Exists:
		f.LookedAt = "default VPCs in " + region + " (0)"
		f = f.Fail("there is no default VPC in " + region)
		return vpc, f, new(checks.Of(f).WithFix(createDefaultVPC(v.Site())))
	case vpc.State == available:
		return vpc, f, nil
	case vpc.State == unfinished:
		err = facts.Errorf(facts.NotYetConsistent, "AWS is still making the VPC %s", vpc.ID)
	case vpc.State == leaving:
		err = facts.Errorf(facts.NotYetConsistent, "AWS is still deleting the VPC %s", vpc.ID)
	default:
		err = facts.Errorf(facts.Unsupported, "the VPC %s is in the unknown state %q", vpc.ID, vpc.State)
	}
	return vpc, f, new(checks.Of(f.Unknown(err)))
}

// createDefaultVPC makes the VPC with a subnet in every zone, an internet gateway and the route to it.
func createDefaultVPC(s checks.Site) checks.Fix {
	return checks.Fix{
		Commands: []checks.Command{ec2Command(s, "create-default-vpc")},
		Console:  "VPC › Your VPCs › Actions › Create default VPC",
	}
}

func ec2Command(s checks.Site, operation string, args ...string) checks.Command {
	return checks.Sh(append(append([]string{"aws", "ec2", operation}, args...), "--region", s.Region)...)
}
