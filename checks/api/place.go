package api

import (
	"fmt"
	"slices"

	"github.com/jmespath-community/go-jmespath/pkg/parsing"
)

// A Place is a part of an answer, or something made of parts: what an expression begins at, and what it leads to.
// Following expressions from the place of a whole answer notes in its Selection what they name.
type Place struct{ value value }

// Answer is the place of a whole answer of the operation, of which nothing is kept yet.
func (o *Operation) Answer() Place {
	shape := o.Output
	if shape == nil {
		shape = &Shape{Kind: Structure, Name: "the answer of " + o.Name}
	}
	return Place{value{at: []*Selection{{shape: shape}}}}
}

// Selection is what is kept of a whole answer.
func (p Place) Selection() *Selection { return p.value.at[0] }

// Add keeps what another selection of an answer of the same operation keeps.
func (s *Selection) Add(other *Selection) { s.add(other) }

// Together is the place of an object with a part under each name.
func Together(parts map[string]Place) Place {
	v := value{hash: map[string]value{}}
	for name, part := range parts {
		v.hash[name] = part.value
	}
	return Place{v}
}

// An UnknownValue is a literal that is compared with an enumeration and is none of its values.
type UnknownValue struct {
	Value string
	Near  string // "; did you mean …?", or ""
}

// Follow returns where an expression leads from here. What is sensitive, what is not there, and kinds that never go
// together are errors. Unknown are literals that AWS's models do not know; AWS may have added them since.
func (p Place) Follow(e *Expression, use Use) (to Place, unknown []UnknownValue, err error) {
	r := &reacher{}
	result := r.reach(e.tree, p.value)
	if use != Presence {
		r.use(result)
	}
	return Place{result}, r.unknown, r.err
}

// Whole refuses to name members of an answer that are not there once its pages are joined.
func (o *Operation) Whole(answer Place) error { return o.checkJoined(answer.Selection()) }

// Element is the place of the elements of a list; false for what is none.
func (p Place) Element() (Place, bool) {
	r := &reacher{}
	if !r.isList(p.value) {
		return Place{}, false
	}
	return Place{r.elements(p.value)}, r.err == nil
}

// A Type is what is known of the values at a place.
type Type struct {
	// Kinds are what they may be, sorted; none where it is not known.
	Kinds []Kind
	// Values are those of an enumeration; nil for anything else.
	Values []string
	// Element is the type of the elements of a list.
	Element *Type
}

// Type says what the values at a place are.
func (p Place) Type() Type { return typeOf(p.value) }

func typeOf(v value) Type {
	var t Type
	t.Kinds = append(t.Kinds, v.kinds...)
	enums := len(v.kinds) == 0 && v.element == nil && v.hash == nil
	var element *value
	if v.element != nil {
		element = v.element
		t.Kinds = append(t.Kinds, List)
	}
	if v.hash != nil {
		t.Kinds = append(t.Kinds, Structure)
	}
	for _, at := range v.at {
		t.Kinds = append(t.Kinds, at.shape.Kind)
		if enums = enums && at.shape.Kind == Enum; enums {
			t.Values = append(t.Values, at.shape.Values()...)
		}
		if at.shape.Kind == List {
			below := value{at: []*Selection{{shape: at.shape.Element.Shape}}} // nothing is named by asking for its type
			if element != nil {
				below = union(*element, below)
			}
			element = &below
		}
	}
	if element != nil {
		below := typeOf(*element)
		t.Element = &below
	}
	slices.Sort(t.Kinds)
	t.Kinds = slices.Compact(t.Kinds)
	if !enums {
		t.Values = nil
	}
	if slices.Contains(t.Kinds, Document) || slices.Contains(t.Kinds, Policy) {
		return Type{}
	}
	return t
}

// A Class is what values can be compared with one another.
type Class string

// The classes.
const (
	Unclear Class = ""
	Words   Class = "text"
	Number  Class = "a number"
	YesNo   Class = "true or false"
	Many    Class = "a list"
	Object  Class = "an object"
)

// Class is the class of the values of a type; Unclear where there are several, or none is known.
func (t Type) Class() Class {
	var class Class
	for _, kind := range t.Kinds {
		c := classOf(kind)
		if class != Unclear && c != class {
			return Unclear
		}
		class = c
	}
	return class
}

func classOf(kind Kind) Class {
	switch kind {
	case Enum, Text, Timestamp, Blob:
		return Words
	case Integer, Long, Float, Double:
		return Number
	case Boolean:
		return YesNo
	case List:
		return Many
	case Structure, Map:
		return Object
	case Document, Policy:
	}
	return Unclear
}

// literal is the value of a literal.
func literal(of any) value {
	v := value{literal: of}
	switch of.(type) {
	case string:
		v.kinds = []Kind{Text}
	case float64:
		v.kinds = []Kind{Double}
	case bool:
		v.kinds = []Kind{Boolean}
	}
	return v
}

// compare refuses to compare what is never equal, and to put in order what is no number.
func (r *reacher) compare(node parsing.ASTNode, left, right value) {
	a, b := typeOf(left), typeOf(right)
	switch node.Value {
	case parsing.TOKEQ, parsing.TOKNE:
	default:
		for _, side := range []Type{a, b} {
			if class := side.Class(); class != Number && class != Unclear {
				r.fail("only numbers can be put in order, and one side is %s", class)
			}
		}
		return
	}
	if ca, cb := a.Class(), b.Class(); ca != Unclear && cb != Unclear && ca != cb {
		r.fail("%s is compared with %s, and they are never equal", ca, cb)
	}
	r.checkValue(left.literal, b)
	r.checkValue(right.literal, a)
}

func (r *reacher) checkValue(literal any, with Type) {
	if u, ok := with.Unknown(literal); ok {
		r.unknown = append(r.unknown, u)
	}
}

// Unknown says whether a literal is none of the values of an enumeration.
func (t Type) Unknown(literal any) (UnknownValue, bool) {
	text, ok := literal.(string)
	if !ok || t.Values == nil || slices.Contains(t.Values, text) {
		return UnknownValue{}, false
	}
	return UnknownValue{text, near(text, t.Values)}, true
}

func (u UnknownValue) String() string {
	return fmt.Sprintf("%q is not one of AWS's values%s", u.Value, u.Near)
}
