package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/standard"
)

// A sweep of so many accounts, simulated in this process: what it takes from the system, of which the practice accounts
// are a part. Run one size at a time: -bench Sweep/5000.
func BenchmarkSweep(b *testing.B) {
	for _, n := range []int{1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				class := classOf(b, "finished")
				class.teacher(b)
				folder := b.TempDir()
				rows := []string{"student,account"}
				for i := range n {
					rows = append(rows, fmt.Sprintf("s%d,%s", i, accountNumber(i)))
				}
				roster := filepath.Join(folder, "class.csv")
				require.NoError(b, os.WriteFile(roster, []byte(strings.Join(rows, "\n")), 0o600))
				env, stdout, stderr := inProcess(b.Context(), "sweep", "fixture", "--roster", roster, "--role-name",
					"labcheck-grader", "--out", filepath.Join(folder, "results"))
				env.Now, env.Transport = time.Now, class
				require.Equal(b, exitPassed, Main(env, standard.Checks()...), stdout.String()+stderr.String())
			}
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			b.ReportMetric(float64(memory.Sys)/1e6, "MB")
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(n*b.N), "ms/account")
		})
	}
}
