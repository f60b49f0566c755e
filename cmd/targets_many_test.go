package cmd

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/standard"
)

// Many targets are graded at once, in their order, with what they share asked once.
func TestManyTargets(t *testing.T) {
	const many = 200
	class := classOf(t, "finished")
	class.latency = 5 * time.Millisecond
	class.teacher(t)
	args := []string{"fixture", "--no-workstation", "--report", "json=" + t.TempDir() + "/r.json"}
	for i := range many {
		args = append(args, "--role-arn", "arn:aws:iam::"+accountNumber(i)+":role/labcheck-grader")
	}
	env, stdout, stderr := inProcess(t.Context(), args...)
	env.Now, env.Transport, env.Environ = time.Now, class, append(env.Environ, "HOME="+t.TempDir())
	before, start := runtime.NumGoroutine(), time.Now()
	code := Main(env, standard.Checks()...)
	took := time.Since(start)
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	t.Logf("%d targets in %s, %.0f a second; %d MB from the system", many, took, many/took.Seconds(), memory.Sys>>20)
	require.Equal(t, exitPassed, code, "%s\n%s", stdout.String()[:min(1500, stdout.Len())], stderr.String())
	at := 0
	for i := range many {
		heading := fmt.Sprintf("== %s.labcheck-grader ==", accountNumber(i))
		next := strings.Index(stdout.String()[at:], heading)
		require.GreaterOrEqual(t, next, 0, heading)
		at += next
	}
	require.EqualValues(t, many, class.assumed.Load())
	require.Less(t, runtime.NumGoroutine(), before+20)
}
