package declared

import (
	"cmp"
	"strings"

	"github.com/agext/levenshtein"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/facts"
)

// A nearMiss finds what was probably meant where something is not there.
type nearMiss struct {
	op          *api.Operation
	answer      api.Place
	input       *form
	region      *template
	names       *api.Expression
	to          template
	everyRegion bool
	source      *named
}

func (l *loader) loadNear(n *near) *nearMiss {
	op, err := api.Find(n.Call.Text)
	if err != nil {
		l.At(n.Call.At, "%v", err)
		return nil
	}
	in := l.scope(false, false)
	in.now = true
	made := &nearMiss{op: op, answer: op.Answer(), input: l.input(n.With, op, n.At, in), everyRegion: n.EveryRegion}
	if n.Region.Text != "" {
		made.region = l.regionOf(n.Region, in)
	}
	made.to = l.template(n.To, l.scope(false, false))
	if made.to.isPlain() {
		l.At(n.To.At, "to is the name that was meant, such as $name of a parameter")
	}
	var list api.Place
	var ok bool
	if made.names, list, ok = l.follow(n.Names, made.answer, api.Value); !ok {
		return made
	}
	element, ok := list.Element()
	if !ok || element.Type().Class() != api.Words && element.Type().Class() != api.Unclear {
		l.At(n.Names.At, "%s is no list of names", n.Names.Text)
	}
	if err := op.Whole(made.answer); err != nil {
		l.At(n.Names.At, "%v", err)
	}
	return made
}

// find says what was probably meant; "" where nothing is like it, or where it cannot be seen.
func (n *nearMiss) find(e *environment, with asker) string {
	wanted, err := e.text(n.to)
	if err != nil {
		return ""
	}
	here := e.site.Region
	if n.region != nil {
		if here, err = e.text(*n.region); err != nil {
			return ""
		}
	}
	regions := []string{here}
	if n.everyRegion {
		regions = append(regions, e.site.NearbyRegions()...)
	}
	waits := make([]func() []string, len(regions))
	for i, region := range regions {
		waits[i] = with.askNames(n, e, region)
	}
	best, where, distance := "", "", 0
	for i, wait := range waits {
		for _, name := range wait() {
			d, like := distanceOf(wanted, name)
			if i > 0 && d > 0 { // in another Region the same name alone
				like = false
			}
			if like && (best == "" || d < distance) {
				best, where, distance = name, regions[i], d
			}
		}
	}
	switch {
	case best == "":
		return ""
	case where != here:
		return "found " + clip(best) + " in " + where
	}
	return "found " + clip(best)
}

// distanceOf says how much a name differs from the wanted one, and whether it is like it: but for a few letters, for
// case, for more behind it or for its path. Addresses and ARNs are compared by their last parts.
func distanceOf(wanted, name string) (distance int, like bool) {
	a, b := strings.ToLower(lastPart(wanted)), strings.ToLower(lastPart(name))
	switch {
	case a == "" || b == "":
		return 0, false
	case wanted == name:
		return 0, true
	case a == b:
		return 1, true
	}
	d := levenshtein.Distance(a, b, nil) + 1
	isPrefix := min(len(a), len(b)) >= 3 && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
	return d, d <= max(2, len(a)/3)+1 || isPrefix
}

// lastPart is what an address, an ARN or a path ends in.
func lastPart(name string) string {
	name = strings.TrimRight(name, "/")
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		return name[i+1:]
	}
	if strings.HasPrefix(name, "arn:") {
		return name[strings.LastIndexByte(name, ':')+1:]
	}
	return name
}

// key is what is asked in a Region.
func (n *nearMiss) key(e *environment, region string) (Key, error) {
	input, err := n.input.fill(e)
	return Key{Region: region, Input: Input(jsonOf(input))}, err
}

// namesIn are the names in an answer.
func (n *nearMiss) namesIn(a Answer, err error) []string {
	if err != nil || a.Code != "" || !a.covers(n.answer.Selection()) {
		return nil
	}
	list, _ := n.names.Evaluate(a.Value).([]any)
	var found []string
	for _, v := range list {
		if name, ok := v.(string); ok {
			found = append(found, name)
		}
	}
	return found
}

// inView asks through the view of a run.
type inView struct {
	view *facts.View
}

func (v inView) ask(q *question, key Key, e *environment) func() *outcome {
	pending := q.source.Start(v.view, key)
	return func() *outcome {
		answer, err := pending.Get()
		return q.outcomeOf(answer, err, e, key.Region)
	}
}

func (v inView) askNames(n *nearMiss, e *environment, region string) func() []string {
	key, err := n.key(e, region)
	if err != nil {
		return func() []string { return nil }
	}
	pending := n.source.Start(v.view, key)
	return func() []string { return n.namesIn(pending.Get()) }
}

// sources are the reads of a check, one for each operation: those that decide, and those that may enrich.
func (p *plan) sources() (reads, extra []facts.Source) {
	deciding, near := map[string]*wants{}, map[string]*wants{}
	ops := map[string]*api.Operation{}
	add := func(to map[string]*wants, o *api.Operation, answer api.Place, absent []string) {
		w := to[o.String()]
		if w == nil {
			w = &wants{keep: o.Answer().Selection()}
			to[o.String()], ops[o.String()] = w, o
		}
		w.keep.Add(answer.Selection())
		w.absent = append(w.absent, absent...)
	}
	for _, q := range p.questions {
		add(deciding, q.op, q.answer, q.absent)
	}
	for _, j := range p.judgements {
		if j.near != nil {
			add(near, j.near.op, j.near.answer, nil)
		}
	}
	made := map[string]*named{}
	list := func(from map[string]*wants) []facts.Source {
		var sources []facts.Source
		for _, name := range names(from) {
			s := sourceOf(ops[name], *from[name])
			sources = append(sources, s)
			made[name] = cmp.Or(made[name], s)
		}
		return sources
	}
	reads, extra = list(deciding), list(near)
	for _, q := range p.questions {
		q.source = made[q.op.String()]
	}
	for _, j := range p.judgements {
		if j.near != nil {
			j.near.source = made[j.near.op.String()]
		}
	}
	return reads, extra
}
