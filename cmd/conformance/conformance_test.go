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

// judge has what everything needs.
type judge struct {
	labcheck string // the built binary
	emulator *emulator
	models   *library
	ledger   *ledger
	wire     *wire // what the practice accounts answered
	// verdicts and answers are where the emulator and the practice account differ.
	verdicts, answers *disagreements
}

func newJudge(t *testing.T) *judge {
	t.Helper()
	return &judge{
		labcheck: build(t), emulator: startEmulator(t), models: openLibrary(t), ledger: newLedger(), wire: newWire(),
		verdicts: newDisagreements(verdictDifferences()), answers: newDisagreements(answerDifferences()),
	}
}

func TestConformance(t *testing.T) {
	j := newJudge(t)
	t.Run("all", func(t *testing.T) { // ends when everything in it has ended
		t.Run("emulator", func(t *testing.T) {
			for i, s := range stories() {
				t.Run(s.name, func(t *testing.T) {
					t.Parallel()
					j.hears(t, s, fmt.Sprint(firstAccount+i))
				})
			}
		})
		t.Run("answers", func(t *testing.T) {
			t.Parallel()
			j.compareAnswers(t)
		})
		t.Run("real clients", func(t *testing.T) {
			t.Parallel()
			j.worksWith(t)
		})
		t.Run("fidelity", func(t *testing.T) {
			for _, s := range stories() {
				if s.name == typed().name {
					continue // the closed loop types what is printed
				}
				t.Run(s.name, func(t *testing.T) {
					t.Parallel()
					j.rehears(t, s)
				})
			}
		})
		t.Run("closed loop", func(t *testing.T) {
			for _, s := range starts(t) {
				t.Run(s.name, func(t *testing.T) {
					t.Parallel()
					j.closesLoop(t, s)
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
	})
	if j.ledger.complete(t) { // go test -run chose nothing less
		require.Empty(t, j.ledger.gaps(), "steps whose printed fix is neither proven nor excused on the emulator")
		require.Empty(t, j.ledger.neverGreen(), "steps that the closed loop did not fix")
		require.Empty(t, j.unread(t), "reads of the practice account of which no answer was seen")
		require.Empty(t, append(j.verdicts.stale(), j.answers.stale()...), "declared differences that there are not")
	}
	t.Log("\n" + j.ledger.summary() + j.verdicts.summary("verdicts") + j.answers.summary("fields of answers") +
		"held against AWS's own models, every answer of the practice accounts: " + j.wire.summary())
}

// build makes the binary that students run.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "labcheck")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./cmd/labcheck")
	build.Dir = "../.." // the program's own module decides about versions
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return binary
}
