package cmd

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/checktest/holes"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// Whatever an endpoint leaves empty in its answers, nothing that labcheck says has a hole. One text of each kind of
// answer is empty at a time; who the caller is, on which all else hangs, alone.
func TestNoHolesInWhatIsSaid(t *testing.T) {
	bareMachine(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
	for _, account := range []string{"half-done", "finished"} {
		state, err := fs.ReadFile(labs.Files, path.Join(labs.First(), "accounts", account+".json"))
		require.NoError(t, err)
		whole := newForgetful(t, state)
		said(t, whole)
		for _, texts := range whole.rounds() {
			r, messages := said(t, newForgetful(t, state, texts...))
			for sentence := range sentencesOf(r) {
				assert.Empty(t, holes.Find(sentence), "%s without %s: %s", account, texts, sentence)
			}
			for line := range strings.Lines(messages) {
				assert.Empty(t, holes.Find(strings.TrimSuffix(line, "\n")), "%s without %s: %s", account, texts, line)
			}
		}
	}
}

// said is what a run against an endpoint says, in its report and beside it.
func said(t *testing.T, endpoint http.RoundTripper) (r *reports.Report, messages string) {
	t.Helper()
	env, stdout, stderr := inProcess(t.Context(), labs.First(), "--endpoint-url", "https://practice.example.com",
		"--no-workstation", "--report", "json")
	env.Transport = endpoint
	code := Main(env, standard.Checks()...)
	r, err := jsonv1.Read(stdout.Bytes())
	require.NoError(t, err, "exit %d, stderr %s", code, stderr)
	return r, stderr.String()
}

// sentencesOf are the sentences about each step and about the run.
func sentencesOf(r *reports.Report) map[string]bool {
	all := map[string]bool{r.Closing(): true}
	if r.Problem != nil {
		all[r.Problem.Sentence()] = true
	}
	for _, n := range r.Notices() {
		all[n.Text] = true
	}
	for _, s := range r.Steps {
		all[s.Line()], all[s.Explanation()], all[s.Detail], all[s.Fix.Console] = true, true, true, true
		for _, f := range s.Findings {
			for _, text := range []string{f.Subject, f.LookedAt, f.Found, f.Expected, f.Advice, f.NearMiss, f.Detail} {
				all[text] = true
			}
		}
	}
	return all
}

// forgetful is a practice account in whose answers some texts are empty, wherever they stand.
type forgetful struct {
	practice *sandbox.Account
	forget   []text

	mu    sync.Mutex
	texts map[text]bool // all of them
}

// text is a text in the answers of an operation, by the name of the member.
type text struct{ operation, member string }

func newForgetful(t *testing.T, file []byte, forget ...text) *forgetful {
	t.Helper()
	env, _, _ := inProcess(t.Context())
	state, err := sandbox.Parse(file, env.Now())
	require.NoError(t, err)
	return &forgetful{
		practice: sandbox.New(state, sandbox.Options{Now: env.Now, AnySecret: true}), forget: forget,
		texts: map[text]bool{},
	}
}

// rounds are all texts of the answers, of each operation one at a time.
func (f *forgetful) rounds() [][]text {
	byOperation := map[string][]text{}
	for text := range f.texts {
		byOperation[text.operation] = append(byOperation[text.operation], text)
	}
	var rounds, alone [][]text
	for operation, texts := range byOperation {
		slices.SortFunc(texts, func(a, b text) int { return strings.Compare(a.member, b.member) })
		for i, text := range texts {
			switch {
			case operation == "GetCallerIdentityResponse":
				alone = append(alone, texts[i:i+1])
				continue
			case i == len(rounds):
				rounds = append(rounds, nil)
			}
			rounds[i] = append(rounds[i], text)
		}
	}
	return append(rounds, alone...)
}

// RoundTrip implements http.RoundTripper.
func (f *forgetful) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := f.practice.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if strings.Contains(response.Header.Get("Content-Type"), "xml") {
		answer = f.inXML(answer)
	} else if tree := any(nil); json.Unmarshal(answer, &tree) == nil {
		f.inJSON(r.Header.Get("X-Amz-Target"), tree)
		answer, _ = json.Marshal(tree) // it was JSON before
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(answer)), int64(len(answer))
	return response, nil
}

// isForgotten notes a text, and says whether it is empty.
func (f *forgetful) isForgotten(found text) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.texts[found] = true
	return slices.Contains(f.forget, found)
}

var (
	rootElement = regexp.MustCompile(`<(\w+)`)
	textElement = regexp.MustCompile(`<(\w+)>[^<>]+</\w+>`)
)

func (f *forgetful) inXML(answer []byte) []byte {
	operation := string(rootElement.FindSubmatch(answer)[1])
	return textElement.ReplaceAllFunc(answer, func(found []byte) []byte {
		member := string(textElement.FindSubmatch(found)[1])
		if !f.isForgotten(text{operation, member}) {
			return found
		}
		return []byte("<" + member + "></" + member + ">")
	})
}

func (f *forgetful) inJSON(operation string, node any) {
	switch node := node.(type) {
	case map[string]any:
		for member, value := range node {
			if was, ok := value.(string); !ok {
				f.inJSON(operation, value)
			} else if was != "" && f.isForgotten(text{operation, member}) {
				node[member] = ""
			}
		}
	case []any:
		for _, value := range node {
			f.inJSON(operation, value)
		}
	}
}
