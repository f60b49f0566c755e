package declared

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
)

// A judgement is an expectation, ready to be held against answers. One of exists, that, each and count says what it is
// about; each goes together with that.
type judgement struct {
	at      strict.Pos
	subject template
	exists  *question
	near    *nearMiss
	of      []*question
	each    *api.Expression
	empty   string
	count   *api.Expression
	that    *api.Expression
	compare comparison
	null    string
	absent  string
	wait    []*form
	share   int // 0: a fail
	found   map[string]template
	advice  template
	wanted  template // expected, in words; empty: made from the comparison
	fix     remedy
}

// A comparison is an operator with what it compares with.
type comparison struct {
	operator string
	literal  *form // nil: null
	pattern  *regexp.Regexp
}

// The operators.
const (
	opIs        = "is"
	opNot       = "not"
	opIn        = "in"
	opNotIn     = "not-in"
	opContains  = "contains"
	opMatches   = "matches"
	opAtLeast   = "at-least"
	opAtMost    = "at-most"
	opNewerThan = "newer-than"
	opOlderThan = "older-than"
)

// maxPattern is the longest regular expression, in bytes.
const maxPattern = 1000

const (
	wordPass    = "pass"
	wordFail    = "fail"
	wordUnknown = "unknown"
	wordAbsent  = "absent"
)

func (l *loader) loadExpectations() {
	var subject strict.Text
	existing := map[*question]bool{} // of which an exists came before
	judged := map[*question]bool{}   // whose absence something decides
	for i := range l.file.Expect {
		e := &l.file.Expect[i]
		if e.Subject.Text != "" {
			subject = e.Subject
		}
		j := &judgement{at: e.At}
		if subject.Text == "" && !l.isBroken(e.At) {
			l.At(e.At, "the expectation needs a subject: what it is about, such as S3 bucket $bucket")
		}
		if l.isBroken(e.At) {
			continue
		}
		l.plan.judgements = append(l.plan.judgements, j)
		if e.Exists.Text != "" {
			l.loadExists(e, j)
			existing[j.exists], judged[j.exists] = true, true
		} else {
			l.loadThat(e, j)
		}
		l.loadWords(e, j, subject)
		l.loadAbsence(e, j, existing, judged)
		for _, q := range append(slices.Clone(j.of), j.exists) {
			if q != nil {
				q.used = true
			}
		}
	}
}

// loadExists reads an expectation that something is there.
func (l *loader) loadExists(e *expectation, j *judgement) {
	if j.exists = l.find(e.Exists); j.exists == nil {
		return
	}
	if !j.exists.canBeAbsent() {
		l.At(e.Exists.At, "the read %q is never absent: say under absent which error codes mean so, or pick an element "+
			"of a list", j.exists.name)
	}
	if e.Of.Node != nil || e.That.Text != "" || e.Each.Text != "" || e.Count.Text != "" || len(e.operators()) > 0 ||
		e.Null.Text != "" || e.Empty.Text != "" || e.Absent.Text != "" || len(e.Wait) > 0 {
		l.At(e.At, "exists stands with subject, near, expected, found, advice, partial, fix and console alone: "+
			"what is said of the answer is another expectation")
	}
	if e.Near != nil {
		j.near = l.loadNear(e.Near)
	}
}

func (l *loader) find(name strict.Text) *question {
	q := l.question(name.Text)
	if _, declared := l.file.Reads[name.Text]; q == nil && !declared { // what is wrong with a read is told there
		l.At(name.At, "there is no read %q%s", facts.NameOf(name.Text), nearest.DidYouMean(name.Text, names(l.file.Reads)))
	}
	return q
}

type operator struct {
	name string
	node strict.Node
}

// operators are those that stand in an expectation.
func (e *expectation) operators() []operator {
	all := []operator{
		{opIs, e.Is},
		{opNot, e.Not},
		{opIn, e.In},
		{opNotIn, e.NotIn},
		{opContains, e.Contains},
		{opMatches, e.Matches},
		{opAtLeast, e.AtLeast},
		{opAtMost, e.AtMost},
		{opNewerThan, e.NewerThan},
		{opOlderThan, e.OlderThan},
	}
	return slices.DeleteFunc(all, func(o operator) bool { return o.node.Node == nil })
}

