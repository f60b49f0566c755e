package tfconfig

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// judge fills in what is known of the module, and what Terraform would say of it.
func (r *reader) judge(m *module, f *Folder) {
	f.Invalid = append(f.Invalid, m.problems...)
	f.Versions = m.versions()
	for _, c := range f.Versions {
		if c.Bad != "" {
			c.What = "required_version " + c.Bad
			f.Invalid = append(f.Invalid, c.Problem)
		}
	}
	var problems []Problem
	f.Needs, problems = m.needs()
	f.Invalid = append(f.Invalid, problems...)
	r.backend(m, &f.Backend)
	f.Invalid = append(f.Invalid, m.twoBackends()...)
	f.AWS, f.TaggedResources = m.aws(f.Needs), m.taggedResources()
	lock, err := r.lock(m.dir)
	if err != nil {
		lock.Bad = "is too large"
	}
	f.Lock = lock

	modules := r.modules(m, f)
	for _, p := range f.Needs {
		if !r.installed(m.dir, p) {
			f.Open = append(f.Open, "the provider "+p.Name)
		}
	}
	v := &validator{module: m, names: m.declared()}
	v.all()
	f.Invalid, f.Unsure = append(f.Invalid, v.problems...), v.unsure
	r.children(modules, f, 0)
}

// twoBackends are blocks of a backend of which Terraform takes one.
func (m *module) twoBackends() []Problem {
	backends, clouds := inTerraform(m.blocks, "backend", "type"), inTerraform(m.blocks, "cloud")
	switch {
	case len(backends) > 1:
		return []Problem{backends[1].at("a second backend; Terraform takes one")}
	case len(clouds) > 1:
		return []Problem{clouds[1].at("a second cloud block; Terraform takes one")}
	case len(backends)+len(clouds) > 1:
		return []Problem{clouds[0].at("a cloud block beside a backend; Terraform takes one of the two")}
	}
	return nil
}

// A child is a module that is installed, in a folder of its own.
type child struct {
	call   block
	folder string
}

// modules finds the modules that are called and installed. What is not installed stays open.
func (r *reader) modules(m *module, f *Folder) []child {
	var manifest struct {
		Modules []struct{ Key, Source, Dir string }
	}
	data, err := r.read(path.Join(m.dir, ".terraform", "modules", "modules.json"))
	if err == nil && data != nil && json.Unmarshal(data, &manifest) != nil {
		r.skip(".terraform/modules/modules.json is not what terraform init writes")
	}
	var children []child
	for _, b := range m.of("module") {
		source, folder := literal(b.Body, "source"), ""
		for _, installed := range manifest.Modules {
			if installed.Key == b.Labels[0] && (installed.Source == source || !isLocal(source)) {
				folder = path.Join(m.dir, installed.Dir)
			}
		}
		if folder == "" && source != "" {
			f.Open = append(f.Open, "the module "+clipped(b.Labels[0]))
		}
		if isLocal(source) { // its folder is there before it is installed
			children = append(children, child{b, path.Join(m.dir, source)})
		}
	}
	return children
}

// children looks into the modules whose folders are within reach.
func (r *reader) children(list []child, f *Folder, depth int) {
	for _, c := range list {
		if strings.HasPrefix(c.folder, "..") {
			r.skip("the module %s is outside of the folder that is looked at", clipped(c.call.Labels[0]))
			continue
		}
		m, err := r.module(c.folder)
		if err != nil {
			r.skip("%v", err)
			return
		}
		if len(m.files) == 0 {
			f.Invalid = append(
				f.Invalid,
				c.call.at("the folder of the module "+clipped(c.call.Labels[0])+" has no configuration"),
			)
			continue
		}
		v := &validator{module: m, names: m.declared()}
		v.all()
		for _, p := range slices.Concat(m.problems, v.problems) {
			p.File = path.Join(c.folder, p.File)
			f.Invalid = append(f.Invalid, p)
		}
		f.Unsure = append(f.Unsure, v.unsure...)
		f.Invalid = append(f.Invalid, arguments(c.call, m)...)
		if depth < maxDepth {
			var below []child
			for _, b := range m.of("module") {
				if source := literal(b.Body, "source"); isLocal(source) {
					below = append(below, child{b, path.Join(c.folder, source)})
				}
			}
			r.children(below, f, depth+1)
		}
	}
}

// arguments holds a call to the variables of its module.
func arguments(call block, m *module) []Problem {
	given, _ := call.Body.JustAttributes()
	var problems []Problem
	for name, a := range given {
		meta := slices.Contains(
			[]string{"source", "version", "providers", "count", "for_each", "depends_on", "//"},
			name,
		)
		if !meta && !slices.ContainsFunc(m.of("variable"), func(b block) bool { return b.Labels[0] == name }) {
			problems = append(problems, Problem{
				call.file,
				a.Range.Start.Line,
				"the module " + clipped(call.Labels[0]) + " has no variable " + clipped(name),
			})
		}
	}
	for _, b := range m.of("variable") {
		if given[b.Labels[0]] == nil && attribute(b.Body, "default") == nil {
			problems = append(problems, call.at(
				"the module "+clipped(call.Labels[0])+" needs a value for the variable "+clipped(b.Labels[0])))
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.What, b.What) })
	return problems
}

