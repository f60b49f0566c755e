package api

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jmespath-community/go-jmespath/pkg/functions"
	"github.com/jmespath-community/go-jmespath/pkg/interpreter"
	"github.com/jmespath-community/go-jmespath/pkg/parsing"
)

// Search evaluates an expression, what follows --query in the AWS CLI, over a value.
func Search(expression string, value any) (result any, err error) {
	tree, err := parse(expression)
	if err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			result, err = nil, fmt.Errorf("the expression cannot be evaluated: %v", p)
		}
	}()
	return interpreter.NewInterpreter(value, caller(), nil).Execute(tree, value)
}

// search is Search for AWS's own expressions; nil where there is nothing.
func search(expression string, value any) any {
	result, err := Search(expression, value)
	if err != nil {
		return nil
	}
	return result
}

// standardFunctions are those of JMESPath as the AWS CLI has it. The library has more.
var standardFunctions = strings.Fields(`abs avg ceil contains ends_with floor join keys length map max max_by merge min
	min_by not_null reverse sort sort_by starts_with sum to_array to_number to_string type values`)

func caller() interpreter.FunctionCaller {
	known := functions.GetDefaultFunctions()
	known = slices.DeleteFunc(known, func(f functions.FunctionEntry) bool {
		return !slices.Contains(standardFunctions, f.Name)
	})
	return interpreter.NewFunctionCaller(known...)
}

// maxExpression is the longest expression that is read, in bytes: what nests deeper than people write would take the
// reader's memory.
const maxExpression = 4096

// parse reads an expression. What the library has beside the AWS CLI's JMESPath is refused.
func parse(expression string) (tree parsing.ASTNode, err error) {
	if len(expression) > maxExpression {
		return tree, fmt.Errorf("the expression is longer than %d bytes", maxExpression)
	}
	defer func() {
		if recover() != nil { // the library looks beyond the end of "a["
			err = fmt.Errorf("%q is not an expression", expression)
		}
	}()
	if tree, err = parsing.NewParser().Parse(expression); err != nil {
		return tree, fmt.Errorf("%q is not an expression: %w", expression, err)
	}
	if err := checkTree(tree); err != nil {
		return tree, err
	}
	return tree, checkSize(tree)
}

func checkTree(node parsing.ASTNode) error {
	switch node.NodeType {
	case parsing.ASTArithmeticExpression, parsing.ASTArithmeticUnaryExpression, parsing.ASTRootNode,
		parsing.ASTLetExpression, parsing.ASTVariable, parsing.ASTBindings, parsing.ASTBinding:
		return errors.New("the expression holds what the AWS CLI does not know")
	case parsing.ASTEmpty:
		return errors.New("the expression is not complete")
	case parsing.ASTFunctionExpression:
		if name, _ := node.Value.(string); !slices.Contains(standardFunctions, name) {
			return fmt.Errorf("there is no function %s()%s", name, near(name, standardFunctions))
		}
	default:
	}
	for _, child := range node.Children {
		if err := checkTree(child); err != nil {
			return err
		}
	}
	return nil
}

// A Use says what becomes of an expression's result.
type Use int

// The uses.
const (
	// Value: the result is looked at, and so it names every member that it holds.
	Value Use = iota
	// Presence: only whether the result is there counts.
	Presence
	// Shown: the result is shown, without what is sensitive of a structure that it holds.
	Shown
)

// Select returns what an expression names of the operation's answer. It is an error to name what is sensitive, what is
// not in an answer or not in the AWS CLI's, or, for Value, a structure without saying which of its members.
func (o *Operation) Select(expression string, use Use) (*Selection, error) {
	tree, err := parse(expression)
	if err != nil {
		return nil, err
	}
	if o.Output == nil {
		return nil, fmt.Errorf("%s answers nothing", o)
	}
	root := &Selection{shape: o.Output}
	r := &reacher{shown: use == Shown}
	result := r.reach(tree, value{at: []*Selection{root}})
	if use != Presence {
		r.use(result)
	}
	if r.err == nil {
		r.err = o.checkJoined(root)
	}
	return root, r.err
}

// checkJoined refuses members that the AWS CLI leaves out of a list that it has read page by page.
func (o *Operation) checkJoined(root *Selection) error {
	if o.Pages == nil {
		return nil
	}
	var there []string
	for _, path := range append(slices.Clone(o.Pages.Keys), o.Pages.Once...) {
		name, _, _ := strings.Cut(path, ".")
		there = append(there, name)
	}
	for name := range root.members {
		if !slices.Contains(there, name) {
			return fmt.Errorf("%s is not in the answer once its pages are joined, as the AWS CLI does: there are %s",
				name, strings.Join(there, ", "))
		}
	}
	return nil
}

