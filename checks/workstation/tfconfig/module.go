package tfconfig

import (
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
)

// A module is the files of one folder.
type module struct {
	dir      string
	files    []string
	problems []Problem // files that do not parse, blocks that are not Terraform's
	blocks   []block   // of all files but override files, in order
	override []block   // of override files
}

// A block is a block at the top of a file.
type block struct {
	*hcl.Block
	file string
}

// at is the block as the place of a problem.
func (b block) at(what string) Problem { return Problem{b.file, b.DefRange.Start.Line, what} }

// topLevel are the blocks of a configuration.
var topLevel = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
	{Type: "terraform"},
	{Type: "locals"},
	{Type: "moved"},
	{Type: "import"},
	{Type: "removed"},
	{Type: "provider", LabelNames: []string{"name"}},
	{Type: "variable", LabelNames: []string{"name"}},
	{Type: "output", LabelNames: []string{"name"}},
	{Type: "module", LabelNames: []string{"name"}},
	{Type: "check", LabelNames: []string{"name"}},
	{Type: "resource", LabelNames: []string{"type", "name"}},
	{Type: "data", LabelNames: []string{"type", "name"}},
	{Type: "ephemeral", LabelNames: []string{"type", "name"}},
}}

// module reads the files of a folder.
func (r *reader) module(dir string) (*module, error) {
	m := &module{dir: dir}
	entries, err := r.list(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() || !isConfig(e.Name()) {
			continue
		}
		data, err := r.read(path.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		if data == nil {
			continue
		}
		m.files = append(m.files, e.Name())
		m.parse(e.Name(), data)
	}
	return m, r.tests(m)
}

// tests reads the test files, of which Terraform wants that they parse.
func (r *reader) tests(m *module) error {
	for _, dir := range []string{m.dir, path.Join(m.dir, "tests")} {
		entries, err := r.list(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.IsDir() || ignored(e.Name()) || !strings.HasSuffix(e.Name(), ".tftest.hcl") {
				continue
			}
			name := path.Join(dir, e.Name())
			data, err := r.read(name)
			if err != nil {
				return err
			}
			_, diagnostics := parseNative(data, name)
			m.note(strings.TrimPrefix(name, m.dir+"/"), diagnostics)
		}
	}
	return nil
}

// parse reads one file.
func (m *module) parse(name string, data []byte) {
	var file *hcl.File
	var diagnostics hcl.Diagnostics
	if strings.HasSuffix(name, ".json") {
		if tooDeep(data) {
			m.problems = append(m.problems, Problem{File: name, What: "Too deep"})
			return
		}
		file, diagnostics = json.Parse(data, name)
	} else {
		file, diagnostics = parseNative(data, name)
	}
	m.note(name, diagnostics)
	if file == nil || file.Body == nil {
		return
	}
	content, diagnostics := file.Body.Content(topLevel)
	if len(m.problems) == 0 || !diagnostics.HasErrors() {
		m.note(name, diagnostics)
	}
	for _, b := range content.Blocks {
		if isOverride(name) {
			m.override = append(m.override, block{b, name})
		} else {
			m.blocks = append(m.blocks, block{b, name})
		}
	}
}

// note keeps errors of a file.
func (m *module) note(name string, diagnostics hcl.Diagnostics) {
	for _, d := range diagnostics {
		if d.Severity != hcl.DiagError {
			continue
		}
		p := Problem{File: name, What: clipped(d.Summary)}
		if d.Subject != nil {
			p.Line = d.Subject.Start.Line
		}
		m.problems = append(m.problems, p)
		return // those that follow in a file are mostly of the same cause
	}
}

// of lists the blocks of a type in the files that are no override files.
func (m *module) of(kind string) []block {
	var list []block
	for _, b := range m.blocks {
		if b.Type == kind {
			list = append(list, b)
		}
	}
	return list
}

// inTerraform lists the blocks of a type inside of the terraform blocks of a list.
func inTerraform(blocks []block, kind string, labels ...string) []block {
	var list []block
	schema := &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: kind, LabelNames: labels}}}
	for _, b := range blocks {
		if b.Type != "terraform" {
			continue
		}
		content, _, _ := b.Body.PartialContent(schema)
		for _, inner := range content.Blocks {
			list = append(list, block{inner, b.file})
		}
	}
	return list
}

// attribute is one argument of a body; nil if it is not there.
func attribute(body hcl.Body, name string) *hcl.Attribute {
	content, _, _ := body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: name}}})
	return content.Attributes[name]
}

// literal is the text of an argument that is written as one; "" for anything else.
func literal(body hcl.Body, name string) string {
	a := attribute(body, name)
	if a == nil {
		return ""
	}
	value, diagnostics := a.Expr.Value(nil)
	if diagnostics.HasErrors() {
		return ""
	}
	text, _ := textOf(value)
	return text
}

// textOf is a known value of one of the simple types as text.
func textOf(value cty.Value) (string, bool) {
	value, _ = value.UnmarkDeep()
	if value.IsNull() || !value.IsKnown() {
		return "", false
	}
	switch value.Type() {
	case cty.String:
		return value.AsString(), true
	case cty.Bool:
		if value.True() {
			return "true", true
		}
		return "false", true
	case cty.Number:
		return value.AsBigFloat().Text('f', -1), true
	default:
		return "", false
	}
}

// localSources are the folders that the module uses as modules.
func (m *module) localSources() []string {
	var list []string
	for _, b := range append(m.of("module"), m.overrides("module")...) {
		if source := literal(b.Body, "source"); isLocal(source) {
			list = append(list, source)
		}
	}
	return list
}

func isLocal(source string) bool {
	return strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../") || source == "." || source == ".."
}

func (m *module) overrides(kind string) []block {
	return slices.DeleteFunc(slices.Clone(m.override), func(b block) bool { return b.Type != kind })
}

// looksLikeRoot says whether a module has what belongs to a root alone.
func (m *module) looksLikeRoot() bool {
	all := append(slices.Clone(m.blocks), m.override...)
	return len(inTerraform(all, "backend", "type")) > 0 || len(inTerraform(all, "cloud")) > 0 ||
		len(m.of("provider")) > 0
}
