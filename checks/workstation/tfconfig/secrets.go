package tfconfig

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A Secret is something that must not be in a repository, without its value.
type Secret struct {
	Kind SecretKind
	Line int // 0 where it is the whole file
	Name string
}

// A SecretKind is a kind of thing that must not be in a repository.
type SecretKind string

// The kinds.
const (
	State   SecretKind = "state"   // a state, a backup of one, or what init wrote down of the backend
	Plan    SecretKind = "plan"    // a saved plan, which holds a state
	Literal SecretKind = "literal" // a secret value that is written out
)

// Secrets finds what a file of a repository holds of Terraform's secrets. AWS's keys are found by others.
func Secrets(name string, data []byte) []Secret {
	switch base := path.Base(name); {
	case isState(base, data):
		return []Secret{{Kind: State}}
	case isPlan(data):
		return []Secret{{Kind: Plan}}
	case isVariables(base), strings.HasSuffix(base, ".tf"), strings.HasSuffix(base, ".tf.json"),
		strings.HasSuffix(base, ".hcl") && base != ".terraform.lock.hcl", strings.HasSuffix(base, ".tfbackend"):
		if len(data) > maxFile {
			return nil
		}
		return literals(base, data)
	}
	return nil
}

// IsVariables says whether a file is one with values of variables.
func IsVariables(name string) bool { return isVariables(path.Base(name)) }

func isVariables(base string) bool {
	return strings.HasSuffix(base, ".tfvars") || strings.HasSuffix(base, ".tfvars.json")
}

// isState tells a state by its name or, under another name, by what is in it.
func isState(base string, data []byte) bool {
	if strings.HasSuffix(base, ".tfstate") ||
		strings.Contains(base, ".tfstate.") && !strings.HasSuffix(base, ".tflock") {
		return len(bytes.TrimSpace(data)) > 0
	}
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) || !bytes.Contains(data, []byte(`"terraform_version"`)) {
		return false
	}
	var state struct {
		Lineage   string
		Resources json.RawMessage
		Backend   json.RawMessage
	}
	return json.Unmarshal(data, &state) == nil && (state.Lineage != "" || state.Backend != nil)
}

// isPlan tells a saved plan by what is in it: an archive with a plan and the state before it.
func isPlan(data []byte) bool {
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return false
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == "tfplan" })
}

var (
	// secretName is a name whose value is a secret.
	secretName = onUse(`(?i)(^|_|-)(passw(or)?d|passphrase|pwd|secret|token|api_?key|private_?key|` +
		`access_?key|secret_?key|client_?secret|auth_?key|credentials?)s?$`)
	// secretWithin is a name that is a secret's although a word follows.
	secretWithin = onUse(
		`(?i)(passw(or)?d|secret_?(value|string|key)|token_?value)(_?wo|_?[0-9]+|_value|_string)?$`,
	)
	// assigned is a secret inside of a text, such as a script.
	assigned = onUse(
		`(?i)(?:passw(?:or)?d|passphrase|secret|token|api_?key)["']?\s*[=:]\s*["']?([^\s"'$<>{}]{8,})`)
	// inAddress is a password in an address.
	inAddress = onUse(`[a-z][a-z0-9+.-]*://[^/\s:@$]*:([^/\s:@$]{4,})@`)
	// token is a token that says what it is.
	token = onUse(`(?:^|[^A-Za-z0-9_])(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|` +
		`glpat-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|sk_live_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{35})`)
	privateKey = onUse(`-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----`)
	// placeholder is a value that stands for one.
	placeholder = onUse(`(?i)^<.*>$|change.?me|replace.?me|your[-_ ]|^(x+|\*+|\.+)$|example|placeholder|` +
		`dummy|todo|not[-_ ]?set|redacted|^(true|false|none|null)$`)
	// elsewhere is a value that says where the secret is.
	elsewhere = onUse(
		`^(arn:|/|\./|~/|https?://|ssm:|vault:|op://|\{\{|env:|file:)|^(alias/|[a-z0-9-]+/)+`,
	)
	// assignment is a line of a file that does not parse.
	assignment = onUse(`^\s*"?([A-Za-z0-9_-]+)"?\s*[=:]\s*"([^"]*)"`)
)

