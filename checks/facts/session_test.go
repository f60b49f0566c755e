package facts_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

var now = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

type key struct {
	Region string `json:"region"`
	Name   string `json:"name"`
}

type thing struct {
	Name string    `json:"name"`
	Made time.Time `json:"made"`
}

// world is a door: what the reads of this test find behind it.
type world struct {
	asked atomic.Int32
	do    func(ctx context.Context, k key) (thing, error)
}

var things = &facts.Read[key, thing]{
	Name: "test.thing", Operations: []string{"test:GetThing"},
	Fetch: func(ctx context.Context, a *facts.Access, k key) (thing, error) {
		w, err := facts.Through[*world](a)
		if err != nil {
			return thing{}, err
		}
		w.asked.Add(1)
		facts.NoteCall(ctx, facts.Call{Operation: "test:GetThing", Region: k.Region, RequestID: k.Name, At: now})
		return w.do(ctx, k)
	},
}

var other = &facts.Read[key, thing]{
	Name:  "test.other",
	Fetch: func(context.Context, *facts.Access, key) (thing, error) { return thing{}, nil },
}

func named(_ context.Context, k key) (thing, error) { return thing{k.Name, now}, nil }

func view(s *facts.Session, reads ...facts.Source) *facts.View {
	return s.View(facts.Site{}, reads, nil)
}

func session(ctx context.Context, w *world) *facts.Session {
	return facts.NewSession(ctx, facts.Options{Now: now, Doors: []facts.Door{facts.Open(w)}})
}

func TestEveryQuestionIsAskedOnce(t *testing.T) {
	w := &world{do: named}
	s := session(t.Context(), w)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			v := view(s, things)
			got, err := things.Get(v, key{Name: []string{"a", "b"}[i%2]})
			assert.NoError(t, err)
			assert.Equal(t, []string{"a", "b"}[i%2], got.Name)
			assert.Len(t, v.Evidence(), 1)
		})
	}
	all.Wait()
	assert.EqualValues(t, 2, w.asked.Load())
	calls := s.Calls()
	require.Len(t, calls, 2)
	assert.Equal(t, []string{"a", "b"}, []string{calls[0].RequestID, calls[1].RequestID}, "sorted by key")
}

func TestErrorsAreKeptForEverybody(t *testing.T) {
	denied := &facts.Error{Reason: facts.AccessDenied, MissingAction: "test:GetThing"}
	w := &world{do: func(context.Context, key) (thing, error) { return thing{}, fmt.Errorf("ask: %w", denied) }}
	s := session(t.Context(), w)
	for range 2 {
		_, err := things.Get(view(s, things), key{Name: "a"})
		require.ErrorIs(t, err, denied)
	}
	assert.EqualValues(t, 1, w.asked.Load())
	assert.Equal(t, facts.AccessDenied, s.Answers()[0].Err.Reason)
}

// An endpoint that lies could make a run ask without end.
func TestARunAsksOnlySoMuch(t *testing.T) {
	w := &world{do: named}
	v := view(session(t.Context(), w), things)
	for i := range 4000 {
		_, err := things.Get(v, key{Name: fmt.Sprint(i)})
		require.NoError(t, err)
	}
	_, err := things.Get(v, key{Name: "one more"})
	require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
	_, err = things.Get(v, key{Name: "0"})
	require.NoError(t, err, "what was asked is known")
	require.EqualValues(t, 4000, w.asked.Load())
}

func TestAnUndeclaredReadIsRefused(t *testing.T) {
	v := view(session(t.Context(), &world{do: named}), things)
	_, err := other.Get(v, key{})
	assert.Equal(t, facts.InternalError, facts.AsError(err).Reason)
	assert.Equal(t, []string{"test.other"}, v.Undeclared())
	assert.Empty(t, v.Asked())
}

func TestAPanicIsAnErrorOfTheTool(t *testing.T) {
	w := &world{do: func(context.Context, key) (thing, error) { panic("no such luck") }}
	_, err := things.Get(view(session(t.Context(), w), things), key{})
	e := facts.AsError(err)
	assert.Equal(t, facts.InternalError, e.Reason)
	assert.Contains(t, e.Detail, "no such luck")
	assert.Contains(t, e.Detail, "session_test.go:", "it says where")
}

func TestDoors(t *testing.T) {
	s := facts.NewSession(t.Context(), facts.Options{})
	_, err := things.Get(view(s, things), key{})
	assert.Equal(t, facts.NotLooked, facts.AsError(err).Reason)

	expired := &facts.Error{Reason: facts.ExpiredCredentials, Detail: "since noon"}
	s = facts.NewSession(t.Context(), facts.Options{Doors: []facts.Door{facts.Closed[*world](expired)}})
	_, err = things.Get(view(s, things), key{})
	require.ErrorIs(t, err, expired)
}

// The end of the run ends every wait, also for a read that does not heed its context, and says why.
func TestTheEndOfTheRun(t *testing.T) {
	for cause, want := range map[error]facts.Reason{
		facts.ErrInterrupted: facts.Interrupted, facts.ErrRunTimeout: facts.Timeout,
	} {
		stuck, entered := make(chan struct{}), make(chan struct{})
		w := &world{do: func(context.Context, key) (thing, error) {
			close(entered)
			<-stuck
			return thing{}, nil
		}}
		ctx, cancel := context.WithCancelCause(t.Context())
		s := session(ctx, w)
		pending := things.Start(view(s, things), key{})
		<-entered
		cancel(cause)
		_, err := pending.Get()
		assert.Equal(t, want, facts.AsError(err).Reason)
		assert.Equal(t, want == facts.Interrupted, s.Interrupted())
		recording, err := s.Record(facts.Site{}, "aws")
		require.NoError(t, err)
		assert.Empty(t, recording.Facts, "what is under way is not known")
		close(stuck)
	}
}

