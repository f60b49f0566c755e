package cmd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd"
	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// ownChecks is the example of a third party: a main of a few lines, checks that ask operations which labcheck never
// asks, labs that use them, and what the practice account needs to answer.
const ownChecks = "./testdata/ownchecks"

func TestThirdParty(t *testing.T) {
	t.Parallel()
	program := goBuild(t, ownChecks)
	lab := filepath.Join(ownChecks, "two-regions.yaml")

	t.Run("its check is graded beside the built-in ones", func(t *testing.T) {
		r, code := gradeWith(t, program, lab, "--sandbox")
		require.Equal(t, "0", code)
		requireVerdict(t, r, "region-is-on", checks.Pass)
		requireVerdict(t, r, "default-network", checks.Pass)
	})
	t.Run("its parameter can be set, and its fix is shown", func(t *testing.T) {
		r, code := gradeWith(t, program, lab, "--sandbox", "--set", "second-region=af-south-1")
		require.Equal(t, "1", code)
		s := requireVerdict(t, r, "region-is-on", checks.Fail)
		require.Equal(t, "af-south-1 is off", s.Findings[0].Found)
		require.Equal(t, []checks.Command{checks.Sh("aws", "account", "enable-region", "--region-name", "af-south-1")},
			s.Fix.Commands)
		require.Equal(t, "ec2:DescribeRegions", s.Evidence[0].Operation)
	})
	t.Run("explain lists its operation", func(t *testing.T) {
		require.Contains(t, say(t, program, "explain", "region-is-on"),
			"ec2:DescribeRegions (IAM: ec2:DescribeRegions)")
		require.Contains(t, say(t, program, "explain", lab), "\n  ec2:DescribeRegions\n")
	})
	t.Run("policy allows its action", func(t *testing.T) {
		var policy struct{ Statement []struct{ Action []string } }
		require.NoError(t, json.Unmarshal([]byte(say(t, program, "policy", lab)), &policy))
		require.Equal(t, []string{"ec2:DescribeRegions", "ec2:DescribeVpcs"}, policy.Statement[0].Action)
	})
	t.Run("its service makes the practice account answer", func(t *testing.T) {
		lab := filepath.Join(ownChecks, "key-pair.yaml")
		r, code := gradeWith(t, program, lab, "--sandbox="+filepath.Join(ownChecks, "account.json"))
		require.Equal(t, "0", code)
		requireVerdict(t, r, "ec2-key-pair", checks.Pass)

		r, code = gradeWith(t, program, lab, "--sandbox")
		require.Equal(t, "1", code)
		s := requireVerdict(t, r, "ec2-key-pair", checks.Fail)
		require.Equal(t, "the 0 key pairs in us-east-1", s.Findings[0].LookedAt)
		require.Equal(t, "ec2:DescribeKeyPairs", s.Evidence[0].Operation)
	})
	t.Run("the built-in labs are there as well", func(t *testing.T) {
		require.Contains(t, say(t, program, "list"), labs.First())
	})
}

// undeclaredRead is a read that does not say which operation it calls.
var undeclaredRead = &facts.Read[struct{}, struct{}]{
	Name: "own.undeclared",
	Fetch: func(ctx context.Context, access *facts.Access, _ struct{}) (none struct{}, err error) {
		cfg, err := account.Config(access, "us-east-1")
		if err != nil {
			return none, err
		}
		_, err = sns.NewFromConfig(cfg).ListTopics(ctx, &sns.ListTopicsInput{})
		return none, err
	},
}

// asksMore is a check that asks more than it says.
var asksMore = checks.New(checks.Spec[struct{}]{
	ID: "asks-more", Title: "The check asks only what it says", Why: "Somebody reads the list.", Verify: "aws sts …",
	Reads: []facts.Source{undeclaredRead},
	Run: func(v *facts.View, _ struct{}) (checks.Result, error) {
		_, err := undeclaredRead.Get(v, struct{}{})
		return checks.Result{}, err
	},
})

// A check that does not say which operation it calls is refused before anything leaves the process. That is no
// verdict about the student.
func TestThirdPartyUndeclaredOperation(t *testing.T) {
	t.Parallel()
	var out, said bytes.Buffer
	code := cmd.Main(cmd.Env{
		Context: t.Context(), Program: "mylab", Stdout: &out, Stderr: &said, Now: time.Now,
		Args: []string{"testdata/asks-more.yaml", "--sandbox", "--report", "json"},
	}, append(standard.Checks(), asksMore)...)
	require.Equal(t, 3, code, said.String())
	r, err := jsonv1.Read(out.Bytes())
	require.NoError(t, err)
	s := requireVerdict(t, r, "asks-more", checks.Unknown)
	require.Equal(t, facts.InternalError, s.Reason)
	require.Contains(t, s.Detail, "the read-only guard refused sns:ListTopics")
	require.Empty(t, s.Evidence, "nothing was asked")
	requireVerdict(t, r, "default-network", checks.Pass)
}

// gradeWith runs a program that grades a lab, and returns its report and its exit code.
func gradeWith(t *testing.T, program, lab string, flags ...string) (*reports.Report, string) {
	t.Helper()
	grade := exec.Command(program, append([]string{lab, "--report", "json"}, flags...)...)
	out, err := grade.Output()
	r, readErr := jsonv1.Read(out)
	require.NoError(t, readErr, "%s: %v", grade, err)
	return r, codeOfRun(err)
}

// say runs a program that has to succeed and returns what it prints.
func say(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).Output()
	require.NoError(t, err)
	return string(out)
}

func requireVerdict(t *testing.T, r *reports.Report, step string, want checks.Verdict) *reports.Step {
	t.Helper()
	s, ok := r.Step(step)
	require.True(t, ok, "the report has a step %s", step)
	require.Equal(t, want, s.Verdict, "%s: %s %v", step, s.Detail, s.Findings)
	return s
}
