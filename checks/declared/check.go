package declared

import (
	"encoding/json"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/checks/facts"
)

// check makes the check of a plan.
func (l *loader) check(sha256 string) *checks.Check {
	p := l.plan
	reads, extra := p.sources()
	about := checks.AboutAccount
	if p.isCaller {
		about = checks.AboutCaller
	}
	return checks.Declare(checks.Declaration{
		ID: l.file.ID.Text, Title: l.file.Title.Text, Why: strings.TrimSpace(l.file.Why.Text), Verify: p.verify(),
		Pages: checks.Pages{Docs: strings.TrimPrefix(l.file.Docs.Text, checks.DocsHost)}, About: about, Written: sha256,
		Params: p.params, Reads: reads, Extra: extra, Skip: l.skip(),
		Bind: func(values map[string]any) (func(*facts.View) (checks.Result, error), error) {
			if err := p.validate(values); err != nil {
				return nil, err
			}
			return func(v *facts.View) (checks.Result, error) {
				e := &environment{params: values, site: v.Site(), now: v.Now()}
				return p.look(e, inView{v}), nil
			}, nil
		},
	})
}

func (l *loader) skip() func(checks.Site) string {
	if len(l.file.Skip) == 0 {
		return nil
	}
	return func(s checks.Site) string {
		for _, name := range l.file.Skip {
			if why := skips[name.Text](s); why != "" {
				return why
			}
		}
		return ""
	}
}

// validate holds the values of the parameters to what AWS's models say of the inputs that they go into, as far as that
// can be known before anything is asked, and to what they are compared with.
func (p *plan) validate(values map[string]any) error {
	e := &environment{params: values, site: facts.Site{
		Account: exampleAccount, Partition: "aws", Region: exampleRegion, Caller: facts.Caller{Name: "alice"},
	}}
	for _, q := range p.questions {
		input, err := q.input.fill(e)
		if err != nil {
			continue // it uses the answer that it comes after
		}
		object, _ := input.(map[string]any)
		if _, problems := q.op.CheckInput(object); len(problems) > 0 {
			return &checks.ParamError{
				Name: q.paramOf(), Problem: "does not go into " + q.op.String() + ": " + problems[0].String(),
			}
		}
		if q.region == nil {
			continue
		}
		if region, err := e.text(*q.region); err == nil && !facts.IsRegion(region) {
			return &checks.ParamError{Name: q.region.param(), Problem: "is not a Region such as us-east-1"}
		}
	}
	for _, j := range p.judgements {
		if j.compare.literal == nil || j.compare.literal.text == nil {
			continue
		}
		t := *j.compare.literal.text
		value, err := e.fill(t)
		if err != nil {
			continue
		}
		switch j.compare.operator {
		case opMatches:
			_, err = compilePattern(wordOf(value))
		case opNewerThan, opOlderThan:
			_, err = parseAge(wordOf(value))
		}
		if err != nil {
			return &checks.ParamError{Name: t.param(), Problem: "does not fit: " + err.Error()}
		}
	}
	return nil
}

// paramOf is the parameter that the input uses, where it is one.
func (q *question) paramOf() string {
	found := map[string]bool{}
	q.input.each(func(s segment) {
		if s.kind == isParam {
			found[s.name] = true
		}
	})
	if len(found) != 1 {
		return ""
	}
	return names(found)[0]
}

// param is the first parameter in a template.
func (t template) param() string {
	for _, s := range t.segments {
		if s.kind == isParam {
			return s.name
		}
	}
	return ""
}

// verify is the command with which a person sees the same by hand: the read of the first expectation that looks into an
// answer. Names in it are in upper case.
func (p *plan) verify() string {
	q, query := p.questions[0], ""
	for _, j := range p.judgements {
		if len(j.of) > 0 {
			q, query = j.of[0], j.query()
			break
		}
	}
	words := []string{"aws", api.CLIService(q.op.Service), api.CLIName(q.op.Name)}
	for _, name := range names(q.input.fields) {
		words = append(words, "--"+api.CLIName(name), shownForm(q.input.fields[name]))
	}
	if query != "" {
		words = append(words, "--query", query)
	}
	return shellescape.QuoteCommand(words)
}

// query is the expression that shows what is judged; "" where several answers are looked at.
func (j *judgement) query() string {
	if len(j.of) > 1 {
		return ""
	}
	query, that := textOf(j.that)+textOf(j.count), textOf(j.that)
	if j.each != nil {
		query = j.each.Text
		if strings.HasSuffix(query, "]") && aPath.FindString("."+that) == "."+that {
			query += "." + that
		}
	}
	pick := j.of[0].pick
	if pick == nil {
		return query
	}
	picked := textOf(pick.from)
	for _, name := range names(pick.where) {
		picked += " | [?" + name + "=='" + shownForm(pick.where[name]) + "']"
	}
	return picked + " | [0] | " + query
}

func textOf(e *api.Expression) string {
	if e == nil {
		return ""
	}
	return e.Text
}

// shownForm is a part of an input as a person types it, names in upper case.
func shownForm(f *form) string {
	if f.text != nil {
		var b strings.Builder
		for _, s := range f.text.segments {
			switch s.kind {
			case isLiteral, isNow:
				b.WriteString(s.name)
			case isRead:
				b.WriteString(strings.ToUpper(s.path[len(s.path)-1]))
			default:
				b.WriteString(strings.ToUpper(s.name))
			}
		}
		return b.String()
	}
	return jsonOf(shownValue(f))
}

func shownValue(f *form) any {
	switch {
	case f.text != nil:
		return shownForm(f)
	case f.items != nil:
		list := make([]any, len(f.items))
		for i, item := range f.items {
			list[i] = shownValue(item)
		}
		return list
	case f.fields != nil:
		object := map[string]any{}
		for name, field := range f.fields {
			object[name] = shownValue(field)
		}
		return object
	}
	return f.plain
}

// typeOfDefault is the type of a parameter by its default, and the default as a value of it; "" for no type.
func typeOfDefault(v strict.Value) (string, any) {
	var value any
	if json.Unmarshal(v.JSON, &value) != nil {
		return "", nil
	}
	switch value := value.(type) {
	case string:
		return "string", value
	case bool:
		return "boolean", value
	case float64:
		if value == float64(int(value)) {
			return "integer", int(value)
		}
	case []any:
		list := []string{}
		for _, item := range value {
			text, ok := item.(string)
			if !ok {
				return "", nil
			}
			list = append(list, text)
		}
		return "list", list
	}
	return "", nil
}
