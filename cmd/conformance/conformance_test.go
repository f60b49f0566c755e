//go:build conformance

package conformance

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// firstAccount is the number of the first story's account; the others count on from there.
const firstAccount = 200000000001

func TestConformance(t *testing.T) {
	j := &judge{labcheck: build(t), emulator: startEmulator(t), ledger: newLedger(), models: openLibrary(t), wire: newWire(), verdicts: newDisagreements(verdictDifferences()), answers: newDisagreements(answerDifferences())}
	t.Run("emulator", func(t *testing.T) {
		for i, s := range stories() {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				j.hears(t, s, fmt.Sprint(firstAccount+i))
			})
		}
	})
	t.Run("practice account", func(t *testing.T) {
		for _, p := range beyondTheEmulator() {
			t.Run(p.name, func(t *testing.T) {
				t.Parallel()
				j.practises(t, p)
			})
		}
	})
	t.Run("real clients", j.worksWith)
	t.Run("answers", j.compareAnswers)
	t.Run("fidelity", func(t *testing.T) {
		for _, s := range stories() {
			if s.name == "the printed fixes" {
				continue // the closed loop types them
			}
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				j.rehears(t, s)
			})
		}
	})
	t.Run("closed loop", func(t *testing.T) {
		for _, s := range starts() {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				j.mends(t, s)
			})
		}
	})
	require.Empty(t, j.ledger.gaps(), "steps whose printed fix is neither proven nor excused")
	t.Log("\n" + j.ledger.summary() + j.verdicts.summary("verdicts") + j.answers.summary("fields of answers") + "held against AWS's own models: " + j.wire.summary())
}

// build makes the binary that students run.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "labcheck")
	output, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../labcheck").CombinedOutput()
	require.NoError(t, err, "%s", output)
	return binary
}
