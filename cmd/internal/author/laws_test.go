package author

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// The laws here walk over the labs that are shipped: a new lab is covered by being added.

// TestMain lets garbage lie for longer: the runs here make much of it and keep none.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	m.Run()
}

func registry(t testing.TB) *checks.Registry {
	t.Helper()
	r, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	return r
}

// eachLab proves something of every shipped lab.
func eachLab(t *testing.T, law func(t *testing.T, b *Bench)) {
	t.Helper()
	entries, err := lab.Catalogue{Builtin: labs.Files}.List()
	require.NoError(t, err)
	require.NotEmpty(t, entries)
	for _, e := range entries {
		t.Run(e.Lab.ID, func(t *testing.T) {
			b, err := Open(e.Lab, registry(t))
			require.NoError(t, err)
			require.NotNil(t, b.expect, "a shipped lab says in expect.yaml what its accounts must show")
			law(t, b)
		})
	}
}

// grades is grade for a law: on a clock that a test may let run, with AWS's own pauses.
func (b *Bench) grades(t testing.TB, account []byte, simulated sandbox.Options, steps ...string) graded {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, facts.ErrRunTimeout)
	defer cancel()
	r, err := b.grade(ctx, account, steps, practice.Grading{Now: func() time.Time { return b.now }, Simulated: simulated})
	require.NoError(t, err)
	return r
}

// Law 4: every shipped lab is proven.
func TestLawProven(t *testing.T) {
	t.Parallel()
	killed := 0
	eachLab(t, func(t *testing.T, b *Bench) {
		p := b.Prove(t.Context())
		for _, problem := range p.Problems {
			t.Error(problem)
		}
		killed += p.Killed
		t.Logf("mutation score: %d of %d spoiled accounts killed, the other %d explained; %d accounts that are as right "+
			"stay so",
			p.Killed, p.Killed+p.Survived, p.Survived, p.Right)
		t.Logf("%d answers without a part: %d change a step as they should, %d change none", p.Answers, p.Noticed,
			p.Answers-p.Noticed)
	})
	require.GreaterOrEqual(t, killed, 60)
}

// A run takes its longest chain of dependent calls, the preflight included: on a clock that only moves when everybody
// waits, it takes exactly that many answers.
func TestLawLongestChain(t *testing.T) {
	const latency = 50 * time.Millisecond
	eachLab(t, func(t *testing.T, b *Bench) {
		require.NotZero(t, b.expect.Chain, "a shipped lab says how long its longest chain is")
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			b.grades(t, b.accounts[lab.Finished], sandbox.Options{Latency: latency})
			assert.Equal(t, time.Duration(b.expect.Chain)*latency, time.Since(start))
		})
	})
}

// A token of ECR is a credential: no lab may mint one.
func TestLawNoLabMintsACredential(t *testing.T) {
	eachLab(t, func(t *testing.T, b *Bench) {
		assert.NotContains(t, b.Plan.Operations(), "ecr:GetAuthorizationToken")
	})
}

// Law 6: the same account gives the same report, but for times and request ids.
func TestLawSameAccountSameReport(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, b *Bench) {
		for name, account := range b.accounts {
			first := timeless(t, b.grades(t, account, sandbox.Options{}))
			for range 5 {
				again := timeless(t, b.grades(t, account, sandbox.Options{}))
				for i, line := range again { // the whole report would be too long to read
					require.Equal(t, first[i], line, "%s, line %d", name, i+1)
				}
				require.Len(t, again, len(first))
			}
		}
	})
}

// timeless is a report without times and request ids, as lines.
func timeless(t *testing.T, g graded) []string {
	t.Helper()
	r := handedOut(t, g, false)
	for i := range r.Steps {
		for j := range r.Steps[i].Evidence {
			r.Steps[i].Evidence[j].RequestID = ""
			r.Steps[i].Evidence[j].At = time.Time{}
		}
	}
	for _, f := range r.Facts.Facts {
		for i := range f.Calls {
			f.Calls[i].RequestID = ""
			f.Calls[i].At = time.Time{}
		}
	}
	data, err := json.MarshalIndent(r, "", " ")
	require.NoError(t, err)
	return strings.Split(string(data), "\n")
}