// declared are the names that references can mean: "var.x", "local.x", "module.x", "data.TYPE.NAME", "TYPE.NAME".
func (m *module) declared() map[string]bool {
	names := map[string]bool{}
	all := append(slices.Clone(m.blocks), m.override...)
	for _, b := range all {
		switch b.Type {
		case "variable":
			names["var."+b.Labels[0]] = true
		case "module":
			names["module."+b.Labels[0]] = true
		case "resource":
			names[b.Labels[0]+"."+b.Labels[1]] = true
		case "data", "ephemeral":
			names[b.Type+"."+b.Labels[0]+"."+b.Labels[1]] = true
		case "locals":
			attributes, _ := b.Body.JustAttributes()
			for name := range attributes {
				names["local."+name] = true
			}
		case "check":
			content, _, _ := b.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
				{Type: "data", LabelNames: []string{"type", "name"}},
			}})
			for _, inner := range content.Blocks {
				names["data."+inner.Labels[0]+"."+inner.Labels[1]] = true
			}
		}
	}
	return names
}

// A validator says what Terraform refuses in one module.
type validator struct {
	module   *module
	names    map[string]bool
	problems []Problem
	unsure   []Problem
}

func (v *validator) add(p Problem) { v.problems = append(v.problems, p) }

func (v *validator) all() {
	v.twice()
	for _, b := range append(slices.Clone(v.module.blocks), v.module.override...) {
		switch b.Type {
		case "terraform", "moved", "removed", "import": // addresses, and what init reads
		case "variable":
			v.variable(b)
		default:
			v.shape(b)
			v.body(b, b.Body, place{})
		}
	}
}

// twice finds what is declared twice. An override file changes what another file declares.
func (v *validator) twice() {
	first := map[string]block{}
	for _, b := range v.module.blocks {
		key := strings.Join(append([]string{b.Type}, b.Labels...), " ")
		switch b.Type {
		case "resource", "data", "ephemeral", "variable", "output", "module", "check":
		case "provider":
			key += " " + literal(b.Body, "alias")
		case "locals":
			v.localsTwice(b, first)
			continue
		default:
			continue
		}
		if other, known := first[key]; known {
			v.add(b.at(clipped(strings.TrimSpace(key)) + " is there twice; the first is in " + other.file))
			continue
		}
		first[key] = b
	}
	for _, b := range v.module.override {
		switch b.Type {
		case "resource", "data", "variable", "output", "module":
			if _, known := first[strings.Join(append([]string{b.Type}, b.Labels...), " ")]; !known {
				v.add(
					b.at(
						"overrides " + b.Type + " " + clipped(
							strings.Join(b.Labels, "."),
						) + ", which no other file has",
					),
				)
			}
		}
	}
}

func (v *validator) localsTwice(b block, first map[string]block) {
	attributes, _ := b.Body.JustAttributes()
	for name, a := range attributes {
		if other, known := first["local "+name]; known {
			v.add(
				Problem{
					b.file,
					a.Range.Start.Line,
					"local." + clipped(name) + " is there twice; the first is in " + other.file,
				},
			)
		}
		first["local "+name] = b
	}
}

// variable looks at a variable: its default is a value, and its type a type.
func (v *validator) variable(b block) {
	content, _, diagnostics := b.Body.PartialContent(&hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "type"}, {Name: "default"}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "validation"}},
	})
	if diagnostics.HasErrors() {
		return
	}
	attributes, _ := b.Body.JustAttributes()
	known := []string{
		"type",
		"default",
		"description",
		"sensitive",
		"nullable",
		"ephemeral",
		"deprecated",
		"const",
		"//",
	}
	for name, a := range attributes {
		if !slices.Contains(known, name) {
			v.add(Problem{b.file, a.Range.Start.Line, "a variable has no argument " + clipped(name)})
		}
	}
	if slices.Contains([]string{
		"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals",
	}, b.Labels[0]) {
		v.add(b.at("no variable can be called " + b.Labels[0]))
	}
	if a := content.Attributes["default"]; a != nil {
		if _, diagnostics := a.Expr.Value(nil); diagnostics.HasErrors() {
			v.add(Problem{b.file, a.Range.Start.Line, "the default of a variable is not written out"})
		}
	}
	if a := content.Attributes["type"]; a != nil {
		v.variableType(b, a)
	}
	for _, block := range content.Blocks {
		v.body(b, block.Body, place{})
	}
}

