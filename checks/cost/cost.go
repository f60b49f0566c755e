// Package cost has the checks that nothing is left in an account which costs money: what AWS lists in all the Regions
// that the account has switched on.
//
// Which lists those are, what in them costs how much, and how it is deleted is the table in lists.go, with prices.go.
// Nothing is ever deleted here: the commands are for a person.
package cost

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Checks returns the topic's checks in catalogue order.
func Checks() []*checks.Check {
	return []*checks.Check{Network, Compute, Storage, Database, Other, FreeTier, Plan, Charges}
}

// Params say where is looked, and how far.
type Params struct {
	Regions []string `json:"regions" help:"the Regions to look at; empty: all that the account has switched on"`
	More    bool     `json:"more" help:"ask the rarer lists too, of services that few labs use"`
	Bucket  string   `json:"bucket" help:"the bucket of Terraform's states; empty: nobody looks for one"`
}

// Validate implements checks.Validator.
func (p Params) Validate() error {
	if i := slices.IndexFunc(p.Regions, func(r string) bool { return !facts.IsRegion(r) }); i >= 0 {
		problem := strconv.Quote(p.Regions[i]) + " is not a Region such as us-east-1"
		return &checks.ParamError{Name: "regions", Problem: problem}
	}
	return nil
}

// A group is the lists that one check looks at.
type group []*list

// sources are the reads that decide.
func (g group) sources() []facts.Source {
	all := []facts.Source{account.Regions}
	for _, l := range g {
		all = append(all, l.source())
	}
	return all
}

// states are the reads that tell whether Terraform knows of what is left.
func states() []facts.Source { return []facts.Source{account.Objects} }

// An item is a thing of a list, in its Region, and what it means.
type item struct {
	list    *list
	region  string
	thing   Thing
	verdict checks.Verdict
	charges []checks.Charge
}

// cost is what an item costs a day.
func (it item) cost() rate {
	var sum rate
	for _, c := range it.charges {
		sum = sum.plus(rate{c.Low, c.High})
	}
	return sum
}

func (g group) run(v *facts.View, p Params) (checks.Result, error) {
	where, err := regionsOf(v, p)
	if err != nil {
		return checks.Of(checks.Finding{Subject: "the Regions of the account", Expected: expected}.Unknown(err)), nil
	}
	asked := g.start(v, p, where.on)
	var result checks.Result
	var items []item
	for _, region := range where.on {
		found, unread := asked.collect(region)
		items = append(items, found...)
		result.Findings = append(result.Findings, unread...)
	}
	items = slices.DeleteFunc(items, func(it item) bool { return it.verdict == checks.Skipped })
	result.Findings = append(result.Findings, findingsOf(items)...)
	result.Cost = checks.Cost{AsOf: pricesAsOf}
	for _, it := range items {
		result.Cost.Charges = append(result.Cost.Charges, it.charges...)
	}
	if !slices.ContainsFunc(result.Findings, func(f checks.Finding) bool { return f.Verdict != checks.Pass }) {
		result.Findings = append(result.Findings, where.nothing(g, p))
	}
	return result.WithFix(fixOf(v, p, items)), nil
}

// expected is what the lab wants of every list.
const expected = "nothing is left that costs"

// regions are where is looked.
type regions struct {
	on  []string // the lab's first
	off int      // those that are switched off
}

// learnerRegions are those that an AWS Academy Learner Lab can use.
func learnerRegions() []string { return []string{"us-east-1", "us-west-2"} }

func regionsOf(v *facts.View, p Params) (regions, error) {
	site := v.Site()
	where := regions{on: slices.Clone(p.Regions)}
	switch {
	case len(where.on) > 0:
	case site.Caller.Kind == facts.LearnerLab:
		where.on = learnerRegions()
	default:
		all, err := account.Regions.Get(v, account.NetworkKey{Region: site.Region})
		if err != nil {
			return where, err
		}
		for _, r := range all {
			if r.On {
				where.on = append(where.on, r.Name)
			} else {
				where.off++
			}
		}
		if len(where.on) == 0 {
			return where, facts.Errorf(facts.InvalidResponse, "no Region is said to be on")
		}
	}
	slices.SortFunc(where.on, func(a, b string) int {
		if a == site.Region || b == site.Region {
			return cmp.Compare(strings.Compare(b, site.Region), strings.Compare(a, site.Region))
		}
		return strings.Compare(a, b)
	})
	where.on = slices.Compact(where.on)
	return where, nil
}

