package cmd

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/gdamore/tcell/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// watching is a watch of a practice account that the test changes under its eyes. Time is that of a synctest bubble.
type watching struct {
	account *sandbox.Account
	config  aws.Config
	env     Env
	stdout  func() string
}

// watched is a watch of the fixture lab on its account of this name, reached as a real one is.
func watched(ctx context.Context, t *testing.T, state string, args ...string) watching {
	t.Helper()
	return watchedState(ctx, t, fixtureAccount(t, state, time.Now()), append([]string{"fixture"}, args...)...)
}

// watchedState is a watch of a lab, the first argument, on an account in a state of its own.
func watchedState(ctx context.Context, t *testing.T, s *sandbox.State, args ...string) watching {
	t.Helper()
	account := sandbox.New(s, sandbox.Options{})
	env, stdout, _ := inProcess(ctx, append([]string{"watch", "--no-workstation"}, args...)...)
	env.Transport, env.Now = account, time.Now
	return watching{account: account, env: env, stdout: stdout.String, config: signedByCaller(account)}
}

// signedByCaller is how the caller of a practice account asks it.
func signedByCaller(account *sandbox.Account) aws.Config {
	id, secret, token := account.Credentials()
	return signedBy(account, id, secret, token)
}

// signedBy is how somebody else asks it.
func signedBy(account *sandbox.Account, id, secret, token string) aws.Config {
	return aws.Config{
		Region: "us-east-1", HTTPClient: &http.Client{Transport: account},
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, token),
	}
}

// practiceCredentials lets the SDK's own way find the credentials of the practice account's caller.
func practiceCredentials(t *testing.T, state string) {
	t.Helper()
	s := fixtureAccount(t, state, time.Now())
	id, secret, token := sandbox.New(s, sandbox.Options{}).Credentials()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("AWS_CA_BUNDLE", "") // the practice account has no certificate
	t.Setenv("AWS_ACCESS_KEY_ID", id)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	t.Setenv("AWS_SESSION_TOKEN", token)
}

func TestWatchTellsWhatChanges(t *testing.T) {
	practiceCredentials(t, "half-done")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		w := watched(ctx, t, "half-done")
		ended := make(chan int)
		go func() { ended <- Main(w.env, standard.Checks()...) }()

		wait(t.Context(), time.Minute)
		require.NoError(t, w.account.Simulate("confirm-subscriptions"))
		logs := cloudwatchlogs.NewFromConfig(w.config)
		_, err := logs.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{
			LogGroupName: aws.String("/ecs/docker-api"), RetentionInDays: aws.Int32(7),
		})
		require.NoError(t, err)
		wait(t.Context(), time.Minute)
		quiet := len(w.account.Calls())
		cancel(facts.ErrInterrupted)
		assert.Equal(t, exitInterrupted, <-ended)

		said, table, found := strings.Cut(w.stdout(), "Fixture Services (fixture)\n")
		require.True(t, found, "it ends with the table")
		lines := strings.Split(strings.TrimSpace(said), "\n")
		require.Len(t, lines, 5, said)
		assert.Contains(t, lines[0], "OPEN: ")
		assert.Contains(t, lines[1], "Watching fixture: ")
		assert.Equal(t, "AWS is asked at most once in 5s.", lines[2])
		assert.Contains(t, lines[3], "✓ retention: events expire after 7 days (+5, ")
		assert.Contains(t, lines[4],
			"✓ alarm: above 5 USD it tells 1 confirmed subscriber of the topic billing-alerts (+20, ")
		assert.Contains(t, table, "INTERRUPTED")
		assert.Less(t, quiet, 400, "it asks seldom while nothing changes, and only what is open")
	})
}

// On a terminal a coach shows the task and what changes; in the end everything stands below one another as ever.
func TestWatchCoaches(t *testing.T) {
	practiceCredentials(t, "half-done")
	synctest.Test(t, func(t *testing.T) {
		w := watched(t.Context(), t, "half-done", "--no-color")
		screen := tcell.NewSimulationScreen("UTF-8")
		w.env.Width = 80
		w.env.screen = func() (tcell.Screen, error) { return screen, screen.Init() }
		ended := make(chan int)
		go func() { ended <- Main(w.env, standard.Checks()...) }()

		wait(t.Context(), time.Minute)
		require.Empty(t, w.stdout(), "nothing is printed over the screen")
		require.NoError(t, w.account.Simulate("confirm-subscriptions"))
		wait(t.Context(), time.Minute)
		screen.InjectKey(tcell.KeyRune, 'q', tcell.ModNone)
		assert.Equal(t, exitNotPassed, <-ended)
		said, table, found := strings.Cut(w.stdout(), "Fixture Services (fixture)\n")
		require.True(t, found, "it ends with the table")
		assert.Contains(t, strings.ReplaceAll(said, "\n", " "), "✓ alarm: above 5 USD it tells 1 confirmed subscriber")
		assert.NotContains(t, table, "INTERRUPTED")
	})
}

