package lab

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/nearest"
)

// MaxFile is the largest lab or waiver file, in bytes: a hundred times the largest lab that a teacher wrote.
const MaxFile = 1 << 20

var (
	idPattern     = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,63}$`)
	regionPattern = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d+$`)
)

// Load reads a lab file. name stands in messages; reserved are the ids that a lab may not have because they are
// commands. The error, of type Problems, is about syntax and size alone: nothing behind such a problem can be trusted.
// All the others are kept in the lab, so that Bind can tell them together with its own; until then Lab.Problems does.
func Load(name string, data []byte, reserved ...string) (*Lab, error) {
	root, err := parse(name, data, "a lab", Schema)
	if err != nil {
		return nil, err
	}
	d := &decoder{file: name}
	var f file
	d.into(root, reflect.ValueOf(&f).Elem(), "a lab")
	l := f.lab()
	l.File = name
	sum := sha256.Sum256(data)
	l.SHA256 = hex.EncodeToString(sum[:])
	d.validate(root, &f, l, reserved)
	l.problems = d.problems.sorted()
	return l, nil
}

// Problems returns what is wrong with the lab, before it is bound; nil if nothing is.
func (l *Lab) Problems() error {
	if len(l.problems) == 0 {
		return nil
	}
	return l.problems
}

// parse reads the one document of a file: what is what a file holds, for messages. Problems of size and syntax are
// told alone: what follows them cannot be trusted.
func parse(name string, data []byte, what, schema string) (*yaml.Node, error) {
	if len(data) > MaxFile {
		return nil, Problems{{File: name, Text: fmt.Sprintf("the file is larger than %d KiB", MaxFile>>10)}}
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0 {
		return nil, Problems{{name, Pos{1, 1}, "the file is empty; " + what + " begins with: schema: " + schema}}
	}
	if err != nil {
		return nil, Problems{syntaxProblem(name, err)}
	}
	var second yaml.Node
	if err := dec.Decode(&second); err == nil {
		return nil, Problems{{name, Pos{max(second.Line, 1), 1}, "a second document begins here; a file holds " + what}}
	} else if !errors.Is(err, io.EOF) {
		return nil, Problems{syntaxProblem(name, err)}
	}
	return doc.Content[0], nil
}

// repeated finds what a message of the YAML library repeats of the file.
var repeated = regexp.MustCompile("(?s)(anchor |construct \\S+ )['`].*['`]")

func syntaxProblem(name string, err error) Problem {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		return Problem{name, Pos{1, 1}, "this is not YAML: " + repeated.ReplaceAllString(err.Error(), "${1}…")}
	}
	text := "this is not YAML: " + repeated.ReplaceAllString(e.Message, "${1}…")
	if e.ContextMsg != "" && e.ContextMark.Line > 0 {
		text += fmt.Sprintf(" (%s that begins on line %d)", e.ContextMsg, e.ContextMark.Line)
	}
	if strings.Contains(e.ContextMsg, "alias") {
		text += `; a text that begins with "*" needs quotes`
	}
	return Problem{name, Pos{max(e.Mark.Line, 1), max(e.Mark.Column, 1)}, text}
}

// validate holds a decoded file to the rules that need no registry.
func (d *decoder) validate(root *yaml.Node, f *file, l *Lab, reserved []string) {
	at := func(key string) *yaml.Node { return find(root, key) }
	d.schema(root, f.Schema, Schema)
	switch {
	case f.ID != "" && !idPattern.MatchString(f.ID):
		d.wrong(at("id"), "the id %q must match %s", facts.NameOf(f.ID), idPattern)
	case slices.Contains(reserved, f.ID):
		d.wrong(at("id"), "the id %q is the name of a command; choose another", f.ID)
	}
	if f.Region != "" && !regionPattern.MatchString(f.Region) {
		d.wrong(at("region"), "%q is not an AWS Region such as us-east-1", facts.NameOf(f.Region))
	}
	if f.Pass > 100 {
		d.wrong(at("pass"), "pass is %d; it is a percentage from 0 to 100", f.Pass)
	}
	for letter, percent := range f.Scale {
		if percent > 100 {
			d.wrong(at("scale"), "the grade %q begins at %d; it is a percentage from 0 to 100", facts.NameOf(letter), percent)
		}
	}
	d.validateSteps(root, l)
}

func (d *decoder) validateSteps(root *yaml.Node, l *Lab) {
	if find(root, "sections") != root && len(l.Steps) == 0 {
		d.wrong(find(root, "sections"), "the lab has no steps")
	}
	first := map[string]Step{}
	total := 0
	for _, s := range l.Steps {
		total += s.Points
		switch other, twice := first[s.ID]; {
		case s.ID == "":
		case twice:
			d.at(s.At, "the step id %q stands twice, first on line %d; give one of them an id of its own",
				s.ID, other.At.Line)
		case !idPattern.MatchString(s.ID):
			d.at(s.At, "the step id %q must match %s", facts.NameOf(s.ID), idPattern)
		}
		if _, twice := first[s.ID]; !twice {
			first[s.ID] = s
		}
	}
	if len(l.Steps) > 0 && total == 0 && len(d.problems) == 0 {
		d.wrong(find(root, "sections"), "no step gives a point; a grade needs at least one")
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
			if !known[need] && !d.full() {
				d.at(s.At, "step %q needs %q, which is no step of this lab%s", facts.NameOf(s.ID), facts.NameOf(need),
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
			d.at(stepAt(l, id), "the needs go in a circle: %s → %s", strings.Join(circle, " → "), id)
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

func (d *decoder) at(p Pos, format string, args ...any) {
	if !d.full() {
		d.problems = append(d.problems, Problem{d.file, p, fmt.Sprintf(format, args...)})
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

// schema refuses a file of another format. A missing schema is told as a missing key.
func (d *decoder) schema(root *yaml.Node, is, want string) {
	if is != "" && is != want {
		d.wrong(find(root, "schema"), "the schema is %q; this version reads %q", facts.NameOf(is), want)
	}
}

// find is the value node of a key of the root mapping, or the root itself.
func find(root *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if k := root.Content[i]; root.Kind == yaml.MappingNode && k.Kind == yaml.ScalarNode && k.Value == key {
			return root.Content[i+1]
		}
	}
	return root
}
