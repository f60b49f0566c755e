package author

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// A growth is a kind of thing of which an account may have a thousand.
type growth struct {
	kind string
	// list is where the things are in the account's JSON, "*" for each Region. It need not be there.
	list []string
	// thing is one of them; %d is its number.
	thing string
	// without takes a list away, for what is asked only then.
	without []string
	// pages is how many pages of the longest list a thousand of them fill.
	pages int
}

// growths are the kinds that the checks read. What has a quota below a hundred (groups and policies of a user, access
// keys) is none.
func growths() []growth {
	region := func(parts ...string) []string { return append([]string{"regions", "us-east-1"}, parts...) }
	const alarm = `{"name": "a-%[1]d", "namespace": "AWS/Billing", "metricName": "EstimatedCharges",
		"dimensions": [{"name": "Currency", "value": "USD"}], "statistic": "Maximum", "period": 21600,
		"evaluationPeriods": 1, "threshold": 5, "comparisonOperator": "GreaterThanThreshold", "state": "OK",
		"alarmActions": ["arn:aws:sns:us-east-1:123456789012:billing-alerts"]}`
	const budget = `{"name": "b-%[1]d", "type": "COST", "timeUnit": "MONTHLY", "limit": {"amount": "5", "unit": "USD"},
		"notifications": [{"notification": {"type": "ACTUAL", "comparisonOperator": "GREATER_THAN", "threshold": 80},
		"subscribers": [{"type": "EMAIL", "address": "WHO"}]}]}`
	budgetOf := func(who string) string { return strings.Replace(budget, "WHO", who, 1) }
	return []growth{
		{"users", []string{"iam", "users"}, `{"name": "u-%d", "id": "AIDACKCEVSQ6C%07[1]d", "created": "-9h"}`, nil, 10},
		{"repositories", region("ecr", "repositories"), `{"name": "r-%d", "created": "-9h"}`, nil, 10},
		{
			"images", region("ecr", "repositories", "0", "images"),
			`{"tags": ["t-%d"], "pushed": "-30h", "size": 190000000}`, nil, 10,
		},
		{"log groups", region("logs", "groups"), `{"name": "/ecs/docker-api-%d", "created": "-9h"}`, nil, 20},
		{
			"log groups, the lab's missing", region("logs", "groups"),
			`{"name": "/ecs/docker-api-%d", "created": "-9h"}`, region("logs"), 20,
		},
		{"alarms", region("alarms"), alarm, nil, 10},
		{"alarms that tell nobody", region("alarms"), alarm, region("topics"), 10},
		{"topics", region("topics"), `{"name": "t-%d"}`, nil, 10},
		{"budgets", []string{"budgets"}, budgetOf("alice@mail.internal"), region("alarms"), 1},
		{
			"budgets that tell nobody",
			[]string{"budgets"},
			budgetOf("YOU@EXAMPLE.COM"),
			region("alarms"), 1,
		},
	}
}

// grow adds n things to an account; nil where the account has no such list's parent.
func (g growth) grow(t testing.TB, account []byte, n int) []byte {
	t.Helper()
	var state map[string]any
	require.NoError(t, json.Unmarshal(account, &state))
	if g.without != nil {
		edit(state, g.without, func(any) any { return nil })
	}
	edit(state, g.list, func(list any) any {
		all, _ := list.([]any)
		for i := range n {
			var thing any
			require.NoError(t, json.Unmarshal(fmt.Appendf(nil, g.thing, i), &thing))
			all = append(all, thing)
		}
		return all
	})
	grown, err := json.Marshal(state)
	require.NoError(t, err)
	return grown
}

