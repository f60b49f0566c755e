package ec2

import (
	"slices"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// What every zone is here, and every Region that needs no opt-in.
const (
	zoneType         = "availability-zone"
	optInNotRequired = "opt-in-not-required"
)

func endpoint(x wire.Region) string { return "ec2." + x.Name + ".amazonaws.com" }

func optInStatus(x wire.Region) string {
	if x.OptIn {
		return "not-opted-in"
	}
	return optInNotRequired
}

var regionKind = resourceKind[wire.Region]{
	name:     "region",
	notFound: "InvalidParameterValue",
	id:       func(x wire.Region) string { return x.Name },
	filters: map[string]func(*wire.Request, wire.Region) []string{
		"region-name":   func(_ *wire.Request, x wire.Region) []string { return []string{x.Name} },
		"endpoint":      func(_ *wire.Request, x wire.Region) []string { return []string{endpoint(x)} },
		"opt-in-status": func(_ *wire.Request, x wire.Region) []string { return []string{optInStatus(x)} },
	},
}

type describeRegionsInput struct {
	AllRegions bool     `wire:"allRegions"`
	Names      []string `wire:"regionName"`
	Filters    []filter `wire:"filter"`
}

type describeRegionsOutput struct {
	Regions []regionOutput `wire:"regionInfo"`
}

type regionOutput struct {
	Name     string `wire:"regionName"`
	Endpoint string `wire:"regionEndpoint"`
	OptIn    string `wire:"optInStatus"`
}

// showRegion is the Region as the API shows it.
func showRegion(x wire.Region, _ *wire.Request) regionOutput {
	return regionOutput{Name: x.Name, Endpoint: endpoint(x), OptIn: optInStatus(x)}
}

func describeRegions(r *wire.Request, in *describeRegionsInput) (*describeRegionsOutput, error) {
	list, _, err := regionKind.list(r, wire.Regions(), in.Names, selection{Filters: in.Filters})
	if err != nil {
		return nil, err
	}
	if !in.AllRegions {
		list = slices.DeleteFunc(list, func(x wire.Region) bool { return x.OptIn })
	}
	return &describeRegionsOutput{Regions: wire.Outputs(r, list, showRegion)}, nil
}

var zoneKind = resourceKind[wire.Zone]{
	name:     "zone",
	notFound: "InvalidParameterValue",
	id:       func(x wire.Zone) string { return x.Name },
	filters: map[string]func(*wire.Request, wire.Zone) []string{
		"zone-name":     func(_ *wire.Request, x wire.Zone) []string { return []string{x.Name} },
		"zone-id":       func(_ *wire.Request, x wire.Zone) []string { return []string{x.ID} },
		"region-name":   func(_ *wire.Request, x wire.Zone) []string { return []string{x.Region} },
		"state":         func(*wire.Request, wire.Zone) []string { return []string{stateAvailable} },
		"zone-type":     func(*wire.Request, wire.Zone) []string { return []string{zoneType} },
		"opt-in-status": func(*wire.Request, wire.Zone) []string { return []string{optInNotRequired} },
	},
}

type describeZonesInput struct {
	Names   []string `wire:"zoneName"`
	Filters []filter `wire:"filter"`
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

// showZone is the zone as the API shows it.
func showZone(z wire.Zone, _ *wire.Request) zoneOutput {
	return zoneOutput{
		Name: z.Name, ID: z.ID, State: stateAvailable, Region: z.Region, Type: zoneType,
		Group: z.Region, Border: z.Region, OptIn: optInNotRequired, Messages: []struct{}{},
	}
}

func describeAvailabilityZones(r *wire.Request, in *describeZonesInput) (*describeZonesOutput, error) {
	list, _, err := zoneKind.list(r, wire.ZonesOf(r.Region), in.Names, selection{Filters: in.Filters})
	if err != nil {
		return nil, err
	}
	return &describeZonesOutput{Zones: wire.Outputs(r, list, showZone)}, nil
}
