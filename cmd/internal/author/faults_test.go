package author

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
)

var (
	faultRuns = flag.Int("faults", 120, "how many runs are made behind faulty lines")
	faultSeed = flag.Uint64("seed", 11, "which faults they meet")
)

// lineFaults are the ways in which a line between a run and AWS spoils an answer, beside those of the practice account.
// None makes an answer that AWS could give about another account.
func lineFaults() map[string]func(*rand.Rand, *http.Response, []byte) ([]byte, error) {
	label := func(contentType string) func(*rand.Rand, *http.Response, []byte) ([]byte, error) {
		return func(_ *rand.Rand, r *http.Response, body []byte) ([]byte, error) {
			r.Header.Set("Content-Type", contentType)
			return body, nil
		}
	}
	status := func(code int) func(*rand.Rand, *http.Response, []byte) ([]byte, error) {
		return func(_ *rand.Rand, r *http.Response, body []byte) ([]byte, error) {
			r.StatusCode = code
			return body, nil
		}
	}
	instead := func(contentType, text string) func(*rand.Rand, *http.Response, []byte) ([]byte, error) {
		return func(_ *rand.Rand, r *http.Response, _ []byte) ([]byte, error) {
			if contentType != "" {
				r.Header.Set("Content-Type", contentType)
			}
			return []byte(text), nil
		}
	}
	return map[string]func(*rand.Rand, *http.Response, []byte) ([]byte, error){
		"cut off": func(random *rand.Rand, _ *http.Response, body []byte) ([]byte, error) {
			return body[:random.IntN(len(body))], nil
		},
		"broken off": func(random *rand.Rand, _ *http.Response, body []byte) ([]byte, error) {
			return body[:random.IntN(len(body))], io.ErrUnexpectedEOF
		},
		"garbage": func(random *rand.Rand, _ *http.Response, body []byte) ([]byte, error) {
			for i := range body {
				body[i] = byte(random.Uint32())
			}
			return body, nil
		},
		"not UTF-8": func(random *rand.Rand, _ *http.Response, body []byte) ([]byte, error) {
			letters := slices.DeleteFunc(makeRange(len(body)), func(i int) bool { return !isLetter(body[i]) })
			if len(letters) > 0 {
				body[letters[random.IntN(len(letters))]] = 0xff
			}
			return body, nil
		},
		"a gzip bomb": func(_ *rand.Rand, r *http.Response, _ []byte) ([]byte, error) {
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			_, err := w.Write(make([]byte, 16<<20))
			if err == nil {
				err = w.Close()
			}
			r.Header.Set("Content-Encoding", "gzip")
			return packed.Bytes(), err
		},
		"blanks": func(_ *rand.Rand, _ *http.Response, body []byte) ([]byte, error) {
			return slices.Concat(bytes.Repeat([]byte(" "), 9<<20), body), nil
		},
		"twice": func(_ *rand.Rand, _ *http.Response, body []byte) ([]byte, error) {
			return slices.Concat(body, body), nil
		},
		"always more": func(_ *rand.Rand, _ *http.Response, body []byte) ([]byte, error) {
			for _, p := range []struct{ old, more string }{
				{"{", `{"nextToken":"more","NextToken":"more",`},
				{"<IsTruncated>false</IsTruncated>", "<IsTruncated>true</IsTruncated><Marker>more</Marker>"},
				{"</requestId>", "</requestId><nextToken>more</nextToken>"},
			} {
				if bytes.Contains(body, []byte(p.old)) {
					return bytes.Replace(body, []byte(p.old), []byte(p.more), 1), nil
				}
			}
			return body, nil
		},
		"without an end": func(_ *rand.Rand, _ *http.Response, body []byte) ([]byte, error) {
			return body[:len(body)-1], nil
		},
		"called HTML":      label("text/html; charset=utf-8"),
		"called text":      label("text/plain"),
		"called nothing":   label(""),
		"HTTP 500":         status(http.StatusInternalServerError),
		"HTTP 503":         status(http.StatusServiceUnavailable),
		"HTTP 429":         status(http.StatusTooManyRequests),
		"HTTP 403":         status(http.StatusForbidden),
		"HTTP 302":         status(http.StatusFound),
		"a page":           instead("text/html", "<!DOCTYPE html><title>Welcome to the Wi-Fi</title>"),
		"a page called as": instead("", "<!DOCTYPE html><title>Welcome to the Wi-Fi</title>"),
		"nothing":          instead("", ""),
		"an empty object":  instead("", "{}"),
		"null":             instead("", "null"),
		"a list":           instead("", "[]"),
		"a number":         instead("", "42"),
		"an empty element": instead("", "<Response/>"),
		"an empty map":     instead("", "\xa0"),
	}
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

func makeRange(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// slowness are delays of an answer; the longest is more than an attempt has.
func slowness() []time.Duration {
	return []time.Duration{time.Second, 4 * time.Second, 6 * time.Second}
}

// A line stands between a run and a practice account, and spoils the answers to some operations.
type line struct {
	to    http.RoundTripper
	spoil func(random *rand.Rand, r *http.Response, body []byte) ([]byte, error)
	delay time.Duration

	mu        sync.Mutex
	random    *rand.Rand
	operation string // the one whose answers are spoiled
	skip      int    // so many of them are let through first
	times     int    // so many of them are spoiled; 0 is all
	hits      int
}

// RoundTrip implements http.RoundTripper.
func (l *line) RoundTrip(req *http.Request) (*http.Response, error) {
	sent, err := sentIn(req)
	if err != nil {
		return nil, err
	}
	response, err := l.to.RoundTrip(req)
	if err != nil || sandbox.OperationOf(req, sent) != l.operation {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if l.spares() {
		response.Body = io.NopCloser(bytes.NewReader(body))
		return response, nil
	}
	if l.delay > 0 {
		select {
		case <-time.After(l.delay):
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	body, broken := l.spoiled(response, body)
	var reader io.Reader = bytes.NewReader(body)
	if broken != nil {
		reader = io.MultiReader(reader, failing{broken})
	}
	response.Body, response.ContentLength = io.NopCloser(reader), -1
	return response, nil
}

// spares says whether the line lets this answer through, and counts it.
func (l *line) spares() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hits++
	return l.hits <= l.skip || l.times > 0 && l.hits > l.skip+l.times
}

// spoiled is what the line makes of an answer. The error is how it breaks off.
func (l *line) spoiled(response *http.Response, body []byte) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.spoil == nil || len(body) == 0 {
		return body, nil
	}
	return l.spoil(l.random, response, bytes.Clone(body))
}

// failing is the end of an answer that breaks off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// tally counts what came of the runs, by fault.
type tally struct {
	mu     sync.Mutex
	counts map[string]*outcome
}

// outcome is what came of the runs behind one fault. Steps are counted, and those of a run whose preflight failed are
// unknown.
type outcome struct{ runs, met, same, unknown, wrong int }

func (t *tally) add(name string, o outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts[name] == nil {
		t.counts[name] = &outcome{}
	}
	c := t.counts[name]
	c.runs, c.met, c.same, c.unknown, c.wrong = c.runs+o.runs, c.met+o.met, c.same+o.same, c.unknown+o.unknown,
		c.wrong+o.wrong
}

// Whatever a line does to the answers of AWS, no verdict changes but to unknown. The kinds of fault take turns; which
// account and which operation it is about, and how many of its answers, is chance. `make faults` makes 5,000 runs.
func TestFaultyLines(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, b *Bench) {
		runs := *faultRuns
		if b.fewer != b.Plan {
			runs /= 6 // each is many calls
		}
		b = b.onFewer()
		results := &tally{counts: map[string]*outcome{}}
		whole := map[string]*reports.Report{}
		for name, account := range b.accounts {
			r, err := b.grade(t.Context(), account, nil, practice.Grading{NoWorkstation: true})
			require.NoError(t, err)
			whole[name] = r.Report
		}
		t.Run("runs", func(t *testing.T) {
			const shares = 2
			for share := range shares {
				t.Run(fmt.Sprint(share), func(t *testing.T) {
					t.Parallel()
					for i := share; i < runs; i += shares {
						synctest.Test(t, func(t *testing.T) {
							name, o := b.runBehindFault(t, rand.New(rand.NewPCG(*faultSeed, uint64(i))), i, whole)
							results.add(name, o)
						})
					}
				})
			}
		})
		var all outcome
		for _, name := range sortedKeys(results.counts) {
			c := results.counts[name]
			t.Logf("%-16s %4d runs, met by %4d; steps: %5d as before, %5d unknown, %d wrong", name, c.runs, c.met, c.same,
				c.unknown, c.wrong)
			all = outcome{
				all.runs + c.runs, all.met + c.met, all.same + c.same, all.unknown + c.unknown, all.wrong + c.wrong,
			}
		}
		t.Logf("%d runs behind %d kinds of fault, met by %d: %d steps as before, %d unknown, %d with another verdict",
			all.runs, len(results.counts), all.met, all.same, all.unknown, all.wrong)
		require.Zero(t, all.wrong)
	})
}

// runBehindFault makes one run, and says what came of it and behind which fault.
func (b *Bench) runBehindFault(
	t *testing.T, random *rand.Rand, i int, whole map[string]*reports.Report,
) (string, outcome) {
	t.Helper()
	states := sortedKeys(whole)
	state := states[random.IntN(len(states))]
	operations := sortedKeys(whole[state].Calls.ByOperation)
	operation := operations[random.IntN(len(operations))]
	service, name, _ := strings.Cut(operation, ":")
	l := &line{random: random, operation: name}
	if random.IntN(2) == 0 {
		l.skip, l.times = random.IntN(2), 1+random.IntN(3)
	}
	g := practice.Grading{
		Now: func() time.Time { return b.now }, NoWorkstation: true,
		Between: func(to http.RoundTripper) http.RoundTripper { l.to = to; return l },
	}
	kind := b.nextFault(i, l, &g, service, name)
	ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, facts.ErrRunTimeout)
	defer cancel()
	r, err := b.grade(ctx, b.accounts[state], nil, g)
	if r.Report == nil {
		require.NoError(t, err)
	}
	o := outcome{runs: 1, met: min(l.hits, 1)}
	for _, before := range whole[state].Steps {
		after, _ := r.Step(before.ID)
		switch {
		case after.Verdict == before.Verdict && after.Share == before.Share:
			o.same++
		case after.Verdict == checks.Unknown && after.Reason != "" && !strings.Contains(after.Detail, "panicked"):
			o.unknown++
		default:
			o.wrong++
			t.Errorf("run %d: %s of %s in the account %s: %s was %s and is %s: %s %+v", i, kind, operation, state, before.ID,
				verdictOf(before), verdictOf(*after), after.Detail, after.Findings)
		}
	}
	require.LessOrEqual(t, r.Grade.Low, whole[state].Grade.Low, "run %d", i)
	return kind, o
}

