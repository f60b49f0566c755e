package cmd

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// The tests of the command grade the lab "fixture", which is theirs alone: no test here pins a step or a point of a lab
// that is shipped.

// fixtureLabs is the folder of labs in which it is, as an absolute path: a test may go elsewhere.
var fixtureLabs, _ = filepath.Abs(filepath.Join("testdata", "labs"))

// onFixture runs "labcheck fixture --sandbox=STATE --report json" with these settings of the practice account.
func onFixture(ctx context.Context, t testing.TB, state string, practice sandbox.Options, more ...string) graded {
	t.Helper()
	return gradedRun(ctx, t, practice,
		append([]string{"fixture", "--sandbox=" + state, "--report", "json"}, more...)...)
}

// fixtureLab is the lab itself.
func fixtureLab(t testing.TB) *lab.Lab {
	t.Helper()
	l, err := lab.Catalogue{Dirs: []string{fixtureLabs}}.Find("fixture")
	require.NoError(t, err)
	return l
}

// fixtureFile is the file of a practice account of the lab, by its name.
func fixtureFile(name string) string {
	return filepath.Join(fixtureLabs, "fixture", "accounts", name+".json")
}

// fixtureAccount is a practice account of the lab, by its name, in whose JSON each text is replaced by the one after
// it.
func fixtureAccount(t testing.TB, name string, now time.Time, replaced ...string) *sandbox.State {
	t.Helper()
	data, err := os.ReadFile(fixtureFile(name))
	require.NoError(t, err)
	state, err := sandbox.Parse([]byte(strings.NewReplacer(replaced...).Replace(string(data))), now)
	require.NoError(t, err)
	return state
}
