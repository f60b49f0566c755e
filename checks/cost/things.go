package cost

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// A Thing is what a list of AWS says of one thing, as far as it decides whether it costs and how it is deleted.
type Thing struct {
	// ID is what the command that deletes it takes.
	ID string `json:"id"`
	// Name is what people know it by, where that is not the ID.
	Name  string `json:"name,omitempty"`
	State string `json:"state,omitempty"`
	// Type and Kind are what the price depends on, and what else tells it from others.
	Type string `json:"type,omitempty"`
	Kind string `json:"kind,omitempty"`
	// Count and Size are how many or how much of it there is.
	Count float64 `json:"count,omitempty"`
	Size  float64 `json:"size,omitempty"`
	// IPs are its public addresses, Zones where it is, Of what it hangs on or what hangs on it.
	IPs   []string `json:"ips,omitempty"`
	Zones []string `json:"zones,omitempty"`
	Of    []string `json:"of,omitempty"`
	Note  string   `json:"note,omitempty"`
}

// tidy leaves out what a list has nothing of.
func (t Thing) tidy() Thing {
	for _, list := range []*[]string{&t.IPs, &t.Zones, &t.Of} {
		slices.Sort(*list)
		*list = slices.DeleteFunc(slices.Compact(*list), func(s string) bool { return s == "" })
	}
	return t
}

// A list is one list of AWS of which something may be left: a row of the table in lists.go.
type list struct {
	// call is the operation, and with its input.
	call string
	with map[string]any
	// find is the expression that makes things of the answer. Where each follows, it gives the names to ask for.
	find string
	// each is asked for every name that find gives.
	each *detail
	// ask takes the place of find where that cannot be said in an expression. calls are the operations it asks besides.
	ask   func(ctx context.Context, access *facts.Access, region string) ([]Thing, error)
	calls []string

	// noun is what the things are called.
	noun string
	// gone are the states of what costs nothing any more, going of what is on its way out, idle of what has stopped and
	// of which only the storage costs. Whatever else AWS calls the state of a thing, it is left.
	gone, going, idle string
	// left is what the verdict is where it is left: Fail if nothing is said. Pass is what costs cents and is kept.
	left func(Thing) checks.Verdict
	// price is what it costs a day beside its public addresses; of what is idle, too.
	price func(Thing) rate
	// remove are the commands that delete it, in the order in which they work: {id}, {name}, {of} … stand for what is
	// known of it, and a command with {of} is typed for each. {region} is added to all of them.
	remove func(Thing) []string
	// free is how many of them an account has for nothing.
	free int
	// order is when it is deleted, the lowest first.
	order int
	// console is the path of clicks.
	console string

	// not are the Regions that do not have the service, by AWS's own list of endpoints (botocore 1.44.8).
	not string
	// home is the one Region in which a service without Regions is asked; "" for most.
	home string
	// more says that it is asked only when all that is known is to be searched: thirty lists a Region are enough for
	// every day.
	more bool
}

// nouns are what several of the things are called.
func (l *list) nouns() string {
	switch noun := l.noun; {
	case strings.HasSuffix(noun, "s"), strings.HasSuffix(noun, "x"):
		return noun + "es"
	case strings.HasSuffix(noun, "ory") || strings.HasSuffix(noun, "xy") || strings.HasSuffix(noun, "ncy"):
		return strings.TrimSuffix(noun, "y") + "ies"
	default:
		return noun + "s"
	}
}

// A detail is asked for each name of a list.
type detail struct {
	call   string
	member string // of the input, which takes the name
	find   string
	most   int // of how many names it is asked; 0 is all. Only where what is not asked costs cents
}

// The order in which things are deleted: what makes others come back, what holds others, what hangs on them.
const (
	first = iota
	second
	third
	fourth
	last
)

// key asks a list in one Region.
type key struct {
	Region string `json:"region"`
}

// read is a list that is asked.
type read = facts.Read[key, []Thing]

// identity tells the read of a list from all others.
type identity struct{ call string }

// servicePrefixes are those of IAM where they are not the service's name.
var servicePrefixes = map[string]string{
	"elbv2": "elasticloadbalancing", "elb": "elasticloadbalancing", "efs": "elasticfilesystem", "opensearch": "es",
}

// source is the list as a read.
func (l *list) source() *read {
	operations := slices.Concat([]string{l.call}, l.calls)
	if l.each != nil {
		operations = append(operations, l.each.call)
	}
	actions := make([]string, len(operations))
	for i, operation := range operations {
		actions[i] = operation
		service, name, _ := strings.Cut(operation, ":")
		if prefix := servicePrefixes[service]; prefix != "" {
			actions[i] = prefix + ":" + name
		}
	}
	return &read{
		Name: "left." + l.call, Operations: operations, Actions: actions, Identity: identity{l.call},
		Fetch: func(ctx context.Context, access *facts.Access, k key) ([]Thing, error) {
			return account.InTurn(ctx, access, k.Region, func() ([]Thing, error) {
				return l.fetch(ctx, access, k.Region)
			})
		},
	}
}

