package cmd_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Methods that are looked up by a name which is only known at run time keep every method of every client of the SDK in
// the binary: it would be three times as large. These are the ways to look them up that have come in by accident before.
func TestBinaryLooksUpNoMethods(t *testing.T) {
	t.Parallel()
	const program = "./labcheck"
	out, err := exec.Command("go", "tool", "nm", goBuild(t, program)).Output()
	require.NoError(t, err)
	symbols := string(out)
	require.True(t, strings.Contains(symbols, " github.com/labcheck/labcheck/cmd.Main\n"), "nm lists the symbols")
	for _, forbidden := range []string{
		" text/template.(*Template).Execute\n", " html/template.(*Template)", " reflect.Value.MethodByName\n", " reflect.Value.Method\n",
	} {
		require.False(t, strings.Contains(symbols, forbidden), "the binary has %q", forbidden)
	}
	t.Logf("stripped: %d bytes; %d symbols before that", fileSize(t, goBuild(t, program, "-ldflags=-s -w")), strings.Count(symbols, "\n"))
}
