package author

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/declared"
)

// A form is one way to say in a check what a line shows.
type form struct {
	operation               *api.Operation
	from                    string // of pick; "" is the whole answer
	whereMember, whereParam string
	each, count, that       string
	operator                string
	value                   any
	empty                   string // with each

	good, bad any    // what a test puts where the expression leads
	missing   string // the verdict where it is not there; "" tries no such test
	none      string // the verdict of an empty list; "" tries no such test
	params    []Param
}

// What a test puts in the place of a value: nothing, a list without elements, and one with so many.
type (
	nothing   struct{}
	emptyList struct{}
	elements  struct{}
)

var (
	aMember  = `[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*`
	aLiteral = "(?:'([^']*)'|`\"?([^`\"]*)\"?`|\"([^\"]*)\")"

	// counted is length(LIST), with what may stand behind it.
	counted = regexp.MustCompile(`^length\((.+)\)$`)
	// isEqual is MEMBER == 'value'.
	isEqual = regexp.MustCompile(`^(` + aMember + `)\s*==\s*` + aLiteral + `$`)
	// filtered is LIST[?MEMBER=='value'] and what follows it.
	filtered = regexp.MustCompile(`^(` + aMember + `(?:\[\](?:\.` + aMember + `)?)*)\[\?\s*(` + aMember + `)\s*==\s*` +
		aLiteral + `\s*\]((?:\.|\s*\|\s*\[0\]).*)?$`)
	// indexed is LIST[0].REST.
	indexed = regexp.MustCompile(`^([A-Za-z_][\w.\[\]]*?)\[-?\d+\]\.(.+)$`)
	// compared is a literal in a filter.
	compared = regexp.MustCompile(`(` + aMember + `)\s*==\s*` + aLiteral)
	// isName is a member by which a thing is known.
	isName = regexp.MustCompile(`-(?:name|id|identifier|arn|url)$`)
	// within is a literal in a function.
	within = regexp.MustCompile(`(?:contains|starts_with|ends_with)\(\s*(` + aMember + `)\s*,\s*` + aLiteral + `\s*\)`)
)

// literalOf is the literal of a match: its text stands in one of the groups that begin at a number.
func literalOf(m []string, group int) string { return cmp.Or(m[group], m[group+1], m[group+2]) }

// forms are the ways to say what the line shows, the best one first.
func (d *drafting) forms() ([]form, error) {
	query := strings.TrimSpace(d.Query)
	if m := isEqual.FindStringSubmatch(query); m != nil && d.Is == "" {
		query, d.Is = m[1], literalOf(m, 2) // which is also right where it is not there
	}
	if m := counted.FindStringSubmatch(query); m != nil {
		return d.counts(m[1])
	}
	var all []form
	if m := filtered.FindStringSubmatch(query); m != nil {
		rest := strings.TrimPrefix(regexp.MustCompile(`\s*\|?\s*\[0\]\s*`).ReplaceAllString(m[6], ""), ".")
		from := m[1] + "[]"
		if t, ok := d.typeOf(from + "." + m[2]); ok && t.Values == nil && t.Class() == api.Words && rest != "" {
			p := Param{
				Name: d.freeName(m[2]), Help: "the " + strings.ReplaceAll(d.freeName(m[2]), "-", " ") + " in the lab",
				Value: literalOf(m, 3),
			}
			p.own = p.Name
			all = append(all, d.picks(from, rest, m[2], p)...)
		}
	}
	if m := indexed.FindStringSubmatch(query); m != nil {
		list := strings.TrimSuffix(m[1], "[]") + "[]"
		if d.identifies || d.isOf(list) {
			all = append(all, d.picks(list, m[2], "", Param{})...)
		}
		query = list + "." + m[2] // AWS promises no order
	}
	list, rest, ok := lastList(query)
	if ok && rest != "" && (d.identifies || d.isOf(list)) && !strings.Contains(query, "?") {
		all = append(all, d.picks(list, rest, "", Param{})...)
	}
	t, err := d.resultOf(query)
	if err != nil && len(all) == 0 {
		return nil, err
	}
	if err != nil {
		return all, nil
	}
	return append(all, d.plain(query, t)...), nil
}

