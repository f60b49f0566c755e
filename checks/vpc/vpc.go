// Package vpc holds the checks of the default network of a Region: its VPC, its subnets and their way to the internet.
package vpc

import (
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Checks returns the checks of this topic in catalogue order.
func Checks() []*checks.Check { return []*checks.Check{Default, Subnets, InternetRoute} }

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

// unsettled says why nothing is known yet, if the subnets would be in enough zones once all of them can be used.
func unsettled(subnets []account.Subnet, need int) error {
	if len(zonesOf(subnets)) < need {
		return nil
	}
	err := facts.Errorf(facts.NotYetConsistent, "AWS is still making a subnet")
	for _, s := range subnets {
		if s.State != available && s.State != unfinished {
			err = facts.Errorf(facts.Unsupported, "the subnet %s is in the unknown state %q", s.ID, s.State)
		}
	}
	return err
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

// missingZones picks the zones in which subnets must be made so that there is one in `need` of them. Not every account
// has the same zones, and so they are asked for; if they cannot be, the first letters of the alphabet are the best
// guess.
func missingZones(v *facts.View, have []account.Subnet, need int) []string {
	region, taken := v.Site().Region, zonesOf(have)
	if len(taken) >= need {
		return nil
	}
	all, err := account.AvailabilityZones.Get(v, account.NetworkKey{Region: region})
	if err != nil || len(all) == 0 {
		all = []string{region + "a", region + "b", region + "c", region + "d", region + "e", region + "f"}
	}
	var free []string
	for _, zone := range slices.Sorted(slices.Values(all)) { // the answer is every check's: it is not sorted in place
		if isOrdinaryZone(zone, region) && !slices.Contains(taken, zone) && len(taken)+len(free) < need {
			free = append(free, zone)
		}
	}
	return free
}

// subnetCommands make one default subnet in each zone.
func subnetCommands(s checks.Site, zones []string) []checks.Command {
	var commands []checks.Command
	for _, zone := range zones {
		commands = append(commands, ec2Command(s, "create-default-subnet", "--availability-zone", zone))
	}
	return commands
}
