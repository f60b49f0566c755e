package sandbox

import "slices"

// What every zone is here, and every Region that needs no opt-in.
const (
	zoneType         = "availability-zone"
	optInNotRequired = "opt-in-not-required"
)

func (r region) endpoint() string { return "ec2." + r.name + ".amazonaws.com" }

func (r region) optInStatus() string {
	if r.optIn {
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
		"opt-in-status": func(_ *request, x region) []string { return []string{x.optInStatus()} },
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
	return regionOutput{Name: r.name, Endpoint: r.endpoint(), OptIn: r.optInStatus()}
}

func describeRegions(r *request, in *describeRegionsInput) (*describeRegionsOutput, error) {
	list, _, err := regionKind.list(r, regions, in.Names, selection{Filters: in.Filters})
	if err != nil {
		return nil, err
	}
	if !in.AllRegions {
		list = slices.DeleteFunc(slices.Clone(list), func(x region) bool { return x.optIn })
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
	// Messages would tell of trouble in the zone.
	Messages []struct{} `wire:"messageSet"`
}

// output is the zone as the API shows it.
func (z zone) output(*request) zoneOutput {
	return zoneOutput{
		Name: z.name, ID: z.id, State: stateAvailable, Region: z.region, Type: zoneType,
		Group: z.region, Border: z.region, OptIn: optInNotRequired, Messages: []struct{}{},
	}
}

func describeAvailabilityZones(r *request, in *describeZonesInput) (*describeZonesOutput, error) {
	list, _, err := zoneKind.list(r, zonesOf(r.Region), in.Names, selection{Filters: in.Filters})
	if err != nil {
		return nil, err
	}
	return &describeZonesOutput{Zones: outputs(r, list, zone.output)}, nil
}
