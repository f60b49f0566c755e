package api

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jmespath-community/go-jmespath/pkg/interpreter"
	"github.com/jmespath-community/go-jmespath/pkg/parsing"
)

// An Expression is what follows --query in the AWS CLI, read once.
type Expression struct {
	Text string
	tree parsing.ASTNode
}

// ReadExpression reads an expression. What the AWS CLI does not know, and what could take for ever, is an error.
func ReadExpression(text string) (*Expression, error) {
	tree, err := parse(text)
	if err != nil {
		return nil, err
	}
	return &Expression{text, tree}, nil
}

// maxParts is how many parts an expression may have, and maxGrowth how many times a part of an answer may come up in
// what it gives. Without these, "[@,@][]|[@,@][]|…" would double with every step.
const (
	maxParts  = 256
	maxGrowth = 64
)

func checkSize(tree parsing.ASTNode) error {
	switch {
	case parts(tree) > maxParts:
		return fmt.Errorf("the expression has more than %d parts", maxParts)
	case growth(tree) > maxGrowth:
		return fmt.Errorf("the expression repeats what it is given more than %d times", maxGrowth)
	}
	return nil
}

func parts(node parsing.ASTNode) int {
	n := 1
	for _, child := range node.Children {
		n += parts(child)
	}
	return n
}

// growth is how many times, at most, what an expression is given comes up in what it gives.
func growth(node parsing.ASTNode) int {
	sum, product, most := 0, 1, 1
	for _, child := range node.Children {
		g := growth(child)
		sum, product, most = min(sum+g, maxGrowth+1), min(product*g, maxGrowth+1), max(most, g)
	}
	switch node.NodeType {
	case parsing.ASTMultiSelectList, parsing.ASTMultiSelectHash, parsing.ASTFunctionExpression:
		return max(sum, most)
	case parsing.ASTOrExpression, parsing.ASTAndExpression, parsing.ASTComparator, parsing.ASTNotExpression:
		return most
	default:
		return product
	}
}

// Evaluate is what a check sees of a value: like Search, but that a function which is given null, or which fails, makes
// the whole of it null, wherever it stands in the expression.
func (e *Expression) Evaluate(value any) any { return evaluate(e.tree, value) }

func evaluate(tree parsing.ASTNode, value any) (result any) {
	functions := &strictCaller{FunctionCaller: caller()}
	defer func() {
		if recover() != nil || functions.failed {
			result = nil
		}
	}()
	result, err := interpreter.NewInterpreter(value, functions, nil).Execute(tree, value)
	if err != nil {
		return nil
	}
	return result
}

// A strictCaller notes that a function was given null or failed: the interpreter lets some of that pass.
type strictCaller struct {
	interpreter.FunctionCaller
	failed bool
}

// takesAnything are the functions that look at what is in a list and not at what it holds: where only the number of
// elements is kept, these are null.
var takesAnything = []string{
	"keys", "length", "map", "max_by", "merge", "min_by", "reverse", "sort_by", "to_array", "values",
}

func (c *strictCaller) CallFunction(name string, args []any) (any, error) {
	for _, arg := range args {
		if name != "not_null" && (arg == nil || !slices.Contains(takesAnything, name) && HoldsNull(arg)) {
			c.failed = true
			return nil, errors.New("an argument is null")
		}
	}
	result, err := c.FunctionCaller.CallFunction(name, args)
	if err != nil {
		c.failed = true
	}
	return result, err
}

// HoldsNull says whether a value is null, or null is anywhere inside it.
func HoldsNull(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case []any:
		return slices.ContainsFunc(value, HoldsNull)
	case map[string]any:
		for _, v := range value {
			if HoldsNull(v) {
				return true
			}
		}
	}
	return false
}

// OnlyLastIsMissing says, of an expression that gives null for a value, whether what its last members belong to is
// there: null then means that AWS left out just these.
func (e *Expression) OnlyLastIsMissing(value any) bool {
	if value == nil {
		return false
	}
	for _, parent := range parents(e.tree) {
		if evaluate(parent, value) == nil {
			return false
		}
	}
	return true
}

// parents are the expressions of what the last members that an expression names belong to. An expression without a name
// has none.
func parents(node parsing.ASTNode) []parsing.ASTNode {
	switch node.NodeType {
	case parsing.ASTField:
		return []parsing.ASTNode{{NodeType: parsing.ASTCurrentNode}}
	case parsing.ASTSubexpression, parsing.ASTPipe, parsing.ASTIndexExpression:
		last := parents(node.Children[1])
		if len(last) == 0 {
			return parents(node.Children[0])
		}
		for i, parent := range last {
			if parent.NodeType == parsing.ASTCurrentNode {
				last[i] = node.Children[0]
			} else {
				last[i] = parsing.ASTNode{NodeType: node.NodeType, Children: []parsing.ASTNode{node.Children[0], parent}}
			}
		}
		return last
	case parsing.ASTProjection, parsing.ASTFlatten, parsing.ASTFilterProjection, parsing.ASTValueProjection:
		return parents(node.Children[0]) // what follows it gives a list, be it empty
	case parsing.ASTExpRef:
		return nil
	default:
	}
	var all []parsing.ASTNode
	for _, child := range node.Children {
		all = append(all, parents(child)...)
	}
	return all
}

// Last are the members whose absence alone makes an expression null or its list empty while what they belong to is
// there, as paths like those of Selection.Members.
func (e *Expression) Last() []string { return last(e.tree, "") }

// Path is the path of what an expression leads to, as far as it is made of names and lists, like those of
// Selection.Members: "Reservations[].Instances" of "Reservations[].Instances[]".
func (e *Expression) Path() string { return pathTo(e.tree, "") }

// last are the last members of an expression that begins at a path.
func last(node parsing.ASTNode, at string) []string {
	switch node.NodeType {
	case parsing.ASTField:
		return []string{pathTo(node, at)}
	case parsing.ASTSubexpression, parsing.ASTPipe, parsing.ASTIndexExpression:
		if found := last(node.Children[1], pathTo(node.Children[0], at)); len(found) > 0 {
			return found
		}
		return last(node.Children[0], at)
	case parsing.ASTProjection, parsing.ASTFlatten, parsing.ASTFilterProjection, parsing.ASTValueProjection:
		return last(node.Children[0], at)
	case parsing.ASTExpRef:
		return nil
	default:
	}
	var all []string
	for _, child := range node.Children {
		all = append(all, last(child, at)...)
	}
	return all
}

// pathTo is the path of what an expression leads to, as far as it is made of names and lists.
func pathTo(node parsing.ASTNode, at string) string {
	switch node.NodeType {
	case parsing.ASTField:
		name := quoteName(node.Value.(string))
		if at == "" {
			return name
		}
		return at + "." + name
	case parsing.ASTSubexpression, parsing.ASTPipe, parsing.ASTIndexExpression:
		return pathTo(node.Children[1], pathTo(node.Children[0], at))
	case parsing.ASTProjection, parsing.ASTFilterProjection:
		return pathTo(node.Children[1], strings.TrimSuffix(pathTo(node.Children[0], at), "[]")+"[]")
	case parsing.ASTFlatten:
		return pathTo(node.Children[0], at)
	case parsing.ASTIndex:
		return strings.TrimSuffix(at, "[]") + "[]"
	default:
		return at
	}
}
