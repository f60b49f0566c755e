//go:build conformance

package author

import (
	"bytes"
	"context"
	"flag"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
)

// everyFix types the fixes of all spoiled accounts of a lab of which much is tried, too: `make fixes`.
var everyFix = flag.Bool("every-fix", false, "type the fixes of every spoiled account of every lab")

// Law 4: for every spoiled account, the fix that is printed for a step, typed into the real aws command, turns the step
// green, makes no other worse, and is not printed again. For the accounts that people begin with it is typed into fish,
// where there is one. What is typed into docker, git and the shell is for the closed
// loop, as is what only the console does and all that is about the machine, of which AWS tells nothing.
func TestConformanceFixes(t *testing.T) {
	_, err := exec.LookPath("aws")
	require.NoError(t, err)
	_, noFish := exec.LookPath("fish")
	var fixed, elsewhere atomic.Int64
	t.Cleanup(func() { t.Logf("%d fixes were typed; %d are for the closed loop", fixed.Load(), elsewhere.Load()) })
	eachLab(t, func(t *testing.T, b *Bench) {
		startsAlone := b.fewer != b.Plan && !*everyFix
		b = b.onFewer()
		b.now = time.Now().UTC() // signatures are of today
		base, err := b.finished(t.Context())
		require.NoError(t, err)
		list, found := b.spoiledAccounts(base)
		require.Empty(t, found)
		if startsAlone {
			list = nil
		}
		starts, err := b.Starts()
		require.NoError(t, err)
		shells := map[string]reports.Shell{}
		for name, account := range starts {
			list = append(list, spoiled{name: "begun " + name, account: account})
			if noFish == nil {
				shells["begun "+name] = reports.Fish
			}
		}
		for _, s := range list {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				account := b.administered(t, s.account)
				before, err := b.grade(t.Context(), account, nil, practice.Grading{})
				require.NoError(t, err)
				for _, step := range before.Steps {
					switch {
					case step.Fix.Console == "":
						continue
					case len(step.Evidence) == 0 || !isTyped(step.Fix):
						elsewhere.Add(1)
						continue
					}
					after := b.afterFix(t, account, step, shells[s.name])
					got, _ := after.Step(step.ID)
					assert.Equal(
						t,
						checks.Pass.String(),
						got.Verdict.String(),
						"%s after %v: %s",
						step.ID,
						step.Fix.Commands,
						got.Line(),
					)
					assert.Empty(t, got.Fix, "the fix of %s a second time", step.ID)
					for _, other := range before.Steps {
						now, _ := after.Step(other.ID)
						assert.GreaterOrEqual(t, now.Earned, other.Earned, "%s after the fix of %s", other.ID, step.ID)
					}
					fixed.Add(1)
				}
			})
		}
	})
}

// The key of an administrator, without whom daily work has not the rights for every fix.
const (
	adminKey    = "AKIAIADMINISTEXAMPLE"
	adminSecret = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYADMINEXAMP" // #nosec G101 -- of a practice account
)

// administered is an account with an administrator besides.
func (b *Bench) administered(t *testing.T, account []byte) []byte {
	t.Helper()
	user := `{
		"name": "administrator", "id": "AIDAIADMINISTEXAMPLE", "created": "-1h",
		"attached": ["arn:aws:iam::aws:policy/AdministratorAccess"],
		"accessKeys": [{"id": "` + adminKey + `", "secret": "` + adminSecret + `", "created": "-1h"}]}`
	patched, err := lab.Patch{{Op: "add", Path: "/iam/users/-", Value: lab.JSON{Raw: []byte(user)}}}.Apply(account)
	if err != nil { // there is nothing of IAM yet
		whole := []byte(`{"users": [` + user + `]}`)
		patched, err = lab.Patch{{Op: "add", Path: "/iam", Value: lab.JSON{Raw: whole}}}.Apply(account)
	}
	require.NoError(t, err)
	return patched
}

// isTyped says whether a fix is one of the aws command alone, about an account.
func isTyped(fix checks.Fix) bool {
	return len(fix.Commands) > 0 && !slices.ContainsFunc(fix.Commands, func(c checks.Command) bool {
		return c.Args[0] != "aws" || c.Args[1] == "configure" ||
			len(c.PipedTo) > 0 && c.PipedTo[0] != "xargs" && c.PipedTo[0] != "aws"
	})
}

// afterFix grades an account in which the fix of a step was done, and what follows from it: a mail is opened, and some
// time goes by.
func (b *Bench) afterFix(t *testing.T, account []byte, step reports.Step, in reports.Shell) *reports.Report {
	t.Helper()
	state, err := sandbox.Parse(account, b.now)
	require.NoError(t, err)
	simulated := sandbox.New(state, sandbox.Options{})
	server := sandbox.NewServer(sandbox.ServerOptions{})
	require.NoError(t, server.Add(simulated))
	served := httptest.NewServer(server)
	defer served.Close()
	var script []string
	for _, c := range step.Fix.Commands {
		line, ok := in.Command(c)
		require.True(t, ok, "%s", c)
		script = append(script, typed.Replace(line)+" || exit 1")
	}
	shell(t, in, served.URL, strings.Join(script, "\n"))
	grade := func() graded {
		var text bytes.Buffer
		require.NoError(t, simulated.Snapshot().Write(&text))
		later := b.now.Add(time.Hour)
		r, err := b.grade(t.Context(), text.Bytes(), nil, practice.Grading{
			Now: func() time.Time { return later }, Backoff: func(int) time.Duration { return 0 },
		})
		require.NoError(t, err)
		return r
	}
	after := grade()
	if got, _ := after.Step(step.ID); got.Reason == facts.NotYetConsistent && slices.Contains(b.expect.Waits, step.ID) {
		require.NoError(t, simulated.Simulate("confirm-subscriptions"))
		after = grade()
	}
	return after.Report
}

// typed are what a person writes in place of the placeholders.
var typed = strings.NewReplacer(
	checks.PlaceholderEmail, "alice@mail.internal",
	checks.PlaceholderCode1, "123456",
	checks.PlaceholderCode2, "654321",
	checks.PlaceholderOldKey, "AKIAI44QH8DHBEXAMPLE",
	checks.PlaceholderUser, "alice",
)

// shell runs a script with the administrator's key.
func shell(t *testing.T, in reports.Shell, endpoint, script string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	program := "sh"
	if in == reports.Fish {
		program = "fish"
	}
	cmd := exec.CommandContext(ctx, program, "-c", script)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + cmd.Dir, "AWS_ENDPOINT_URL=" + endpoint, "AWS_REGION=us-east-1",
		"AWS_DEFAULT_REGION=us-east-1", "AWS_ACCESS_KEY_ID=" + adminKey, "AWS_SECRET_ACCESS_KEY=" + adminSecret,
		"AWS_PAGER=", "AWS_EC2_METADATA_DISABLED=true",
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s\n%s", script, out)
}
