package wire

import "slices"

// A Region is one AWS Region.
type Region struct {
	Name string
	// OptIn says that it must be switched on before it can be used, which no practice account has done.
	OptIn bool

	zoneIDs string // what its zone ids begin with
	zones   string // the letters of its zones
}

// Regions lists the Regions of AWS's commercial partition: those that every account has, and those that it must opt in
// to.
// Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
func Regions() []Region { return slices.Clone(regions) }

var regions = []Region{
	{Name: "ap-northeast-1", zoneIDs: "apne1", zones: "acd"},
	{Name: "ap-northeast-2", zoneIDs: "apne2", zones: "abcd"},
	{Name: "ap-northeast-3", zoneIDs: "apne3", zones: "abc"},
	{Name: "ap-south-1", zoneIDs: "aps1", zones: "abc"},
	{Name: "ap-southeast-1", zoneIDs: "apse1", zones: "abc"},
	{Name: "ap-southeast-2", zoneIDs: "apse2", zones: "abc"},
	{Name: "ca-central-1", zoneIDs: "cac1", zones: "abd"},
	{Name: "eu-central-1", zoneIDs: "euc1", zones: "abc"},
	{Name: "eu-north-1", zoneIDs: "eun1", zones: "abc"},
	{Name: "eu-west-1", zoneIDs: "euw1", zones: "abc"},
	{Name: "eu-west-2", zoneIDs: "euw2", zones: "abc"},
	{Name: "eu-west-3", zoneIDs: "euw3", zones: "abc"},
	{Name: "sa-east-1", zoneIDs: "sae1", zones: "abc"},
	{Name: "us-east-1", zoneIDs: "use1", zones: "abcdef"},
	{Name: "us-east-2", zoneIDs: "use2", zones: "abc"},
	{Name: "us-west-1", zoneIDs: "usw1", zones: "ac"},
	{Name: "us-west-2", zoneIDs: "usw2", zones: "abcd"},

	{Name: "af-south-1", OptIn: true},
	{Name: "ap-east-1", OptIn: true},
	{Name: "ap-east-2", OptIn: true},
	{Name: "ap-south-2", OptIn: true},
	{Name: "ap-southeast-3", OptIn: true},
	{Name: "ap-southeast-4", OptIn: true},
	{Name: "ap-southeast-5", OptIn: true},
	{Name: "ap-southeast-6", OptIn: true},
	{Name: "ap-southeast-7", OptIn: true},
	{Name: "ca-west-1", OptIn: true},
	{Name: "eu-central-2", OptIn: true},
	{Name: "eu-south-1", OptIn: true},
	{Name: "eu-south-2", OptIn: true},
	{Name: "il-central-1", OptIn: true},
	{Name: "me-central-1", OptIn: true},
	{Name: "me-south-1", OptIn: true},
	{Name: "mx-central-1", OptIn: true},
}

// EnabledRegion reports whether the account can use a Region.
func EnabledRegion(name string) bool {
	return slices.ContainsFunc(regions, func(known Region) bool { return known.Name == name && !known.OptIn })
}

// A Zone is one availability zone.
type Zone struct {
	Name, ID, Region string
}

// ZonesOf lists the availability zones of a Region that the account can use.
func ZonesOf(region string) []Zone {
	i := slices.IndexFunc(regions, func(known Region) bool { return known.Name == region })
	if i < 0 {
		return nil
	}
	var zones []Zone
	for n, letter := range regions[i].zones {
		zones = append(zones, Zone{
			Name: region + string(letter), ID: regions[i].zoneIDs + "-az" + string(rune('1'+n)), Region: region,
		})
	}
	return zones
}