func TestAsError(t *testing.T) {
	assert.Nil(t, facts.AsError(nil))
	assert.Equal(t, facts.Timeout, facts.AsError(fmt.Errorf("x: %w", context.DeadlineExceeded)).Reason)
	assert.Equal(t, facts.Interrupted, facts.AsError(context.Canceled).Reason)
	e := facts.AsError(errors.New(strings.Repeat("x", 10_000)))
	assert.Equal(t, facts.InternalError, e.Reason)
	assert.Less(t, len(e.Detail), 500, "a long message is cut")
}

func TestRecordAndReplay(t *testing.T) {
	w := &world{do: func(ctx context.Context, k key) (thing, error) {
		if k.Name == "denied" {
			return thing{}, &facts.Error{Reason: facts.AccessDenied, Operation: "test:GetThing", MissingAction: "test:GetThing"}
		}
		return named(ctx, k)
	}}
	s := session(t.Context(), w)
	v := view(s, things)
	want, err := things.Get(v, key{Name: "a"})
	require.NoError(t, err)
	_, deniedErr := things.Get(v, key{Name: "denied"})
	require.Error(t, deniedErr)
	site := facts.ParseSite("123456789012", "arn:aws:iam::123456789012:user/alice", "AIDAEXAMPLE", "us-east-1")

	recording, err := s.Record(site, "aws")
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, recording.Write(&file))
	read, err := facts.ReadRecording(bytes.NewReader(file.Bytes()))
	require.NoError(t, err)
	assert.Equal(t, site, read.Site)

	replayed := facts.NewSession(t.Context(), facts.Options{Now: read.Started, Replay: read})
	rv := view(replayed, things)
	got, err := things.Get(rv, key{Name: "a"})
	require.NoError(t, err)
	assert.Equal(t, want, got)
	_, err = things.Get(rv, key{Name: "denied"})
	assert.Equal(t, facts.AsError(deniedErr).Reason, facts.AsError(err).Reason)
	assert.Equal(t, "test:GetThing", facts.AsError(err).MissingAction)
	_, err = things.Get(rv, key{Name: "never asked"})
	assert.Equal(t, facts.NotLooked, facts.AsError(err).Reason)
	assert.Equal(t, v.Evidence(), rv.Evidence())
	assert.EqualValues(t, 2, w.asked.Load(), "a replay asks nothing")
}

func TestReadRecordingRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"nothing":        {"", "not a facts file"},
		"another file":   {`{"lab": 1}`, `unknown field "lab"`},
		"another schema": {`{"schema": "labcheck.facts/v9"}`, "this version reads"},
		"a tail":         {`{"schema": "labcheck.facts/v1"} {}`, "goes on after its end"},
		"a wrong type":   {`{"schema": "labcheck.facts/v1", "facts": 7}`, "not a facts file"},
		"a question twice": {
			`{"schema": "labcheck.facts/v1", "facts": [{"read": "a", "key": {"x": 1, "y": 2}, "value": 1},
				{"read": "a", "key": {"y": 2, "x": 1}, "value": 2}]}`,
			"the fact a is there twice",
		},
		"two answers": {
			`{"schema": "labcheck.facts/v1", "facts": [{"read": "a", "key": {}, "value": 1, "error": {"reason": "timeout"}}]}`,
			"both a value and an error",
		},
	} {
		_, err := facts.ReadRecording(strings.NewReader(c.file))
		assert.ErrorContains(t, err, c.want, name)
	}
	broken := `{"schema":"labcheck.facts/v1","facts":[{"read":"test.thing","key":{"region":"","name":"a"},"value":[1]}]}`
	read, err := facts.ReadRecording(strings.NewReader(broken))
	require.NoError(t, err)
	_, err = things.Get(view(facts.NewSession(t.Context(), facts.Options{Replay: read}), things), key{Name: "a"})
	assert.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
}

func FuzzReadRecording(f *testing.F) {
	f.Add([]byte(`{"schema":"labcheck.facts/v1","facts":[{"read":"test.thing","key":{"region":"","name":"a"}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := facts.ReadRecording(bytes.NewReader(data))
		if err != nil {
			return
		}
		s := facts.NewSession(t.Context(), facts.Options{Replay: r})
		_, _ = things.Get(view(s, things), key{Name: "a"})
	})
}

func TestPanicPlace(t *testing.T) {
	var nothing *facts.Error
	for name, fail := range map[string]func(){
		"a panic":       func() { panic("at once") },
		"a nil pointer": func() { _ = nothing.Reason },
		"an index":      func() { _ = []int{}[len(name(nothing))] },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				require.NotNil(t, recover())
				require.Regexp(t, `^session_test\.go:\d+$`, facts.PanicPlace())
			}()
			fail()
		})
	}
	require.Equal(t, "an unknown place", facts.PanicPlace(), "nothing panicked")
}

func name(*facts.Error) string { return "x" }
