// Package ec2 is the networks of Amazon EC2 of the practice account.
package ec2

import (
	"slices"
	"strconv"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Service is Amazon EC2, as far as it is about networks.
var Service = &wire.Service{
	API: api,
	Operations: []wire.Operation{
		wire.Change("AttachInternetGateway", attachInternetGateway),
		wire.Change("CreateDefaultSubnet", createDefaultSubnet),
		wire.Change("CreateDefaultVpc", createDefaultVPC),
		wire.Change("CreateInternetGateway", createInternetGateway),
		wire.Change("CreateRoute", createRoute),
		wire.Change("DeleteInternetGateway", deleteInternetGateway),
		wire.Change("DeleteRoute", deleteRoute),
		wire.Change("DeleteSubnet", deleteSubnet),
		wire.Change("DeleteVpc", deleteVPC),
		wire.Op("DescribeAvailabilityZones", describeAvailabilityZones),
		wire.Op("DescribeInternetGateways", describeInternetGateways),
		wire.Op("DescribeRegions", describeRegions),
		wire.Op("DescribeRouteTables", describeRouteTables),
		wire.Op("DescribeSubnets", describeSubnets),
		wire.Op("DescribeVpcBlockPublicAccessOptions", describeVPCBlockPublicAccessOptions),
		wire.Op("DescribeVpcs", describeVPCs),
		wire.Change("DetachInternetGateway", detachInternetGateway),
		wire.Change("ModifyVpcBlockPublicAccessOptions", modifyVPCBlockPublicAccessOptions),
		wire.Change("ReplaceRoute", replaceRoute),
	},
	Parts: []wire.AnyPart{Part},
}

// paging is how EC2 lists are paged: everything at once, unless the caller wants less.
var paging = wire.Paging{Size: 1000, Max: 1000, BadSize: "InvalidParameterValue", BadToken: "InvalidPaginationToken"}

// smallestPage is the least that MaxResults may be.
const smallestPage = 5

// A resourceKind says how EC2 lists, filters and finds one kind of resource.
type resourceKind[T any] struct {
	name     string // as error messages name it
	notFound string // error code for an id that does not exist
	id       func(T) string
	filters  map[string]func(*wire.Request, T) []string // the values that a filter looks at
}

// A selection is what the callers of all Describe operations may ask for, besides ids. A filter matches resources that
// have one of its values, in which * and ? are wildcards.
type selection struct {
	filters    []filterWire
	maxResults *int32
	nextToken  *string
}

// find looks one resource up by id.
func (k *resourceKind[T]) find(all []T, id string) (T, error) {
	i := slices.IndexFunc(all, func(item T) bool { return k.id(item) == id })
	if i < 0 {
		var missing T
		return missing, wire.Failf(k.notFound, "The %s ID '%s' does not exist", k.name, id)
	}
	return all[i], nil
}

// list answers a Describe operation. Every id must exist; a filter that does not exist is refused.
func (k *resourceKind[T]) list(r *wire.Request, all []T, ids []string, s selection) ([]T, *string, error) {
	if s.maxResults != nil && len(ids) > 0 {
		return nil, nil, wire.Failf("InvalidParameterCombination",
			"The parameter %sIds cannot be used with the parameter maxResults", k.name)
	}
	if s.maxResults != nil && *s.maxResults < smallestPage {
		return nil, nil, wire.Failf("InvalidParameterValue", "Value ( %d ) for parameter maxResults is invalid. "+
			"Expecting a value greater than or equal to %d.", *s.maxResults, smallestPage)
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
	all, err := k.filter(r, all, s.filters)
	if err != nil {
		return nil, nil, err
	}
	return wire.Page(paging, all, s.maxResults, s.nextToken)
}

// filter keeps what every filter matches.
func (k *resourceKind[T]) filter(r *wire.Request, all []T, filters []filterWire) ([]T, error) {
	for _, filter := range filters {
		name := wire.Value(filter.Name)
		values, ok := k.filters[name]
		if !ok {
			return nil, wire.Failf("InvalidParameterValue", "The filter '%s' is invalid", name)
		}
		all = slices.DeleteFunc(slices.Clone(all), func(item T) bool { return !filter.matches(values(r, item)) })
	}
	return all, nil
}

// matches says whether one of the values is one of those wanted.
func (f filterWire) matches(values []string) bool {
	return slices.ContainsFunc(values, func(value string) bool {
		return slices.ContainsFunc(f.Values, func(wanted string) bool { return wire.Wildcard(wanted, value) })
	})
}

// yesOrNo is what a filter on a yes or no looks at.
func yesOrNo(is bool) []string { return []string{strconv.FormatBool(is)} }

// newID makes an id for a new resource.
func newID(r *wire.Request, prefix string) string { return prefix + "-0" + r.Hex(16) }

// done is the answer of operations that only say that they worked. AWS's model gives most of them no output, and AWS
// sends it all the same.
type done struct {
	Return bool `wire:"return"`
}

var worked = &done{Return: true}
