package facts_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func TestPanicPlace(t *testing.T) {
	var nothing *facts.Error
	for name, fail := range map[string]func(){
		"a panic":       func() { panic("at once") },
		"a nil pointer": func() { _ = nothing.Reason },
		"an index":      func() { _ = []int{}[len(name(nothing))] },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				require.NotNil(t, recover())
				require.Regexp(t, `^panic_test\.go:\d+$`, facts.PanicPlace())
			}()
			fail()
		})
	}
	require.Equal(t, "an unknown place", facts.PanicPlace(), "nothing panicked")
}

func name(*facts.Error) string { return "x" }
