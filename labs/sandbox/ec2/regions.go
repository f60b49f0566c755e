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

// showRegion is the Region as the API shows it.
func showRegion(x wire.Region, _ *wire.Request) regionWire {
	return regionWire{RegionName: &x.Name, Endpoint: new(endpoint(x)), OptInStatus: new(optInStatus(x))}
}

func describeRegions(r *wire.Request, in *describeRegionsInput) (*describeRegionsOutput, error) {
	list, _, err := regionKind.list(r, wire.Regions(), in.RegionNames, selection{filters: in.Filters})
	if err != nil {
		return nil, err
	}
	if !wire.Value(in.AllRegions) {
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

// showZone is the zone as the API shows it.
func showZone(z wire.Zone, _ *wire.Request) availabilityZoneWire {
	return availabilityZoneWire{
		ZoneName: &z.Name, ZoneId: &z.ID, State: new(stateAvailable), RegionName: &z.Region, ZoneType: new(zoneType),
		GroupName: &z.Region, NetworkBorderGroup: &z.Region, OptInStatus: new(optInNotRequired),
		Messages: []availabilityZoneMessageWire{}, // there is no trouble in the zone
	}
}

func describeAvailabilityZones(
	r *wire.Request, in *describeAvailabilityZonesInput,
) (*describeAvailabilityZonesOutput, error) {
	list, _, err := zoneKind.list(r, wire.ZonesOf(r.Region), in.ZoneNames, selection{filters: in.Filters})
	if err != nil {
		return nil, err
	}
	return &describeAvailabilityZonesOutput{AvailabilityZones: wire.Outputs(r, list, showZone)}, nil
}
