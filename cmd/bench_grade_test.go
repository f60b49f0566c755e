package cmd

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// BenchmarkGrade grades the finished practice account, each of whose answers takes 50 ms. What counts is the time over
// that of the longest chain of answers, the preflight counted: at most 1.25.
func BenchmarkGrade(b *testing.B) {
	l, err := lab.Catalogue{Builtin: labs.Files}.Find(labs.First())
	require.NoError(b, err)
	expect, err := l.Expect()
	require.NoError(b, err)
	var account *sandbox.Account
	b.ReportAllocs()
	for b.Loop() {
		env, stdout, _ := inProcess(b.Context(), l.ID, "--sandbox=finished", "--report", "table")
		env.Practice.Latency = latency
		env.practised = func(a *sandbox.Account) { account = a }
		require.Equal(b, exitPassed, Main(env, standard.Checks()...), stdout)
	}
	run := float64(b.Elapsed()) / float64(b.N)
	b.ReportMetric(run/float64(time.Duration(expect.Chain)*latency), "×chain(≤1.25)")
	b.ReportMetric(float64(len(account.Calls())), "calls/op")
}