// nothing is the finding where all could be read and nothing is left.
func (where regions) nothing(g group, p Params) checks.Finding {
	var nouns []string
	for _, l := range g {
		if p.More || !l.more {
			nouns = append(nouns, l.nouns())
		}
	}
	f := checks.Finding{
		Subject: checks.Count(len(where.on), "Region"), Expected: expected,
		LookedAt: strings.Join(nouns, ", ") + " in " + checks.Names(where.on),
	}
	if where.off > 0 && g[0].call == network[0].call { // it is said once
		f.Advice = checks.Count(where.off, "Region") + " cannot be read, switched off as they are. What was left in one " +
			"that was on before goes on costing: switch it on and look"
	}
	return f.Pass("nothing is left in the Regions that are on")
}

// asked are the reads that were started.
type asked struct {
	group
	pending map[string]map[*list]*facts.Pending[[]Thing] // by Region
}

// start asks all lists in all Regions at once: the door lets them in, a few Regions at a time.
func (g group) start(v *facts.View, p Params, on []string) asked {
	a := asked{g, map[string]map[*list]*facts.Pending[[]Thing]{}}
	for i, region := range on {
		a.pending[region] = map[*list]*facts.Pending[[]Thing]{}
		for _, l := range g {
			k := key{region}
			if l.home != "" { // asked once, whatever the Regions
				k.Region = l.home
			}
			if l.more && !p.More || !l.in(region) || l.home != "" && (i > 0 || v.Site().Partition != "aws") {
				continue
			}
			a.pending[region][l] = l.source().Start(v, k)
		}
	}
	return a
}

// collect waits for what a Region's lists say. unread are findings about those that could not be read.
func (a asked) collect(region string) (items []item, unread []checks.Finding) {
	failed := map[facts.Reason][]*list{}
	errs := map[*list]error{}
	for _, l := range a.group {
		pending, ok := a.pending[region][l]
		if !ok {
			continue
		}
		things, err := pending.Get()
		if err != nil {
			reason := facts.AsError(err).Reason
			failed[reason] = append(failed[reason], l)
			errs[l] = err
			continue
		}
		for i, t := range things {
			it := item{list: l, region: cmp.Or(l.home, region), thing: t, verdict: l.verdict(t)}
			if i < l.free {
				it.verdict = checks.Skipped
			}
			items = append(items, it)
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(failed)) {
		lists := failed[reason]
		names := make([]string, len(lists))
		for i, l := range lists {
			names[i] = l.nouns()
		}
		unread = append(unread, checks.Finding{
			Subject: region, LookedAt: strings.Join(names, ", ") + " in " + region, Expected: expected,
		}.Unknown(errs[lists[0]]))
	}
	items = claim(items)
	numbers := map[string]*int{}
	for i := range items {
		items[i].charge(numbers)
	}
	return items, unread
}

// charge says what an item costs.
func (it *item) charge(numbers map[string]*int) {
	if it.verdict == checks.Skipped || it.verdict == checks.Unknown {
		return
	}
	of := func(call, id string) string { return id + " of " + call + " in " + it.region }
	if it.list.price != nil {
		if r := it.list.price(it.thing); r.high > 0 {
			it.charges = append(it.charges, checks.Charge{Of: of(it.list.call, it.thing.ID), Low: r.low, High: r.high})
		}
	}
	if it.list.call == "ec2:DescribeInstances" { // its disks, of which the list does not say how large they are
		disk := daily("gp3 GB").times(usualDisk)
		disks := it.thing.Of
		if len(disks) == 0 {
			disks = []string{"the disk of " + it.thing.ID}
		}
		for _, id := range disks {
			it.charges = append(it.charges, checks.Charge{
				Of: of("ec2:DescribeVolumes", id), Low: disk.low, High: disk.high, Guess: true,
			})
		}
	}
	counted := "tasks"
	if it.list.call == interfaces {
		counted = it.thing.Name
		if ownerOf(it.thing).kind == ownedByTask {
			counted = "tasks"
		}
	}
	if numbers[counted] == nil {
		numbers[counted] = new(int)
	}
	it.charges = append(it.charges, addressCharges(*it, numbers[counted])...)
}

// usualDisk is how large the disk of an instance is where nobody says otherwise, in gigabytes.
const usualDisk = 8

// shareOf reads an amount of ECS, such as "512", as a part of a whole.
func shareOf(text string, whole, otherwise float64) float64 {
	amount, err := strconv.ParseFloat(text, 64)
	if err != nil || amount <= 0 {
		return otherwise
	}
	return amount / whole
}
