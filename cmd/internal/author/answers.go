package author

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// proveAnswers takes every part of every answer about the finished account away once, and empties it once. A step that
// sees the answer is then unknown or still right; it fails only where an answer without that part says that there is no
// such thing. A single value that is gone changes exactly the steps that it decides: a step that passed without it
// would pass from nothing. The machine is not looked at.
func (b *Bench) proveAnswers(ctx context.Context, p *Proof) {
	good := &spoiler{answers: map[string]answer{}}
	account := b.accounts[lab.Finished]
	grading := practice.Grading{NoWorkstation: true, Between: good.between}
	r, err := b.grade(ctx, account, nil, grading)
	if err != nil {
		p.Problems = append(p.Problems, b.problem("the account %s: %v", lab.Finished, err))
		return
	}
	before := verdicts(r.Report)
	var list []answerMutant
	for _, question := range slices.Sorted(maps.Keys(good.answers)) {
		a := good.answers[question]
		a.steps = b.decided(r, a)
		mutants, err := a.mutants()
		if err != nil {
			p.Problems = append(p.Problems, b.problem("the account %s: %s: %v", lab.Finished, a.name(), err))
		}
		list = append(list, mutants...)
	}
	var mu sync.Mutex
	noticed := map[string]bool{}
	p.Problems = append(p.Problems, each(len(list), func(i int) lab.Problems {
		m := list[i]
		spoiled := &spoiler{question: m.question, instead: m.body, answers: map[string]answer{}}
		r, err := b.grade(ctx, account, m.steps, practice.Grading{NoWorkstation: true, Between: spoiled.between})
		if err != nil && m.operation != whoAsks {
			return lab.Problems{b.expected(lab.Pos{}, "%s: %v", m.name(), err)}
		}
		after := changed(before, verdicts(r.Report))
		mu.Lock()
		defer mu.Unlock()
		if p.Answers++; len(after) > 0 {
			p.Noticed++
			noticed[m.name()] = true
		}
		return b.holdAnswer(m, after)
	})...)
	p.Problems = append(p.Problems, b.unnoticed(list, noticed)...)
}

// whoAsks is the operation whose answer every step knows.
const whoAsks = "GetCallerIdentity"

// decided are the steps that pass and whose verdict an answer is part of: a read that decides about the step got it.
func (b *Bench) decided(r graded, a answer) []string {
	var steps []string
	deciding := b.deciding(r)
	for _, s := range r.Steps {
		if s.Verdict == checks.Pass && (a.operation == whoAsks || deciding[s.ID][a.requestID]) {
			steps = append(steps, s.ID)
		}
	}
	return steps
}

// deciding are the requests of each step, by their ids, whose answers its reads got that decide.
func (b *Bench) deciding(r graded) map[string]map[string]bool {
	reads := map[string][]string{} // by the id of a request
	recording, err := r.session.Record()
	if err != nil {
		return nil
	}
	for _, fact := range recording.Facts {
		for _, call := range fact.Calls {
			reads[call.RequestID] = append(reads[call.RequestID], fact.Read)
		}
	}
	all := map[string]map[string]bool{}
	for i, s := range r.Steps {
		all[s.ID] = map[string]bool{}
		for _, read := range b.Plan.Steps[i].Check.Reads {
			for _, call := range s.Evidence {
				if slices.Contains(reads[call.RequestID], read.Describe().Name) {
					all[s.ID][call.RequestID] = true
				}
			}
		}
	}
	return all
}

// holdAnswer compares what came of an answer without a part with what may come of it.
func (b *Bench) holdAnswer(m answerMutant, after map[string]string) lab.Problems {
	if len(after) == 0 { // the same part may be there again where it decides nothing
		return nil
	}
	var at lab.Pos
	must, may := []string(nil), m.steps
	for _, e := range b.expect.Answers {
		if e.Operation != m.operation {
			continue
		}
		at = e.At
		if m.single && m.how == dropped && must == nil && len(e.Decides) > 0 {
			may = nil // what decides is said: what is not named decides nothing
		}
		switch {
		case !strings.Contains(m.sent, e.Asking):
		case slices.Contains(e.Absent, m.part+" "+m.how):
			if !maps.Equal(e.Changes, after) {
				return lab.Problems{b.expected(at, "%s: %v is expected, and it is %v", m.name(), e.Changes, after)}
			}
			return nil
		case m.single && m.how == dropped && slices.Contains(e.Decides, m.part):
			if must = e.Steps; len(must) == 0 {
				must = m.steps
			}
			may = must
		}
	}
	var found lab.Problems
	for _, step := range slices.Sorted(maps.Keys(after)) {
		verdict := after[step]
		unknown := verdict == "unknown "+string(facts.InvalidResponse) || verdict == "unknown "+string(facts.Unsupported) ||
			m.operation == whoAsks && verdict == "unknown "+string(facts.NotLooked) // nothing is asked without a caller
		switch {
		case !unknown:
			found = append(found,
				b.expected(at, "%s: %s is %s: name the part under absent if that is right", m.name(), step, verdict))
		case !slices.Contains(may, step):
			found = append(found,
				b.expected(at, "%s: %s is %s: name the part under decides if that is right", m.name(), step, verdict))
		}
	}
	for _, step := range must {
		if after[step] == "" {
			found = append(found, b.expected(at, "%s: %s passes without what decides about it", m.name(), step))
		}
	}
	return found
}