// Who has not signed in yet is waited for.
func TestWatchWaitsForCredentials(t *testing.T) {
	practiceCredentials(t, "half-done")
	synctest.Test(t, func(t *testing.T) {
		w := watched(t.Context(), t, "half-done", "--timeout", "2m")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "wrong")
		id, secret, _ := w.account.Credentials()
		ended := make(chan int)
		go func() { ended <- Main(w.env, standard.Checks()...) }()
		wait(t.Context(), time.Minute)
		assert.Contains(t, w.stdout(), "? nothing could be asked, waiting: ")
		assert.NotContains(t, w.stdout(), "Watching fixture")
		require.NotEmpty(t, id)
		t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
		assert.Equal(t, exitNotPassed, <-ended)
		assert.Equal(t, 1, strings.Count(w.stdout(), "nothing could be asked"), "it is said once")
		assert.Contains(t, w.stdout(), "Watching fixture")
	})
}

func TestWatchUntilPassed(t *testing.T) {
	practiceCredentials(t, "finished")
	synctest.Test(t, func(t *testing.T) {
		unsafe := fixtureAccount(t, "finished", time.Now(), `"mfa": true`, `"mfa": false`)
		w := watchedState(t.Context(), t, unsafe, "fixture", "--until", "passed")
		ended := make(chan int)
		go func() { ended <- Main(w.env, standard.Checks()...) }()
		wait(t.Context(), 20*time.Second)
		require.NoError(t, w.account.Simulate("root-mfa"))
		assert.Equal(t, exitPassed, <-ended)
		assert.Contains(t, w.stdout(), "✓ root-mfa: ")
		assert.Contains(t, w.stdout(), "Passed: 80% is needed.")
	})
}

// A watch ends when the drill is fixed, and does not wait for what it was told not to look at.
func TestWatchEndsWhenTheDrillIsFixed(t *testing.T) {
	practiceCredentials(t, "finished")
	synctest.Test(t, func(t *testing.T) {
		drill, err := findDrill(fixtureLab(t), "retention", nil)
		require.NoError(t, err)
		state, err := practice.Broken(fixtureLab(t), *drill, time.Now())
		require.NoError(t, err)
		require.Contains(t, drill.Symptom, "ResourceNotFoundException")
		w := watchedState(t.Context(), t, state, "fixture")
		ended := make(chan int)
		go func() { ended <- Main(w.env, standard.Checks()...) }()

		wait(t.Context(), time.Minute)
		logs, name := cloudwatchlogs.NewFromConfig(w.config), aws.String("/ecs/docker-api")
		_, err = logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name})
		require.NoError(t, err)
		_, err = logs.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{
			LogGroupName: name, RetentionInDays: aws.Int32(7),
		})
		require.NoError(t, err)
		require.Equal(t, exitPassed, <-ended)
		require.Contains(t, w.stdout(), "✓ retention: events expire after 7 days (+10, ")
	})
}

func TestWatchEndsInTime(t *testing.T) {
	practiceCredentials(t, "half-done")
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		w := watched(t.Context(), t, "half-done", "--until", "passed", "--timeout", "10m")
		assert.Equal(t, exitNotPassed, Main(w.env, standard.Checks()...))
		assert.Equal(t, 10*time.Minute, time.Since(start))
		assert.Contains(t, w.stdout(), "Not passed: 80% is needed.")
	})
}

func TestWatchUsage(t *testing.T) {
	for _, args := range [][]string{
		{"watch"}, {"watch", "fixture", "--until", "done"}, {"watch", "fixture", "--sandbox"},
	} {
		env, _, stderr := inProcess(t.Context(), args...)
		assert.Equal(t, exitUsage, Main(env, standard.Checks()...), "%v: %s", args, stderr)
	}
}
