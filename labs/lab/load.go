package lab

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
)

var (
	idPattern   = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,63}$`)
	requirement = regexp.MustCompile(`^>= ?(0|[1-9]\d{0,5})\.(\d{1,6})(?:\.(\d{1,6}))?$`)
)

// Load reads a lab file. name stands in messages; reserved are the ids that a lab may not have because they are
// commands. The error, of type Problems, is about syntax and size alone: nothing behind such a problem can be trusted.
// All the others are kept in the lab, so that Bind can tell them together with its own; until then Lab.Problems does.
func Load(name string, data []byte, reserved ...string) (*Lab, error) {
	root, err := strict.Parse(name, data, "a lab", Schema)
	if err != nil {
		return nil, err
	}
	d := &decoder{strict.Decoder{File: name}}
	var f file
	d.Into(root, reflect.ValueOf(&f).Elem(), "a lab")
	d.NoControls(root)
	l := f.lab()
	l.File = name
	sum := sha256.Sum256(data)
	l.SHA256 = hex.EncodeToString(sum[:])
	d.validate(root, &f, l, reserved)
	l.problems = d.Problems.Sorted()
	return l, nil
}

// needsNewer says whether the lab requires a newer version of labcheck.
func (l *Lab) needsNewer(version string) bool {
	wants := requirement.FindStringSubmatch(l.Requires.Text)
	if wants == nil || version == "" {
		return false
	}
	is := strings.Split(strings.SplitN(version, "-", 2)[0], ".")
	for i, want := range wants[1:] {
		least, _ := strconv.Atoi(want) // the pattern has digits alone; what is left out is 0
		have := 0
		if i < len(is) {
			have, _ = strconv.Atoi(is[i])
		}
		if have != least {
			return have < least
		}
	}
	return false
}

// Problems returns what is wrong with the lab, before it is bound; nil if nothing is.
func (l *Lab) Problems() error {
	if len(l.problems) == 0 {
		return nil
	}
	return l.problems
}

// validate holds a decoded file to the rules that need no registry.
func (d *decoder) validate(root *yaml.Node, f *file, l *Lab, reserved []string) {
	at := func(key string) *yaml.Node { return strict.Find(root, key) }
	d.Schema(root, f.Schema, Schema)
	switch {
	case f.ID != "" && !idPattern.MatchString(f.ID):
		d.Wrong(at("id"), "the id %q must match %s", facts.NameOf(f.ID), idPattern)
	case slices.Contains(reserved, f.ID):
		d.Wrong(at("id"), "the id %q is the name of a command; choose another", f.ID)
	}
	if f.Region != "" && !facts.IsRegion(f.Region) {
		d.Wrong(at("region"), "%q is not an AWS Region such as us-east-1", facts.NameOf(f.Region))
	}
	if f.Requires.Text != "" && !requirement.MatchString(f.Requires.Text) {
		d.At(f.Requires.At, "requires is the least version of labcheck, such as \">=0.3\"")
	}
	if f.Pass > 100 {
		d.Wrong(at("pass"), "pass is %d; it is a percentage from 0 to 100", f.Pass)
	}
	for letter, percent := range f.Scale {
		if percent > 100 {
			d.Wrong(at("scale"), "the grade %q begins at %d; it is a percentage from 0 to 100", facts.NameOf(letter), percent)
		}
	}
	d.validateSteps(root, l)
}

func (d *decoder) validateSteps(root *yaml.Node, l *Lab) {
	if strict.Find(root, "sections") != root && len(l.Steps) == 0 {
		d.Wrong(strict.Find(root, "sections"), "the lab has no steps")
	}
	first := map[string]Step{}
	total := 0
	for _, s := range l.Steps {
		total += s.Points
		switch other, twice := first[s.ID]; {
		case s.ID == "":
		case twice:
			d.At(s.At, "the step id %q stands twice, first on line %d; give one of them an id of its own",
				s.ID, other.At.Line)
		case !idPattern.MatchString(s.ID):
			d.At(s.At, "the step id %q must match %s", facts.NameOf(s.ID), idPattern)
		}
		if _, twice := first[s.ID]; !twice {
			first[s.ID] = s
		}
	}
	if len(l.Steps) > 0 && total == 0 && len(d.Problems) == 0 {
		d.Wrong(strict.Find(root, "sections"), "no step gives a point; a grade needs at least one")
	}
	d.validateNeeds(l)
}

// validateNeeds finds needs that name no step and needs that go in a circle.
func (d *decoder) validateNeeds(l *Lab) {
	ids := make([]string, len(l.Steps))
	needs := map[string][]string{}
	for i, s := range l.Steps {
		ids[i] = s.ID
		needs[s.ID] = s.Needs
	}
	known := map[string]bool{}
	for _, id := range ids {
		known[id] = true
	}
	for _, s := range l.Steps {
		for _, need := range s.Needs {
			if !known[need] && !d.Full() {
				d.At(s.At, "step %q needs %q, which is no step of this lab%s", facts.NameOf(s.ID), facts.NameOf(need),
					nearest.DidYouMean(need, ids))
			}
		}
	}
	const under, done = 1, 2
	state := map[string]int{}
	var path []string
	var visit func(id string)
	visit = func(id string) {
		switch state[id] {
		case done:
			return
		case under:
			circle := path[slices.Index(path, id):]
			d.At(stepAt(l, id), "the needs go in a circle: %s → %s", strings.Join(circle, " → "), id)
			return
		}
		state[id], path = under, append(path, id)
		for _, need := range needs[id] {
			visit(need)
		}
		state[id], path = done, path[:len(path)-1]
	}
	for _, id := range ids {
		visit(id)
	}
}

func stepAt(l *Lab, id string) Pos {
	for _, s := range l.Steps {
		if s.ID == id {
			return s.At
		}
	}
	return Pos{}
}
