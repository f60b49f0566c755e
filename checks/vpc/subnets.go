package vpc

import (
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Subnets passes when the default VPC has subnets in as many availability zones as the lab asks for.
var Subnets = checks.New(checks.Spec[SubnetsParams]{
	ID:       "vpc-subnets",
	Title:    "The default VPC has subnets in several availability zones",
	Why:      "A service in two zones goes on running when one of them fails.",
	Verify:   "aws ec2 describe-subnets --filters Name=vpc-id,Values=VPC_ID --region REGION --query 'Subnets[].AvailabilityZone'",
	Reads:    []facts.Source{account.DefaultVPC, account.Subnets},
	Extra:    []facts.Source{account.AvailabilityZones},
	Defaults: SubnetsParams{Zones: zonesNeeded},
	Run:      subnets,
	Fix:      createSubnets,
})

// SubnetsParams say in how many zones the subnets must be.
type SubnetsParams struct {
	Zones int `json:"availability-zones" help:"in how many availability zones there must be a subnet (1 to 6)"`
}

// mostZones is the largest number of zones that any Region has.
const mostZones = 6

// Validate asks for a number of zones that a Region can have.
func (p SubnetsParams) Validate() error {
	if p.Zones < 1 || p.Zones > mostZones {
		return &checks.ParamError{
			Name: "availability-zones", Problem: fmt.Sprintf("is %d; 1 to %d zones can be asked for", p.Zones, mostZones),
		}
	}
	return nil
}

func subnets(v *facts.View, p SubnetsParams) (checks.Result, error) {
	region := v.Site().Region
	pending := account.Subnets.Start(v, account.NetworkKey{Region: region})
	vpc, finding := findVPC(v, fmt.Sprintf("subnets in at least %s", checks.Count(p.Zones, "zone")))
	if !vpc.Exists || finding.Reason != "" {
		return checks.Of(finding), nil
	}
	finding.Subject, finding.LookedAt = "subnets of "+vpc.ID, "subnets in "+region
	all, err := pending.Get()
	if err != nil {
		return checks.Of(finding.Unanswered(err)), nil
	}
	mine := ofVPC(all, vpc.ID, region)
	zones := zonesOf(ready(mine))
	finding.LookedAt = fmt.Sprintf("%s of %s in %s", checks.Count(len(mine), "subnet"), vpc.ID, region)
	finding.Found = "subnets in " + checks.Count(len(zones), "zone") + bracketed(zones)
	switch {
	case len(zones) >= p.Zones:
		finding.Verdict = checks.Pass
	case unsettled(&finding, mine, p.Zones):
	default:
		finding.Verdict = checks.Fail
		return checks.Result{Findings: []checks.Finding{finding}, Known: map[string]string{newZones: missingZones(v, mine, p.Zones)}}, nil
	}
	return checks.Of(finding), nil
}

func createSubnets(s checks.Site, _ SubnetsParams, r checks.Result) checks.Fix {
	zones, hasVPC := r.Known[newZones]
	if !hasVPC {
		return createDefaultVPC(s)
	}
	commands := subnetCommands(s, strings.Fields(zones))
	return checks.Fix{Commands: commands, Console: "VPC › Subnets › Create subnet", ConsoleOnly: len(commands) == 0}
}

func bracketed(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}
