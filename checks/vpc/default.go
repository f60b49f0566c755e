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
	Reads:  []facts.Source{account.DefaultVPC},
	Run:    defaultVPC,
	Fix: func(s checks.Site, _ checks.NoParams, _ checks.Result) checks.Fix {
		return createDefaultVPC(s)
	},
})

// usualCIDR is the address range that AWS gives to every default VPC.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
const usualCIDR = "172.31.0.0/16"

func defaultVPC(v *facts.View, _ checks.NoParams) (checks.Result, error) {
	vpc, finding := findVPC(v, "one default VPC")
	if !vpc.Exists || finding.Reason != "" {
		return checks.Of(finding), nil
	}
	finding.Verdict, finding.Found = checks.Pass, strings.TrimSuffix(fmt.Sprintf("default VPC %s, %s", vpc.ID, vpc.CIDR), ", ")
	if vpc.CIDR != "" && vpc.CIDR != usualCIDR {
		finding.Advice = "its addresses are " + vpc.CIDR + "; AWS gives a default VPC " + usualCIDR
	}
	return checks.Of(finding), nil
}

// findVPC asks for the default VPC. The finding is the beginning of what a check says of it. If there is no VPC that can
// be used, the finding is complete: it fails or it has a reason.
func findVPC(v *facts.View, expected string) (account.VPC, checks.Finding) {
	region := v.Site().Region
	finding := checks.Finding{
		Subject: "default VPC in " + region, LookedAt: "VPCs in " + region, Expected: expected,
	}
	vpc, err := account.DefaultVPC.Get(v, account.NetworkKey{Region: region})
	switch {
	case err != nil:
		finding = finding.Unanswered(err)
	case !vpc.Exists:
		finding.Verdict, finding.Found = checks.Fail, "there is no default VPC in "+region
		finding.LookedAt = "default VPCs in " + region + " (0)"
	case vpc.State == unfinished:
		finding.Reason, finding.Detail = facts.NotYetConsistent, "AWS is still making the VPC "+vpc.ID
	case vpc.State == leaving:
		finding.Reason, finding.Detail = facts.NotYetConsistent, "AWS is still deleting the VPC "+vpc.ID
	case vpc.State != available:
		finding.Reason, finding.Detail = facts.Unsupported, fmt.Sprintf("the VPC %s is in the unknown state %q", vpc.ID, vpc.State)
	}
	return vpc, finding
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
