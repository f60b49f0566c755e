package vpc

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// The states of a VPC and of a subnet. An attached internet gateway is available too.
const (
	available  = "available" // it can be used
	unfinished = "pending"   // AWS is still making it
	leaving    = "deleting"  // AWS is still taking it away; of a VPC only
)

// lostStates are those of a subnet that cannot be used and will not be.
func lostStates() []string { return []string{"unavailable", "failed", "failed-insufficient-capacity"} }

// zonesNeeded is in how many zones a load balancer and a service that survives the loss of one want to be.
const zonesNeeded = 2

// ofVPC picks the subnets of a VPC in the Region's ordinary zones: a subnet in a local zone, in a Wavelength zone or on
// an Outpost is no second zone. Lost ones are left out.
func ofVPC(subnets []account.Subnet, vpc, region string) []account.Subnet {
	var usable []account.Subnet
	for _, s := range subnets {
		if s.VPC == vpc && !s.Outpost && isOrdinaryZone(s.Zone, region) && !slices.Contains(lostStates(), s.State) {
			usable = append(usable, s)
		}
	}
	return usable
}

// isOrdinaryZone tells us-east-1a from us-east-1-bos-1a.
func isOrdinaryZone(zone, region string) bool {
	letter, ok := strings.CutPrefix(zone, region)
	return ok && len(letter) == 1 && letter[0] >= 'a' && letter[0] <= 'z'
}

// ready picks the subnets that can be used now.
func ready(subnets []account.Subnet) []account.Subnet {
	return slices.DeleteFunc(slices.Clone(subnets), func(s account.Subnet) bool { return s.State != available })
}

// unsettled completes the finding if the subnets would be in enough zones once all of them can be used.
func unsettled(f *checks.Finding, subnets []account.Subnet, need int) bool {
	if len(zonesOf(subnets)) < need {
		return false
	}
	f.Reason, f.Detail = facts.NotYetConsistent, "AWS is still making a subnet"
	for _, s := range subnets {
		if s.State != available && s.State != unfinished {
			f.Reason, f.Detail = facts.Unsupported, fmt.Sprintf("the subnet %s is in the unknown state %q", s.ID, s.State)
		}
	}
	return true
}

// zonesOf lists the zones in which the subnets are, each once and in order. Within one account a zone has one name.
func zonesOf(subnets []account.Subnet) []string {
	var zones []string
	for _, s := range subnets {
		zones = append(zones, s.Zone)
	}
	slices.Sort(zones)
	return slices.Compact(zones)
}

// resourceID is the grammar of the ids that AWS gives: only what keeps to it enters a command.
var resourceID = regexp.MustCompile(`^[a-z]+-[0-9a-z]{4,32}$`)

// inCommand is the id, or nothing if it cannot stand in a command.
func inCommand(id string) string {
	if resourceID.MatchString(id) {
		return id
	}
	return ""
}