// loadThat reads an expectation of what an answer says.
func (l *loader) loadThat(e *expectation, j *judgement) {
	if e.Near != nil {
		l.At(e.Near.At, "near stands beside exists")
	}
	place, ok := l.loadOf(e, j)
	if !ok {
		return
	}
	operators := e.operators()
	if len(operators) != 1 {
		l.At(e.At, "exactly one of is, not, in, not-in, contains, matches, at-least, at-most, newer-than and older-than "+
			"is needed, or exists; there are %d", len(operators))
		return
	}
	op := operators[0]
	isNull := op.node.Tag == "!!null"
	if e.Count.Text != "" {
		l.loadCount(e, j, place, op)
		return
	}
	if e.Each.Text != "" {
		if place, ok = l.loadEach(e, j, place); !ok {
			return
		}
		if e.That.Text == "" {
			e.That = strict.Text{At: e.Each.At, Text: "@"}
		}
	} else if e.Empty.Text != "" {
		l.At(e.Empty.At, "empty stands beside each")
	}
	if e.That.Text == "" {
		l.At(e.At, "the key \"that\" is needed: the expression whose result is compared")
		return
	}
	use := api.Value
	if isNull {
		use = api.Presence
	}
	that, to, ok := l.follow(e.That, place, use)
	if !ok {
		return
	}
	j.that = that
	l.loadNull(e, j, isNull)
	in := l.scope(false, j.each != nil)
	j.compare = l.comparison(op, to.Type(), in)
	for _, n := range e.Wait {
		if n.Node != nil {
			j.wait = append(j.wait, l.literal(n.Node, to.Type(), in))
		}
	}
}

// loadOf finds the reads that an expectation looks at, and the place at which its expression begins.
func (l *loader) loadOf(e *expectation, j *judgement) (api.Place, bool) {
	switch n := e.Of.Node; {
	case n == nil && len(l.file.Reads) == 1:
		if len(l.plan.questions) == 0 {
			return api.Place{}, false
		}
		j.of = slices.Clone(l.plan.questions)
	case n == nil:
		l.At(e.At, "the key \"of\" is needed where there are several reads: which one is looked at")
		return api.Place{}, false
	case n.Kind == yaml.SequenceNode:
		parts := map[string]api.Place{}
		for _, item := range n.Content {
			q := l.find(strict.Text{At: strict.Pos{Line: item.Line, Column: item.Column}, Text: item.Value})
			if q == nil {
				return api.Place{}, false
			}
			j.of = append(j.of, q)
			parts[q.name] = q.place
		}
		if len(parts) < 2 {
			l.Wrong(n, "a list of reads has at least two; write of: NAME for one")
			return api.Place{}, false
		}
		return api.Together(parts), true
	default:
		q := l.find(strict.Text{At: e.Of.Pos(), Text: n.Value})
		if q == nil {
			return api.Place{}, false
		}
		j.of = []*question{q}
	}
	return j.of[0].place, true
}

func (l *loader) loadCount(e *expectation, j *judgement, place api.Place, op operator) {
	for _, other := range []strict.Text{e.That, e.Each, e.Empty} {
		if other.Text != "" {
			l.At(other.At, "count stands without that, each and empty")
		}
	}
	if !slices.Contains([]string{opAtLeast, opAtMost, opIs}, op.name) {
		l.Wrong(op.node.Node, "a count is compared by at-least, at-most or is")
		return
	}
	count, list, ok := l.follow(e.Count, place, api.Presence)
	if !ok {
		return
	}
	if class := list.Type().Class(); class != api.Many && class != api.Unclear {
		l.At(e.Count.At, "%s is %s, and a list is counted", e.Count.Text, class)
		return
	}
	j.count = count
	l.loadNull(e, j, false)
	j.compare = l.comparison(op, api.Type{Kinds: []api.Kind{api.Integer}}, l.scope(false, false))
}

func (l *loader) loadEach(e *expectation, j *judgement, place api.Place) (api.Place, bool) {
	each, list, ok := l.follow(e.Each, place, api.Presence)
	if !ok {
		return list, false
	}
	element, ok := list.Element()
	if !ok {
		l.At(e.Each.At, "%s is no list", e.Each.Text)
		return list, false
	}
	if e.Empty.Text != wordPass && e.Empty.Text != wordFail {
		l.At(e.Each.At, "say what an empty list decides: empty: pass or empty: fail")
	}
	j.each, j.empty = each, e.Empty.Text
	for _, text := range []strict.Text{e.Subject, e.Expected, e.Advice, e.Console} {
		l.elementMembers(text, element)
	}
	for _, text := range e.Fix {
		l.elementMembers(text, element)
	}
	for _, name := range names(e.Found) {
		l.elementMembers(e.Found[name], element)
	}
	return element, true
}

// elementMembers follows the members of the element that a text names.
func (l *loader) elementMembers(text strict.Text, element api.Place) {
	for _, name := range aMember.FindAllString(text.Text, -1) {
		l.follow(strict.Text{At: text.At, Text: strings.Trim(name, "{}")}, element, api.Value)
	}
}

func (l *loader) loadNull(e *expectation, j *judgement, isNull bool) {
	switch {
	case e.Null.Text == "":
	case isNull:
		l.At(e.Null.At, "null is what is compared here: leave out the key null")
	case !slices.Contains([]string{wordPass, wordFail, wordUnknown}, e.Null.Text):
		l.At(e.Null.At, "null is fail, pass or unknown")
	}
	j.null = e.Null.Text
}