// onUse compiles a pattern when it is first used: it takes its time whenever labcheck starts otherwise.
func onUse(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// literals finds secrets that are written out in a file of a configuration.
func literals(name string, data []byte) []Secret {
	found := &literalScan{}
	if strings.HasSuffix(name, ".json") {
		var tree any
		if json.Unmarshal(data, &tree) == nil {
			found.tree("", tree)
			return found.secrets
		}
	} else if file, diagnostics := parseNative(data, name); !diagnostics.HasErrors() {
		if body, ok := file.Body.(*hclsyntax.Body); ok {
			found.body(body, "")
			return found.secrets
		}
	}
	for i, line := range strings.Split(string(data), "\n") {
		if match := assignment().FindStringSubmatch(line); match != nil {
			found.value(match[1], match[2], i+1)
		} else {
			found.text(line, i+1)
		}
	}
	return found.secrets
}

// A literalScan collects secrets that are written out.
type literalScan struct{ secrets []Secret }

func (s *literalScan) add(name string, line int) {
	if len(s.secrets) < maxKept {
		s.secrets = append(s.secrets, Secret{Kind: Literal, Line: line, Name: clipped(name)})
	}
}

// body scans a body. label is the name of the variable whose body it is.
func (s *literalScan) body(body *hclsyntax.Body, label string) {
	for name, a := range body.Attributes {
		if name == "default" && label != "" {
			name = label
		}
		if name == "description" || name == "error_message" {
			continue
		}
		s.expression(name, a.Expr)
	}
	for _, b := range body.Blocks {
		label := ""
		if (b.Type == "variable" || b.Type == "output") && len(b.Labels) == 1 {
			label = b.Labels[0]
		}
		s.body(b.Body, label)
	}
}

// expression scans what is written out in an expression. name is what it is the value of.
func (s *literalScan) expression(name string, e hclsyntax.Expression) {
	line := e.Range().Start.Line
	switch e := e.(type) {
	case *hclsyntax.ObjectConsExpr:
		for _, item := range e.Items {
			key := hcl.ExprAsKeyword(item.KeyExpr)
			if value, diagnostics := item.KeyExpr.Value(nil); key == "" && !diagnostics.HasErrors() {
				key, _ = textOf(value)
			}
			s.expression(key, item.ValueExpr)
		}
	case *hclsyntax.TupleConsExpr:
		for _, item := range e.Exprs {
			s.expression(name, item)
		}
	case *hclsyntax.FunctionCallExpr:
		if e.Name == "file" || e.Name == "templatefile" || e.Name == "lookup" {
			return
		}
		for _, argument := range e.Args {
			s.expression(name, argument)
		}
	case *hclsyntax.ConditionalExpr:
		s.expression(name, e.TrueResult)
		s.expression(name, e.FalseResult)
	case *hclsyntax.ParenthesesExpr:
		s.expression(name, e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		s.expression(name, e.Wrapped)
	case *hclsyntax.TemplateExpr:
		if e.IsStringLiteral() || len(e.Variables()) == 0 {
			if value, diagnostics := e.Value(nil); !diagnostics.HasErrors() {
				text, _ := textOf(value)
				s.value(name, text, line)
			}
			return
		}
		for _, part := range e.Parts {
			if value, diagnostics := part.Value(nil); !diagnostics.HasErrors() {
				text, _ := textOf(value)
				s.text(text, part.Range().Start.Line)
			}
		}
	case *hclsyntax.LiteralValueExpr:
		if text, ok := textOf(e.Val); ok {
			s.value(name, text, line)
		}
	}
}

// tree scans a document in JSON.
func (s *literalScan) tree(name string, node any) {
	switch x := node.(type) {
	case map[string]any:
		for key, value := range x {
			if key == "variable" {
				s.variables(value)
				continue
			}
			s.tree(key, value)
		}
	case []any:
		for _, item := range x {
			s.tree(name, item)
		}
	case string:
		if !strings.Contains(x, "${") {
			s.value(name, x, 0)
		}
	}
}

// variables scans the defaults of variables in JSON.
func (s *literalScan) variables(node any) {
	byName, _ := node.(map[string]any)
	for name, variable := range byName {
		if fields, ok := variable.(map[string]any); ok {
			s.tree(name, fields["default"])
		}
	}
}

// value judges a value by the name that it has.
func (s *literalScan) value(name, value string, line int) {
	const shortest = 8 // characters of a secret
	isNamed := secretName().MatchString(name) || secretWithin().MatchString(name)
	if isNamed && len(value) >= shortest && !placeholder().MatchString(value) && !elsewhere().MatchString(value) &&
		!strings.ContainsAny(value, " \n") {
		s.add(name, line)
		return
	}
	s.text(value, line)
}

// text finds secrets within a text.
func (s *literalScan) text(text string, line int) {
	isSecret := privateKey().MatchString(text) || token().MatchString(text)
	for _, pattern := range []*regexp.Regexp{assigned(), inAddress()} {
		for _, match := range pattern.FindAllStringSubmatch(text, -1) {
			isSecret = isSecret || !placeholder().MatchString(match[1]) && !elsewhere().MatchString(match[1])
		}
	}
	if isSecret {
		s.add("a text", line)
	}
}

// parseNative parses a file, unless what is in it lies deeper in one another than anybody writes: the parser would go
// as deep.
func parseNative(data []byte, name string) (*hcl.File, hcl.Diagnostics) {
	if tooDeep(data) {
		return nil, hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Too deep"}}
	}
	return hclsyntax.ParseConfig(data, name, hcl.InitialPos)
}

// tooDeep says whether a file nests more than a parser should be given.
func tooDeep(data []byte) bool {
	const deepest, questions = 400, 4000
	depth, run, conditions := 0, 0, 0
	for i, c := range data {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(depth-1, 0)
		case '?':
			conditions++
		}
		if (c == '!' || c == '-') && i > 0 && data[i-1] == c {
			run++
		} else {
			run = 0
		}
		if depth > deepest || run > deepest || conditions > questions {
			return true
		}
	}
	return false
}