func (l *list) fetch(ctx context.Context, access *facts.Access, region string) ([]Thing, error) {
	var things []Thing
	var err error
	switch {
	case l.ask != nil:
		things, err = l.ask(ctx, access, region)
	case l.each != nil:
		things, err = l.askEach(ctx, access, region)
	default:
		things, err = account.Search[[]Thing](ctx, access, l.call, region, l.with, l.find)
	}
	switch {
	case err != nil:
		return nil, err
	case things == nil:
		return nil, facts.Errorf(facts.InvalidResponse, "the answer of %s does not hold the list", l.call)
	}
	for i, t := range things {
		things[i] = t.tidy()
		if t.ID == "" || t.State == "" && l.gone+l.going+l.idle != "" {
			return nil, facts.Errorf(facts.InvalidResponse, "%s lists something without its name or its state", l.call)
		}
	}
	return things, nil
}

func (l *list) askEach(ctx context.Context, access *facts.Access, region string) ([]Thing, error) {
	names, err := account.Search[[]string](ctx, access, l.call, region, l.with, l.find)
	if err != nil || names == nil {
		return nil, err
	}
	if l.each.most > 0 {
		names = names[:min(len(names), l.each.most)]
	}
	found := make([][]Thing, len(names))
	errs := make([]error, len(names))
	var asked sync.WaitGroup
	for i, name := range names { // the door says how many at a time
		asked.Go(func() {
			found[i], errs[i] = account.Search[[]Thing](
				ctx, access, l.each.call, region, map[string]any{l.each.member: name}, l.each.find)
			if errs[i] == nil && found[i] == nil {
				errs[i] = facts.Errorf(facts.InvalidResponse, "the answer of %s does not hold what was asked for", l.each.call)
			}
		})
	}
	asked.Wait()
	all := []Thing{}
	for i := range names {
		if errs[i] != nil {
			return nil, errs[i]
		}
		all = append(all, found[i]...)
	}
	return all, nil
}

// in says whether a list is asked in a Region.
func (l *list) in(region string) bool { return !slices.Contains(strings.Fields(l.not), region) }

// verdict is what a thing of the list means: Skipped is one that costs nothing.
func (l *list) verdict(t Thing) checks.Verdict {
	is := func(states string) bool {
		return slices.ContainsFunc(strings.Split(states, ", "), func(s string) bool { return strings.EqualFold(s, t.State) })
	}
	switch {
	case t.State != "" && is(l.gone):
		return checks.Skipped
	case t.State != "" && is(l.going):
		return checks.Unknown
	case t.State != "" && is(l.idle):
		return checks.Partial
	case l.left != nil:
		return l.left(t)
	}
	return checks.Fail
}

// commands are those that delete a thing, without the Region.
func (l *list) commands(t Thing, region string) []checks.Command {
	if l.remove == nil {
		return nil
	}
	var all []checks.Command
	for _, line := range l.remove(t) {
		for _, of := range eachOf(line, t) {
			fill := strings.NewReplacer("{id}", t.ID, "{name}", t.Name, "{type}", t.Type, "{kind}", t.Kind, "{of}", of)
			var args [2][]string
			part := 0
			for _, word := range strings.Fields(line) {
				if word == "|" {
					part = 1
					continue
				}
				args[part] = append(args[part], fill.Replace(word))
			}
			args[0] = append(args[0], "--region", region)
			if len(args[1]) > 0 {
				args[1] = append(args[1], "--region", region)
			}
			all = append(all, checks.Command{Args: args[0], PipedTo: args[1]})
		}
	}
	return all
}

// eachOf are the things for which a command is typed: one, or each that a thing hangs on.
func eachOf(line string, t Thing) []string {
	if strings.Contains(line, "{of}") {
		return t.Of
	}
	return []string{""}
}

// always are commands that do not depend on what is known of a thing.
func always(lines ...string) func(Thing) []string { return func(Thing) []string { return lines } }

func partly(Thing) checks.Verdict { return checks.Partial }

// each multiplies a price by the number of things.
func each(name string) func(Thing) rate {
	return func(t Thing) rate { return daily(name).times(max(1, t.Count)) }
}

// gigabytes multiplies a price by the size.
func gigabytes(name string) func(Thing) rate {
	return func(t Thing) rate { return daily(name).times(t.Size) }
}
