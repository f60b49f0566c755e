package vpc

import (
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
)

// available is the state of a VPC and of a subnet that can be used. An attached internet gateway has it too.
const available = "available"

// zonesNeeded is in how many zones a load balancer and a service that survives the loss of one want to be.
const zonesNeeded = 2

// ofVPC picks the subnets of a VPC in the Region's ordinary zones: a subnet in a local zone, in a Wavelength zone or on
// an Outpost is no second zone.
func ofVPC(subnets []account.Subnet, vpc, region string) []account.Subnet {
	var usable []account.Subnet
	for _, s := range subnets {
		if s.VPC == vpc && !s.Outpost && isOrdinaryZone(s.Zone, region) {
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

// inState picks the subnets that are in a state.
func inState(subnets []account.Subnet, state string) []account.Subnet {
	var picked []account.Subnet
	for _, s := range subnets {
		if s.State == state {
			picked = append(picked, s)
		}
	}
	return picked
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
