package sandbox

import "slices"

var ec2Service = service{
	id:        "ec2",
	protocols: []protocol{ec2Query},
	namespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
	codes:     errorCodes{denied: "UnauthorizedOperation", throttled: "RequestLimitExceeded", invalid: "MissingParameter"},
	operations: []operation{
		change("AttachInternetGateway", attachInternetGateway),
		change("CreateDefaultSubnet", createDefaultSubnet),
		change("CreateDefaultVpc", createDefaultVPC),
		change("CreateInternetGateway", createInternetGateway),
		change("CreateRoute", createRoute),
		change("DeleteInternetGateway", deleteInternetGateway),
		change("DeleteRoute", deleteRoute),
		change("DeleteSubnet", deleteSubnet),
		change("DeleteVpc", deleteVPC),
		op("DescribeAvailabilityZones", describeAvailabilityZones),
		op("DescribeInternetGateways", describeInternetGateways),
		op("DescribeRegions", describeRegions),
		op("DescribeRouteTables", describeRouteTables),
		op("DescribeSubnets", describeSubnets),
		op("DescribeVpcBlockPublicAccessOptions", describeVPCBlockPublicAccessOptions),
		op("DescribeVpcs", describeVPCs),
		change("DetachInternetGateway", detachInternetGateway),
		change("ModifyVpcBlockPublicAccessOptions", modifyVPCBlockPublicAccessOptions),
		change("ReplaceRoute", replaceRoute),
	},
}

// ec2Paging is how EC2 lists are paged: everything at once, unless the caller wants less.
var ec2Paging = paging{size: 1000, max: 1000, badSize: "InvalidParameterValue", badToken: "InvalidPaginationToken"}

// ec2SmallestPage is the least that MaxResults may be.
const ec2SmallestPage = 5

// A resourceKind says how EC2 lists, filters and finds one kind of resource.
type resourceKind[T any] struct {
	name     string // as error messages name it
	notFound string // error code for an id that does not exist
	id       func(T) string
	filters  map[string]func(*request, T) []string // the values that a filter looks at
}

// An ec2Filter matches resources that have one of the values, in which * and ? are wildcards.
type ec2Filter struct {
	Name   string   `wire:"name"`
	Values []string `wire:"value"`
}

// A selection is what the callers of all Describe operations may ask for, besides ids.
type selection struct {
	Filters []ec2Filter `wire:"filter"`
	pageInput
}

// find looks one resource up by id.
func (k *resourceKind[T]) find(all []T, id string) (T, error) {
	i := slices.IndexFunc(all, func(item T) bool { return k.id(item) == id })
	if i < 0 {
		var missing T
		return missing, failf(k.notFound, "The %s ID '%s' does not exist", k.name, id)
	}
	return all[i], nil
}

// list answers a Describe operation. Every id must exist; a filter that does not exist is refused.
func (k *resourceKind[T]) list(r *request, all []T, ids []string, s selection) ([]T, *string, error) {
	if s.MaxResults != nil && len(ids) > 0 {
		return nil, nil, failf("InvalidParameterCombination", "The parameter %sIds cannot be used with the parameter maxResults", k.name)
	}
	if s.MaxResults != nil && *s.MaxResults < ec2SmallestPage {
		return nil, nil, failf("InvalidParameterValue", "Value ( %d ) for parameter maxResults is invalid. Expecting a value greater than or equal to %d.", *s.MaxResults, ec2SmallestPage)
	}
	if len(ids) > 0 {
		named := make([]T, len(ids))
		for i, id := range ids {
			var err error
			if named[i], err = k.find(all, id); err != nil {
				return nil, nil, err
			}
		}
		all = named
	}
	all, err := k.filter(r, all, s.Filters)
	if err != nil {
		return nil, nil, err
	}
	return page(ec2Paging, all, s.MaxResults, s.NextToken)
}

// filter keeps what every filter matches.
func (k *resourceKind[T]) filter(r *request, all []T, filters []ec2Filter) ([]T, error) {
	for _, filter := range filters {
		values, ok := k.filters[filter.Name]
		if !ok {
			return nil, failf("InvalidParameterValue", "The filter '%s' is invalid", filter.Name)
		}
		all = slices.DeleteFunc(slices.Clone(all), func(item T) bool { return !filter.matches(values(r, item)) })
	}
	return all, nil
}

// matches says whether one of the values is one of those wanted.
func (f ec2Filter) matches(values []string) bool {
	return slices.ContainsFunc(values, func(value string) bool {
		return slices.ContainsFunc(f.Values, func(wanted string) bool { return wildcard(wanted, value) })
	})
}

// newID makes an id for a new resource.
func (r *request) newID(prefix string) string { return prefix + "-0" + r.hex(16) }

// done is the answer of operations that only say that they worked.
type done struct {
	Return bool `wire:"return"`
}

var worked = &done{Return: true}