// edit changes the value at a path, and makes what leads there. A number is the place in a list.
func edit(in any, path []string, change func(any) any) {
	for ; len(path) > 1; path = path[1:] {
		switch at := in.(type) {
		case map[string]any:
			if at[path[0]] == nil {
				at[path[0]] = map[string]any{}
			}
			in = at[path[0]]
		case []any:
			in = at[0]
		}
	}
	object := in.(map[string]any)
	if object[path[0]] = change(object[path[0]]); object[path[0]] == nil {
		delete(object, path[0])
	}
}

const (
	// moreCalls is how many calls a thousand of anything may cost beyond those for the small account.
	moreCalls = 60
	// moreRounds is how much longer than by the pages of one list the longest chain may become.
	moreRounds = 2
)

// A thousand of anything costs a few calls more, and the longest chain is that of the pages of one list.
func TestLawGrowth(t *testing.T) {
	const thousand, latency = 1000, 50 * time.Millisecond
	eachLab(t, func(t *testing.T, b *Bench) {
		b = b.onFewer()
		for _, g := range growths() {
			cost := func(n int) (calls, rounds int) {
				account := g.grow(t, b.accounts[lab.Finished], n)
				synctest.Test(t, func(t *testing.T) {
					start := time.Now()
					calls = b.grades(t, account, sandbox.Options{Latency: latency}).Calls.Total
					rounds = int(time.Since(start) / latency)
				})
				return calls, rounds
			}
			calls1, rounds1 := cost(1)
			calls, rounds := cost(thousand)
			t.Logf("%-30s calls %3d -> %3d, longest chain %2d -> %2d", g.kind, calls1, calls, rounds1, rounds)
			assert.LessOrEqual(t, calls, calls1+moreCalls, g.kind)
			assert.LessOrEqual(t, rounds, rounds1+g.pages+moreRounds, g.kind)
		}
	})
}

// What one, a hundred and a thousand of anything cost, as they are and as ratios to one: calls, the longest chain of
// them, time of the processors (the practice account's own is in it) and memory.
func BenchmarkGrowth(b *testing.B) {
	entries, err := lab.Catalogue{Builtin: labs.Files}.List()
	require.NoError(b, err)
	for _, e := range entries {
		bench, err := Open(e.Lab, registry(b))
		require.NoError(b, err)
		for _, g := range growths() {
			var one []float64
			for _, n := range []int{1, 100, 1000} {
				b.Run(fmt.Sprintf("%s/%s/%d", e.Lab.ID, g.kind, n), func(b *testing.B) {
					account := g.grow(b, bench.accounts[lab.Finished], n)
					now := []float64{0, bench.longestChain(b, account), processorTime(), 0}
					var before, after runtime.MemStats
					runtime.ReadMemStats(&before)
					for b.Loop() {
						now[0] = float64(bench.grades(b, account, sandbox.Options{}).Calls.Total)
					}
					runtime.ReadMemStats(&after)
					now[2] = (processorTime() - now[2]) / float64(b.N) * 1e3
					now[3] = float64(after.TotalAlloc-before.TotalAlloc) / float64(b.N) / 1e6
					if n == 1 {
						one = now
					}
					for i, unit := range []string{"calls", "chain", "ms-cpu", "MB"} {
						b.ReportMetric(now[i], unit)
						if one != nil {
							b.ReportMetric(now[i]/one[i], "x-"+unit)
						}
					}
				})
			}
		}
	}
}

// processorTime is what the program has used so far, in seconds.
func processorTime() float64 {
	runtime.GC() // the runtime counts at its end
	sample := []metrics.Sample{{Name: "/cpu/classes/user:cpu-seconds"}}
	metrics.Read(sample)
	return sample[0].Value.Float64()
}

// longestChain is in how many rounds an account is graded.
func (b *Bench) longestChain(t testing.TB, account []byte) float64 {
	t.Helper()
	r := &rounds{quiet: 3 * time.Millisecond}
	_, err := b.grade(t.Context(), account, nil, practice.Grading{
		Now:     func() time.Time { return b.now },
		Between: r.between,
	})
	require.NoError(t, err)
	return float64(r.count)
}
