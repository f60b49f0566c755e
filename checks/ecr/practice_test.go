package ecr_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/ecr"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

// inGo are the checks in Go: those in YAML have reads and tests of their own.
func inGo() []*checks.Check {
	return slices.DeleteFunc(ecr.Checks(), func(c *checks.Check) bool { return c.Title == "" }) // a file, not read yet
}

// practise runs the checks of the account, each under its id, as a lab does: in one session on a practice account.
func practise(t *testing.T, state string, faults ...sandbox.Fault) (map[string]checks.Result, *sandbox.Account) {
	t.Helper()
	loaded, err := sandboxtest.Load(state, checktest.Now)
	require.NoError(t, err)
	practice := sandbox.New(loaded, sandbox.Options{Now: testClock, Faults: faults})
	id, secret, token := practice.Credentials()
	o := account.Options{
		Region: checktest.Region, Transport: practice, Now: testClock,
		Credentials: &account.StaticCredentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: token},
	}
	for _, c := range inGo() {
		for _, source := range c.Sources() {
			o.Operations = append(o.Operations, source.Describe().Operations...)
		}
	}
	door, err := account.Open(context.Background(), o)
	require.NoError(t, err)
	session := facts.NewSession(context.Background(), facts.Options{
		Now: checktest.Now, Doors: []facts.Door{facts.Open(door)},
	})
	results := map[string]checks.Result{}
	for _, c := range inGo() {
		p := params()
		if c == ecr.DockerLogin {
			p = nil
		}
		bound, err := bind(c, p)
		require.NoError(t, err)
		results[c.ID] = bound.Run(session.View(checktest.Alice(), c.Reads, c.Extra))
	}
	return results, practice
}

func TestPracticeAccounts(t *testing.T) {
	for state, want := range map[string]map[string]string{
		"fresh": {
			"ecr-repository": "fail", "ecr-image": "fail", "ecr-scan-on-push": "fail", "ecr-no-critical-findings": "fail",
			"ecr-lifecycle-policy": "fail", "ecr-docker-login": "unknown", "ecr-storage": "fail",
		},
		"half-done": {
			"ecr-repository": "pass", "ecr-image": "fail", "ecr-scan-on-push": "fail", "ecr-no-critical-findings": "fail",
			"ecr-lifecycle-policy": "fail", "ecr-docker-login": "unknown", "ecr-storage": "fail",
		},
		"finished": {
			"ecr-repository": "pass", "ecr-image": "pass", "ecr-scan-on-push": "pass", "ecr-no-critical-findings": "pass",
			"ecr-lifecycle-policy": "pass", "ecr-docker-login": "unknown", "ecr-storage": "pass", // no workstation is here
		},
	} {
		t.Run(state, func(t *testing.T) {
			results, _ := practise(t, state)
			for id, verdict := range want {
				require.Equal(t, verdict, results[id].Verdict().String(), "%s: %+v", id, results[id])
			}
		})
	}
}

func TestTheImageInTheStrayRepositoryIsFound(t *testing.T) {
	results, _ := practise(t, "half-done")
	require.Contains(t, results["ecr-repository"].Findings[0].Advice, "docker-apiatest")
	require.Contains(t, results["ecr-image"].Findings[0].NearMiss, "found an image in docker-apiatest")
}

func TestTheFinishedAccountIsAskedNothingTwice(t *testing.T) {
	_, practice := practise(t, "finished")
	asked := map[string]int{}
	for _, call := range practice.Calls() {
		asked[call.Operation+" "+call.Input]++
		require.Equal(t, 1, asked[call.Operation+" "+call.Input], "%+v", call)
	}
	require.Len(t, asked, 10)
}

func TestADeniedScanningConfigurationFallsBackOnTheRepository(t *testing.T) {
	deny := func(operation string) sandbox.Fault {
		return sandbox.Fault{Service: "ecr", Operation: operation, Kind: sandbox.Deny}
	}
	results, _ := practise(t, "finished", deny("BatchGetRepositoryScanningConfiguration"))
	require.Equal(t, checks.Pass, results["ecr-scan-on-push"].Verdict())
	require.Equal(t, checks.Pass, results["ecr-no-critical-findings"].Verdict(), "a finished scan needs no configuration")

	results, _ = practise(t, "half-done", deny("BatchGetRepositoryScanningConfiguration"))
	require.Equal(t, checks.Unknown, results["ecr-scan-on-push"].Verdict())
	require.Equal(t, "ecr:BatchGetRepositoryScanningConfiguration", results["ecr-scan-on-push"].Findings[0].MissingAction)
}
