package vpc

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// newZones is the key of Result.Known with the zones in which the fix makes a default subnet, separated by spaces.
const newZones = "zones"

// missingZones picks the zones in which subnets must be made so that there is one in `need` of them. Not every account has
// the same zones, and so they are asked for; if they cannot be, the first letters of the alphabet are the best guess.
func missingZones(v *facts.View, have []account.Subnet, need int) string {
	region, taken := v.Site().Region, zonesOf(have)
	if len(taken) >= need {
		return ""
	}
	there, err := account.AvailabilityZones.Get(v, account.NetworkKey{Region: region})
	if err != nil || len(there) == 0 {
		there = []string{region + "a", region + "b", region + "c", region + "d", region + "e", region + "f"}
	}
	slices.Sort(there)
	var free []string
	for _, zone := range there {
		if isOrdinaryZone(zone, region) && !slices.Contains(taken, zone) && len(taken)+len(free) < need {
			free = append(free, zone)
		}
	}
	return strings.Join(free, " ")
}

// subnetCommands make one default subnet in each zone.
func subnetCommands(s checks.Site, zones []string) []checks.Command {
	var commands []checks.Command
	for _, zone := range zones {
		commands = append(commands, ec2Command(s, "create-default-subnet", "--availability-zone", zone))
	}
	return commands
}
