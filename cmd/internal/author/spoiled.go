package author

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
)

// spoiled is an account that differs from the finished one, and what it must show.
type spoiled struct {
	name     string
	at       lab.Pos
	account  []byte
	changes  map[string]string // the steps that get another verdict
	survives lab.Survivor
	paged    bool // an answer about it has more than one page
}

// proveSpoiled grades the lab on every spoiled account. Exactly the expected steps change, to exactly the expected
// verdict. What may be otherwise without being wrong changes nothing. What is wrong and costs no point is a survivor:
// it is explained, and the report says what is wrong.
func (b *Bench) proveSpoiled(ctx context.Context, p *Proof) {
	base, err := b.finished(ctx)
	if err != nil {
		p.Problems = append(p.Problems, b.expected(lab.Pos{}, "base: %v", err))
		return
	}
	list, found := b.spoiledAccounts(base)
	p.Problems = append(p.Problems, found...)
	before := verdicts(base.Report)
	var mu sync.Mutex
	p.Problems = append(p.Problems, each(len(list), func(i int) lab.Problems {
		s := list[i]
		r, err := b.grade(ctx, s.account, nil, practice.Grading{})
		if err != nil {
			return lab.Problems{b.expected(s.at, "%s: %v", s.name, err)}
		}
		mu.Lock()
		defer mu.Unlock()
		return b.judge(s, before, base.Report, r.Report, p)
	})...)
	p.Problems = append(p.Problems, b.proveAlone(list)...)
}

// judge holds what was graded to what a spoiled account must show.
func (b *Bench) judge(s spoiled, before map[string]string, base, after *reports.Report, p *Proof) lab.Problems {
	var found lab.Problems
	for _, line := range b.differences(s.changes, after, before) {
		found = append(found, b.expected(s.at, "%s: %s", s.name, line))
	}
	if s.paged && after.Calls.Total <= base.Calls.Total {
		found = append(found, b.expected(s.at, "%s: no answer has a second page; raise the count", s.name))
	}
	switch step, _ := after.Step(s.survives.Step); {
	case len(found) > 0:
	case len(s.changes) > 0:
		p.Killed++
	case step == nil:
		p.Right++
	case strings.Contains(adviceOf(step), s.survives.Says):
		p.Survived++
	default:
		found = append(found, b.expected(s.at, "%s: the advice of %s does not say %q: %s", s.name, step.ID, s.survives.Says,
			adviceOf(step)))
	}
	return found
}

func adviceOf(s *reports.Step) string {
	var all []string
	for _, f := range s.Findings {
		all = append(all, f.Advice)
	}
	return strings.Join(all, "\n")
}

// proveAlone finds checks that no spoiled account fails alone: another step changes whenever theirs does, so that
// nobody would notice if the check were not there. What is blocked does not count.
func (b *Bench) proveAlone(list []spoiled) lab.Problems {
	alone := map[string]bool{}
	for _, s := range list {
		var lost []string
		for step, verdict := range s.changes {
			if word, _, _ := strings.Cut(verdict, " "); word == checks.Fail.String() || word == checks.Partial.String() {
				lost = append(lost, step)
			}
		}
		if len(lost) == 1 {
			alone[lost[0]] = true
		}
	}
	var found lab.Problems
	proven := map[string]bool{}
	for _, s := range b.Plan.Steps {
		proven[s.Check.ID] = proven[s.Check.ID] || alone[s.ID]
	}
	for _, check := range slices.Sorted(maps.Keys(proven)) {
		_, excused := b.expect.Inseparable[check]
		switch {
		case !proven[check] && !excused:
			found = append(found, b.expected(lab.Pos{}, "no account fails the check %s alone: add one, or say under "+
				"inseparable why that cannot be", check))
		case proven[check] && excused:
			found = append(found,
				b.expected(lab.Pos{}, "inseparable excuses the check %s, and an account fails it alone", check))
		}
	}
	return found
}

// finished grades the finished account with everything written out in it.
func (b *Bench) finished(ctx context.Context) (graded, error) {
	account, err := b.expect.Make(b.accounts[lab.Finished], nil, nil)
	if err != nil {
		return graded{}, err
	}
	r, err := b.grade(ctx, account, nil, practice.Grading{})
	if err != nil {
		return r, err
	}
	for _, s := range r.Steps {
		if s.Verdict != checks.Pass {
			return r, fmt.Errorf("the finished account is spoiled by it: %s is %s", s.ID, described(s))
		}
	}
	return r, nil
}

