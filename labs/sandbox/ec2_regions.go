package sandbox

import (
	"slices"
	"strings"
)

// What every zone is here, and every Region that needs no opt-in.
const (
	zoneType         = "availability-zone"
	optInNotRequired = "opt-in-not-required"
)

// A region is one AWS Region with its zones.
type region struct {
	name     string
	prefix   string // of its zone ids
	zones    string // the letters of its zones
	disabled bool   // has to be opted in to, and is not
}

// ec2Regions are the Regions that every account has, and some that must be asked for.
var ec2Regions = []region{
	{name: "ap-northeast-1", prefix: "apne1", zones: "acd"},
	{name: "ap-northeast-2", prefix: "apne2", zones: "abcd"},
	{name: "ap-northeast-3", prefix: "apne3", zones: "abc"},
	{name: "ap-south-1", prefix: "aps1", zones: "abc"},
	{name: "ap-southeast-1", prefix: "apse1", zones: "abc"},
	{name: "ap-southeast-2", prefix: "apse2", zones: "abc"},
	{name: "ca-central-1", prefix: "cac1", zones: "abd"},
	{name: "eu-central-1", prefix: "euc1", zones: "abc"},
	{name: "eu-north-1", prefix: "eun1", zones: "abc"},
	{name: "eu-west-1", prefix: "euw1", zones: "abc"},
	{name: "eu-west-2", prefix: "euw2", zones: "abc"},
	{name: "eu-west-3", prefix: "euw3", zones: "abc"},
	{name: "sa-east-1", prefix: "sae1", zones: "abc"},
	{name: "us-east-1", prefix: "use1", zones: "abcdef"},
	{name: "us-east-2", prefix: "use2", zones: "abc"},
	{name: "us-west-1", prefix: "usw1", zones: "ac"},
	{name: "us-west-2", prefix: "usw2", zones: "abcd"},
	{name: "af-south-1", prefix: "afs1", zones: "abc", disabled: true},
	{name: "ap-east-1", prefix: "ape1", zones: "abc", disabled: true},
	{name: "eu-south-1", prefix: "eus1", zones: "abc", disabled: true},
	{name: "me-south-1", prefix: "mes1", zones: "abc", disabled: true},
}

// A zone is one availability zone.
type zone struct {
	name, id, region string
}

// zonesOf lists the availability zones of a Region. One that is not in the table has three.
func zonesOf(name string) []zone {
	in := region{name: name, prefix: strings.ReplaceAll(name, "-", ""), zones: "abc"}
	for _, known := range ec2Regions {
		if known.name == name {
			in = known
		}
	}
	zones := make([]zone, 0, len(in.zones))
	for i, letter := range in.zones {
		zones = append(zones, zone{name: name + string(letter), id: in.prefix + "-az" + string(rune('1'+i)), region: name})
	}
	return zones
}

func (r region) endpoint() string { return "ec2." + r.name + ".amazonaws.com" }

func (r region) optIn() string {
	if r.disabled {
		return "not-opted-in"
	}
	return optInNotRequired
}

var regionKind = resourceKind[region]{
	name:     "region",
	notFound: "InvalidParameterValue",
	id:       func(x region) string { return x.name },
	filters: map[string]func(*request, region) []string{
		"region-name":   func(_ *request, x region) []string { return []string{x.name} },
		"endpoint":      func(_ *request, x region) []string { return []string{x.endpoint()} },
		"opt-in-status": func(_ *request, x region) []string { return []string{x.optIn()} },
	},
}

type describeRegionsInput struct {
	AllRegions bool        `wire:"allRegions"`
	Names      []string    `wire:"regionName"`
	Filters    []ec2Filter `wire:"filter"`
}

type describeRegionsOutput struct {
	Regions []regionOutput `wire:"regionInfo"`
}

type regionOutput struct {
	Name     string `wire:"regionName"`
	Endpoint string `wire:"regionEndpoint"`
	OptIn    string `wire:"optInStatus"`
}

// output is the Region as the API shows it.
func (r region) output(*request) regionOutput {
	return regionOutput{Name: r.name, Endpoint: r.endpoint(), OptIn: r.optIn()}
}

func describeRegions(r *request, in *describeRegionsInput) (*describeRegionsOutput, error) {
	list, _, err := regionKind.list(r, ec2Regions, selection{ids: in.Names, filters: in.Filters})
	if err != nil {
		return nil, err
	}
	if !in.AllRegions {
		list = slices.DeleteFunc(slices.Clone(list), func(x region) bool { return x.disabled })
	}
	return &describeRegionsOutput{Regions: outputs(r, list, region.output)}, nil
}

var zoneKind = resourceKind[zone]{
	name:     "zone",
	notFound: "InvalidParameterValue",
	id:       func(x zone) string { return x.name },
	filters: map[string]func(*request, zone) []string{
		"zone-name":     func(_ *request, x zone) []string { return []string{x.name} },
		"zone-id":       func(_ *request, x zone) []string { return []string{x.id} },
		"region-name":   func(_ *request, x zone) []string { return []string{x.region} },
		"state":         func(*request, zone) []string { return []string{stateAvailable} },
		"zone-type":     func(*request, zone) []string { return []string{zoneType} },
		"opt-in-status": func(*request, zone) []string { return []string{optInNotRequired} },
	},
}

type describeZonesInput struct {
	Names   []string    `wire:"zoneName"`
	Filters []ec2Filter `wire:"filter"`
}

type describeZonesOutput struct {
	Zones []zoneOutput `wire:"availabilityZoneInfo"`
}

type zoneOutput struct {
	Name   string `wire:"zoneName"`
	ID     string `wire:"zoneId"`
	State  string `wire:"zoneState"`
	Region string `wire:"regionName"`
	Type   string `wire:"zoneType"`
	Group  string `wire:"groupName"`
	Border string `wire:"networkBorderGroup"`
	OptIn  string `wire:"optInStatus"`
}

// output is the zone as the API shows it.
func (z zone) output(*request) zoneOutput {
	return zoneOutput{
		Name: z.name, ID: z.id, State: stateAvailable, Region: z.region, Type: zoneType,
		Group: z.region, Border: z.region, OptIn: optInNotRequired,
	}
}

func describeAvailabilityZones(r *request, in *describeZonesInput) (*describeZonesOutput, error) {
	list, _, err := zoneKind.list(r, zonesOf(r.Region), selection{ids: in.Names, filters: in.Filters})
	if err != nil {
		return nil, err
	}
	return &describeZonesOutput{Zones: outputs(r, list, zone.output)}, nil
}
