package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Methods that are looked up by a name which is only known at run time keep every method of every client of the SDK in
// the binary: it would be three times as large. These are the ways to look them up that have come in by accident
// before.
func TestBinaryLooksUpNoMethods(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "tool", "nm", goBuild(t, "./labcheck")).Output()
	require.NoError(t, err)
	symbols := string(out)
	require.True(t, strings.Contains(symbols, " github.com/labcheck/labcheck/cmd.Main\n"), "nm lists the symbols")
	for _, forbidden := range []string{
		" text/template.(*Template).Execute\n", " html/template.(*Template)",
		" reflect.Value.MethodByName\n", " reflect.Value.Method\n",
	} {
		require.False(t, strings.Contains(symbols, forbidden), "the binary has %q", forbidden)
	}
	t.Logf("%d symbols", strings.Count(symbols, "\n")) // BenchmarkStart tells the size of the stripped program
}

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

// goBuild builds the package in a folder and returns the program. The flags change the link at most, so that what the
// test itself was compiled of is not compiled again.
func goBuild(t testing.TB, folder string, flags ...string) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), filepath.Base(folder))
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	build := exec.Command("go", append(append([]string{"build", "-o", program}, flags...), folder)...)
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s:\n%s", build, out)
	return program
}

// fileSize is the size of a file in bytes.
func fileSize(t testing.TB, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}