// picks are the forms that pick one element of a list and look at a member of it.
func (d *drafting) picks(from, rest, whereMember string, p Param) []form {
	t, err := d.resultOf(from + "." + rest)
	if err != nil || t.Element == nil {
		return nil
	}
	f := form{operation: d.Operation, from: from, whereMember: whereMember, that: rest}
	if whereMember != "" {
		f.whereParam, f.params = p.Name, []Param{p}
	}
	if whereMember == rest { // that it is there is all
		f.that, f.operator = "", "not"
		return []form{f}
	}
	if !d.compare(&f, *t.Element) {
		return nil
	}
	return []form{f}
}

// isOf says whether the elements of a list have the member by which the input names one.
func (d *drafting) isOf(list string) bool {
	for member := range d.named {
		if _, ok := d.typeOf(list + "." + member); ok {
			return true
		}
	}
	return false
}

// lastList splits an expression behind its last list: "Reservations[].Instances[]" and "State.Name".
func lastList(query string) (list, rest string, ok bool) {
	at := strings.LastIndex(query, "].")
	if at < 0 || strings.ContainsAny(query[at+2:], "[]|") {
		if strings.HasSuffix(query, "[]") {
			return query, "", true
		}
		return "", "", false
	}
	return query[:at+1], query[at+2:], true
}

// plain are the forms that look at what the expression leads to.
func (d *drafting) plain(query string, t api.Type) []form {
	f := form{operation: d.Operation, that: query}
	if t.Element == nil {
		if !d.compare(&f, t) {
			return nil
		}
		return []form{f}
	}
	list, rest, ok := lastList(query)
	element := *t.Element
	switch {
	case strings.HasSuffix(query, "]") && !strings.HasSuffix(query, "[]") && !strings.HasSuffix(query, "[*]"):
		return d.several(f, query, element) // A.[B,C]
	case ok && rest != "" && (element.Class() != api.Words || element.Values != nil || d.Is != "" && !isName.MatchString(
		"-"+api.CLIName(rest))):
		f.each, f.that, f.empty, f.none = list, rest, "fail", "fail"
		if !d.compare(&f, element) {
			return nil
		}
		return []form{f}
	case element.Class() == api.Words && element.Values == nil:
		name := d.freeName(strings.TrimSuffix(query, "[]"))
		value := cmp.Or(d.Is, "NAME")
		f.operator, f.value, f.none = "contains", "$"+name, "fail"
		f.good, f.bad, f.missing = name, name+"-2", ""
		f.params = []Param{{Name: name, Help: "the name that is looked for", Value: value, own: name}}
		return []form{f}
	case element.Class() == api.Object:
		counts, err := d.counts(query)
		if err == nil {
			return counts
		}
	case d.compare(&f, element):
		f.each, f.that, f.empty, f.none = query, "", "fail", "fail"
		return []form{f}
	}
	return nil
}

// several is the form of several values together: A.[B,C].
func (d *drafting) several(f form, query string, element api.Type) []form {
	open := strings.LastIndexByte(query, '[')
	n := strings.Count(query[open:], ",") + 1
	one := form{}
	if d.Is != "" {
		var list []any
		if json.Unmarshal([]byte(d.Is), &list) != nil {
			return nil
		}
		f.operator, f.value, f.good, f.bad, f.missing = "is", list, list, nil, "fail"
		return []form{f}
	}
	if !d.compare(&one, element) || one.operator != "is" {
		return nil
	}
	list := make([]any, n)
	for i := range list {
		list[i] = one.value
	}
	f.operator, f.value, f.good, f.bad, f.missing = "is", list, one.good, one.bad, "fail"
	return []form{f}
}

// counts are the forms of length(LIST).
func (d *drafting) counts(list string) ([]form, error) {
	t, err := d.countedType(list)
	if err != nil {
		return nil, err
	}
	if t.Class() != api.Many && t.Class() != api.Unclear {
		return nil, fmt.Errorf("%s is %s, and a list is counted", list, t.Class())
	}
	least := 1.0
	if d.Is != "" {
		if least, err = strconv.ParseFloat(d.Is, 64); err != nil {
			return nil, fmt.Errorf("--is %s: a count is a number", d.Is)
		}
	}
	if least == 0 {
		if m := filtered.FindStringSubmatch(list); m != nil && m[6] == "" {
			return d.noneLike(m[1]+"[]", m[2], literalOf(m, 3))
		}
		return nil, errors.New("that nothing is listed cannot be told from an answer that lacks something: say of each " +
			"element what it must be, with --query LIST[].MEMBER and --is")
	}
	return []form{{
		operation: d.Operation, count: list, operator: "at-least", value: least, good: least, bad: emptyList{},
	}}, nil
}

