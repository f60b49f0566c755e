package author

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/declared"
)

// Scrub takes out of a test what tells whose account it is from: the values of the parameters become the parameters'
// names, as in other tests; account ids, access keys and e-mail addresses become AWS's examples; and each word that the
// author names becomes another ("secret=word") or "scrubbed". The verdict stays, or there is an error.
func Scrub(f *declared.File, t declared.Test, words []string) (declared.Test, error) {
	s := &scrubbing{texts: map[string]string{}}
	params := map[string]json.RawMessage{}
	for _, p := range f.Params() {
		raw, given := t.Params[p.Name]
		var text string
		switch isText := json.Unmarshal(raw, &text) == nil; {
		case !given:
		case isText:
			s.own = append(s.own, [2]string{text, p.Name})
			if !p.Required {
				params[p.Name] = []byte(fmt.Sprintf("%q", p.Name))
			}
		default:
			params[p.Name] = raw
		}
	}
	slices.SortFunc(s.own, func(a, b [2]string) int { return cmp.Compare(len(b[0]), len(a[0])) })
	for _, word := range words {
		old, becomes, _ := strings.Cut(word, "=")
		if old == "" {
			return t, errors.New("what is scrubbed is a word, or WORD=OTHER")
		}
		s.texts[old] = cmp.Or(becomes, "scrubbed")
	}
	made := t
	made.Params, made.Answers, made.Near = params, map[string]declared.TestAnswer{}, nil
	for name, a := range t.Answers {
		if a.Value != nil {
			a.Value = s.value(a.Value).(map[string]any)
		}
		made.Answers[name] = a
	}
	for _, name := range t.Near {
		made.Near = append(made.Near, s.text(name, true))
	}
	r, err := f.Run(made)
	if err != nil {
		return t, fmt.Errorf("what was scrubbed does not fit any more: %w", err)
	}
	if r.Verdict() != t.Verdict {
		return t, fmt.Errorf("the account is %s, and scrubbed it is %s: a value that the check compares was scrubbed; "+
			"name it with --scrub VALUE=OTHER so that it still fits", t.Verdict, r.Verdict())
	}
	return made, nil
}

type scrubbing struct {
	own   [][2]string       // values of parameters, the longest first, and what they become
	texts map[string]string // what the author names
}

var (
	anAccount   = regexp.MustCompile(`\b\d{12}\b`)
	anAccessKey = regexp.MustCompile(`\b(?:AKIA|ASIA|ABIA|ACCA|AIDA|AROA|AGPA|ANPA|ANVA|APKA|ASCA)[A-Z0-9]{12,}\b`)
	aPerson     = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	// aSignature is a part of an address that opens what it leads to.
	aSignature = regexp.MustCompile(
		`(?i)((?:X-Amz-(?:Signature|Security-Token|Credential)|Signature|sig|token|password|secret)=)[^&\s"]+`)
	// aSecret is a run of letters that no name has: that of a key.
	aSecret = regexp.MustCompile(`\b[A-Za-z0-9/+]{40}\b`)
)

// value scrubs a value.
func (s *scrubbing) value(v any) any {
	switch v := v.(type) {
	case string:
		return s.text(v, true)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = s.value(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			object[s.text(name, false)] = s.value(v[name])
		}
		return object
	}
	return v
}

// text scrubs a text. isValue is false of a name, which most likely is AWS's.
func (s *scrubbing) text(text string, isValue bool) string {
	for _, old := range slices.Sorted(maps.Keys(s.texts)) {
		text = strings.ReplaceAll(text, old, s.texts[old])
	}
	for _, own := range s.own {
		if text == own[0] && isValue {
			return own[1]
		}
		const shortest = 3 // a shorter name is found everywhere
		if isValue && len(own[0]) >= shortest {
			edge := regexp.MustCompile(`(^|[^A-Za-z0-9-])` + regexp.QuoteMeta(own[0]) + `($|[^A-Za-z0-9-])`)
			text = edge.ReplaceAllString(text, "${1}"+strings.ReplaceAll(own[1], "$", "$$")+"${2}")
		}
	}
	text = anAccount.ReplaceAllString(text, "123456789012")
	text = anAccessKey.ReplaceAllStringFunc(text, func(id string) string { return id[:4] + "IOSFODNN7EXAMPLE" })
	text = aPerson.ReplaceAllString(text, "someone@example.com")
	text = aSignature.ReplaceAllString(text, "${1}scrubbed")
	return aSecret.ReplaceAllStringFunc(text, func(run string) string {
		if strings.ContainsAny(run, "abcdefghijklmnopqrstuvwxyz") && strings.ContainsAny(run, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			return "scrubbed"
		}
		return run
	})
}

// AddTest adds a test to the text of a check's file, at the end of its tests. The error says what to do by hand.
func AddTest(f *declared.File, data []byte, t declared.Test) ([]byte, error) {
	text := f.TestText(t)
	at, ok := declared.TestsEnd(data)
	if !ok {
		return nil, fmt.Errorf("the tests of %s stand in one line: write them one below the other, or add this one "+
			"yourself:\n%s", f.Name, text)
	}
	head, tail := data[:at], data[at:]
	if len(head) > 0 && head[len(head)-1] != '\n' {
		text = "\n" + text
	}
	return slices.Concat(head, []byte(text), tail), nil
}
