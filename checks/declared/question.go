package declared

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/nearest"
)

// A question is a read of a check: an operation with an input, and what of its answer counts.
type question struct {
	name   string
	at     strict.Pos
	op     *api.Operation
	input  *form
	region *template // nil: the lab's Region
	after  *question
	absent []string // error codes
	pick   *picking

	answer api.Place // the whole
	place  api.Place // what expressions look at: the picked element, or the whole
	source *named
	used   bool // something is expected of it
}

type picking struct {
	from    *api.Expression
	where   map[string]*form
	several bool // take the first
}

// canBeAbsent says whether the answer may be that there is no such thing.
func (q *question) canBeAbsent() bool { return len(q.absent) > 0 || q.pick != nil }

// named is a read by name.
type named = facts.Read[Key, Answer]

// Key is what a read by name asks: the design's "bound-input template" is filled in here.
type Key struct {
	Region string `json:"region"`
	Input  Input  `json:"input"` // as canonical JSON
}

// Input is the input of an operation: a text that is JSON, and is written as what it is.
type Input string

// MarshalJSON implements json.Marshaler.
func (i Input) MarshalJSON() ([]byte, error) { return []byte(i), nil }

// Answer is what a read by name learns: an answer, or an error code that some check takes for absence.
type Answer struct {
	// Kept are the members that are kept, as in expressions. No other was looked at.
	Kept  []string       `json:"kept,omitempty"`
	Value map[string]any `json:"value,omitempty"`
	// Code is the error code, and Reason and Detail what it means to a check that does not take it for absence.
	Code   string       `json:"code,omitempty"`
	Reason facts.Reason `json:"reason,omitempty"`
	Detail string       `json:"detail,omitempty"`
}

// answerVersion is the version of all reads by name.
const answerVersion = 1

// identity is the identity of a read by name: that of its operation. With its Key it is that of a question.
type identity struct{ operation string }

// wants is what a check looks at in the answers of an operation.
type wants struct {
	keep   *api.Selection
	absent []string
}

// sourceOf makes the read of an operation. Checks that read the same operation share answers: their reads are one, and
// each says what it wants of them.
func sourceOf(o *api.Operation, w wants) *named {
	actions := o.Actions
	if actions == nil {
		actions = []string{} // nobody can be denied it
	}
	return &named{
		Name: o.String(), Operations: []string{o.String()}, Actions: actions, Version: answerVersion,
		Identity: identity{o.String()}, Wants: w, Keeps: w.keep.Members(),
		Fetch: func(ctx context.Context, access *facts.Access, key Key) (Answer, error) {
			return fetch(ctx, access, o, key)
		},
	}
}

func fetch(ctx context.Context, access *facts.Access, o *api.Operation, key Key) (Answer, error) {
	var input map[string]any
	if err := json.Unmarshal([]byte(key.Input), &input); err != nil {
		return Answer{}, facts.Errorf(facts.InternalError, "the input of %s is not JSON: %w", o, err)
	}
	typed, problems := o.CheckInput(input)
	if len(problems) > 0 {
		return Answer{}, facts.Errorf(facts.InvalidResponse, "%s cannot be asked: %s", o, problems[0])
	}
	keep := o.Answer().Selection()
	var codes []string
	for _, w := range access.Wanted(identity{o.String()}) {
		if w, ok := w.(wants); ok {
			keep.Add(w.keep)
			codes = append(codes, w.absent...)
		}
	}
	value, err := account.ReadNamed(ctx, access, o, key.Region, typed, keep)
	if code := account.ErrorCode(err); err != nil && slices.Contains(codes, code) {
		e := facts.AsError(err)
		return Answer{Code: code, Reason: e.Reason, Detail: e.Detail}, nil
	}
	return Answer{Kept: keep.Members(), Value: value}, err
}

// covers says whether an answer was kept with all that a check names.
func (a Answer) covers(keep *api.Selection) bool {
	for _, path := range keep.Members() {
		if !slices.ContainsFunc(a.Kept, func(kept string) bool {
			rest, ok := strings.CutPrefix(kept, path)
			return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
		}) {
			return false
		}
	}
	return true
}

// An outcome is how a question ended.
type outcome struct {
	is     ending
	value  any          // of an answer, after pick
	err    *facts.Error // why it could not be looked at
	listed int          // how many there were to pick from; -1 without pick
	region string
}

type ending int

const (
	notAsked ending = iota // what it comes after is absent
	answered
	absent
	unreadable
)

func failed(err error, region string) *outcome {
	return &outcome{is: unreadable, err: facts.AsError(err), listed: -1, region: region}
}

