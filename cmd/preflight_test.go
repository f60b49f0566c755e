package cmd

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports"
)

// When nobody says who is calling, there is one reason, what to type, what the machine itself shows, and the offer to
// practise; and nothing else is asked.
func TestPreflight(t *testing.T) {
	t.Parallel()
	const oneCall = 20 * time.Second // the most that a call may take, with its retries
	cases := map[sandbox.FaultKind]struct {
		reason facts.Reason
		code   int
		says   string
		within time.Duration
	}{
		sandbox.Expired:       {facts.ExpiredCredentials, exitNoCredentials, "aws configure list", 0},
		sandbox.InvalidToken:  {facts.RejectedCredentials, exitNoCredentials, "aws configure", 0},
		sandbox.ClockSkew:     {facts.ClockWrong, exitNoCredentials, "date -u", oneCall},
		sandbox.NotActive:     {facts.AccountNotActive, exitNoCredentials, "24 hours", 0},
		sandbox.Deny:          {facts.AccessDenied, exitNoCredentials, "sts:GetCallerIdentity", 0},
		sandbox.DenySCP:       {facts.AccessDenied, exitNoCredentials, "service control policy", 0},
		sandbox.HTML:          {facts.InvalidResponse, exitUnreachable, "sign-in page of the network", 0},
		sandbox.Truncate:      {facts.InvalidResponse, exitUnreachable, "cut off", 0},
		sandbox.Reset:         {facts.Unreachable, exitUnreachable, "broke", oneCall},
		sandbox.InternalError: {facts.Unreachable, exitUnreachable, "AWS could not answer", oneCall},
		sandbox.Throttle:      {facts.Throttled, exitUnreachable, "slow down", oneCall},
		sandbox.Hang:          {facts.Timeout, exitUnreachable, "no answer", oneCall},
	}
	for kind, c := range cases {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "r.json")
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				env, stdout, stderr := inProcess(t.Context(), "fixture", "--sandbox",
					"--report", "table", "--report", "json="+file)
				env.Practice.Faults = []sandbox.Fault{{Service: "sts", Operation: "*", Kind: kind}}
				var account *sandbox.Account
				env.practised = func(a *sandbox.Account) { account = a }
				code := Main(env, standard.Checks()...)

				require.Equal(t, c.code, code)
				require.LessOrEqual(t, time.Since(start), c.within)
				require.Empty(t, stderr.String())
				requireOneProblem(t, stdout.String(), c.says)
				for _, call := range account.Calls() {
					require.Equal(t, "sts", call.Service, "nothing else is asked")
				}
			})
			requireProblemReport(t, readBack(t, file), c.reason)
		})
	}
}

// requireOneProblem holds the table to what a person needs.
func requireOneProblem(t *testing.T, table, says string) {
	t.Helper()
	require.Equal(t, 1, strings.Count(table, "Nothing could be asked of AWS"))
	require.Contains(t, strings.ToLower(strings.Join(strings.Fields(table), " ")), strings.ToLower(says))
	require.Contains(t, table, "Try this")
	require.Contains(t, table, "labcheck fixture --sandbox", "the offer to practise")
	require.Contains(t, table, "│ git: ", "what the machine shows")
	for _, step := range []string{"root-mfa", "repository", "alarm"} {
		require.NotContains(t, table, step+": ", "no table of unknowns")
	}
}

// requireProblemReport holds the report for programs to the same, step by step.
func requireProblemReport(t *testing.T, r *reports.Report, reason facts.Reason) {
	t.Helper()
	require.NotNil(t, r.Problem)
	require.Equal(t, reason, r.Problem.Reason)
	require.NotEmpty(t, r.Problem.Detail)
	require.NotEmpty(t, r.Problem.Next)
	require.Empty(t, r.Target.Account)
	for _, s := range r.Steps {
		switch {
		case s.ID == "cli" && problemCode(reason) == exitNoCredentials:
			require.Equal(t, checks.Unknown, s.Verdict, "commands have no credentials that work")
			require.Equal(t, reason, s.Reason)
		case s.Section == "AWS CLI":
			require.Equal(t, checks.Pass, s.Verdict, s.ID)
		case s.ID == "login":
			require.Equal(t, facts.NotLooked, s.Reason, "the registry's name has the account in it")
		default:
			require.Equal(t, checks.Unknown, s.Verdict, s.ID)
			require.Equal(t, reason, s.Reason, s.ID)
		}
	}
}

// Without credentials nothing at all is sent: not to AWS, and not to 169.254.169.254, where nobody answers for seconds.
func TestPreflightNoCredentials(t *testing.T) {
	vendor, err := os.ReadFile("/sys/class/dmi/id/sys_vendor")
	if err == nil && strings.HasPrefix(string(vendor), "Amazon EC2") {
		t.Skip("on an EC2 instance its metadata service is asked")
	}
	bareMachine(t)
	file := filepath.Join(t.TempDir(), "r.json")
	env, stdout, _ := inProcess(t.Context(), "fixture", "--report", "table", "--report", "json="+file)
	env.Environ = append(env.Environ, os.Environ()...)
	env.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		t.Errorf("%s %s was sent", r.Method, r.URL)
		return nil, errors.New("nothing may be sent")
	})
	require.Equal(t, exitNoCredentials, Main(env, standard.Checks()...))
	requireOneProblem(t, stdout.String(), "no credentials are configured")
	require.Contains(t, stdout.String(), "aws configure")
	require.Contains(t, stdout.String(), "no program named aws is on the PATH")
	require.NotContains(t, stdout.String(), "SIMULATED")
	r := readBack(t, file)
	require.Equal(t, facts.NoCredentials, r.Problem.Reason)
	require.Equal(t, reports.AWS, r.Source)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// bareMachine makes this process one without any AWS configuration and without programs, in an empty folder.
func bareMachine(t *testing.T) {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // puts it back afterwards
			require.NoError(t, os.Unsetenv(name))
		}
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("PATH", home)
	t.Chdir(home)
}
