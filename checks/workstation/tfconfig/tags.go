package tfconfig

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// An AWS is one configuration of the provider for AWS.
type AWS struct {
	// Alias is its second name; "" for the default configuration.
	Alias string `json:"alias,omitempty"`
	Where string `json:"where"`
	// Block says that it has a block default_tags, Attribute that it has an argument of that name.
	Block     bool `json:"block,omitempty"`
	Attribute bool `json:"attribute,omitempty"`
	// Keys are the keys of the tags that are known. Open says that there may be more.
	Keys []string `json:"keys,omitempty"`
	Open bool     `json:"open,omitempty"`
}

// aws reads the provider blocks for AWS, override files laid over them.
func (m *module) aws(needs []Provider) []AWS {
	names := []string{"aws"}
	for _, p := range needs {
		if p.Address == Registry+"hashicorp/aws" {
			names = append(names, p.Name)
		}
	}
	var list []AWS
	scope := m.scope()
	for _, b := range append(m.of("provider"), m.overrides("provider")...) {
		if !slices.Contains(names, b.Labels[0]) {
			continue
		}
		a := AWS{Alias: clipped(literal(b.Body, "alias")), Where: b.file}
		a.read(b, scope)
		i := slices.IndexFunc(list, func(other AWS) bool { return other.Alias == a.Alias })
		switch {
		case i < 0:
			list = append(list, a)
		case a.Block:
			list[i] = a
		}
	}
	return list
}

// read finds the tags of one provider block.
func (a *AWS) read(b block, scope *hcl.EvalContext) {
	content, _, _ := b.Body.PartialContent(&hcl.BodySchema{
		Blocks: []hcl.BlockHeaderSchema{{Type: "default_tags"}},
	})
	if len(content.Blocks) == 0 {
		// a schema cannot ask for a block and an argument of one name
		a.Attribute = attribute(b.Body, "default_tags") != nil
		return
	}
	a.Block = true
	for _, block := range content.Blocks {
		tags := attribute(block.Body, "tags")
		if tags == nil {
			continue
		}
		keys, open := keysOf(tags.Expr, scope)
		a.Keys, a.Open = append(a.Keys, keys...), a.Open || open
	}
	slices.Sort(a.Keys)
	a.Keys = slices.Compact(a.Keys)
}

// keysOf are the keys of a map that are known, and whether there may be others.
func keysOf(e hcl.Expression, scope *hcl.EvalContext) (keys []string, open bool) {
	value, diagnostics := e.Value(scope)
	value, _ = value.UnmarkDeep()
	switch {
	case diagnostics.HasErrors(), !value.IsKnown():
		return literalKeys(e), true
	case value.IsNull():
		return nil, false
	case value.Type().IsObjectType(), value.Type().IsMapType():
		for it := value.ElementIterator(); it.Next(); {
			key, tag := it.Element()
			if !key.IsKnown() {
				return keys, true
			}
			if tag.IsNull() {
				continue // no tag at all
			}
			keys = append(keys, clipped(key.AsString()))
		}
	}
	return keys, false
}

// literalKeys are the keys that are written out in an expression whose value is not known: those of merge(var.x, {…}).
func literalKeys(e hcl.Expression) []string {
	call, diagnostics := hcl.ExprCall(e)
	if diagnostics.HasErrors() || call.Name != "merge" && call.Name != "tomap" {
		pairs, diagnostics := hcl.ExprMap(e)
		if diagnostics.HasErrors() {
			return nil
		}
		var keys []string
		for _, pair := range pairs {
			if value, diagnostics := pair.Key.Value(nil); !diagnostics.HasErrors() {
				if text, ok := textOf(value); ok {
					keys = append(keys, clipped(text))
				}
			}
		}
		return keys
	}
	var keys []string
	for _, argument := range call.Arguments {
		keys = append(keys, literalKeys(argument)...)
	}
	return keys
}

// scope is what is known of variables and locals without Terraform: defaults, and what is made of them.
func (m *module) scope() *hcl.EvalContext {
	variables, locals := map[string]cty.Value{}, map[string]hcl.Expression{}
	for _, b := range append(m.of("variable"), m.overrides("variable")...) {
		variables[b.Labels[0]] = cty.DynamicVal // a default is what nobody else says
		if a := attribute(b.Body, "default"); a != nil {
			if value, diagnostics := a.Expr.Value(nil); !diagnostics.HasErrors() {
				variables[b.Labels[0]] = value
			}
		}
	}
	for _, b := range append(m.of("locals"), m.overrides("locals")...) {
		attributes, _ := b.Body.JustAttributes()
		for name, a := range attributes {
			locals[name] = a.Expr
		}
	}
	known := map[string]cty.Value{}
	for name := range locals {
		known[name] = cty.DynamicVal
	}
	context := func() *hcl.EvalContext {
		return &hcl.EvalContext{Functions: functions(), Variables: map[string]cty.Value{
			"var": cty.ObjectVal(variables), "local": cty.ObjectVal(known),
			"path": cty.DynamicVal, "terraform": cty.DynamicVal, "data": cty.DynamicVal, "module": cty.DynamicVal,
		}}
	}
	for range min(len(locals), maxDepth) { // those that use others become known one after the other
		changed := false
		c := context()
		for name, e := range locals {
			value, diagnostics := e.Value(c)
			if diagnostics.HasErrors() || value.RawEquals(known[name]) {
				continue
			}
			known[name], changed = value, true
		}
		if !changed {
			break
		}
	}
	return context()
}

// functions are the functions of Terraform of which maps of tags are made.
func functions() map[string]function.Function {
	return map[string]function.Function{
		"merge": stdlib.MergeFunc, "tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),
		"tostring": stdlib.MakeToFunc(cty.String), "lower": stdlib.LowerFunc, "upper": stdlib.UpperFunc,
		"title": stdlib.TitleFunc, "format": stdlib.FormatFunc, "join": stdlib.JoinFunc, "replace": stdlib.ReplaceFunc,
		"concat": stdlib.ConcatFunc, "lookup": stdlib.LookupFunc, "coalesce": stdlib.CoalesceFunc,
		"keys": stdlib.KeysFunc, "values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,
		"try": tryfunc.TryFunc, "can": tryfunc.CanFunc, "jsondecode": stdlib.JSONDecodeFunc,
		"trimspace": stdlib.TrimSpaceFunc, "substr": stdlib.SubstrFunc, "split": stdlib.SplitFunc,
	}
}

// taggedResources says whether a resource of AWS has tags of its own.
func (m *module) taggedResources() bool {
	return slices.ContainsFunc(m.of("resource"), func(b block) bool {
		return strings.HasPrefix(b.Labels[0], "aws_") && attribute(b.Body, "tags") != nil
	})
}