// outcomeOf reads an answer as the question means it.
func (q *question) outcomeOf(a Answer, err error, e *environment, region string) *outcome {
	o := &outcome{is: answered, value: a.Value, listed: -1, region: region}
	switch {
	case err != nil:
		return failed(err, region)
	case a.Code != "" && slices.Contains(q.absent, a.Code):
		o.is, o.value = absent, nil
		return o
	case a.Code != "":
		return failed(&facts.Error{Reason: a.Reason, Operation: q.op.String(), Region: region, Detail: a.Detail}, region)
	case !a.covers(q.answer.Selection()):
		return failed(facts.Errorf(facts.NotLooked,
			"the recorded facts do not hold all that is looked at in the answer of %s", q.op), region)
	case a.Value == nil:
		o.value = map[string]any{}
	}
	if q.pick != nil {
		q.pick.choose(o, e, q.op)
	}
	return o
}

// choose picks the one element.
func (p *picking) choose(o *outcome, e *environment, op *api.Operation) {
	whole := o.value
	list, ok := p.from.Evaluate(whole).([]any)
	if !ok && !p.from.OnlyLastIsMissing(whole) {
		*o = *failed(facts.Errorf(facts.InvalidResponse, "the answer of %s has no list %s", op, p.from.Text), o.region)
		return
	}
	o.listed = len(list)
	var found []any
	for _, element := range list {
		if p.matches(element, e) {
			found = append(found, element)
		}
	}
	switch {
	case len(found) == 0:
		o.is, o.value = absent, nil
	case len(found) > 1 && !p.several:
		*o = *failed(facts.Errorf(facts.Unsupported, "%d of what %s lists are like that, and one is meant",
			len(found), op), o.region)
	default:
		o.value = found[0]
	}
}

func (p *picking) matches(element any, e *environment) bool {
	for path, want := range p.where {
		is, err := member(element, strings.Split(path, "."))
		if err != nil {
			return false
		}
		if value, err := want.fill(e); err != nil || !reflect.DeepEqual(is, value) {
			return false
		}
	}
	return true
}

// key is what the question asks in an environment.
func (q *question) key(e *environment) (Key, error) {
	k := Key{Region: e.site.Region}
	if q.region != nil {
		region, err := e.text(*q.region)
		if err != nil {
			return k, err
		}
		k.Region = region
	}
	input, err := q.input.fill(e)
	if err != nil {
		return k, err
	}
	k.Input = Input(jsonOf(input))
	return k, nil
}

// loadReads makes the questions, in an order in which each stands behind the one that it comes after.
func (l *loader) loadReads() {
	order := names(l.file.Reads)
	slices.SortStableFunc(order, func(a, b string) int { return comparePos(l.file.Reads[a].At, l.file.Reads[b].At) })
	under := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		r := l.file.Reads[name]
		if l.question(name) != nil || l.isBroken(r.At) {
			return
		}
		if under[name] {
			l.At(r.At, "the read %q comes after itself", name)
			return
		}
		under[name] = true
		if after := r.After.Text; after != "" {
			if _, ok := l.file.Reads[after]; !ok {
				l.At(r.After.At, "there is no read %q%s", facts.NameOf(after), nearest.DidYouMean(after, order))
				return
			}
			if visit(after); l.question(after) == nil {
				return
			}
		}
		l.loadRead(name, r)
	}
	for _, name := range order {
		visit(name)
	}
}

func (l *loader) loadRead(name string, r read) {
	if !nameForm.MatchString(name) {
		l.At(r.At, "a read's name is of letters, digits and inner hyphens")
	}
	if slices.Contains(reserved, name) || slices.Contains([]string{"fix", "console"}, name) {
		l.At(r.At, "%q cannot be a read's name: it means something else here", name)
	}
	op, err := api.Find(r.Call.Text)
	if err != nil {
		l.At(r.Call.At, "%v", err)
		return
	}
	q := &question{name: name, at: r.At, op: op, answer: op.Answer(), after: l.question(r.After.Text)}
	q.place = q.answer
	l.plan.questions = append(l.plan.questions, q)
	in := l.scope(false, false)
	in.now = true
	for p := q.after; p != nil; p = p.after {
		in.reads = append(in.reads, p.name)
	}
	q.input = l.input(r.With, op, r.At, in)
	if r.Region.Text != "" {
		q.region = l.regionOf(r.Region, in)
		if q.region.isPlain() && !slices.Contains(globalServices, op.Service) {
			l.note(r.Region.At, "the Region is always %s, whatever the lab's is: leave it out, or use a parameter",
				r.Region.Text)
		}
	}
	l.inputLint(q, r)
	uses := false
	q.input.each(func(s segment) { uses = uses || s.kind == isRead })
	if q.after != nil && !uses {
		l.note(r.After.At, "the read %q comes after %q and uses nothing of it: without after, both are asked at once",
			name, q.after.name)
	}
	for _, code := range r.Absent {
		l.absentCode(q, code)
	}
	if r.Pick != nil {
		q.pick = l.picking(q, r.Pick)
	}
	if err := op.Whole(q.answer); err != nil {
		l.At(r.Call.At, "%v", err)
	}
}

// globalServices are asked in one Region alone, whichever is meant.
var globalServices = []string{"iam", "sts", "budgets", "cloudfront", "route53", "organizations"}

