package api

import (
	"fmt"
	"slices"
	"strings"
)

// A Selection is what is kept of a value: of a structure the members that are named, of a list or a map what is named
// of its elements, of anything else the whole. Nothing of a structure of which nothing is named is kept but that it is
// there, and of such a list how many there are.
type Selection struct {
	shape   *Shape
	members map[string]*Selection // of a structure; of a map its keys
	element *Selection            // of a list; of a map all its values
	counted bool                  // of a map: how many keys there are
	all     bool                  // everything that is not sensitive
	secret  bool                  // with all: what is sensitive too; for what we send ourselves
}

// everything is the selection of all that an input holds.
func everything(shape *Shape) *Selection { return &Selection{shape: shape, all: true, secret: true} }

// Everything is the selection of all that an operation answers and that is not sensitive.
func (o *Operation) Everything() *Selection { return &Selection{shape: o.Output, all: true} }

// member is what is kept of a member or of a key; nil if it is dropped.
func (s *Selection) member(name string) *Selection {
	if !s.all || s.shape.Kind != Structure {
		return s.members[name]
	}
	if m := s.shape.Member(name); m != nil && (s.secret || !m.Sensitive) {
		return s.inherit(m.Shape)
	}
	return nil
}

// elements is what is kept of the elements of a list or of the values of a map.
func (s *Selection) elements() *Selection {
	shape := s.shape.Element.Shape
	if s.all {
		return s.inherit(shape)
	}
	together := &Selection{shape: shape} // of a map each key may have a selection of its own
	if s.element != nil {
		together.add(s.element)
	}
	for _, below := range s.members {
		together.add(below)
	}
	return together
}

// below notes a member or a key, and returns its selection to be added to.
func (s *Selection) below(name string, shape *Shape) *Selection {
	if s.members == nil {
		s.members = map[string]*Selection{}
	}
	if s.members[name] == nil {
		s.members[name] = &Selection{shape: shape}
	}
	return s.members[name]
}

// each notes the elements of a list or the values of a map, and returns their selection to be added to.
func (s *Selection) each() *Selection {
	if s.element == nil {
		s.element = &Selection{shape: s.shape.Element.Shape}
	}
	return s.element
}

// inherit is the selection of all of something below. It is made as it is needed: a shape may hold itself.
func (s *Selection) inherit(shape *Shape) *Selection {
	return &Selection{shape: shape, all: true, secret: s.secret}
}

// add adds what another selection of the same shape keeps.
func (s *Selection) add(other *Selection) {
	s.all, s.counted = s.all || other.all, s.counted || other.counted
	for name, below := range other.members {
		s.below(name, below.shape).add(below)
	}
	if other.element != nil {
		s.each().add(other.element)
	}
}

// Prune keeps of an answer what the selection keeps.
func (s *Selection) Prune(answer map[string]any) map[string]any {
	kept, _ := s.prune(answer).(map[string]any)
	return kept
}

// prune keeps of a value what the selection keeps.
func (s *Selection) prune(value any) any {
	switch value := value.(type) {
	case map[string]any:
		if s.shape.Kind != Structure && s.shape.Kind != Map {
			return value // a document
		}
		kept := make(map[string]any, len(value))
		for name, v := range value {
			below := s.member(name)
			switch {
			case below != nil:
				kept[name] = below.prune(v)
			case s.shape.Kind == Map && (s.element != nil || s.all):
				kept[name] = s.elements().prune(v)
			case s.counted:
				kept[name] = nil
			}
		}
		return kept
	case []any:
		if s.shape.Kind != List {
			return value
		}
		kept := make([]any, len(value))
		for i, v := range value {
			kept[i] = s.elements().prune(v)
		}
		return kept
	}
	return value
}

// Members are the paths of what is kept, as they are written in expressions, sorted: "Buckets[].Name".
func (s *Selection) Members() []string {
	var paths []string
	s.walk("", func(path string) { paths = append(paths, path) })
	slices.Sort(paths)
	return slices.Compact(paths)
}

func (s *Selection) walk(path string, note func(string)) {
	switch {
	case s.all:
		note(strings.TrimPrefix(path+".*", "."))
	case s.element == nil && len(s.members) == 0:
		if path != "" {
			note(path)
		}
	}
	for name, below := range s.members {
		below.walk(strings.TrimPrefix(fmt.Sprintf("%s.%s", path, quoteName(name)), "."), note)
	}
	if s.element != nil && !s.all {
		suffix := "[]"
		if s.shape.Kind == Map {
			suffix = ".*"
		}
		s.element.walk(path+suffix, note)
	}
}

// quoteName writes a name as an expression does.
func quoteName(name string) string {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return fmt.Sprintf("%q", name)
		}
	}
	return name
}

// Hidden are the members that are left out of what is kept because they are sensitive, as STRUCTURE.MEMBER, sorted.
func (s *Selection) Hidden() []string {
	var hidden []string
	seen := map[*Shape]bool{}
	var visit func(*Selection)
	visit = func(s *Selection) {
		if s.all {
			if seen[s.shape] {
				return
			}
			seen[s.shape] = true
		}
		switch {
		case s.shape == nil:
		case s.all && s.shape.Kind == Structure:
			for _, m := range s.shape.Members {
				if m.Sensitive {
					hidden = append(hidden, s.shape.Name+"."+m.Name)
				} else {
					visit(s.inherit(m.Shape))
				}
			}
		case s.all && (s.shape.Kind == List || s.shape.Kind == Map):
			visit(s.elements())
		}
		for _, below := range s.members {
			visit(below)
		}
		if s.element != nil {
			visit(s.element)
		}
	}
	visit(s)
	slices.Sort(hidden)
	return slices.Compact(hidden)
}
