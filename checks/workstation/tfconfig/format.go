package tfconfig

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// A Format says how files are formatted.
type Format struct {
	// Files is how many files there are that terraform fmt formats.
	Files int `json:"files"`
	// Other are files that are written otherwise than terraform fmt would write them, with what it would do where that
	// is hard to see.
	Other []Problem `json:"other,omitempty"`
	// Unread are files that do not parse, about which nothing can be said.
	Unread []string `json:"unread,omitempty"`
}

// isFormatted says whether terraform fmt looks at a file.
func isFormatted(name string) bool {
	return !ignored(name) && slices.ContainsFunc([]string{".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl"},
		func(end string) bool { return strings.HasSuffix(name, end) })
}

// format does what "terraform fmt -check -recursive" does. Folders behind links and hidden ones are passed over.
func (r *reader) format(dir string, f *Format) error { return r.formatBelow(dir, dir, 0, f) }

func (r *reader) formatBelow(top, dir string, depth int, f *Format) error {
	entries, err := r.list(dir)
	if err != nil || depth > maxDepth {
		return err
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		switch {
		case ignored(e.Name()):
		case e.IsDir():
			if err := r.formatBelow(top, name, depth+1, f); err != nil {
				return err
			}
		case isFormatted(e.Name()):
			data, err := r.read(name)
			if err != nil {
				return err
			}
			if data == nil {
				continue
			}
			f.add(strings.TrimPrefix(name, top+"/"), data)
		}
	}
	return nil
}

// add judges one file.
func (f *Format) add(name string, data []byte) {
	f.Files++
	formatted, ok := formatted(data)
	switch {
	case !ok:
		f.Unread = append(f.Unread, name)
	case !bytes.Equal(formatted, data) && len(f.Other) < maxKept:
		f.Other = append(f.Other, difference(name, data, formatted))
	}
}

// difference says where a file differs first.
func difference(name string, data, formatted []byte) Problem {
	if bytes.HasPrefix(data, byteOrderMark) {
		return Problem{File: name, Line: 1, What: "a byte order mark stands before the first line"}
	}
	line := 1
	for i := range min(len(data), len(formatted)) {
		if data[i] != formatted[i] {
			break
		}
		if data[i] == '\n' {
			line++
		}
	}
	return Problem{File: name, Line: line, What: "terraform fmt writes it otherwise"}
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// formatted is a file as terraform fmt writes it; false if it does not parse. What hclwrite does is layout; beside it
// Terraform puts the labels of blocks in quotes, takes a single reference out of its quotes, and writes old types anew.
func formatted(data []byte) ([]byte, bool) {
	if _, diagnostics := parseNative(data, ""); diagnostics.HasErrors() {
		return nil, false
	}
	f, diagnostics := hclwrite.ParseConfig(data, "", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return nil, false
	}
	rewrite(f.Body(), "")
	return f.Bytes(), true
}

// rewrite changes what is more than layout. parent is the type of the block at the top whose body this is, and "…" is
// one deeper in.
func rewrite(body *hclwrite.Body, parent string) {
	for name, a := range body.Attributes() {
		tokens := a.Expr().BuildTokens(nil)
		if parent == "variable" && name == "type" {
			tokens = modernType(tokens)
		} else {
			tokens = unquoted(tokens)
		}
		body.SetAttributeRaw(name, tokens)
	}
	for _, b := range body.Blocks() {
		b.SetLabels(b.Labels())
		inner := b.Type()
		if parent != "" {
			inner = "…"
		}
		rewrite(b.Body(), inner)
	}
}

// unquoted takes "${x}" for x where that is all that is in the quotes.
func unquoted(tokens hclwrite.Tokens) hclwrite.Tokens {
	last := len(tokens) - 1
	if last < 4 || tokens[0].Type != hclsyntax.TokenOQuote || tokens[1].Type != hclsyntax.TokenTemplateInterp ||
		tokens[last-1].Type != hclsyntax.TokenTemplateSeqEnd || tokens[last].Type != hclsyntax.TokenCQuote {
		return tokens
	}
	inside, quotes := tokens[2:last-1], 0
	for _, t := range inside {
		switch t.Type {
		case hclsyntax.TokenOQuote:
			quotes++
		case hclsyntax.TokenCQuote:
			quotes--
		case hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateSeqEnd, hclsyntax.TokenQuotedLit:
			if quotes <= 0 { // text, or a second one, stands beside it
				return tokens
			}
		default:
		}
	}
	isNewline := func(t *hclwrite.Token) bool { return t.Type == hclsyntax.TokenNewline }
	for len(inside) > 0 && isNewline(inside[0]) {
		inside = inside[1:]
	}
	for len(inside) > 0 && isNewline(inside[len(inside)-1]) {
		inside = inside[:len(inside)-1]
	}
	if slices.ContainsFunc(inside, isNewline) {
		return slices.Concat(word(hclsyntax.TokenOParen, "("), inside, word(hclsyntax.TokenCParen, ")"))
	}
	return inside
}

// modernType writes the types of Terraform 0.11, which stood in quotes, and those without an element type.
func modernType(tokens hclwrite.Tokens) hclwrite.Tokens {
	of := func(name, element string) hclwrite.Tokens {
		return slices.Concat(
			word(hclsyntax.TokenIdent, name), word(hclsyntax.TokenOParen, "("), word(hclsyntax.TokenIdent, element),
			word(hclsyntax.TokenCParen, ")"),
		)
	}
	switch {
	case len(tokens) == 1 && tokens[0].Type == hclsyntax.TokenIdent:
		if name := string(tokens[0].Bytes); name == "list" || name == "map" || name == "set" {
			return of(name, "any")
		}
	case len(tokens) == 3 && tokens[0].Type == hclsyntax.TokenOQuote && tokens[1].Type == hclsyntax.TokenQuotedLit:
		switch name := string(tokens[1].Bytes); name {
		case "string":
			return word(hclsyntax.TokenIdent, name)
		case "list", "map":
			return of(name, "string")
		}
	}
	return tokens
}

func word(kind hclsyntax.TokenType, text string) hclwrite.Tokens {
	return hclwrite.Tokens{{Type: kind, Bytes: []byte(text)}}
}
