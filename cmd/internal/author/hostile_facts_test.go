package author

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/session"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
)

// hostileValues are what a stranger writes in the place of a value, by its first character: of its own type, for
// another type is refused anyway.
func hostileValues(old byte) []string {
	switch old {
	case '"':
		return []string{
			`null`, `""`, `"\u0000\u001b]0;x\u0007"`, `"` + strings.Repeat("a/", 2_000) + `"`, `"0001-01-01T00:00:00Z"`,
			`"9999-12-31T23:59:59Z"`,
		}
	case '{':
		return []string{`null`, `{}`, `0`}
	case '[':
		return []string{`null`, `[]`, `[null]`, `[null,null]`, `{}`}
	case 't', 'f', 'n':
		return []string{`null`, `true`, `false`, `"x"`}
	default:
		return []string{`null`, `0`, `-1`, `2147483647`, `-9223372036854775808`, `1e300`}
	}
}

// inRegion is the Region in the key of a fact.
var inRegion = regexp.MustCompile(`"region":"[^"]*"`)

// TestLawHostileFacts puts something else into every place of every fact. Whatever a stranger writes, no check panics,
// and the report that comes out agrees with itself.
func TestLawHostileFacts(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, b *Bench) {
		b = b.onFewer()
		checks := registry(t)
		seen := map[string]bool{}
		for _, state := range []string{lab.Finished, lab.HalfDone} {
			r := handedOut(t, b.grades(t, b.accounts[state], sandbox.Options{}), false)
			for i, fact := range r.Facts.Facts {
				question := fact.Read + inRegion.ReplaceAllString(string(fact.Key), "") // one Region stands for all
				if seen[question] {
					continue
				}
				seen[question] = true
				for _, changed := range mutants(t, fact.Value) {
					hostile, recording := *r, *r.Facts
					recording.Facts = slices.Clone(recording.Facts)
					recording.Facts[i].Value = changed
					hostile.Facts = &recording
					again, err := session.Regrade(t.Context(), checks, b.Plan.Lab, &hostile)
					require.NoError(t, err)
					requireSound(t, again, fact.Read+" "+string(changed[:min(len(changed), 500)]))
				}
			}
		}
	})
}

// requireSound says that every check came to its end, and that the report follows from what they found.
func requireSound(t *testing.T, r *reports.Report, says string) {
	t.Helper()
	for _, s := range r.Steps {
		require.NotEqual(t, facts.InternalError, s.Reason, "%s: %s", says, s.Detail)
	}
	require.NoError(t, r.Verify(), says)
}

// mutants are copies of JSON with one place changed.
func mutants(t *testing.T, text json.RawMessage) []json.RawMessage {
	t.Helper()
	var all []json.RawMessage
	for _, at := range places(t, text) {
		for _, value := range hostileValues(text[at.from]) {
			if changed := slices.Concat(text[:at.from], []byte(value),
				text[at.to:]); json.Valid(changed) { // the name of a field is a text
				all = append(all, changed)
			}
		}
	}
	return all
}

type span struct{ from, to int64 }

// places are where the values in JSON stand, itself, objects and lists too.
func places(t *testing.T, text json.RawMessage) []span {
	t.Helper()
	var all []span
	d := json.NewDecoder(bytes.NewReader(text))
	var open []int64
	for {
		before := d.InputOffset()
		token, err := d.Token()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		for strings.IndexByte(", :\t\n", text[before]) >= 0 {
			before++
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			open = append(open, before)
		case json.Delim('}'), json.Delim(']'):
			all = append(all, span{open[len(open)-1], d.InputOffset()})
			open = open[:len(open)-1]
		default:
			all = append(all, span{before, d.InputOffset()})
		}
	}
}

// FuzzRegrade: whatever facts a report carries, it is graded again without a panic, or refused before.
func FuzzRegrade(f *testing.F) {
	l, err := lab.Catalogue{Builtin: labs.Files}.Find(labs.First())
	require.NoError(f, err)
	b, err := Open(l, registry(f))
	require.NoError(f, err)
	var base *reports.Report
	for _, state := range []string{lab.Finished, lab.HalfDone} {
		base = handedOut(f, b.grades(f, b.accounts[state], sandbox.Options{}), false)
		data, err := json.Marshal(base.Facts)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		recording, err := facts.ReadRecording(bytes.NewReader(data))
		if err != nil {
			return
		}
		hostile := *base
		hostile.Facts = recording
		if hostile.Verify() == nil { // its facts are of this run
			again, err := session.Regrade(t.Context(), registry(t), l, &hostile)
			require.NoError(t, err)
			requireSound(t, again, "")
		}
	})
}
