package strict

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/labcheck/labcheck/checks/facts"
)

// MaxFile is the largest file, in bytes: a hundred times the largest lab that a teacher wrote.
const MaxFile = 1 << 20

// Parse reads the one document of a file: what is what a file holds, for messages. Problems of size and syntax are
// told alone: what follows them cannot be trusted.
func Parse(name string, data []byte, what, schema string) (*yaml.Node, error) {
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

// NoControls refuses control characters, and those that turn text round: they would reach a terminal.
func (d *Decoder) NoControls(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		if at := strings.IndexFunc(n.Value, IsControl); at >= 0 {
			r, _ := utf8.DecodeRuneInString(n.Value[at:])
			d.Wrong(n, "there is the control character %U in the text", r)
		}
	}
	for _, child := range n.Content {
		d.NoControls(child)
	}
}

// IsControl says whether a character controls a terminal, and is no line end and no tab.
func IsControl(r rune) bool {
	isLine := r == '\n' || r == '\t'
	return unicode.IsControl(r) && !isLine || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

// Schema refuses a file of another format. A missing schema is told as a missing key.
func (d *Decoder) Schema(root *yaml.Node, is, want string) {
	if is != "" && is != want {
		d.Wrong(Find(root, "schema"), "the schema is %q; this version reads %q", facts.NameOf(is), want)
	}
}

// Find is the value node of a key of the root mapping, or the root itself.
func Find(root *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if k := root.Content[i]; root.Kind == yaml.MappingNode && k.Kind == yaml.ScalarNode && k.Value == key {
			return root.Content[i+1]
		}
	}
	return root
}

// At tells a problem of a place.
func (d *Decoder) At(p Pos, format string, args ...any) {
	if !d.Full() {
		d.Problems = append(d.Problems, Problem{d.File, p, fmt.Sprintf(format, args...)})
	}
}