// handedOut is a report with its facts, as a student hands it in.
func handedOut(t testing.TB, g graded, masked bool) *reports.Report {
	t.Helper()
	recording, err := g.session.Record()
	require.NoError(t, err)
	r := *g.Report
	r.Facts = recording
	data, err := jsonv1.Marshal(reports.Redact(&r, masked))
	require.NoError(t, err)
	read, err := jsonv1.Read(data)
	require.NoError(t, err)
	return read
}

// Grading again with the same lab changes nothing: the report is the same to the last byte. That of a masked one holds
// no account, and has the verdicts of the one that is not masked.
func TestLawGradedAgain(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, b *Bench) {
		starts, err := b.Starts()
		require.NoError(t, err)
		plans := []*lab.Plan{b.Plan}
		for _, set := range b.expect.Set {
			name, value, _ := strings.Cut(set, "=")
			plan, err := lab.Bind(b.Plan.Lab, registry(t), map[string]string{name: value})
			require.NoError(t, err)
			plans = append(plans, plan)
		}
		for name, account := range starts {
			for _, plan := range plans {
				other := *b
				other.Plan = plan
				g := other.grades(t, account, sandbox.Options{})
				g.Student = "jane"
				plain, masked := handedOut(t, g, false), handedOut(t, g, true)
				data, err := jsonv1.Marshal(masked)
				require.NoError(t, err)
				require.NotContains(t, string(data), g.Target.Account, name)
				for _, r := range []*reports.Report{plain, masked} {
					again := gradedAgain(t, b, r)
					require.Equal(t, plain.Grade, again.Grade, name)
					require.Equal(t, verdicts(plain), verdicts(again), name)
				}
			}
		}
	})
}

// gradedAgain grades a report again from its facts, and holds it to what it was.
func gradedAgain(t *testing.T, b *Bench, r *reports.Report) *reports.Report {
	t.Helper()
	require.NoError(t, r.Verify())
	want, err := jsonv1.Marshal(r)
	require.NoError(t, err)
	again, err := session.Regrade(t.Context(), registry(t), b.Plan.Lab, r)
	require.NoError(t, err)
	got, err := jsonv1.Marshal(again)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
	return again
}

// Never a verdict about the student from a failure to look: whatever goes wrong with any one operation of the plan, a
// step of the finished account is still right or unknown with the right reason, and the grade never rises.
func TestLawFailingToLook(t *testing.T) {
	t.Parallel()
	kinds := map[sandbox.FaultKind]facts.Reason{
		sandbox.Deny: facts.AccessDenied, sandbox.DenySCP: facts.AccessDenied, sandbox.Throttle: facts.Throttled,
		sandbox.InternalError: facts.Unreachable, sandbox.HTML: facts.InvalidResponse,
		sandbox.Truncate: facts.InvalidResponse, sandbox.Reset: facts.Unreachable, sandbox.Hang: facts.Timeout,
		sandbox.Expired: facts.ExpiredCredentials,
	}
	everyKind := slices.Sorted(maps.Keys(kinds))
	eachLab(t, func(t *testing.T, b *Bench) {
		large := b.fewer != b.Plan
		b = b.onFewer()
		for state, tried := range map[string][]sandbox.FaultKind{
			lab.Finished: everyKind,
			lab.HalfDone: {sandbox.Deny, sandbox.Throttle}, // how a kind is told from another does not depend on the state
		} {
			for i, operation := range b.Plan.Operations() {
				if large && state == lab.Finished { // the kinds take turns: one table asks all of them
					tried = []sandbox.FaultKind{everyKind[i%len(everyKind)], everyKind[(i+4)%len(everyKind)]}
				}
				service, name, _ := strings.Cut(operation, ":")
				if name == whoAsks {
					continue // the preflight has tests of its own
				}
				steps := b.concerned(operation)
				whole := b.grades(t, b.accounts[state], sandbox.Options{}, steps...)
				for _, kind := range tried {
					t.Run(fmt.Sprintf("%s/%s/%s", state, operation, kinds[kind]), func(t *testing.T) {
						t.Parallel()
						synctest.Test(t, func(t *testing.T) {
							fault := sandbox.Fault{Service: service, Operation: name, Kind: kind}
							g := b.grades(t, b.accounts[state], sandbox.Options{Faults: []sandbox.Fault{fault}}, steps...)
							assertOnlyLessKnown(t, whole.Report, g.Report, kinds[kind])
						})
					})
				}
			}
		}
	})
}