// inputLint notes inputs that ask for less than the author believes.
func (l *loader) inputLint(q *question, r read) {
	if q.input == nil || r.With.Node == nil {
		return
	}
	for i := 0; i+1 < len(r.With.Content); i += 2 {
		key, value := r.With.Content[i], r.With.Content[i+1]
		at := strict.Pos{Line: key.Line, Column: key.Column}
		lower := strings.ToLower(key.Value)
		switch f := q.input.fields[key.Value]; {
		case strings.HasSuffix(lower, "token") || lower == "marker":
			l.Wrong(key, "all pages are read: leave %s out", key.Value)
		case strings.HasSuffix(lower, "prefix") && f != nil && f.text != nil && !f.text.isPlain() &&
			(r.Pick == nil || len(r.Pick.Where) == 0):
			l.note(at, "%s finds everything that begins with %s: pick the element whose name is equal to it",
				key.Value, value.Value)
		}
	}
}

func (l *loader) regionOf(t strict.Text, in scope) *template {
	region := l.template(t, in)
	if region.isPlain() && !facts.IsRegion(t.Text) {
		l.At(t.At, "%q is not a Region such as us-east-1", facts.NameOf(t.Text))
	}
	return &region
}

// unmodelled are the codes for absence of services whose models name none: S3's, those of EC2, and that of a HEAD.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
var unmodelled = regexp.MustCompile(`^(?:` +
	`s3(?:control)?:(?:NoSuch[A-Z][A-Za-z]+|[A-Z][A-Za-z]+NotFoundError|NotFound)|` +
	`ec2:Invalid[A-Z][A-Za-z]+\.NotFound(?:Exception)?|sqs:(?:AWS\.SimpleQueueService\.NonExistentQueue))$`)

// absentCode adds an error code that means that there is no such thing, in all its spellings.
func (l *loader) absentCode(q *question, code strict.Text) {
	known := q.op.Codes(code.Text)
	switch reason := account.ReasonOfCode(code.Text); {
	case reason != "":
		l.At(code.At, "the code %s never means that something is absent: it stands for %s", code.Text, reason)
		return
	case known == nil && !unmodelled.MatchString(q.op.Service+":"+code.Text):
		l.note(code.At, "AWS's models do not know the code %s for %s%s", facts.NameOf(code.Text), q.op,
			nearest.DidYouMean(code.Text, q.op.ErrorCodes()))
	}
	for _, c := range append(known, code.Text) {
		if !slices.Contains(q.absent, c) {
			q.absent = append(q.absent, c)
		}
	}
}

func (l *loader) picking(q *question, p *pick) *picking {
	made := &picking{where: map[string]*form{}}
	from, list, ok := l.follow(p.From, q.answer, api.Presence)
	if !ok {
		return made
	}
	made.from = from
	element, ok := list.Element()
	if !ok {
		l.At(p.From.At, "%s is no list of %s", p.From.Text, q.op)
		return made
	}
	q.place = element
	in := l.scope(false, false)
	for _, path := range names(p.Where) {
		n := p.Where[path]
		if n.Node == nil {
			continue
		}
		if !aPath.MatchString("." + path) {
			l.Wrong(n.Node, "a member of the element is a name, or names with dots")
			continue
		}
		_, at, ok := l.follow(strict.Text{At: n.Pos(), Text: path}, element, api.Value)
		if ok {
			made.where[path] = l.literal(n.Node, at.Type(), in)
		}
	}
	switch p.Several.Text {
	case "first":
		made.several = true
	case "":
	default:
		l.At(p.Several.At, "several is first, or left out")
	}
	return made
}

// follow reads an expression and follows it from a place.
func (l *loader) follow(t strict.Text, from api.Place, use api.Use) (*api.Expression, api.Place, bool) {
	if strings.Contains(t.Text, "$") {
		l.At(t.At, "an expression holds no $: compare its result with the parameter")
		return nil, api.Place{}, false
	}
	e, err := api.ReadExpression(t.Text)
	if err != nil {
		l.At(t.At, "%v", err)
		return nil, api.Place{}, false
	}
	to, unknown, err := from.Follow(e, use)
	if err != nil {
		l.At(t.At, "%v", err)
		return nil, api.Place{}, false
	}
	for _, u := range unknown {
		l.doubtful(t.At, u)
	}
	return e, to, true
}

// useMember notes that a member of a read's answer is used in a text.
func (l *loader) useMember(at strict.Pos, s segment) {
	q := l.question(s.name)
	if q == nil {
		return
	}
	_, to, ok := l.follow(strict.Text{At: at, Text: strings.Join(s.path, ".")}, q.place, api.Value)
	if !ok {
		return
	}
	if class := to.Type().Class(); class == api.Many || class == api.Object {
		l.At(at, "$%s.%s is %s, and a text, a number, true or false is needed", s.name, strings.Join(s.path, "."), class)
	}
	if err := q.op.Whole(q.answer); err != nil {
		l.At(at, "%v", err)
	}
}

// errNoMember is why a question could not be asked.
var errNoMember = errors.New("the answer that it comes after lacks a member that its input needs")
