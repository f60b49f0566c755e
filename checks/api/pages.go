package api

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// paging says how the pages of a list follow one another. Its entries are expressions over an answer.
type paging struct {
	In   []string `json:"in"`   // members of the input, one for each of Out
	Out  []string `json:"out"`  // the token of the next page
	More string   `json:"more"` // whether there is a next page; "" where the token says it
	Keys []string `json:"keys"` // what grows with each page
	Once []string `json:"once"` // what the first page tells for all
}

// maxPages is the longest list that is read, in pages: a lying endpoint could go on for ever.
const maxPages = 1000

// allPages asks page after page, and joins them as the AWS CLI does: what grows from page to page, what the first one
// tells for all, and nothing else.
func (o *Operation) allPages(
	input map[string]any, ask func(input map[string]any) (map[string]any, error),
) (map[string]any, error) {
	p := o.Pages
	joined := map[string]any{}
	input = maps.Clone(input)
	if input == nil {
		input = map[string]any{}
	}
	var last []any
	values := 0
	for n := range maxPages {
		page, err := ask(input)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			for _, path := range p.Once {
				if v := search(path, page); v != nil {
					put(joined, path, v)
				}
			}
		}
		for _, path := range p.Keys {
			part := search(path, page)
			if _, ok := search(path, joined).([]any); ok && part == nil && o.writesEmptyLists() {
				return nil, facts.Errorf(facts.InvalidResponse, "a page of the answer does not hold the list")
			}
			values += join(joined, path, part)
		}
		next, any := p.next(page)
		switch {
		case !any:
			return joined, nil
		case last != nil && fmt.Sprint(last) == fmt.Sprint(next):
			return nil, facts.Errorf(facts.InvalidResponse, "the same page came twice")
		case values > maxValues:
			return nil, facts.Errorf(facts.InvalidResponse, "the list has more than %d elements", maxValues)
		}
		last = next
		for i, name := range p.In {
			delete(input, name)
			if next[i] != nil {
				input[name] = next[i]
			}
		}
	}
	return nil, facts.Errorf(facts.InvalidResponse, "the list did not end after %d pages", maxPages)
}

// InPages is an answer as Read gives it where the second half of its lists stands on a second page. It is false where
// the operation has no pages, or the answer no list to be cut in two.
func (o *Operation) InPages(answer map[string]any) (map[string]any, bool) {
	p := o.Pages
	if p == nil || len(p.Out) != len(p.In) {
		return nil, false
	}
	pages, cut := []map[string]any{maps.Clone(answer), maps.Clone(answer)}, false
	for _, path := range p.Keys {
		list, ok := search(path, answer).([]any)
		if !ok || strings.Contains(path, ".") {
			continue
		}
		cut = cut || len(list) > 0
		pages[0][path], pages[1][path] = list[:len(list)/2], list[len(list)/2:]
	}
	for _, path := range append(slices.Clone(p.Out), p.More) {
		if strings.ContainsAny(path, ".[|") {
			return nil, false
		}
		if path != "" {
			pages[0][path] = "more"
		}
		for _, page := range pages[1:] {
			delete(page, path)
		}
	}
	n := 0
	joined, err := o.allPages(nil, func(map[string]any) (map[string]any, error) {
		n++
		return pages[min(n, len(pages))-1], nil
	})
	return joined, cut && err == nil
}

// writesEmptyLists says whether AWS writes a list that has no elements: a page without it is not whole. Of the other
// protocols each service does as it likes.
func (o *Operation) writesEmptyLists() bool {
	return slices.Contains(o.Protocols, protocolEC2) || slices.Contains(o.Protocols, protocolQuery)
}

// next are the tokens of the next page, and whether there is one.
func (p *paging) next(page map[string]any) (tokens []any, more bool) {
	if p.More != "" {
		if v := search(p.More, page); v == nil || v == false || v == "" {
			return nil, false
		}
	}
	tokens = make([]any, len(p.Out))
	for i, path := range p.Out {
		switch v := search(path, page).(type) {
		case nil:
		case string:
			if v != "" {
				tokens[i], more = v, true
			}
		case map[string]any: // the last key that was looked at, as in DynamoDB
			if len(v) > 0 {
				tokens[i], more = v, true
			}
		default:
			tokens[i], more = fmt.Sprint(v), true
		}
	}
	return tokens, more
}

