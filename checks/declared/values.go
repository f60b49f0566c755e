package declared

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
)

// A template is a text of a check file with names in it: $name, $read.Member, $now and, under each, {Member}.
type template struct {
	text     string
	segments []segment
}

// A segment is a part of a template.
type segment struct {
	kind segmentKind
	name string        // what stands there; of a literal the text itself
	path []string      // of a read or an element: the members
	age  time.Duration // of now: what is taken off
}

type segmentKind int

const (
	isLiteral segmentKind = iota
	isParam
	isSite
	isNow
	isRead
	isElement
)

// siteNames are the names of what a run knows by itself.
var siteNames = []string{"account", "region", "partition", "caller"}

// A scope says which names stand for something where a template is.
type scope struct {
	params   []string
	reads    []string // whose answers can be used
	declared []string // all reads of the file
	element  bool     // {Member} is a member of the element
	now      bool
	isCaller bool // $caller can be used
}

var (
	// aName is a dollar and what it stands for. A name is the longest run of letters, digits and inner hyphens.
	aName = regexp.MustCompile(`\$\$|\$\{[^}]*\}|\$[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*|\$`)
	// aPath is the path that may follow the name of a read.
	aPath = regexp.MustCompile(`^(?:\.[A-Za-z][A-Za-z0-9_]*)+`)
	// aMember is a member of an element.
	aMember = regexp.MustCompile(`\{[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*\}`)
	// nowText is the moment of the run, with an age to take off.
	nowText = regexp.MustCompile(`^\$now(?:-(\w+))?$`)
	ageText = regexp.MustCompile(`^([0-9]{1,6})(s|m|h|d|w)$`)
)

// ageUnits are the units of an age.
var ageUnits = map[string]time.Duration{
	"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
}

// parseAge reads an age such as 30d.
func parseAge(text string) (time.Duration, error) {
	m := ageText.FindStringSubmatch(text)
	if m == nil {
		return 0, errors.New("an age is a number with s, m, h, d or w, such as 30d")
	}
	n, err := strconv.Atoi(m[1])
	return time.Duration(n) * ageUnits[m[2]], err
}

// readTemplate reads a text. The error says which name stands for nothing.
func readTemplate(text string, in scope) (template, error) {
	t := template{text: text}
	if m := nowText.FindStringSubmatch(text); m != nil && in.now {
		s := segment{kind: isNow, name: text}
		if m[1] != "" {
			age, err := parseAge(m[1])
			if err != nil {
				return t, fmt.Errorf("%s: %w", text, err)
			}
			s.age = age
		}
		t.segments = []segment{s}
		return t, nil
	}
	rest := text
	for rest != "" {
		at := aName.FindStringIndex(rest)
		if at == nil {
			t.literal(rest, in)
			break
		}
		t.literal(rest[:at[0]], in)
		name := rest[at[0]:at[1]]
		rest = rest[at[1]:]
		if name == "$$" {
			t.segments = append(t.segments, segment{name: "$"})
			continue
		}
		ended := strings.HasPrefix(name, "${")
		name = strings.Trim(name, "${}")
		if path := aPath.FindString(rest); path != "" && !ended && slices.Contains(in.reads, name) {
			t.segments = append(t.segments, segment{kind: isRead, name: name, path: strings.Split(path[1:], ".")})
			rest = rest[len(path):]
			continue
		}
		s, err := in.named(name)
		if err != nil {
			return t, err
		}
		t.segments = append(t.segments, s)
	}
	return t, nil
}

