package cmd_test

import (
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkStart starts the stripped program, and beside it the smallest one of Go. It may take three times as long and
// 15 ms more.
func BenchmarkStart(b *testing.B) {
	const more = 15 * time.Millisecond
	strip := "-ldflags=-s -w"
	labcheck, hello := goBuild(b, "./labcheck", strip), goBuild(b, "./testdata/hello", strip)
	took := func(program string, args ...string) time.Duration {
		start := time.Now()
		require.NoError(b, exec.Command(program, args...).Run())
		return time.Since(start)
	}
	var ours, theirs time.Duration
	for b.Loop() {
		ours += took(labcheck, "list")
		theirs += took(hello)
	}
	n := time.Duration(b.N)
	milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(milliseconds(ours/n), "ms/list")
	b.ReportMetric(milliseconds(theirs/n), "ms/hello")
	b.ReportMetric(float64(ours/n)/float64(3*theirs/n+more), "×bound(≤1)")
	b.ReportMetric(float64(fileSize(b, labcheck))/1e6, "MB")
}