// A value is what a part of an expression may be: places in the answer, or something made of them.
type value struct {
	at      []*Selection
	element *value           // of a list that the expression makes
	hash    map[string]value // of an object that the expression makes
	kinds   []Kind           // of the scalars that the expression makes
	literal any              // that stands in the expression; nil if it is not one
}

// made is a scalar that an expression makes.
func made(kind Kind) value { return value{kinds: []Kind{kind}} }

func union(values ...value) value {
	var all value
	for _, v := range values {
		all.at = append(all.at, v.at...)
		all.kinds = append(all.kinds, v.kinds...)
		if v.element != nil {
			if all.element != nil {
				both := union(*all.element, *v.element)
				all.element = &both
			} else {
				all.element = v.element
			}
		}
		for name, member := range v.hash {
			if all.hash == nil {
				all.hash = map[string]value{}
			}
			all.hash[name] = union(all.hash[name], member)
		}
	}
	return all
}

// A reacher follows an expression through the shape of an answer, and notes the places that it reaches.
type reacher struct {
	shown   bool // a structure in the result stands for all that is not sensitive of it
	trusted bool // the expression is AWS's own
	unknown []UnknownValue
	err     error
}

func (r *reacher) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf(format, args...)
	}
}

func (r *reacher) reach(node parsing.ASTNode, current value) value {
	child := func(i int) parsing.ASTNode { return node.Children[i] }
	switch node.NodeType {
	case parsing.ASTIdentity, parsing.ASTCurrentNode:
		return current
	case parsing.ASTField:
		return r.field(current, node.Value.(string))
	case parsing.ASTSubexpression, parsing.ASTPipe, parsing.ASTIndexExpression:
		return r.reach(child(1), r.reach(child(0), current))
	case parsing.ASTIndex:
		return r.elements(current)
	case parsing.ASTSlice:
		return current
	case parsing.ASTProjection:
		return listOf(r.reach(child(1), r.elements(r.reach(child(0), current))))
	case parsing.ASTFlatten:
		element := r.elements(r.reach(child(0), current))
		if r.isList(element) {
			element = r.elements(element)
		}
		return listOf(element)
	case parsing.ASTFilterProjection:
		element := r.elements(r.reach(child(0), current))
		r.reach(child(2), element) // whether it is there
		return listOf(r.reach(child(1), element))
	case parsing.ASTValueProjection:
		return listOf(r.reach(child(1), r.values(r.reach(child(0), current))))
	case parsing.ASTMultiSelectList:
		var all []value
		for _, c := range node.Children {
			all = append(all, r.reach(c, current))
		}
		return listOf(union(all...))
	case parsing.ASTMultiSelectHash:
		v := value{hash: map[string]value{}}
		for _, c := range node.Children {
			v.hash[c.Value.(string)] = r.reach(c, current)
		}
		return v
	case parsing.ASTKeyValPair:
		return r.reach(child(0), current)
	case parsing.ASTOrExpression, parsing.ASTAndExpression:
		left, right := r.reach(child(0), current), r.reach(child(1), current)
		return union(left, right)
	case parsing.ASTNotExpression:
		r.reach(child(0), current) // whether it is there
		return made(Boolean)
	case parsing.ASTLiteral:
		return literal(node.Value)
	case parsing.ASTComparator:
		left, right := r.reach(child(0), current), r.reach(child(1), current)
		r.compare(node, left, right)
		if !isNull(child(1)) {
			r.use(left)
		}
		if !isNull(child(0)) {
			r.use(right)
		}
		return made(Boolean)
	case parsing.ASTFunctionExpression:
		return r.function(node, current)
	default:
	}
	return value{} // a literal, or made of what was noted
}

func listOf(element value) value { return value{element: &element} }

func isNull(node parsing.ASTNode) bool {
	return node.NodeType == parsing.ASTLiteral && node.Value == nil
}

// field is a member of a structure, or what stands under a key.
func (r *reacher) field(v value, name string) value {
	result := v.hash[name]
	for _, at := range v.at {
		switch at.shape.Kind {
		case Structure:
			m := at.shape.Member(name)
			switch {
			case m == nil:
				names := make([]string, len(at.shape.Members))
				for i, m := range at.shape.Members {
					names[i] = m.Name
				}
				r.fail("%s has no member %s%s", at.shape.Name, name, near(name, names))
			case m.Sensitive && !r.trusted:
				r.fail("%s of %s is sensitive and cannot be named", name, at.shape.Name)
			default:
				result.at = append(result.at, at.below(name, m.Shape))
			}
		case Map:
			if at.shape.Element.Sensitive && !r.trusted {
				r.fail("what stands under %s is sensitive and cannot be named", name)
			}
			result.at = append(result.at, at.below(name, at.shape.Element.Shape))
		case Document, Policy: // kept whole
		default:
			r.fail("there is no %s in what is not an object", name)
		}
	}
	if len(v.at) == 0 && v.hash != nil {
		if _, ok := v.hash[name]; !ok {
			r.fail("there is no %s in the object that the expression makes", name)
		}
	}
	return result
}