// comparison reads an operator and what it compares with.
func (l *loader) comparison(op operator, t api.Type, in scope) comparison {
	c := comparison{operator: op.name}
	n, class := op.node.Node, t.Class()
	list := func(element api.Type) api.Type { return api.Type{Kinds: []api.Kind{api.List}, Element: &element} }
	needs := func(allowed ...api.Class) bool {
		if class == api.Unclear || slices.Contains(allowed, class) {
			return true
		}
		l.Wrong(n, "%s goes with %s, and the expression gives %s", op.name, joinClasses(allowed), class)
		return false
	}
	if n.Tag == "!!null" && (op.name == opIs || op.name == opNot) {
		return c
	}
	switch op.name {
	case opIs, opNot:
		c.literal = l.literal(n, t, in)
	case opIn, opNotIn:
		c.literal = l.literal(n, list(t), in)
	case opContains:
		if !needs(api.Many, api.Words) {
			return c
		}
		element := api.Type{}
		if class == api.Words && n.Kind == yaml.ScalarNode && strings.HasPrefix(n.Value, "$") {
			l.note(strict.Pos{Line: n.Line, Column: n.Column},
				"a part of the text is enough here: %s is found in longer names, too; is compares the whole", n.Value)
		}
		if t.Element != nil {
			element = *t.Element
		} else if class == api.Words {
			element = api.Type{Kinds: []api.Kind{api.Text}}
		}
		c.literal = l.literal(n, element, in)
	case opMatches:
		if !needs(api.Words) {
			return c
		}
		c.literal = l.literal(n, api.Type{Kinds: []api.Kind{api.Text}}, in)
		if c.literal.text != nil && c.literal.text.isPlain() {
			pattern, err := compilePattern(plainText(*c.literal.text))
			if err != nil {
				l.Wrong(n, "%v", err)
			}
			c.pattern = pattern
		}
	case opAtLeast, opAtMost:
		if needs(api.Number) {
			c.literal = l.literal(n, api.Type{Kinds: []api.Kind{api.Double}}, in)
		}
	case opNewerThan, opOlderThan:
		if !needs(api.Words) {
			return c
		}
		c.literal = l.literal(n, api.Type{Kinds: []api.Kind{api.Text}}, in)
		if c.literal.text != nil && c.literal.text.isPlain() {
			if _, err := parseAge(plainText(*c.literal.text)); err != nil {
				l.Wrong(n, "%v", err)
			}
		}
	}
	return c
}

func joinClasses(classes []api.Class) string {
	words := make([]string, len(classes))
	for i, c := range classes {
		words[i] = string(c)
	}
	return strings.Join(words, " or ")
}

// compilePattern reads a regular expression for a whole text.
func compilePattern(text string) (*regexp.Regexp, error) {
	if len(text) > maxPattern {
		return nil, fmt.Errorf("the regular expression is longer than %d bytes", maxPattern)
	}
	pattern, err := regexp.Compile(`\A(?:` + text + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("this is no regular expression (RE2): %w", err)
	}
	return pattern, nil
}

// loadWords reads what is said of an expectation.
func (l *loader) loadWords(e *expectation, j *judgement, subject strict.Text) {
	in := l.scope(false, j.each != nil)
	if j.each == nil || e.Subject.Text != "" {
		j.subject = l.template(subject, in)
	} else {
		j.subject = l.template(subject, l.scope(false, false))
	}
	j.wanted, j.advice = l.template(e.Expected, in), l.template(e.Advice, in)
	j.found = map[string]template{}
	for _, value := range names(e.Found) {
		j.found[value] = l.template(e.Found[value], in)
	}
	in.reads = l.scope(true, false).reads
	j.fix = l.remedy(e.Fix, e.Console, in)
	if e.Partial != nil {
		if *e.Partial < 1 || *e.Partial > 99 {
			l.At(e.At, "partial is the share in percent, from 1 to 99")
		}
		j.share = *e.Partial
	}
}

// loadAbsence holds an expectation to the rules about what is not there.
func (l *loader) loadAbsence(e *expectation, j *judgement, existing, judged map[*question]bool) {
	if j.exists != nil || len(j.of) == 0 {
		return
	}
	if len(j.of) > 1 {
		if e.Absent.Text != "" {
			l.At(e.Absent.At, "absent is not said where several reads are looked at: one that is absent is null there")
		}
		for _, q := range j.of {
			judged[q] = true
		}
		return
	}
	q := j.of[0]
	j.absent = e.Absent.Text
	switch {
	case j.absent != "" && j.absent != wordPass && j.absent != wordFail:
		l.At(e.Absent.At, "absent is fail or pass")
	case j.absent != "" && !q.canBeAbsent():
		l.At(e.Absent.At, "the read %q is never absent: it has neither absent nor pick", q.name)
	case j.absent == "" && q.canBeAbsent() && len(existing) == 0:
		l.At(e.At, "say what decides where there is no such thing: absent: fail or absent: pass, or before it exists: %s",
			q.name)
	}
	judged[q] = true
	for parent := q.after; parent != nil; parent = parent.after {
		if parent.canBeAbsent() && !judged[parent] {
			l.At(e.At, "where %q is absent nothing is expected of %q, which comes after it: say before it exists: %s",
				parent.name, q.name, parent.name)
			judged[parent] = true
		}
	}
}