// spoiledAccounts makes every account, but for those that cannot be made, which are problems.
func (b *Bench) spoiledAccounts(base graded) (list []spoiled, found lab.Problems) {
	add := func(s spoiled, err error) {
		if err != nil {
			found = append(found, b.expected(s.at, "%s: %v", s.name, err))
			return
		}
		list = append(list, s)
	}
	finished := b.accounts[lab.Finished]
	for _, a := range b.expect.Accounts {
		account, err := b.expect.Make(finished, a.With, a.Patch)
		changes := maps.Clone(a.Changes)
		maps.Copy(changes, b.denied(base, a.Denied))
		add(spoiled{name: a.Name, at: a.At, account: account, changes: changes, survives: a.Survives}, err)
	}
	for _, services := range b.denials(base) {
		action, name := "*", "everything denied"
		if len(services) == 1 {
			action, name = services[0]+":*", "everything of "+services[0]+" denied"
		}
		account, err := b.denyingAccount(action)
		add(spoiled{name: name, account: account, changes: b.denied(base, services)}, err)
	}
	for _, page := range b.expect.Pages {
		b.pageAccounts(page, add)
	}
	crowded, err := b.expect.Make(finished, nil, b.expect.Crowd)
	add(spoiled{name: "a crowded account", account: crowded}, err)
	if err == nil {
		reversedAccounts(crowded, add)
	}
	return list, found
}

func (b *Bench) denyingAccount(action string) ([]byte, error) {
	patch, err := b.expect.Denying(action)
	if err != nil {
		return nil, err
	}
	return b.expect.Make(b.accounts[lab.Finished], nil, patch)
}

// denials are the services that are denied at once: every one that the lab may ask, and then all of them.
func (b *Bench) denials(base graded) [][]string {
	if len(b.expect.Deny) == 0 {
		return nil
	}
	services := map[string]bool{}
	for _, operation := range append(b.Plan.Operations(), slices.Collect(maps.Keys(base.Calls.ByOperation))...) {
		services[serviceOf(operation)] = true
	}
	all := slices.Sorted(maps.Keys(services))
	var list [][]string
	for _, service := range all {
		list = append(list, []string{service})
	}
	return append(list, all)
}

// denied are the verdicts where the answers of services are refused: every step is unknown whose evidence in the
// finished account came from them by a read that decides. Who asks is never refused.
func (b *Bench) denied(base graded, services []string) map[string]string {
	changes, deciding := map[string]string{}, b.deciding(base)
	for _, s := range base.Steps {
		for _, call := range s.Evidence {
			refused := slices.Contains(services, serviceOf(call.Operation)) && call.Operation != "sts:"+whoAsks
			if refused && deciding[s.ID][call.RequestID] {
				changes[s.ID] = "unknown " + string(facts.AccessDenied)
			}
		}
	}
	return changes
}

func serviceOf(operation string) string {
	service, _, _ := strings.Cut(operation, ":")
	return service
}

// pageAccounts fill a list so that an answer has more than one page: what decides is found on the last page as it is on
// the first.
func (b *Bench) pageAccounts(p lab.Page, add func(spoiled, error)) {
	make := func(name string, spoil lab.Patch, before bool, changes map[string]string) {
		account, err := b.expect.Make(b.accounts[lab.Finished], p.With, spoil)
		if err == nil {
			account, err = p.Fill(account, before)
		}
		add(spoiled{name: name + " " + p.List, at: p.At, account: account, changes: changes, paged: true}, err)
	}
	make("more than a page before", nil, true, nil)
	make("more than a page after", nil, false, nil)
	if len(p.Spoil) > 0 {
		make("a wrong one on the last page of", p.Spoil, true, p.Changes)
	}
}

// reversedAccounts turn every list of an account round, one at a time and all at once: AWS promises no order.
func reversedAccounts(account []byte, add func(spoiled, error)) {
	decode := func() (state any, err error) {
		d := json.NewDecoder(bytes.NewReader(account))
		d.UseNumber()
		return state, d.Decode(&state)
	}
	encode := func(name string, state any, err error) {
		var data []byte
		if err == nil {
			data, err = json.Marshal(state)
		}
		add(spoiled{name: name, account: data}, err)
	}
	state, err := decode()
	var places []string
	eachList("", state, func(place string, _ []any) { places = append(places, place) })
	if err == nil && len(places) == 0 {
		err = fmt.Errorf("no list of it has two items")
	}
	for _, turned := range places {
		state, err := decode()
		eachList("", state, func(place string, list []any) {
			if place == turned {
				slices.Reverse(list)
			}
		})
		encode("the other way round: "+turned, state, err)
	}
	eachList("", state, func(_ string, list []any) { slices.Reverse(list) })
	encode("every list the other way round", state, err)
}

// eachList visits the lists of which the order could be another one, inner lists first. The words of a command line are
// no such list.
func eachList(place string, state any, visit func(place string, list []any)) {
	switch state := state.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(state)) {
			if name != "argv" {
				eachList(place+"/"+strings.ReplaceAll(name, "/", "~1"), state[name], visit)
			}
		}
	case []any:
		for i, item := range state {
			eachList(place+"/"+strconv.Itoa(i), item, visit)
		}
		if len(state) > 1 {
			visit(place, state)
		}
	}
}
