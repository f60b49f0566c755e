package cmd

import (
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// Each drill spoils its own step and what needs it, and nothing else.
func TestDrills(t *testing.T) {
	t.Parallel()
	l, err := lab.Catalogue{Builtin: labs.Files}.Find("module-1.2")
	require.NoError(t, err)
	drills, err := l.Drills()
	require.NoError(t, err)
	for _, d := range drills.Drills {
		t.Run(d.Step, func(t *testing.T) {
			state, _, err := practice.Broken(l, d.Step, time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC))
			require.NoError(t, err)
			file := filepath.Join(t.TempDir(), "broken.json")
			require.NoError(t, files.Write(files.OS{}, file, state.Write))

			g := onPractice(t.Context(), t, file, sandbox.Options{})
			step, ok := g.report.Step(d.Step)
			require.True(t, ok, "it is a step of the lab")
			assert.Contains(t, []checks.Verdict{checks.Fail, checks.Partial}, step.Verdict)
			for _, s := range g.report.Steps {
				if s.ID != d.Step && s.Verdict != checks.Pass {
					assert.True(t, needs(l, s.ID, d.Step), "%s is %s: %s", s.ID, s.Verdict, s.Line())
				}
			}
		})
	}
}

// A watch ends when the drill is mended, and does not wait for what it was told not to look at.
func TestDrillIsMended(t *testing.T) {
	practiceCredentials(t, "finished")
	synctest.Test(t, func(t *testing.T) {
		state, symptom, err := practice.Broken(nil, "ecr-scan-on-push", time.Now())
		require.NoError(t, err)
		require.Contains(t, symptom, "a list of vulnerabilities")
		w := watchedState(t.Context(), t, state, "module-1.2")
		ended := make(chan int)
		go func() { ended <- Main(w.env, standard.Checks()...) }()

		wait(t.Context(), time.Minute)
		_, err = ecr.NewFromConfig(w.config).PutImageScanningConfiguration(t.Context(), &ecr.PutImageScanningConfigurationInput{
			RepositoryName:             aws.String("docker-api"),
			ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: true},
		})
		require.NoError(t, err)
		require.Equal(t, exitPassed, <-ended)
		require.Contains(t, w.stdout(), "✓ ecr-scan-on-push: scan on push is on (+4, ")
	})
}

// needs says whether a step needs another one, directly or not.
func needs(l *lab.Lab, step, other string) bool {
	i := slices.IndexFunc(l.Steps, func(s lab.Step) bool { return s.ID == step })
	return slices.ContainsFunc(l.Steps[i].Needs, func(need string) bool { return need == other || needs(l, need, other) })
}