// concerned are the steps to which it can matter what comes of an operation: those whose check may ask it (the guard
// refuses it to all others), those that need one of them, and whatever these need, so that each is blocked as in a
// whole run.
func (b *Bench) concerned(operation string) []string {
	set := map[string]bool{}
	for _, s := range b.Plan.Steps {
		for _, source := range s.Check.Sources() {
			set[s.ID] = set[s.ID] || slices.Contains(source.Describe().Operations, operation)
		}
	}
	for _, s := range b.Plan.Steps {
		for _, other := range b.Plan.StepIDs() {
			set[s.ID] = set[s.ID] || set[other] && b.needs(s.ID, other)
		}
	}
	var steps []string
	for _, id := range b.Plan.StepIDs() {
		needed := func(other string) bool { return set[other] && b.needs(other, id) }
		if set[id] || slices.ContainsFunc(b.Plan.StepIDs(), needed) {
			steps = append(steps, id)
		}
	}
	return steps
}

// assertOnlyLessKnown holds a report of a run in which something failed to that of a whole one.
func assertOnlyLessKnown(t *testing.T, whole, g *reports.Report, reason facts.Reason) {
	t.Helper()
	for _, before := range whole.Steps {
		after, _ := g.Step(before.ID)
		if after.Verdict == before.Verdict {
			continue
		}
		blockedByUnknown := before.Verdict == checks.Blocked && after.Verdict == checks.Unknown
		assert.True(t, after.Verdict == checks.Unknown || blockedByUnknown, "%s was %s and is %s: %+v",
			before.ID, before.Verdict, after.Verdict, after.Findings)
		assert.Equal(t, reason, after.Reason, "%s: %s", before.ID, after.Detail)
	}
	assert.LessOrEqual(t, g.Grade.Low, whole.Grade.Low)
	assert.Equal(t, whole.Grade.Possible, g.Grade.Possible)
}

// No two accounts of a sample class are alike, but for those of students who have not begun.
func TestLawSampleClasses(t *testing.T) {
	eachLab(t, func(t *testing.T, b *Bench) {
		sample, err := b.Plan.Lab.SampleClass()
		require.NoError(t, err)
		seen := map[string]string{}
		for _, s := range sample.Students {
			require.Regexp(t, `^\d{12}$`, s.Account)
			for _, a := range s.Attempts {
				account, err := sample.Account(s, a)
				require.NoError(t, err)
				_, err = sandbox.Parse(account, b.now)
				require.NoError(t, err, "%s has a good account", s.Name)
				alike := strings.ReplaceAll(string(account), s.Account, "")
				if a.Like != lab.Fresh {
					require.Empty(t, seen[alike], "%s has an account like nobody else's", s.Name)
				}
				seen[alike] = s.Name
			}
		}
	})
}

// Hints are a ladder: a question, a place to look, the exact setting; commands belong to the fix. The whole ladder is
// there for a step that decides, because it is required or worth more than the others on average.
func TestLawHints(t *testing.T) {
	command := regexp.MustCompile("\\b(aws|git) [a-z0-9-]+ [a-z-]|--[a-z]|\\$\\(|`")
	eachLab(t, func(t *testing.T, b *Bench) {
		total := 0
		for _, s := range b.Plan.Steps {
			total += s.Points
		}
		assert.Equal(t, 100, total, "a point is a percent in every lab that is shipped")
		for _, s := range b.Plan.Steps {
			want := 2
			if s.Required || s.Points*len(b.Plan.Steps) > total {
				want = 3
			}
			assert.GreaterOrEqual(t, len(s.Hints), want, "hints of %s", s.ID)
			for _, hint := range s.Hints {
				assert.NotRegexp(t, command, hint, "a hint of %s is a command", s.ID)
			}
		}
	})
}