func (v *validator) variableType(b block, a *hcl.Attribute) {
	if _, native := a.Expr.(*hclsyntax.TemplateExpr); native {
		v.add(Problem{b.file, a.Range.Start.Line, "the type of a variable stands in quotes, as before Terraform 0.12"})
		return
	}
	if word := hcl.ExprAsKeyword(a.Expr); word == "list" || word == "map" || word == "set" {
		return // of any
	}
	if _, _, diagnostics := typeexpr.TypeConstraintWithDefaults(a.Expr); diagnostics.HasErrors() {
		v.add(Problem{b.file, a.Range.Start.Line, "the type of the variable " + clipped(b.Labels[0]) + " is none"})
	}
}

// shape looks at what a block must have or cannot have, as far as that needs no provider.
func (v *validator) shape(b block) {
	has := func(name string) bool { return attribute(b.Body, name) != nil }
	switch b.Type {
	case "output":
		if !has("value") && !isOverride(b.file) {
			v.add(b.at("the output " + clipped(b.Labels[0]) + " has no value"))
		}
	case "module":
		if !has("source") && !isOverride(b.file) {
			v.add(b.at("the module " + clipped(b.Labels[0]) + " has no source"))
		}
	}
	switch b.Type {
	case "resource", "data", "module", "ephemeral":
		if has("count") && has("for_each") {
			v.add(b.at("count and for_each stand side by side; Terraform takes one"))
		}
	}
	if b.Type == "resource" && b.Labels[0] == "terraform_data" {
		attributes, _ := b.Body.JustAttributes()
		for name, a := range attributes {
			if !slices.Contains(dataArguments, name) {
				v.add(Problem{b.file, a.Range.Start.Line, "terraform_data has no argument " + clipped(name)})
			}
		}
		if native, ok := b.Body.(*hclsyntax.Body); ok {
			for _, inner := range native.Blocks {
				if !slices.Contains(dataBlocks, inner.Type) {
					v.add(
						Problem{
							b.file,
							inner.DefRange().Start.Line,
							"terraform_data has no block " + clipped(inner.Type),
						},
					)
				}
			}
		}
	}
}

// dataArguments are those of terraform_data, which is built in, dataBlocks its blocks, and dataResults what it can be
// asked for.
var (
	dataArguments = []string{
		"input", "triggers_replace", "count", "for_each", "depends_on", "provider", "lifecycle", "//",
		"provisioner", "connection",
	}
	dataBlocks  = []string{"lifecycle", "provisioner", "connection"}
	dataResults = []string{"id", "input", "output", "triggers_replace"}
)

// A place is where an expression stands.
type place struct {
	iterators []string // the names of dynamic blocks around it
	self      bool     // in a provisioner, a connection or a condition
}

// body looks at every expression of a body.
func (v *validator) body(b block, body hcl.Body, at place) {
	native, isNative := body.(*hclsyntax.Body)
	if !isNative {
		attributes, _ := body.JustAttributes()
		for name, a := range attributes {
			if !isAddress(b.Type, name) {
				v.expression(b, a.Expr, place{iterators: at.iterators, self: true})
			}
		}
		return
	}
	for name, a := range native.Attributes {
		if !isAddress(b.Type, name) {
			v.expression(b, a.Expr, at)
		}
	}
	for _, inner := range native.Blocks {
		deeper := at
		switch inner.Type {
		case "lifecycle":
			v.lifecycle(b, inner)
			continue
		case "provisioner", "connection", "precondition", "postcondition":
			deeper.self = true
		case "dynamic":
			name := ""
			if len(inner.Labels) > 0 {
				name = inner.Labels[0]
			}
			if a := inner.Body.Attributes["iterator"]; a != nil {
				name = hcl.ExprAsKeyword(a.Expr)
				delete(inner.Body.Attributes, "iterator")
			}
			deeper.iterators = append(slices.Clone(at.iterators), name)
		}
		v.body(b, inner.Body, deeper)
	}
}

// isAddress says whether an argument holds names that are no references to a value.
func isAddress(kind, name string) bool {
	switch name {
	case "provider":
		return kind == "resource" || kind == "data" || kind == "ephemeral"
	case "providers":
		return kind == "module"
	case "//":
		return true
	default:
		return false
	}
}

// lifecycle looks at the conditions of a lifecycle block; the names in ignore_changes are its own.
func (v *validator) lifecycle(b block, lifecycle *hclsyntax.Block) {
	if a := lifecycle.Body.Attributes["replace_triggered_by"]; a != nil {
		v.expression(b, a.Expr, place{self: true})
	}
	for _, inner := range lifecycle.Body.Blocks {
		v.body(b, inner.Body, place{self: true})
	}
}

