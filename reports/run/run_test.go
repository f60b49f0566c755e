package run_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/run"
)

var (
	started  = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	finished = started.Add(time.Second)
)

type key struct {
	Name string `json:"name"`
}

// verdicts answers each step's own question with the verdict that the test wants.
var verdicts = &facts.Read[key, string]{
	Name: "test.verdict", Operations: []string{"test:GetVerdict"},
	Fetch: func(ctx context.Context, _ *facts.Access, k key) (string, error) {
		facts.NoteCall(ctx, facts.Call{Operation: "test:GetVerdict", Region: k.Name, RequestID: "id-" + k.Name})
		word, name, _ := strings.Cut(k.Name, "/")
		switch word {
		case "late":
			facts.NoteCall(ctx, facts.Call{Operation: "test:GetVerdict", Region: k.Name, Unanswered: true})
			return "pass", nil
		case "unsettled":
			return "", &facts.Error{Reason: facts.NotYetConsistent, Detail: "later"}
		case "unknown":
			return "", &facts.Error{Reason: facts.AccessDenied, MissingAction: "test:" + name, Detail: "denied"}
		case "panic":
			panic("a read may panic")
		}
		return word, nil
	},
}

type params struct {
	Is   string `json:"is" help:"the verdict" need:"true"`
	Arg  string `json:"arg" help:"an argument of the fix"`
	Boom bool   `json:"boom" help:"the check itself panics"`
}

// wanted has a finding with the verdict that the read gives; wantedOfCaller is about the caller.
var (
	wanted         = checks.New(wantedSpec("test-wanted", checks.AboutAccount))
	wantedOfCaller = checks.New(wantedSpec("test-caller", checks.AboutCaller))
)

func wantedSpec(id string, about checks.About) checks.Spec[params] {
	return checks.Spec[params]{
		ID: id, Title: "It is so", Why: "It matters.", Verify: "look", About: about,
		Reads: []facts.Source{verdicts}, Defaults: params{Arg: "name"}, Run: asWanted,
	}
}

func asWanted(v *facts.View, p params) (checks.Result, error) {
	if p.Boom {
		panic("a check may panic")
	}
	word, err := verdicts.Get(v, key{p.Is})
	f := checks.Finding{Subject: "it", Expected: "pass"}
	if err != nil {
		ask := checks.Fix{Commands: []checks.Command{checks.Sh("aws", "ask")}, Console: "There"}
		return checks.Of(f.Unknown(err)).WithFix(ask), nil
	}
	word, _, _ = strings.Cut(word, "/")
	judged := map[string]checks.Finding{
		"pass": f.Pass(word), "partial": f.Partial(50, word), "fail": f.Fail(word), "skipped": f.Skip(word),
	}[word]
	return checks.Of(judged).WithFix(checks.Fix{
		Commands: []checks.Command{checks.Sh("aws", "fix", "--name", p.Arg)}, Console: "Here",
	}), nil
}

// grading runs the steps of a lab: each line is "id verdict points [required] [needs a,b]".
func grading(t *testing.T, lines ...string) *reports.Report {
	t.Helper()
	return runLab(context.Background(), t, tinyLab(lines...), nil)
}

func tinyLab(lines ...string) string {
	var b strings.Builder
	b.WriteString("schema: labcheck.lab/v1\nid: tiny\ntitle: Tiny\npass: 80\nsections:\n  - title: All\n    steps:\n")
	for _, line := range lines {
		f := strings.Fields(line)
		b.WriteString("      - id: " + f[0] + "\n        check: test-wanted\n        with: { is: " + f[1] +
			" }\n        points: " + f[2] + "\n")
		for i := 3; i < len(f); i++ {
			switch f[i] {
			case "required":
				b.WriteString("        required: true\n")
			case "needs":
				b.WriteString("        needs: [" + f[i+1] + "]\n")
			}
		}
	}
	return b.String()
}

func runLab(ctx context.Context, t *testing.T, file string, only []string) *reports.Report {
	t.Helper()
	return runLabAs(ctx, t, file, only, "arn:aws:iam::123456789012:user/alice")
}

func runLabAs(ctx context.Context, t *testing.T, file string, only []string, caller string) *reports.Report {
	t.Helper()
	return runLabWith(ctx, t, file, nil, only, caller)
}

func runLabWith(
	ctx context.Context, t *testing.T, file string, set map[string]string, only []string, caller string,
) *reports.Report {
	t.Helper()
	registry, err := checks.NewRegistry(wanted, wantedOfCaller)
	require.NoError(t, err)
	l, err := lab.Load("tiny.yaml", []byte(file))
	require.NoError(t, err)
	plan, err := lab.Bind(l, registry, set)
	require.NoError(t, err)
	if only != nil {
		plan, err = plan.Select(only)
		require.NoError(t, err)
	}
	session := facts.NewSession(ctx, facts.Options{Now: started})
	return run.Run(plan, session, run.Options{
		Source: reports.AWS, LabFile: ".labcheck/tiny.yaml", Clock: func() time.Time { return finished },
		Site: facts.ParseSite("123456789012", caller, "AIDAEXAMPLE", "us-east-1"),
	})
}