// noneLike is the form of a list without an element whose member has a value.
func (d *drafting) noneLike(list, member, value string) ([]form, error) {
	f := form{
		operation: d.Operation, each: list, that: member, operator: "not", value: value, empty: "pass", good: value + "-not",
		bad: value, missing: "fail", none: "pass",
	}
	t, _ := d.typeOf(list + "." + member)
	switch {
	case t.Class() == api.YesNo:
		f.operator, f.value, f.good, f.bad = "is", value != "true", value != "true", value == "true"
	case t.Values != nil:
		for _, other := range slices.Backward(t.Values) {
			if other != value {
				f.good = other
			}
		}
	case t.Class() != api.Words:
		return nil, fmt.Errorf("say of each element what it must be: --query '%s.%s' and --is", list, member)
	}
	return []form{f}, nil
}

// compare says what is expected of a value of a type: what the author said, or what is most likely right.
func (d *drafting) compare(f *form, t api.Type) bool {
	f.operator, f.missing = "is", "fail"
	switch class := t.Class(); {
	case class == api.YesNo:
		yes := d.Is != "false"
		f.value, f.good, f.bad = yes, yes, !yes
		return d.Is == "" || d.Is == "true" || d.Is == "false"
	case class == api.Number:
		f.operator, f.value, f.good, f.bad = "at-least", 1.0, 1.0, 0.0
		if d.Is != "" {
			n, err := strconv.ParseFloat(d.Is, 64)
			f.operator, f.value, f.good, f.bad = "is", n, n, n+1
			return err == nil
		}
	case t.Values != nil:
		value := cmp.Or(d.Is, likely(t.Values))
		f.value, f.good = value, value
		for _, other := range slices.Backward(t.Values) {
			if other != value {
				f.bad = other
			}
		}
	case class == api.Words && slices.Contains(t.Kinds, api.Timestamp) && d.Is == "":
		f.operator, f.value = "newer-than", "90d"
		f.good, f.bad = "2025-12-31T00:00:00Z", "2020-01-01T00:00:00Z"
	case class == api.Words && d.Is != "", class == api.Unclear && d.Is != "":
		f.value, f.good, f.bad = d.Is, d.Is, d.Is+"-2"
		var v any
		if class == api.Unclear && json.Unmarshal([]byte(d.Is), &v) == nil {
			f.value, f.good, f.bad = v, v, "otherwise"
		}
	case class == api.Words:
		f.operator, f.value, f.good, f.bad = "not", nil, "something", nil
	default:
		return false
	}
	return true
}

// likely is the value of an enumeration that most likely is right.
func likely(values []string) string {
	for _, word := range []string{"enabled", "active", "available", "on", "immutable", "yes", "true", "required"} {
		if i := slices.IndexFunc(values, func(v string) bool { return strings.EqualFold(v, word) }); i >= 0 {
			return values[i]
		}
	}
	return values[0]
}