// unnoticed are the parts that an expectation names and whose absence changes nothing.
func (b *Bench) unnoticed(list []answerMutant, noticed map[string]bool) lab.Problems {
	var found lab.Problems
	for _, e := range b.expect.Answers {
		about := slices.DeleteFunc(slices.Clone(list), func(m answerMutant) bool {
			return e.Operation != m.operation || !strings.Contains(m.sent, e.Asking) || !noticed[m.name()]
		})
		named := slices.Clone(e.Absent)
		for _, part := range e.Decides {
			named = append(named, part+" "+dropped)
		}
		for _, part := range named {
			if !slices.ContainsFunc(about, func(m answerMutant) bool { return m.part+" "+m.how == part }) {
				found = append(found, b.expected(e.At, "%s: %s changes nothing, or is no part of the answer", e.Operation, part))
			}
		}
	}
	return found
}

// spoiler stands between a run and a practice account. It keeps every answer, and gives another one to a question.
type spoiler struct {
	to       http.RoundTripper
	question string
	instead  []byte

	mu      sync.Mutex
	answers map[string]answer // by question
}

func (s *spoiler) between(to http.RoundTripper) http.RoundTripper {
	s.to = to
	return s
}

// RoundTrip implements http.RoundTripper.
func (s *spoiler) RoundTrip(req *http.Request) (*http.Response, error) {
	sent, err := sentIn(req)
	if err != nil {
		return nil, err
	}
	response, err := s.to.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	a := answer{
		operation: sandbox.OperationOf(req, sent), sent: cmp.Or(string(sent), req.URL.String()),
		requestID: response.Header.Get("X-Amzn-Requestid"),
		format:    format(response.Header.Get("Content-Type")), body: body,
	}
	a.question = a.operation + " " + a.sent
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[a.question] = a
	if s.instead != nil && s.question == a.question {
		body = s.instead
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return response, nil
}

// sentIn is the body of a request, which can be read again; none where it has none.
func sentIn(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	sent, err := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(sent))
	return sent, err
}

// answer is what AWS said to a question.
type answer struct {
	question  string // the operation and the request
	operation string
	sent      string
	requestID string
	format    format
	body      []byte
	steps     []string // about which it decides
}

// name is how a person finds the question.
func (a answer) name() string {
	if !utf8.ValidString(a.sent) { // CBOR
		return a.operation
	}
	return fmt.Sprintf("%s (asking %q)", a.operation, a.sent)
}

// What happened to the part of an answer.
const (
	dropped = "dropped"
	emptied = "emptied"
)

// answerMutant is an answer with one part taken away or emptied.
type answerMutant struct {
	answer
	part   string // such as "imageDetails[].imageTags"
	how    string
	single bool // the part is a single value
}

func (m answerMutant) name() string { return m.answer.name() + " " + m.part + " " + m.how }

// mutants are the answer without each of its parts. Of the items of a list, the first and the last one are enough.
func (a answer) mutants() ([]answerMutant, error) {
	root, err := a.format.tree(a.body)
	if err != nil {
		return nil, err
	}
	var list []answerMutant
	keep := func(n *node, place, how string) {
		body, encodeErr := a.format.bytes(root)
		if encodeErr != nil {
			err = encodeErr
		}
		m := answerMutant{
			answer: a, part: strings.TrimPrefix(place, a.operation+"Result."), how: how,
			single: n.kind == scalar && n.value != "", // an element of XML without anything in it may be an empty list
		}
		m.body = body
		list = append(list, m)
	}
	var visit func(n *node, place string)
	visit = func(n *node, place string) {
		whole := n.kids
		for i, kid := range whole {
			at := kid.path(place)
			if kid.name == "ResponseMetadata" || i > 0 && i < len(whole)-1 && kid.isLike(whole[0]) {
				continue
			}
			n.kids = slices.Delete(slices.Clone(whole), i, i+1)
			keep(kid, at, dropped)
			n.kids = whole
			was := *kid
			kid.kids, kid.value = nil, nil
			keep(&was, at, emptied)
			*kid = was
			visit(kid, at)
		}
	}
	visit(root, "")
	return list, err
}