func verdictsOf(r *reports.Report) map[string]string {
	m := map[string]string{}
	for _, s := range r.Steps {
		m[s.ID] = s.Verdict.String()
	}
	return m
}

func TestBlocking(t *testing.T) {
	cases := map[string]struct {
		steps   []string
		want    map[string]string
		blocked map[string][]string
	}{
		"a failed need blocks fail and unknown, down the line, and names the root cause": {
			steps: []string{"c fail 1 needs b", "b unknown/x 1 needs a", "a fail 1"},
			want:  map[string]string{"a": "fail", "b": "blocked", "c": "blocked"},
			blocked: map[string][]string{
				"b": {"a"}, "c": {"a"},
			},
		},
		"pass, partial and skipped stand on their own evidence": {
			steps: []string{"a fail 1", "b pass 1 needs a", "c partial 2 needs a", "d skipped 1 needs a"},
			want:  map[string]string{"a": "fail", "b": "pass", "c": "partial", "d": "skipped"},
		},
		"an unknown need makes fail unknown": {
			steps: []string{"a unknown/Need 1", "b fail 1 needs a"},
			want:  map[string]string{"a": "unknown", "b": "unknown"},
		},
		"a failed need wins over an unknown one": {
			steps: []string{"a unknown/x 1", "z fail 1", "b fail 1 needs a,z"},
			want:  map[string]string{"a": "unknown", "z": "fail", "b": "blocked"}, blocked: map[string][]string{"b": {"z"}},
		},
		"a partial need blocks nothing": {
			steps: []string{"a partial 2", "b fail 1 needs a"},
			want:  map[string]string{"a": "partial", "b": "fail"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := grading(t, c.steps...)
			assert.Equal(t, c.want, verdictsOf(r))
			for id, causes := range c.blocked {
				s, _ := r.Step(id)
				assert.Equal(t, causes, s.BlockedBy)
				assert.Empty(t, s.Fix.Commands, "the cause has the fix")
			}
		})
	}
}

func TestUnknownNamesItsReason(t *testing.T) {
	r := grading(t, "a unknown/Need 1", "b fail 1 needs a")
	for _, s := range r.Steps {
		assert.Equal(t, facts.AccessDenied, s.Reason)
		assert.Equal(t, "test:Need", s.MissingAction)
	}
	assert.Equal(t, grade.NotPassed, grading(t, "a fail 9", "b unknown/x 1").Grade.Outcome)
	assert.Equal(t, grade.Inconclusive, r.Grade.Outcome)
}

// Where waiting may not help, the report says what does; not where the cause is another.
func TestUnknownIsSettled(t *testing.T) {
	r := grading(t, "a unsettled 1", "b unknown/Need 1", "c fail 1 needs b", "d unsettled 1 needs b")
	assert.Equal(t, checks.Fix{Commands: []checks.Command{checks.Sh("aws", "ask")}, Console: "There"}, r.Steps[0].Fix)
	for _, s := range r.Steps[1:] {
		assert.Equal(t, checks.Unknown, s.Verdict)
		assert.Equal(t, checks.Fix{}, s.Fix, s.ID)
	}
}

func TestPanicsAreFaultsOfTheTool(t *testing.T) {
	r := grading(t, "a panic 1", "b pass 1")
	assert.Equal(t, map[string]string{"a": "unknown", "b": "pass"}, verdictsOf(r))
	assert.Equal(t, facts.InternalError, r.Steps[0].Reason)
	assert.Contains(t, r.Steps[0].Detail, "run_test.go:")

	file := "schema: labcheck.lab/v1\nid: tiny\ntitle: T\npass: 1\nsections:\n  - title: S\n    steps:\n" +
		"      - { check: test-wanted, points: 1, with: { is: pass, boom: true } }\n"
	r = runLab(context.Background(), t, file, nil)
	assert.Equal(t, facts.InternalError, r.Steps[0].Reason)
	assert.Contains(t, r.Steps[0].Detail, "a check may panic")
}

func TestNext(t *testing.T) {
	r := grading(
		t, "small fail 1", "big fail 5", "must fail 1 required", "root fail 2", "leaf fail 9 needs root", "done pass 1",
	)
	assert.Equal(t, []string{"must", "small", "big"}, r.Next, "the required ones, then the others as the lab has them")
	assert.Empty(t, grading(t, "a pass 1").Next)
}

