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
	ID:    "vpc-subnets",
	Title: "The default VPC has subnets in several availability zones",
	Why:   "A service in two zones goes on running when one of them fails.",
	Verify: "aws ec2 describe-subnets --filters Name=vpc-id,Values=VPC_ID --region REGION " +
		"--query 'Subnets[].AvailabilityZone'",
	Pages: checks.Pages{
		Docs:    "vpc/latest/userguide/configure-subnets.html",
		Console: "vpcconsole/home?region=" + checks.PageRegion + "#subnets:",
	},
	Reads:    []facts.Source{account.DefaultVPC, account.Subnets},
	Extra:    []facts.Source{account.AvailabilityZones},
	Defaults: SubnetsParams{Zones: zonesNeeded},
	Run:      subnets,
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
			Name:    "availability-zones",
			Problem: fmt.Sprintf("is %d; 1 to %d zones can be asked for", p.Zones, mostZones),
		}
	}
	return nil
}

func subnets(v *facts.View, p SubnetsParams) (checks.Result, error) {
	region := v.Site().Region
	pending := account.Subnets.Start(v, account.NetworkKey{Region: region})
	vpc, f, without := findVPC(v, fmt.Sprintf("subnets in at least %s", checks.Count(p.Zones, "zone")))
	if without != nil {
		return *without, nil
	}
	f.Subject, f.LookedAt = "subnets of "+vpc.ID, "subnets in "+region
	all, err := pending.Get()
	if err != nil {
		return checks.Of(f.Unknown(err)), nil
	}
	mine := ofVPC(all, vpc.ID, region)
	zones := zonesOf(ready(mine))
	f.LookedAt = fmt.Sprintf("%s of %s in %s", checks.Count(len(mine), "subnet"), vpc.ID, region)
	f.Found = "subnets in " + checks.Count(len(zones), "zone") + bracketed(zones)
	if len(zones) >= p.Zones {
		return checks.Of(f.Pass(f.Found)), nil
	}
	if err := unsettled(mine, p.Zones); err != nil {
		return checks.Of(f.Unknown(err)), nil
	}
	commands := subnetCommands(v.Site(), missingZones(v, mine, p.Zones))
	return checks.Of(f.Fail(f.Found)).WithFix(checks.Fix{
		Commands: commands, Console: "VPC › Subnets › Create subnet", ConsoleOnly: len(commands) == 0,
	}), nil
}

func bracketed(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}