// join adds a page's part to what is joined so far, and returns how many elements there are more. Lists grow, and so do
// numbers and text, as in botocore.
func join(joined map[string]any, path string, value any) int {
	switch before := search(path, joined).(type) {
	case []any:
		if v, ok := value.([]any); ok {
			put(joined, path, append(before, v...))
			return len(v)
		}
	case float64:
		if v, ok := value.(float64); ok {
			put(joined, path, before+v)
		}
	case string:
		if v, ok := value.(string); ok {
			put(joined, path, before+v)
		}
	case nil:
		if value != nil {
			put(joined, path, value)
		}
		if v, ok := value.([]any); ok {
			return len(v)
		}
	}
	return 0
}

// put sets the value at a path of names.
func put(into map[string]any, path string, value any) {
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		below, ok := into[name].(map[string]any)
		if !ok {
			below = map[string]any{}
			into[name] = below
		}
		into = below
	}
	into[names[len(names)-1]] = value
}

// tokenNames are the names of members that say there is more, of answers for which AWS has no paginator.
var tokenNames = regexp.MustCompile(
	`(?i)^(next|lastevaluated).*(token|marker|name|arn|key|id)$|^(marker|position)$|^(is)?truncated$|^hasmore`)

// unpaged are the members of an answer that say there is more though nothing says how to ask for it.
func (o *Operation) unpaged() []*Member {
	var found []*Member
	if o.Pages != nil || o.Output == nil {
		return nil
	}
	for _, m := range o.Output.Members {
		if tokenNames.MatchString(m.Name) && (m.Shape.Kind == Text || m.Shape.Kind == Boolean) {
			found = append(found, m)
		}
	}
	return found
}

// checkWhole refuses an answer that says there is more and not how to ask for it.
func (o *Operation) checkWhole(answer map[string]any) error {
	for _, m := range o.unpaged() {
		if v := answer[m.Name]; v != nil && v != "" && v != false {
			return facts.Errorf(facts.InvalidResponse,
				"the answer says in %s that there is more, and AWS's models do not say how to ask %s for it", m.Name, o)
		}
	}
	return nil
}

// pageSelection is what is read of each page: what is kept, and what the pages themselves need.
func (o *Operation) pageSelection(keep *Selection) *Selection {
	needed := &Selection{shape: o.Output}
	needed.add(keep)
	for _, m := range o.unpaged() {
		needed.below(m.Name, m.Shape)
	}
	if o.Service == "s3" && keysAsURLs[o.Name] != nil {
		needed.below("EncodingType", o.Output.Member("EncodingType").Shape)
	}
	if p := o.Pages; p != nil {
		for _, path := range append(append([]string{p.More}, p.Out...), p.Keys...) {
			if path == "" {
				continue
			}
			// The expressions are AWS's own: what they reach is there, be it sensitive or not.
			if tree, err := parse(path); err == nil {
				(&reacher{trusted: true}).reach(tree, value{at: []*Selection{needed}})
			}
		}
	}
	return needed
}

// Read asks the operation in a Region, all its pages, and returns what is kept of the answer in the form that the AWS
// CLI gives it. The input is one that CheckInput returned. Every error is a *facts.Error.
func (o *Operation) Read(
	ctx context.Context, c Caller, region string, in map[string]any, keep *Selection,
) (map[string]any, error) {
	needed := o.pageSelection(keep)
	ask := func(in map[string]any) (map[string]any, error) { return o.ask(ctx, c, region, in, needed) }
	var answer map[string]any
	var err error
	if o.Pages == nil {
		answer, err = ask(in)
	} else {
		answer, err = o.allPages(in, ask)
	}
	if err == nil {
		err = o.checkWhole(answer)
	}
	if err != nil {
		return nil, facts.AsError(err)
	}
	if o.Output == nil {
		return map[string]any{}, nil
	}
	kept, _ := keep.prune(answer).(map[string]any)
	return kept, nil
}
