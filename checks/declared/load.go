package declared

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
)

// A File is a check file, read and typed: everything that can be wrong with it but for its verdicts is known.
type File struct {
	Name   string // under which it was loaded, for messages
	SHA256 string // of its bytes, in hex
	ID     string
	// Notes are what deserves a look and is no error, with their places.
	Notes strict.Problems
	// Doubts are literals that AWS's models do not know: an error of "dev check", for AWS may have added them since.
	Doubts strict.Problems
	// Tests are the tests of the file.
	Tests []Test
	// Check is the check itself.
	Check *checks.Check

	plan *plan
}

// A plan is what a check does: what it asks, and what it expects of the answers.
type plan struct {
	params     []checks.Param
	questions  []*question // those that come after another behind it
	judgements []*judgement
	fix        remedy
	isCaller   bool
}

// The bounds of a file. A check of people is far below them.
const (
	maxQuestions    = 32
	maxExpectations = 64
	maxTests        = 200
	maxTitle        = 75 // as of any check
)

var (
	kebabCase = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
	nameForm  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$`)
)

// reserved are names that no read and no parameter can have: they mean something in a test, or in any text.
var reserved = []string{
	"name", "verdict", "found", "params", "now", "region", "near", "nearMiss", "account", "partition", "caller",
}

// IsCheck says whether a file is a check's, by its schema.
func IsCheck(data []byte) bool {
	for line := range bytes.Lines(data) {
		if rest, ok := bytes.CutPrefix(line, []byte("schema:")); ok {
			return bytes.Contains(rest, []byte("labcheck.check/"))
		}
	}
	return false
}

// topLevelID is the line of a file that says its id.
var topLevelID = regexp.MustCompile(`(?m)^id:[ \t]*["']?([A-Za-z0-9-]+)`)

// IDOf is the id that a check file says it has, found without reading the rest.
func IDOf(data []byte) string {
	if m := topLevelID.FindSubmatch(data); m != nil {
		return string(m[1])
	}
	return ""
}

// Load reads a check file. name stands in messages. The error is of type strict.Problems.
func Load(name string, data []byte) (*File, error) {
	root, err := strict.Parse(name, data, "a check", Schema)
	if err != nil {
		return nil, err
	}
	l := &loader{Decoder: strict.Decoder{File: name}, plan: &plan{}}
	l.Into(root, reflect.ValueOf(&l.file).Elem(), "a check")
	l.Schema(root, l.file.Schema.Text, Schema)
	l.NoControls(root)
	if root.Kind == yaml.MappingNode && (l.file.Schema.Text == "" || l.file.Schema.Text == Schema) {
		l.parts(root)
		l.load()
	}
	if len(l.Problems) > 0 {
		return nil, slices.Compact(l.Problems.Sorted()) // a subject holds for several expectations
	}
	sum := sha256.Sum256(data)
	f := &File{
		Name: name, SHA256: hex.EncodeToString(sum[:]), ID: l.file.ID.Text, Notes: l.notes.Sorted(),
		Doubts: l.doubts.Sorted(), Tests: l.tests, plan: l.plan,
	}
	f.Check = l.check(f.SHA256)
	return f, nil
}

// A loader makes the plan of a file.
type loader struct {
	strict.Decoder
	file   file
	plan   *plan
	notes  strict.Problems
	doubts strict.Problems
	tests  []Test
	used   map[string]bool // parameters

	starts []strict.Pos // where the parts of the file begin, sorted
	broken []strict.Pos // what the decoder found to be wrong
}

// parts notes where the parts of the file begin, and where the decoder found something wrong.
func (l *loader) parts(root *yaml.Node) {
	for _, p := range l.Problems {
		l.broken = append(l.broken, p.At)
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		l.starts = append(l.starts, strict.Pos{Line: root.Content[i].Line, Column: root.Content[i].Column})
	}
	for _, p := range l.file.Params {
		l.starts = append(l.starts, p.At)
	}
	for _, r := range l.file.Reads {
		l.starts = append(l.starts, r.At)
	}
	for _, e := range l.file.Expect {
		l.starts = append(l.starts, e.At)
	}
	for _, n := range l.file.Tests {
		if n.Node != nil {
			l.starts = append(l.starts, n.Pos())
		}
	}
	slices.SortFunc(l.starts, comparePos)
}

// isBroken says whether the decoder found something wrong in the part that begins there: what else could be said of it
// would follow from that.
func (l *loader) isBroken(at strict.Pos) bool {
	return slices.ContainsFunc(l.broken, func(wrong strict.Pos) bool {
		return comparePos(at, wrong) <= 0 && !slices.ContainsFunc(l.starts, func(next strict.Pos) bool {
			return comparePos(at, next) < 0 && comparePos(next, wrong) <= 0
		})
	})
}

func (l *loader) note(at strict.Pos, format string, args ...any) {
	l.notes = append(l.notes, strict.Problem{File: l.File, At: at, Text: fmt.Sprintf(format, args...)})
}

// load goes through the file in the order in which its parts build on one another, and goes on as far as one part does
// not need what is wrong in another.
func (l *loader) load() {
	l.used = map[string]bool{}
	l.loadHead()
	l.loadParams()
	l.loadReads()
	l.loadExpectations()
	l.plan.fix = l.remedy(l.file.Fix, l.file.Console, l.scope(true, false))
	if len(l.broken) == 0 && !l.hasFix() {
		l.At(l.file.Title.At, "a fix or a console path is needed: for the check, or for each expectation")
	}
	l.loadTests()
	if len(l.Problems) == 0 {
		l.lint()
	}
}

func (l *loader) hasFix() bool {
	if !l.plan.fix.isEmpty() {
		return true
	}
	return !slices.ContainsFunc(l.plan.judgements, func(e *judgement) bool { return e.fix.isEmpty() })
}

func (l *loader) loadHead() {
	f := &l.file
	if f.ID.At.Line > 0 && !kebabCase.MatchString(f.ID.Text) {
		l.At(f.ID.At, "the id %q is not in kebab-case, such as s3-versioned", facts.NameOf(f.ID.Text))
	}
	if n := utf8.RuneCountInString(f.Title.Text); f.Title.At.Line > 0 && (n == 0 || n > maxTitle) {
		l.At(f.Title.At, "the title has %d characters; 1 to %d are allowed", n, maxTitle)
	}
	if f.Why.At.Line > 0 && strings.TrimSpace(f.Why.Text) == "" {
		l.At(f.Why.At, "why is empty")
	}
	if f.Docs.Text != "" && !strings.HasPrefix(f.Docs.Text, checks.DocsHost) {
		l.At(f.Docs.At, "docs is a link that begins with https://docs.aws.amazon.com/")
	}
	for _, s := range f.Skip {
		if _, ok := skips[s.Text]; !ok {
			l.At(s.At, "%q is nothing to skip%s; there are %s", facts.NameOf(s.Text),
				nearest.DidYouMean(s.Text, names(skips)), strings.Join(names(skips), ", "))
		}
	}
	switch f.About.Text {
	case "caller":
		l.plan.isCaller = true
	case "", "account":
	default:
		l.At(f.About.At, "about is account or caller")
	}
	for what, n := range map[string]struct{ is, most int }{
		"reads": {len(f.Reads), maxQuestions}, "expectations": {len(f.Expect), maxExpectations},
		"tests": {len(f.Tests), maxTests},
	} {
		if n.is > n.most || n.is == 0 && len(l.broken) == 0 {
			l.At(f.ID.At, "there are %d %s; 1 to %d are allowed", n.is, what, n.most)
		}
	}
}

// skips says of an account why a check cannot apply to it.
var skips = map[string]func(checks.Site) string{
	"learner-lab": func(s checks.Site) string {
		return when(s.Caller.Kind == facts.LearnerLab, "a Learner Lab does not allow it")
	},
	"identity-center": func(s checks.Site) string {
		return when(s.Caller.Kind == facts.IdentityCenter, "users of IAM Identity Center do not have it")
	},
	"china": func(s checks.Site) string { return when(s.Partition == "aws-cn", "it is not there in China") },
	"gov":   func(s checks.Site) string { return when(s.Partition == "aws-us-gov", "it is not there in GovCloud") },
}

func when(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

func (l *loader) loadParams() {
	for _, name := range names(l.file.Params) {
		p := l.file.Params[name]
		if !nameForm.MatchString(name) {
			l.At(p.At, "a parameter's name is of letters, digits and inner hyphens")
		}
		if slices.Contains(reserved, name) {
			l.At(p.At, "%q cannot be a parameter's name: it means something else here", name)
		}
		described := checks.Param{Name: name, Type: "string", Help: p.Help.Text, Required: p.Default.JSON == nil}
		if !described.Required {
			described.Type, described.Default = typeOfDefault(p.Default)
			if described.Type == "" {
				l.At(p.Default.At, "the default of %s is a text, a whole number, true, false or a list of texts", name)
			}
		}
		l.plan.params = append(l.plan.params, described)
	}
	slices.SortStableFunc(l.plan.params, func(a, b checks.Param) int {
		return comparePos(l.file.Params[a.Name].At, l.file.Params[b.Name].At)
	})
}

// names are the keys of a map, sorted.
func names[V any](m map[string]V) []string {
	list := make([]string, 0, len(m))
	for name := range m {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func comparePos(a, b strict.Pos) int {
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Column - b.Column
}

// lint notes what is no error and most likely none of the author's intentions.
func (l *loader) lint() {
	for _, p := range l.plan.params {
		if !l.used[p.Name] {
			l.note(l.file.Params[p.Name].At, "nothing uses the parameter %q", p.Name)
		}
	}
	for _, q := range l.plan.questions {
		if !q.used {
			l.note(q.at, "nothing is expected of the read %q", q.name)
		}
	}
	for _, text := range []strict.Text{l.file.Title, l.file.Why} {
		if text.Text == NewTitle || text.Text == NewWhy {
			l.note(text.At, "these words are those that dev new wrote: students read what you write here")
		}
	}
	for _, word := range []string{"just ", "simply", "obviously"} {
		if strings.Contains(strings.ToLower(l.file.Title.Text+" "+l.file.Why.Text), word) {
			l.note(l.file.Title.At, "%q does not help somebody who is stuck", strings.TrimSpace(word))
		}
	}
}

// template reads a text with names, and notes which parameters it uses.
func (l *loader) template(t strict.Text, in scope) template {
	read, err := readTemplate(t.Text, in)
	if err != nil {
		l.At(t.At, "%v", err)
	}
	for _, s := range read.segments {
		if s.kind == isParam {
			l.used[s.name] = true
		}
		if s.kind == isRead {
			l.useMember(t.At, s)
		}
	}
	return read
}

// scope is what names stand for in a text.
func (l *loader) scope(withReads, withElement bool) scope {
	s := scope{element: withElement, isCaller: l.plan.isCaller, declared: names(l.file.Reads)}
	for _, p := range l.plan.params {
		s.params = append(s.params, p.Name)
	}
	if withReads {
		for _, q := range l.plan.questions {
			s.reads = append(s.reads, q.name)
		}
	}
	return s
}

func (l *loader) question(name string) *question {
	i := slices.IndexFunc(l.plan.questions, func(q *question) bool { return q.name == name })
	if i < 0 {
		return nil
	}
	return l.plan.questions[i]
}

// param describes a parameter.
func (l *loader) param(name string) checks.Param {
	i := slices.IndexFunc(l.plan.params, func(p checks.Param) bool { return p.Name == name })
	return l.plan.params[i]
}