func (r *reacher) isList(v value) bool {
	return v.element != nil || slices.ContainsFunc(v.at, func(at *Selection) bool { return at.shape.Kind == List })
}

// elements are those of a list.
func (r *reacher) elements(v value) value {
	var result value
	if v.element != nil {
		result = *v.element
	}
	for _, at := range v.at {
		switch at.shape.Kind {
		case List:
			if at.shape.Element.Sensitive && !r.trusted {
				r.fail("the elements of the list are sensitive and cannot be named")
			}
			result.at = append(result.at, at.each())
		case Document, Policy:
		default:
			r.fail("what is no list has no elements")
		}
	}
	return result
}

// values are those of an object whose members are not named.
func (r *reacher) values(v value) value {
	var result value
	for _, member := range v.hash {
		result = union(result, member)
	}
	for _, at := range v.at {
		switch at.shape.Kind {
		case Map:
			if at.shape.Element.Sensitive && !r.trusted {
				r.fail("the values are sensitive and cannot be named")
			}
			result.at = append(result.at, at.each())
		case Structure:
			r.fail("* stands for every member of %s: name those that are meant", at.shape.Name)
		default:
			r.fail("what is no object has no values")
		}
	}
	return result
}

// use notes that all of a value counts.
func (r *reacher) use(v value) {
	if v.element != nil {
		r.use(*v.element)
	}
	for _, member := range v.hash {
		r.use(member)
	}
	for _, at := range v.at {
		switch at.shape.Kind {
		case Structure, Map:
			switch {
			case r.shown:
				at.all = true
			case at.shape.Kind == Map:
				r.fail("a whole map counts here: name the keys that are meant")
			default:
				r.fail("all of %s counts here: name the members that are meant", at.shape.Name)
			}
		case List:
			r.use(r.elements(value{at: []*Selection{at}}))
		default:
		}
	}
}

// function notes what a function looks at, and returns what it may give.
func (r *reacher) function(node parsing.ASTNode, current value) value {
	name, _ := node.Value.(string)
	args := make([]value, len(node.Children))
	for i, c := range node.Children {
		if c.NodeType != parsing.ASTExpRef {
			args[i] = r.reach(c, current)
		}
	}
	// over follows the expression that is an argument through the elements of the list that is another.
	over := func(expression, list int) value {
		if len(args) != 2 || node.Children[expression].NodeType != parsing.ASTExpRef {
			r.fail("%s() takes a list and an expression that begins with &", name)
			return value{}
		}
		return r.reach(node.Children[expression].Children[0], r.elements(args[list]))
	}
	switch name {
	case "length", "type":
		for _, arg := range args {
			for _, at := range arg.at {
				at.counted = at.counted || at.shape.Kind == Map
			}
		}
		return made(functionKinds[name])
	case "not_null":
		return union(args...)
	case "to_array":
		if len(args) == 1 && !r.isList(args[0]) {
			return listOf(args[0])
		}
		return union(args...)
	case "reverse":
		return union(args...)
	case "sort":
		r.use(union(args...))
		return union(args...)
	case "max", "min":
		r.use(union(args...))
		return r.elements(union(args...))
	case "sort_by":
		r.use(over(1, 0))
		return union(args...)
	case "max_by", "min_by":
		r.use(over(1, 0))
		return r.elements(union(args...))
	case "map":
		return listOf(over(0, 1))
	case "values":
		return listOf(r.values(union(args...)))
	case "merge":
		for _, arg := range args {
			if len(arg.at) > 0 {
				r.use(arg)
			}
		}
		return union(args...)
	case "keys":
		for _, arg := range args {
			if len(arg.at) > 0 {
				r.use(value{at: arg.at})
			}
		}
		return listOf(made(Text))
	}
	for _, arg := range args {
		r.use(arg)
	}
	return made(functionKinds[name])
}

// functionKinds are what functions make.
var functionKinds = map[string]Kind{
	"abs": Double, "avg": Double, "ceil": Double, "floor": Double, "length": Integer, "sum": Double, "to_number": Double,
	"contains": Boolean, "ends_with": Boolean, "starts_with": Boolean,
	"join": Text, "to_string": Text, "type": Text,
}