// named is what a name stands for.
func (in scope) named(name string) (segment, error) {
	switch {
	case slices.Contains(in.params, name):
		return segment{kind: isParam, name: name}, nil
	case name == "caller" && !in.isCaller:
		return segment{}, errors.New(`$caller is whoever asks: say "about: caller"`)
	case slices.Contains(siteNames, name):
		return segment{kind: isSite, name: name}, nil
	case name == "":
		return segment{}, errors.New("a dollar stands before a name; write $$ for a dollar")
	case name == "now":
		return segment{}, errors.New("$now is a whole value in the input of a read, with an age to take off: $now-1h")
	case slices.Contains(in.reads, name):
		return segment{}, fmt.Errorf("$%s is a read: name one of its members, such as $%s.Name", name, name)
	}
	if slices.Contains(in.declared, name) {
		return segment{}, fmt.Errorf("the answer of the read %q is not there yet: say after: %s, or let this come after it",
			name, name)
	}
	known := slices.Concat(in.params, siteNames)
	return segment{}, fmt.Errorf("there is no parameter %q%s", facts.NameOf(name), nearest.DidYouMean(name, known))
}

// literal adds a text without names, in which there may be members of an element.
func (t *template) literal(text string, in scope) {
	for in.element {
		at := aMember.FindStringIndex(text)
		if at == nil {
			break
		}
		if at[0] > 0 {
			t.segments = append(t.segments, segment{name: text[:at[0]]})
		}
		t.segments = append(t.segments,
			segment{kind: isElement, name: text[at[0]:at[1]], path: strings.Split(text[at[0]+1:at[1]-1], ".")})
		text = text[at[1]:]
	}
	if text != "" {
		t.segments = append(t.segments, segment{name: text})
	}
}

// isWhole says whether the template is one name and no more.
func (t template) isWhole() bool { return len(t.segments) == 1 && t.segments[0].kind != isLiteral }

// isPlain says whether there is no name in it.
func (t template) isPlain() bool {
	return !slices.ContainsFunc(t.segments, func(s segment) bool { return s.kind != isLiteral })
}

// An environment is what the names of a check's file stand for in a run.
type environment struct {
	params  map[string]any
	site    facts.Site
	now     time.Time
	reads   map[string]*outcome
	element any
}

// errNoValue is why a template cannot be filled in: a member is null, or of a kind that is no text.
var errNoValue = errors.New("it has no value")

// value is what a segment stands for.
func (e *environment) value(s segment) (any, error) {
	switch s.kind {
	case isLiteral:
		return s.name, nil
	case isParam:
		return e.params[s.name], nil
	case isSite:
		return map[string]string{
			"account": e.site.Account, "region": e.site.Region, "partition": e.site.Partition, "caller": e.site.Caller.Name,
		}[s.name], nil
	case isNow:
		return e.now.Add(-s.age).UTC().Format(time.RFC3339), nil
	case isRead:
		if o := e.reads[s.name]; o != nil && o.is == answered {
			return member(o.value, s.path)
		}
		return nil, errNoValue
	case isElement:
		return member(e.element, s.path)
	}
	return nil, errNoValue
}

// member is a member of a value, by the names on the way.
func member(value any, path []string) (any, error) {
	for _, name := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, errNoValue
		}
		value = object[name]
	}
	switch value.(type) {
	case string, bool, float64:
		return value, nil
	}
	return nil, errNoValue
}

// fill fills a template in. What is one name and no more keeps its type.
func (e *environment) fill(t template) (any, error) {
	if t.isWhole() {
		return e.value(t.segments[0])
	}
	return e.text(t)
}

// text fills a template in as text.
func (e *environment) text(t template) (string, error) {
	var b strings.Builder
	for _, s := range t.segments {
		v, err := e.value(s)
		if err != nil {
			return "", err
		}
		b.WriteString(wordOf(v))
	}
	return b.String(), nil
}

// words fills in a text for people. A member without a value stays as it is written.
func (e *environment) words(t template) string {
	var b strings.Builder
	for _, s := range t.segments {
		v, err := e.value(s)
		if err != nil {
			v = s.name
		}
		b.WriteString(wordOf(v))
	}
	return b.String()
}

// wordOf is a value as a person would write it.
func wordOf(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []string:
		return strings.Join(v, ", ")
	case nil:
		return "null"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
