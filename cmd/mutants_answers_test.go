package cmd

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// Every part of every answer about the finished account is taken away once, and emptied once. A step is then unknown or
// still right; it fails only where an answer without that part says that there is no such thing. A single value that is
// gone changes exactly the steps that it decides: a step that passed without it would pass from nothing.
func TestMutantsOfAnswers(t *testing.T) {
	onlyKeysInEnvironment(t)
	var good *spoiler
	synctest.Test(t, func(t *testing.T) { good = gradeWith(t, nil, nil) })
	before := verdictsOf(good.report)
	for step, verdict := range before {
		require.Contains(t, []string{"pass", "unknown not_looked"}, verdict, step)
	}
	counts, noticed := map[string]int{}, map[string]bool{}
	for _, question := range slices.Sorted(maps.Keys(good.answers)) {
		a := good.answers[question]
		for _, m := range a.mutants(t) {
			var changed changes
			synctest.Test(t, func(t *testing.T) {
				changed = verdictsOf(gradeWith(t, map[string][]byte{question: m.body}, good.askedBy(a)).report).since(before)
			})
			counts["all"]++
			if len(changed) > 0 {
				counts["noticed"]++
				noticed[m.name] = true
			}
			expected(m).hold(t, m.name, changed)
		}
	}
	for _, a := range absences() {
		for _, name := range a.parts {
			assert.True(t, noticed[name], "%s is no mutant, or changes nothing", name)
		}
	}
	for _, d := range decidingParts() {
		for _, part := range d.parts {
			name := d.question + " " + part + " dropped"
			assert.True(t, noticed[name], "%s is no mutant, or changes nothing", name)
		}
	}
	t.Logf("%d answers without a part: %d change a step as they should, %d change none", counts["all"], counts["noticed"],
		counts["all"]-counts["noticed"])
}

// hold compares what came with what may come.
func (e expectation) hold(t *testing.T, name string, changed changes) {
	t.Helper()
	if len(changed) == 0 { // the same part may be there again where it decides nothing
		return
	}
	if e.exact != nil {
		assert.Equal(t, e.exact, changed, name)
		return
	}
	for step, verdict := range changed {
		assert.Contains(t, []string{"unknown invalid_response", "unknown unsupported"}, verdict, "%s: %s", name, step)
		assert.Contains(t, slices.Concat(e.unknown, e.may), step, "%s: %s is none of its steps (see decidingParts and absences)", name, step)
	}
	for _, step := range e.unknown {
		assert.Contains(t, changed, step, name)
	}
}

// spoiler stands between a run and a practice account. It keeps every answer, and gives others in place of some.
type spoiler struct {
	account *sandbox.Account
	report  *reports.Report
	instead map[string][]byte // by question

	mu      sync.Mutex
	answers map[string]answer // by question
}

// RoundTrip implements http.RoundTripper.
func (s *spoiler) RoundTrip(req *http.Request) (*http.Response, error) {
	sent, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	req.Body = io.NopCloser(bytes.NewReader(sent))
	response, err := s.account.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	question := questionOf(req, sent)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[question] = answer{question, format(response.Header.Get("Content-Type")), body}
	if other, ok := s.instead[question]; ok {
		body = other
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return response, nil
}

// questionOf names a question by its operation, in any protocol, and by what tells it from another one.
func questionOf(req *http.Request, sent []byte) string {
	operation := path.Base(req.URL.Path)
	if target := req.Header.Get("X-Amz-Target"); target != "" {
		operation = target[strings.LastIndexByte(target, '.')+1:]
	}
	if form, err := url.ParseQuery(string(sent)); err == nil && form.Get("Action") != "" {
		operation = form.Get("Action")
	}
	for _, particular := range []string{"ARCHIVED", "ACTIVATING", "ACTIVE", "imageTag", "repositoryNames"} {
		if bytes.Contains(sent, []byte(particular)) {
			return operation + "(" + particular + ")"
		}
	}
	return operation
}

// askedBy are the steps whose evidence an answer is: no other step sees it. Who asks is known to every step.
func (s *spoiler) askedBy(a answer) []string {
	var steps []string
	for _, step := range s.report.Steps {
		asked := func(c facts.Call) bool { return strings.HasSuffix(c.Operation, ":"+a.operation()) }
		if a.operation() == "GetCallerIdentity" || slices.ContainsFunc(step.Evidence, asked) {
			steps = append(steps, step.ID)
		}
	}
	return steps
}

// gradeWith grades steps of the finished account, with other answers to some questions. No steps are all of them. The
// machine is not looked at.
func gradeWith(t testing.TB, instead map[string][]byte, steps []string) *spoiler {
	t.Helper()
	args := []string{"module-1.2", "--no-workstation", "--report", "json"}
	for _, step := range steps {
		args = append(args, "--only", step)
	}
	env, stdout, stderr := inProcess(t.Context(), args...)
	state := stateOf(t, "finished", env.Now())
	s := &spoiler{
		account: sandbox.New(state, sandbox.Options{Now: env.Now}), instead: instead, answers: map[string]answer{},
	}
	env.Transport = s
	code := Main(env, standard.Checks()...)
	require.NotEqual(t, exitInternal, code, "%s", stderr)
	report, err := jsonv1.Read(stdout.Bytes())
	s.report = report
	require.NoError(t, err, "exit %d, stderr %s", code, stderr)
	return s
}

// onlyKeysInEnvironment leaves nothing of the machine's own AWS settings but the keys of the practice account.
func onlyKeysInEnvironment(t *testing.T) {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // so that it comes back
			require.NoError(t, os.Unsetenv(name))
		}
	}
	none := filepath.Join(t.TempDir(), "none")
	t.Setenv("AWS_CONFIG_FILE", none)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", none)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
}

// answer is what AWS said to a question.
type answer struct {
	question string
	format   format
	body     []byte
}

// operation is the question without what is particular to it.
func (a answer) operation() string {
	operation, _, _ := strings.Cut(a.question, "(")
	return operation
}

// answerMutant is an answer with one part taken away or emptied.
type answerMutant struct {
	name     string // such as "DescribeImages imageDetails[].imageTags dropped"
	question string
	single   bool // the part is a single value
	body     []byte
}

// mutants are the answer without each of its parts. Of the items of a list, the first and the last one are enough.
func (a answer) mutants(t testing.TB) []answerMutant {
	t.Helper()
	root := a.format.tree(t, a.body)
	var list []answerMutant
	keep := func(n *node, place, how string) {
		place = strings.TrimPrefix(place, a.question+"Result.")
		list = append(list, answerMutant{
			name: a.question + " " + place + " " + how, question: a.question,
			single: n.kind == scalar && n.value != "", // an element of XML without anything in it may be an empty list
			body:   a.format.bytes(t, root),
		})
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
			keep(kid, at, "dropped")
			n.kids = whole
			was := *kid
			kid.kids, kid.value = nil, nil
			keep(&was, at, "emptied")
			*kid = was
			visit(kid, at)
		}
	}
	visit(root, "")
	return list
}
