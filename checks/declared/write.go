package declared

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// NewWhy and NewTitle are what "dev new" writes where only the author can know better: "dev check" says so.
const (
	NewWhy   = "Say here, in one sentence about the real world, why it matters."
	NewTitle = "Say here what is so where it is right"
)

var (
	// plainWord is a text that YAML takes for a text without quotes, also inside braces.
	plainWord = regexp.MustCompile(`^[A-Za-z$/][A-Za-z0-9_$./()-]*(?: [A-Za-z0-9_$./()-]+)*$`)
	// guessed are words that YAML takes for something else.
	guessed = strings.Fields("true false null yes no on off y n nan inf")
)

// Flow writes a value as YAML, in one line, as a person would.
func Flow(value any) string {
	switch v := value.(type) {
	case string:
		if plainWord.MatchString(v) && !slices.Contains(guessed, strings.ToLower(v)) {
			return v
		}
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if e.Encode(v) != nil {
			return `""`
		}
		return strings.TrimSpace(b.String())
	case map[string]any:
		if len(v) == 0 {
			return "{}"
		}
		parts := make([]string, 0, len(v))
		for _, name := range names(v) {
			parts = append(parts, Flow(name)+": "+Flow(v[name]))
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = Flow(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case nil:
		return "null"
	}
	return wordOf(value)
}

// TestText writes a test as it stands in a file, as an item of the list, indented by two. A read that was not asked is
// left out.
func (f *File) TestText(t Test) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "    "+format+"\n", args...) }
	fmt.Fprintf(&b, "  - name: %s\n", Flow(t.Name))
	if len(t.Params) > 0 {
		params := map[string]any{}
		for name, raw := range t.Params {
			var v any
			if json.Unmarshal(raw, &v) == nil {
				params[name] = v
			}
		}
		line("params: %s", Flow(params))
	}
	if !t.Now.IsZero() && !t.Now.Equal(exampleTime) {
		line("now: %s", t.Now.UTC().Format("2006-01-02T15:04:05Z"))
	}
	if t.Region != "" && t.Region != exampleRegion {
		line("region: %s", t.Region)
	}
	for _, q := range f.plan.questions {
		a, ok := t.Answers[q.name]
		switch {
		case !ok:
		case a.Absent:
			line("%s: absent", q.name)
		case a.Reason != "":
			line("%s: %s", q.name, wordOfReason(a.Reason))
		default:
			line("%s: %s", q.name, Flow(a.Value))
		}
	}
	if len(t.Near) > 0 {
		list := make([]any, len(t.Near))
		for i, name := range t.Near {
			list[i] = name
		}
		line("near: %s", Flow(list))
	}
	line("verdict: %s", t.Verdict)
	if t.Found != "" {
		line("found: %s", Flow(t.Found))
	}
	return b.String()
}

// TestsEnd is where another test goes into the bytes of a file: behind the last one. It is false where the tests do
// not stand below one another, two columns in.
func TestsEnd(data []byte) (end int, ok bool) {
	at := 0
	const testsKey = "tests:"
	within := false
	for line := range bytes.Lines(data) {
		text := strings.TrimRight(string(line), " \t\r\n")
		isItem := strings.HasPrefix(text, "  ") || text == "" || strings.HasPrefix(text, "#")
		switch {
		case text == testsKey:
			within = true
		case within && !isItem:
			return end, ok
		}
		at += len(line)
		if within && strings.HasPrefix(text, "  ") {
			ok = ok || strings.HasPrefix(text, "  - ")
			end = at
		}
	}
	return end, ok
}

// wordOfReason is the word of a test for what cannot be looked at.
func wordOfReason(reason facts.Reason) string {
	for _, word := range names(reasons) {
		if reasons[word] == reason {
			return word
		}
	}
	return "timeout"
}