// freeName is the name of a parameter for what a member names.
func (d *drafting) freeName(member string) string {
	parts := strings.FieldsFunc(member, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	name := nameSuffix.ReplaceAllString(api.CLIName(parts[len(parts)-1]), "")
	if name == "name" || name == "value" || name == "id" {
		name = singular(d.thing)
	}
	if len(parts) > 1 || strings.HasSuffix(name, "s") {
		name = singular(name)
	}
	isTaken := func(p Param) bool { return p.Name == name }
	if slices.Contains(reservedReads, name) || slices.ContainsFunc(d.params, isTaken) {
		name += "-name"
	}
	return name
}

// resultOf is the type of what an expression gives. The error says what to do.
func (d *drafting) resultOf(query string) (api.Type, error) {
	e, err := api.ReadExpression(query)
	if err != nil {
		return api.Type{}, err
	}
	to, _, err := d.Operation.Answer().Follow(e, api.Value)
	if err != nil && strings.Contains(err.Error(), "counts here") {
		return d.countedType(query) // of a list of structures
	}
	if err != nil {
		return api.Type{}, fmt.Errorf("--query %s: %w", clip(query), err)
	}
	t := to.Type()
	if t.Element != nil && t.Element.Element != nil {
		return t, fmt.Errorf("--query %s shows a table: name the one member that is right or wrong, such as LIST[].MEMBER",
			clip(query))
	}
	return t, nil
}

func (d *drafting) countedType(query string) (api.Type, error) {
	e, err := api.ReadExpression(query)
	if err != nil {
		return api.Type{}, err
	}
	to, _, err := d.Operation.Answer().Follow(e, api.Presence)
	if err != nil {
		return api.Type{}, fmt.Errorf("--query %s: %w", clip(query), err)
	}
	if t := to.Type(); t.Class() == api.Object {
		return t, fmt.Errorf("--query %s gives a whole object: name the member that is meant, such as %s.MEMBER", clip(query),
			clip(query))
	} else if t.Element != nil && t.Element.Element != nil {
		return t, fmt.Errorf("--query %s shows a table: name the one member that is right or wrong, such as LIST[].MEMBER",
			clip(query))
	}
	return to.Type(), nil
}

// typeOf is the type of the elements of what an expression gives.
func (d *drafting) typeOf(query string) (api.Type, bool) {
	e, err := api.ReadExpression(query)
	if err != nil {
		return api.Type{}, false
	}
	to, _, err := d.Operation.Answer().Follow(e, api.Presence)
	t := to.Type()
	if t.Element != nil {
		t = *t.Element
	}
	return t, err == nil
}

// isExists says whether all that counts is that the element is there.
func (f form) isExists() bool { return f.that+f.each+f.count == "" }

// lines are the lines of the expectation, without its subject.
func (f form) lines() []string {
	var lines []string
	add := func(key, text string) {
		if text != "" {
			lines = append(lines, key+": "+declared.Flow(text))
		}
	}
	add("each", f.each)
	add("count", f.count)
	add("that", f.that)
	lines = append(lines, f.operator+": "+declared.Flow(f.value))
	add("empty", f.empty)
	if f.value != nil && f.count == "" {
		lines = append(lines, "null: fail")
	}
	if f.count != "" {
		lines = append(lines, "null: fail")
	}
	return lines
}

// label is what the expression looks at, in a word.
func (f form) label() string {
	parts := strings.FieldsFunc(cmp.Or(f.that, f.each, f.count), func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if len(parts) == 0 {
		return ""
	}
	return parts[len(parts)-1]
}

// words say what is expected.
func (f form) words() string {
	if f.isExists() {
		return "it is there"
	}
	what := cmp.Or(f.that, f.count, "it")
	if f.each != "" {
		what = "of each of " + f.each + " " + what
	}
	if f.count != "" {
		what = "the number of " + f.count
	}
	operator := map[string]string{
		"is": "is", "not": "is not", "contains": "holds", "at-least": "is at least", "newer-than": "is newer than",
	}[f.operator]
	return what + " " + operator + " " + declared.Flow(f.value)
}

// sample is an answer in which the expression gives a value.
func (f form) sample(own map[string]any, value any) any {
	if text, ok := value.(string); ok && text == "absent" {
		return value
	}
	answer := f.operation.Answer()
	base, place := "", answer
	follow := func(text string, from api.Place, use api.Use) (to api.Place, path string, last []string) {
		e, err := api.ReadExpression(text)
		if err != nil {
			return from, "", nil
		}
		to, _, _ = from.Follow(e, use) // it was followed before
		return to, e.Path(), e.Last()
	}
	into := func(list string) {
		to, path, _ := follow(list, place, api.Presence)
		if element, ok := to.Element(); ok {
			base, place = joined(base, strings.TrimSuffix(path, "[]"))+"[]", element
		}
	}
	values := map[string]any{}
	if f.from != "" {
		if into(f.from); f.whereMember != "" {
			follow(f.whereMember, place, api.Value)
			values[joined(base, f.whereMember)] = own[f.whereParam]
		}
	}
	if f.each != "" {
		into(f.each)
	}
	use := api.Value
	if f.value == nil || f.count != "" {
		use = api.Presence
	}
	var to api.Place
	var path string
	var last []string
	if !f.isExists() {
		to, path, last = follow(cmp.Or(f.that, f.count, "@"), place, use)
	}
	if _, isList := to.Element(); isList && f.operator == "contains" {
		last = []string{path}
	}
	lists, isList := value.([]any)
	for i, path := range last {
		at := joined(base, path)
		if isList && i < len(lists) {
			values[at] = lists[i]
			continue
		}
		values[at] = value
	}
	if f.that == "" && f.each != "" {
		values[base] = value
	}
	if _, isEmpty := value.(emptyList); isEmpty {
		values = map[string]any{}
		_, _, first := follow(cmp.Or(f.each, f.from, f.count, f.that), answer, api.Presence)
		for _, path := range first {
			values[strings.TrimSuffix(path, "[]")] = emptyList{}
		}
	}
	text := f.from + f.each + f.that + f.count
	for _, pattern := range []*regexp.Regexp{compared, within} {
		for _, m := range pattern.FindAllStringSubmatch(text, -1) {
			for _, path := range answer.Selection().Members() {
				_, set := values[path]
				if !set && (path == m[1] || strings.HasSuffix(path, "."+m[1])) {
					values[path] = literalOf(m, 2)
				}
			}
		}
	}
	n := 1
	if least, ok := value.(float64); ok && f.count != "" {
		n = min(int(least), 50)
		for _, path := range last {
			values[path] = elements{}
		}
	}
	return sampleOf(f.operation.Output, answer.Selection().Members(), values, n)
}

func joined(base, path string) string {
	if base == "" || path == "" {
		return base + path
	}
	return base + "." + path
}

// sampleOf is an answer that has these members, with the values of some and any values of the others. The last list on
// the way has n elements.
func sampleOf(shape *api.Shape, members []string, values map[string]any, n int) any {
	root := map[string]any{}
	for _, path := range members {
		fill(root, shape, steps(path), path, values, n)
	}
	for path, v := range values {
		if v == (emptyList{}) {
			fill(root, shape, steps(path), path, values, n)
		}
	}
	return root
}

// aStep is a part of a path: a name, a name in quotes, or the elements of a list.
var aStep = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"|\[\]|[^.\[\]"]+`)

func steps(path string) []string {
	var all []string
	for _, m := range aStep.FindAllStringSubmatch(path, -1) {
		all = append(all, cmp.Or(m[1], m[0]))
	}
	return all
}

// fill puts a value at a path, and makes what is on the way.
func fill(into map[string]any, shape *api.Shape, path []string, whole string, values map[string]any, n int) {
	if shape == nil || len(path) == 0 {
		return
	}
	below := shape.Element
	if shape.Kind == api.Structure {
		below = shape.Member(path[0])
	}
	if below == nil {
		return
	}
	v, given := values[whole]
	if len(path) == 1 {
		switch v.(type) {
		case nothing:
			return
		case emptyList:
			into[path[0]] = []any{}
			return
		case elements:
			list := make([]any, n)
			for i := range list {
				list[i] = anyOf(below.Shape.Element.Shape)
			}
			into[path[0]] = list
			return
		}
		if !given {
			v = anyOf(below.Shape)
		}
		if v != nil {
			into[path[0]] = v
		}
		return
	}
	if below.Shape.Kind != api.List {
		next, ok := into[path[0]].(map[string]any)
		if !ok {
			next = map[string]any{}
			into[path[0]] = next
		}
		fill(next, below.Shape, path[1:], whole, values, n)
		return
	}
	list, _ := into[path[0]].([]any)
	if list == nil {
		list = make([]any, n)
	}
	into[path[0]] = list
	for i := range list {
		if len(path) == 2 {
			if list[i] = v; !given {
				list[i] = anyOf(below.Shape.Element.Shape)
			}
			continue
		}
		next, ok := list[i].(map[string]any)
		if !ok {
			next = map[string]any{}
			list[i] = next
		}
		fill(next, below.Shape.Element.Shape, path[2:], whole, values, 1)
	}
}

// anyOf is some value of a shape.
func anyOf(shape *api.Shape) any {
	switch shape.Kind {
	case api.Structure, api.Map, api.Document:
		return map[string]any{}
	case api.List:
		return []any{}
	case api.Enum:
		return shape.Values()[0]
	case api.Boolean:
		return true
	case api.Integer, api.Long, api.Float, api.Double:
		return 1.0
	case api.Timestamp:
		return "2025-12-31T00:00:00Z"
	case api.Blob:
		return "YQ=="
	default:
		return "x"
	}
}