// Nothing is told to be done as the root user that stands behind the step which ends the root user's work.
func TestNextAsRoot(t *testing.T) {
	file := tinyLab("safe fail 1 required", "other fail 1", "user fail 1 required", "repository fail 9 required")
	file = strings.Replace(file, "id: user\n        check: test-wanted", "id: user\n        check: test-caller", 1)
	root := runLabAs(t.Context(), t, file, nil, "arn:aws:iam::123456789012:root")
	assert.Equal(t, []string{"safe", "user", "other"}, root.Next)
	alice := runLabAs(t.Context(), t, file, nil, "arn:aws:iam::123456789012:user/alice")
	assert.Equal(t, []string{"safe", "user", "repository"}, alice.Next)
}

// What nobody could look at is next only where nothing is to be fixed, and where a person can do something about it.
func TestNextSettles(t *testing.T) {
	assert.Equal(t, []string{"mail"}, grading(t, "mail unsettled 1", "denied unknown/x 1", "done pass 1").Next)
	assert.Equal(t, []string{"open"}, grading(t, "mail unsettled 1", "open fail 1").Next)
}

func TestARequestWithoutAnAnswerIsCountedApart(t *testing.T) {
	r := grading(t, "a late/same 1", "b pass/other 1")
	want := reports.Calls{Total: 2, Unanswered: 1, ByOperation: map[string]int{"test:GetVerdict": 2}}
	assert.Equal(t, want, r.Calls)
	assert.Len(t, r.Steps[0].Evidence, 1, "what got no answer is no evidence")
}

func TestEachQuestionOnce(t *testing.T) {
	r := grading(t, "a pass/same 1", "b pass/same 1", "c pass/other 1")
	assert.Equal(t, reports.Calls{Total: 2, ByOperation: map[string]int{"test:GetVerdict": 2}}, r.Calls)
	assert.Equal(t, r.Steps[0].Evidence, r.Steps[1].Evidence, "both stand on the same answer")
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(facts.ErrInterrupted)
	r := runLab(ctx, t, strings.ReplaceAll(oneStep, "VERDICT", "pass"), nil)
	assert.True(t, r.Run.Interrupted)
	assert.False(t, r.Run.Complete)
	assert.Contains(t, []string{"unknown", "pass"}, r.Steps[0].Verdict.String(), "never a fail")
}

const oneStep = "schema: labcheck.lab/v1\nid: tiny\ntitle: T\npass: 1\nsections:\n  - title: S\n    steps:\n" +
	"      - { id: one, check: test-wanted, points: 1, with: { is: VERDICT, arg: \"ARG\" } }\n" +
	"      - { id: two, check: test-wanted, points: 1, needs: [one], with: { is: VERDICT } }\n"

func TestSelected(t *testing.T) {
	r := runLab(context.Background(), t, strings.ReplaceAll(oneStep, "VERDICT", "fail"), []string{"two"})
	assert.Equal(t, []string{"two"}, r.Run.Selected)
	assert.False(t, r.Run.Complete)
	assert.Equal(t, map[string]string{"two": "fail"}, verdictsOf(r), "nobody looked at its need")
}

// What --set says may hold anything; a lab file with a control character is refused.
func TestQuoting(t *testing.T) {
	cases := map[string]struct{ arg, want string }{
		"plain":            {"docker-api", "aws fix --name docker-api"},
		"a blank":          {"two words", "aws fix --name 'two words'"},
		"a subshell":       {"$(rm -rf ~)", "aws fix --name '$(rm -rf ~)'"},
		"quotes":           {`it's \"x\"`, `aws fix --name 'it'"'"'s "x"'`},
		"backticks":        {"`id`", "aws fix --name '`id`'"},
		"an escape":        {`\u001b[31mred`, ""},
		"a line break":     {`a\nb`, ""},
		"right-to-left":    {`a\u202eb`, ""},
		"a file to load":   {"file:///etc/passwd", ""},
		"a very long name": {strings.Repeat("x", 512), "aws fix --name " + strings.Repeat("x", 512)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			file := strings.NewReplacer("VERDICT", "fail", "ARG", "$arg", "pass: 1\n", "pass: 1\nparams:\n"+
				"  arg: { default: plain, help: a name }\n").Replace(oneStep)
			var arg string
			require.NoError(t, json.Unmarshal([]byte(`"`+c.arg+`"`), &arg))
			set := map[string]string{"arg": arg}
			fix := runLabWith(t.Context(), t, file, set, nil, "arn:aws:iam::123456789012:user/alice").Steps[0].Fix
			assert.Equal(t, "Here", fix.Console)
			if c.want == "" {
				assert.Empty(t, fix.Commands)
				assert.True(t, fix.Withheld)
				return
			}
			require.Len(t, fix.Commands, 1)
			assert.Equal(t, c.want, fix.Commands[0].String())
		})
	}
}

// TestAnchors: a pipeline shows a step at its line of the lab file.
func TestAnchors(t *testing.T) {
	r := grading(t, "a pass 1", "b fail 1")
	assert.Equal(t, ".labcheck/tiny.yaml", r.Lab.File)
	assert.Equal(t, []int{8, 12}, []int{r.Steps[0].FileLine, r.Steps[1].FileLine})
}
