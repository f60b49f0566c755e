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
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// watching is a watch of a practice account that the test changes under its eyes. Time is that of a synctest bubble.
type watching struct {
	account *sandbox.Account
	config  aws.Config
	env     Env
	stdout  func() string
}

// watched is labcheck watch module-1.2 on an account in this state, reached as a real one is.
func watched(ctx context.Context, t *testing.T, state string, args ...string) watching {
	t.Helper()
	s := stateOf(t, state, time.Now())
	return watchedState(ctx, t, s, args...)
}

// watchedState is watched on an account in a state of its own.
func watchedState(ctx context.Context, t *testing.T, s *sandbox.State, args ...string) watching {
	t.Helper()
	account := sandbox.New(s, sandbox.Options{})
	id, secret, token := account.Credentials()
	env, stdout, _ := inProcess(ctx, append([]string{"watch", "module-1.2", "--no-workstation"}, args...)...)
	env.Transport, env.Now = account, time.Now
	return watching{
		account: account, env: env, stdout: stdout.String,
		config: aws.Config{
			Region: "us-east-1", HTTPClient: &http.Client{Transport: account},
			Credentials: credentials.NewStaticCredentialsProvider(id, secret, token),
		},
	}
}

// practiceCredentials lets the SDK's own way find the credentials of the practice account's caller.
func practiceCredentials(t *testing.T, state string) {
	t.Helper()
	s := stateOf(t, state, time.Now())
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
		_, err := ecr.NewFromConfig(w.config).PutImageScanningConfiguration(t.Context(), &ecr.PutImageScanningConfigurationInput{
			RepositoryName:             aws.String("docker-api"),
			ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: true},
		})
		require.NoError(t, err)
		_, err = cloudwatchlogs.NewFromConfig(w.config).PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{
			LogGroupName: aws.String("/ecs/docker-api"), RetentionInDays: aws.Int32(7),
		})
		require.NoError(t, err)
		wait(t.Context(), time.Minute)
		quiet := len(w.account.Calls())
		cancel(facts.ErrInterrupted)
		assert.Equal(t, exitInterrupted, <-ended)

		said, table, found := strings.Cut(w.stdout(), "AWS Core Services (module-1.2)\n")
		require.True(t, found, "it ends with the table")
		lines := strings.Split(strings.TrimSpace(said), "\n")
		require.Len(t, lines, 4, said)
		assert.Contains(t, lines[0], "Watching module-1.2: ")
		assert.Equal(t, "AWS is asked at most once in 5s.", lines[1])
		assert.Contains(t, lines[2], "✓ ecr-scan-on-push: scan on push is on (+4, ")
		assert.Contains(t, lines[3], "✓ logs-retention: events expire after 7 days (+6, ")
		assert.Contains(t, table, "INTERRUPTED")
		assert.Less(t, quiet, 400, "it asks seldom while nothing changes, and only what is open")
	})
}

func TestWatchUntilPassed(t *testing.T) {
	practiceCredentials(t, "finished")
	synctest.Test(t, func(t *testing.T) {
		w := watched(t.Context(), t, "finished", "--until", "passed")
		logs := cloudwatchlogs.NewFromConfig(w.config)
		group := &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("/ecs/docker-api")}
		_, err := logs.DeleteLogGroup(t.Context(), group)
		require.NoError(t, err)
		ended := make(chan int)
		go func() { ended <- Main(w.env, standard.Checks()...) }()
		wait(t.Context(), 20*time.Second)
		_, err = logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group.LogGroupName})
		require.NoError(t, err)
		assert.Equal(t, exitPassed, <-ended)
		assert.Contains(t, w.stdout(), "✓ logs-group: ")
		assert.Contains(t, w.stdout(), "Passed: 80% is needed.")
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
		{"watch"}, {"watch", "module-1.2", "--until", "done"}, {"watch", "module-1.2", "--sandbox"},
	} {
		env, _, stderr := inProcess(t.Context(), args...)
		assert.Equal(t, exitUsage, Main(env, standard.Checks()...), "%v: %s", args, stderr)
	}
}
