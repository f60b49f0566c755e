package sandbox

// A region is one AWS Region with its zones.
type region struct {
	name    string
	zoneIDs string // what its zone ids begin with
	zones   string // the letters of its zones
	optIn   bool   // must be switched on before it can be used, which no practice account has done
}

// regions are the Regions of AWS's commercial partition: those that every account has, and those that it must opt in to.
// Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regions = []region{
	{name: "ap-northeast-1", zoneIDs: "apne1", zones: "acd"},
	{name: "ap-northeast-2", zoneIDs: "apne2", zones: "abcd"},
	{name: "ap-northeast-3", zoneIDs: "apne3", zones: "abc"},
	{name: "ap-south-1", zoneIDs: "aps1", zones: "abc"},
	{name: "ap-southeast-1", zoneIDs: "apse1", zones: "abc"},
	{name: "ap-southeast-2", zoneIDs: "apse2", zones: "abc"},
	{name: "ca-central-1", zoneIDs: "cac1", zones: "abd"},
	{name: "eu-central-1", zoneIDs: "euc1", zones: "abc"},
	{name: "eu-north-1", zoneIDs: "eun1", zones: "abc"},
	{name: "eu-west-1", zoneIDs: "euw1", zones: "abc"},
	{name: "eu-west-2", zoneIDs: "euw2", zones: "abc"},
	{name: "eu-west-3", zoneIDs: "euw3", zones: "abc"},
	{name: "sa-east-1", zoneIDs: "sae1", zones: "abc"},
	{name: "us-east-1", zoneIDs: "use1", zones: "abcdef"},
	{name: "us-east-2", zoneIDs: "use2", zones: "abc"},
	{name: "us-west-1", zoneIDs: "usw1", zones: "ac"},
	{name: "us-west-2", zoneIDs: "usw2", zones: "abcd"},

	{name: "af-south-1", optIn: true},
	{name: "ap-east-1", optIn: true},
	{name: "ap-east-2", optIn: true},
	{name: "ap-south-2", optIn: true},
	{name: "ap-southeast-3", optIn: true},
	{name: "ap-southeast-4", optIn: true},
	{name: "ap-southeast-5", optIn: true},
	{name: "ap-southeast-6", optIn: true},
	{name: "ap-southeast-7", optIn: true},
	{name: "ca-west-1", optIn: true},
	{name: "eu-central-2", optIn: true},
	{name: "eu-south-1", optIn: true},
	{name: "eu-south-2", optIn: true},
	{name: "il-central-1", optIn: true},
	{name: "me-central-1", optIn: true},
	{name: "me-south-1", optIn: true},
	{name: "mx-central-1", optIn: true},
}

// enabledRegion reports whether the account can use a Region.
func enabledRegion(name string) bool {
	for _, known := range regions {
		if known.name == name {
			return !known.optIn
		}
	}
	return false
}

// A zone is one availability zone.
type zone struct {
	name, id, region string
}

// zonesOf lists the availability zones of a Region that the account can use.
func zonesOf(name string) []zone {
	var zones []zone
	for _, known := range regions {
		if known.name != name {
			continue
		}
		for i, letter := range known.zones {
			zones = append(zones, zone{name: name + string(letter), id: known.zoneIDs + "-az" + string(rune('1'+i)), region: name})
		}
	}
	return zones
}