// nextFault puts the fault of the run with this number into the line or into the account.
func (b *Bench) nextFault(i int, l *line, g *practice.Grading, service, operation string) string {
	ofLine := lineFaults()
	names := sortedKeys(ofLine)
	kinds := []sandbox.FaultKind{
		sandbox.Throttle, sandbox.Deny, sandbox.DenySCP, sandbox.DenyBoundary, sandbox.InternalError,
		sandbox.InvalidToken, sandbox.Expired, sandbox.ClockSkew, sandbox.NotActive, sandbox.HTML, sandbox.Truncate,
		sandbox.WrongType, sandbox.Hang, sandbox.Reset,
	}
	delays := slowness()
	n := i % (len(names) + len(kinds) + len(delays))
	switch {
	case n < len(names):
		l.spoil = ofLine[names[n]]
		return names[n]
	case n < len(names)+len(kinds):
		fault := sandbox.Fault{
			Service: service, Operation: operation, Kind: kinds[n-len(names)], Skip: l.skip, Times: l.times,
		}
		g.Simulated.Faults = []sandbox.Fault{fault}
		l.times = 1 // the line itself only looks on
		return string(fault.Kind)
	default:
		l.delay = delays[n-len(names)-len(kinds)]
		return fmt.Sprint("after ", l.delay)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
