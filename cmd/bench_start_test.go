package cmd_test

import (
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkStart starts the stripped program, and beside it the smallest one of Go. It may take three times as long and
// 15 ms more. The fastest start of each counts: what else the machine does only adds to it.
func BenchmarkStart(b *testing.B) {
	const more = 15 * time.Millisecond
	strip := "-ldflags=-s -w"
	labcheck, hello := goBuild(b, "./labcheck", strip), goBuild(b, "./testdata/hello", strip)
	ours, theirs := time.Hour, time.Hour
	for b.Loop() {
		ours = min(ours, start(b, labcheck, "list"))
		theirs = min(theirs, start(b, hello))
	}
	milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(milliseconds(ours), "ms/list")
	b.ReportMetric(milliseconds(theirs), "ms/hello")
	b.ReportMetric(float64(ours)/float64(3*theirs+more), "×bound(≤1)")
	b.ReportMetric(float64(fileSize(b, labcheck))/1e6, "MB")
}

// start runs a program to its end and returns how long that took.
func start(b *testing.B, program string, args ...string) time.Duration {
	b.Helper()
	begun := time.Now()
	require.NoError(b, exec.Command(program, args...).Run())
	return time.Since(begun)
}