// expression looks at what an expression refers to and calls.
func (v *validator) expression(b block, e hcl.Expression, at place) {
	for _, reference := range e.Variables() {
		v.reference(b, reference, at)
	}
	native, ok := e.(hclsyntax.Expression)
	if !ok {
		return
	}
	// the error of a visit is the visitor's own, and this one has none
	_ = hclsyntax.VisitAll(native, func(node hclsyntax.Node) hcl.Diagnostics {
		if call, ok := node.(*hclsyntax.FunctionCallExpr); ok {
			v.call(b, call)
		}
		return nil
	})
}

func (v *validator) call(b block, call *hclsyntax.FunctionCallExpr) {
	name := strings.TrimPrefix(call.Name, "core::")
	if strings.HasPrefix(name, "provider::") || slices.Contains(terraformFunctions, name) {
		return
	}
	p := Problem{b.file, call.NameRange.Start.Line, "there is no function " + clipped(name)}
	if newer := newerFunction(name); newer {
		v.unsure = append(v.unsure, p)
		return
	}
	v.add(p)
}

// reference looks at one reference.
func (v *validator) reference(b block, t hcl.Traversal, at place) {
	root, line := t.RootName(), t.SourceRange().Start.Line
	part := func(i int) string {
		if i >= len(t) {
			return ""
		}
		if step, ok := t[i].(hcl.TraverseAttr); ok {
			return step.Name
		}
		return ""
	}
	missing := func(what string) { v.add(Problem{b.file, line, what}) }
	undeclared := func(name string) {
		if !v.names[name] {
			missing(clipped(name) + " is nowhere declared")
		}
	}
	switch root {
	case "var", "local", "module":
		if part(1) == "" {
			missing(root + " alone is no reference")
			return
		}
		undeclared(root + "." + part(1))
	case "data", "ephemeral":
		if part(2) == "" {
			missing(root + " needs a type and a name")
			return
		}
		undeclared(root + "." + part(1) + "." + part(2))
	case "path":
		if !slices.Contains([]string{"module", "root", "cwd"}, part(1)) {
			missing("there is no path." + clipped(part(1)))
		}
	case "terraform":
		if !slices.Contains([]string{"workspace", "applying"}, part(1)) {
			missing("there is no terraform." + clipped(part(1)))
		}
	case "each":
		v.needsMeta(b, "for_each", "each", line)
	case "count":
		v.needsMeta(b, "count", "count", line)
	case "self":
		if !at.self {
			missing("self stands outside of a provisioner, a connection and a condition")
		}
	case "run": // of tests
	default:
		if slices.Contains(at.iterators, root) {
			return
		}
		if part(1) == "" {
			missing(clipped(root) + " is no reference; a text stands in quotes")
			return
		}
		undeclared(root + "." + part(1))
		if result := part(2); root == "terraform_data" && result != "" && !slices.Contains(dataResults, result) {
			missing("terraform_data has no " + clipped(result))
		}
	}
}

// needsMeta finds each and count in a block that has no such thing.
func (v *validator) needsMeta(b block, argument, name string, line int) {
	switch b.Type {
	case "resource", "data", "module", "ephemeral":
		if attribute(b.Body, argument) != nil || isOverride(b.file) || len(v.module.override) > 0 {
			return
		}
	}
	v.add(Problem{b.file, line, name + " stands in a block without " + argument})
}

// terraformFunctions are the functions of Terraform 1.11:
// https://developer.hashicorp.com/terraform/language/functions
var terraformFunctions = strings.Fields(`abs abspath alltrue anytrue base64decode base64encode base64gzip base64sha256
	base64sha512 basename bcrypt can ceil chomp chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets coalesce
	coalescelist compact concat contains csvdecode dirname distinct element endswith ephemeralasnull file filebase64
	filebase64sha256 filebase64sha512 fileexists filemd5 fileset filesha1 filesha256 filesha512 flatten floor format
	formatdate formatlist indent index issensitive join jsondecode jsonencode keys length list log lookup lower map
	matchkeys max md5 merge min nonsensitive one parseint pathexpand plantimestamp pow range regex regexall replace
	reverse rsadecrypt sensitive setintersection setproduct setsubtract setunion sha1 sha256 sha512 signum slice sort
	split startswith strcontains strrev substr sum templatefile templatestring textdecodebase64 textencodebase64
	timeadd timecmp timestamp title tobool tolist tomap tonumber toset tostring transpose trim trimprefix trimspace
	trimsuffix try type upper urlencode uuid uuidv5 values yamldecode yamlencode zipmap`)

// newerFunction says whether a function may be one that a later version brought: no name that is known is near it.
func newerFunction(name string) bool {
	return !slices.ContainsFunc(terraformFunctions, func(known string) bool { return nearly(name, known) })
}

// nearly says whether two names are the same but for a letter: a slip of the hand.
func nearly(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
