package checks

import (
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"
)

// maxTitle is the longest title of a check, in characters: it must fit a table row at 80 columns.
const maxTitle = 75

// kebabCase is the form of an id: at least two words, such as "ecr-repository".
var kebabCase = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)

// Registry is an explicit list of checks, in catalogue order.
type Registry struct {
	list []*Check
	byID map[string]*Check
}

// NewRegistry makes a registry, or says everything that is wrong with the list: an id twice or not in kebab-case, a
// title that is too long, an empty text, a parameter without a name or of an unknown type, a missing function. Of a
// check for Later it looks at the id alone.
func NewRegistry(list ...*Check) (*Registry, error) {
	r := &Registry{list: list, byID: make(map[string]*Check, len(list))}
	var problems []error
	for _, c := range list {
		if r.byID[c.ID] != nil {
			problems = append(problems, fmt.Errorf("check %q is registered twice", c.ID))
		}
		r.byID[c.ID] = c
		if c.load == nil {
			problems = append(problems, c.validate()...)
		}
	}
	return r, errors.Join(problems...)
}

// All returns the checks in catalogue order.
func (r *Registry) All() []*Check {
	all := make([]*Check, len(r.list))
	for i, c := range r.list {
		all[i] = c.loaded()
	}
	return all
}

// Lookup returns the check of an id.
func (r *Registry) Lookup(id string) (*Check, bool) {
	c, ok := r.byID[id]
	if !ok {
		return nil, false
	}
	return c.loaded(), true
}

// IDs returns the ids in catalogue order.
func (r *Registry) IDs() []string {
	ids := make([]string, len(r.list))
	for i, c := range r.list {
		ids[i] = c.ID
	}
	return ids
}

// validate says everything that is wrong with a check by itself.
func (c *Check) validate() []error {
	var problems []error
	wrong := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("check %q: "+format, append([]any{c.ID}, args...)...))
	}
	if !kebabCase.MatchString(c.ID) {
		wrong("the id is not in kebab-case")
	}
	if n := utf8.RuneCountInString(c.Title); n == 0 || n > maxTitle {
		wrong("the title has %d characters; 1 to %d are allowed", n, maxTitle)
	}
	if c.Why == "" {
		wrong("Why is empty")
	}
	if c.Verify == "" {
		wrong("Verify is empty")
	}
	if !c.runs {
		wrong("Run is missing")
	}
	if len(c.Reads) == 0 {
		wrong("it declares no read that decides")
	}
	for _, p := range c.Params {
		if p.Name == "" || p.Help == "" {
			wrong("parameter %q needs a json tag and a help tag", p.Name)
		}
		if p.Type != "string" && p.Type != "integer" && p.Type != "boolean" && p.Type != "list" {
			wrong("parameter %q is of type %s; string, integer, boolean and list are known", p.Name, p.Type)
		}
	}
	return problems
}
