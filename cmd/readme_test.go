package cmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest/golden"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// Every picture in the README is a real run: its lines are lines of the output, in order, and every jump between them
// is marked. So is what it says a finished account costs. make update draws them anew.
func TestReadmePictures(t *testing.T) {
	file, err := filepath.Abs("../README.md")
	require.NoError(t, err)
	text := readme(t)
	picture := regexp.MustCompile("(?s)(<!-- picture: labcheck ([^(]*?) \\(.*?\n```text\n)(.*?)\n" +
		"```\n<!-- /picture -->")
	shown := picture.FindAllStringSubmatch(text, -1)
	require.Len(t, shown, 3)
	t.Chdir(t.TempDir())
	for _, p := range shown {
		args, kept := strings.Fields(p[2]), p[3]
		drawn, err := drawAnew(kept, lines(readmeRun(t, args)))
		require.NoError(t, err, p[2])
		require.True(t, args[0] == "watch" || strings.Count(drawn, "\n") > 20, "the README shows the run")
		text = strings.Replace(text, p[1]+kept, p[1]+drawn, 1)
	}
	golden.Match(t, file, []byte(withCost(t, text)))
}

// readmeRun runs the command of a picture and returns what it prints.
func readmeRun(t *testing.T, args []string) []byte {
	t.Helper()
	if args[0] == "watch" {
		return watchedPractice(t, args)
	}
	env, stdout, _ := inProcess(t.Context(), args...)
	env.Program = "./labcheck"
	Main(env, standard.Checks()...)
	return stdout.Bytes()
}

// drawAnew is a picture with the lines that the output has now. Each of its parts, between which lines are left out, is
// found in the output by how it begins and by its last line, whatever the numbers in them are.
func drawAnew(picture string, output []string) (string, error) {
	const leftOut = "\n…\n"
	parts := strings.Split(picture, leftOut)
	for i, part := range parts {
		from, to := findLines(strings.Split(part, "\n"), output)
		if from == to {
			return "", fmt.Errorf("the run prints nothing that begins so any more: choose other lines:\n%s", part)
		}
		parts[i] = strings.Join(output[from:to], "\n")
		output = output[to:]
	}
	return strings.Join(parts, leftOut), nil
}

// findLines returns the range of the output that begins with as many of the lines as possible and ends with the last of
// them, or is as long as they are; an empty one if their first line is not there.
func findLines(lines, output []string) (from, to int) {
	same := func(line, i int) bool { return i < len(output) && alike(lines[line], output[i]) }
	most := 0
	for start := range output {
		n := 0
		for n < len(lines) && same(n, start+n) {
			n++
		}
		if n > most {
			most, from = n, start
		}
	}
	if most == 0 {
		return 0, 0
	}
	for to := from + most; to <= len(output); to++ {
		if same(len(lines)-1, to-1) {
			return from, to
		}
	}
	return from, min(from+len(lines), len(output))
}

// alike says whether two lines differ in little but numbers: they have most of their words in common, or no word at
// all.
func alike(a, b string) bool {
	words := regexp.MustCompile(`[\p{L}-]{2,}`)
	inA, inB := words.FindAllString(a, -1), words.FindAllString(b, -1)
	common := 0
	for _, word := range inA {
		if slices.Contains(inB, word) {
			common++
		}
	}
	return 2*common >= max(len(inA), len(inB)) && (a == "") == (b == "")
}

// withCost is the README with the number of requests, and of rounds of them, that a finished account takes.
func withCost(t *testing.T, text string) string {
	t.Helper()
	said := regexp.MustCompile(`[0-9]+ requests, in [a-z]+ rounds`)
	require.Len(t, said.FindAllString(text, -1), 1)
	lab := regexp.MustCompile(`(?m)^\./labcheck (\S+) +# grade your own account$`).FindStringSubmatch(text)
	require.NotNil(t, lab)
	var cost string
	synctest.Test(t, func(t *testing.T) {
		var account *sandbox.Account
		env, stdout, _ := inProcess(t.Context(), lab[1], "--sandbox=finished", "--report", "json")
		env.Practice.Latency = latency
		env.practised = func(a *sandbox.Account) { account = a }
		start := time.Now()
		require.Equal(t, exitPassed, Main(env, standard.Checks()...), stdout)
		rounds := []string{"no", "one", "two", "three", "four", "five", "six"}[time.Since(start)/latency]
		cost = fmt.Sprintf("%d requests, in %s rounds", len(account.Calls()), rounds)
	})
	return said.ReplaceAllLiteralString(text, cost)
}

// watchedPractice is what a watch of a new practice account prints to a reader of the README: the root user makes the
// user alice, who watches; then come the simulated MFA device and the repository.
func watchedPractice(t *testing.T, args []string) []byte {
	t.Helper()
	var folders []string
	for _, program := range []string{"aws", "git"} {
		path, err := exec.LookPath(program)
		require.NoError(t, err)
		folders = append(folders, filepath.Dir(path))
	}
	bareMachine(t)
	t.Setenv("PATH", strings.Join(folders, string(filepath.ListSeparator)))
	out, err := exec.Command("git", "init", "--quiet").CombinedOutput()
	require.NoError(t, err, string(out))
	var printed bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		accounts, err := practice.AccountsOf(nil)
		require.NoError(t, err)
		fresh, err := accounts.State(lab.Fresh, time.Now())
		require.NoError(t, err)
		account := sandbox.New(fresh, sandbox.Options{})
		alice := makeAlice(t, iam.NewFromConfig(signedByCaller(account)))
		t.Setenv("AWS_ENDPOINT_URL", "http://"+practice.Address)
		writeProfile(t, alice)

		ctx, cancel := context.WithCancelCause(t.Context())
		env, _, _ := inProcess(ctx, args...)
		env.Stdout, env.Stderr, env.Environ, env.Now = &printed, &printed, os.Environ(), time.Now
		env.Transport = answering(account)
		ended := make(chan int)
		go func() { ended <- Main(env, standard.Checks()...) }()
		wait(t.Context(), time.Minute)
		require.NoError(t, account.Simulate("root-mfa"))
		wait(t.Context(), time.Minute)
		_, err = ecr.NewFromConfig(signedBy(account, *alice.AccessKeyId, *alice.SecretAccessKey, "")).CreateRepository(
			t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String("docker-api")})
		require.NoError(t, err)
		wait(t.Context(), time.Minute)
		cancel(facts.ErrInterrupted)
		require.Equal(t, exitInterrupted, <-ended, printed.String())
	})
	return printed.Bytes()
}

// makeAlice does what the README has the root user do, and returns the new user's access key.
func makeAlice(t *testing.T, root *iam.Client) *iamtypes.AccessKey {
	t.Helper()
	name := aws.String("alice")
	_, err := root.CreateUser(t.Context(), &iam.CreateUserInput{UserName: name})
	require.NoError(t, err)
	for _, policy := range []string{"PowerUserAccess", "IAMReadOnlyAccess"} {
		_, err := root.AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{
			UserName: name, PolicyArn: aws.String("arn:aws:iam::aws:policy/" + policy),
		})
		require.NoError(t, err)
	}
	made, err := root.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: name})
	require.NoError(t, err)
	return made.AccessKey
}

// writeProfile writes what "aws configure" does for the profile of a user's key.
func writeProfile(t *testing.T, key *iamtypes.AccessKey) {
	t.Helper()
	for variable, text := range map[string]string{
		"AWS_CONFIG_FILE": fmt.Sprintf("[profile %s]\nregion = us-east-1\n", *key.UserName),
		"AWS_SHARED_CREDENTIALS_FILE": fmt.Sprintf("[%s]\naws_access_key_id = %s\naws_secret_access_key = %s\n",
			*key.UserName, *key.AccessKeyId, *key.SecretAccessKey),
	} {
		file := filepath.Join(t.TempDir(), variable)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		t.Setenv(variable, file)
	}
}

// answering answers as a practice account does that listens on a port: its answers say what it is.
func answering(account *sandbox.Account) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		answer, err := account.RoundTrip(r)
		if err == nil {
			answer.Header.Set("X-Labcheck-Simulated", "true")
		}
		return answer, err
	})
}

// Every command in the README, and in the recipes for pipelines, is one that the program takes: its name, its flags and
// the number of its arguments.
func TestReadmeCommands(t *testing.T) {
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	text := strings.ReplaceAll(readme(t)+recipes(t), "\\\n", " ")
	typed := regexp.MustCompile("(?m)(?:^|`|&& )(?:\\.\\./|\\./)?labcheck ([^#`\n]+)").FindAllStringSubmatch(text, -1)
	require.Greater(t, len(typed), 30)
	for _, line := range typed {
		env := Env{Context: t.Context(), Program: "labcheck", Stdout: io.Discard, Stderr: io.Discard}
		root := newApp(env, registry).root()
		doNothing(root)
		var args []string
		for _, word := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line[1], -1) {
			args = append(args, strings.Trim(word, `"`))
		}
		root.SetArgs(args)
		root.SetOut(io.Discard)
		root.SetErr(io.Discard)
		assert.NoError(t, root.Execute(), line[0])
	}
}

// doNothing has the commands read their flags and no more.
func doNothing(c *cobra.Command) {
	if c.RunE != nil {
		c.RunE = func(*cobra.Command, []string) error { return nil }
	}
	for _, sub := range c.Commands() {
		doNothing(sub)
	}
}

func readme(t *testing.T) string { return pageAt(t, "../README.md") }

// recipes is the page on pipelines that have no template.
func recipes(t *testing.T) string { return pageAt(t, "../reports/PIPELINES.md") }

func pageAt(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return strings.ReplaceAll(string(data), "\r\n", "\n")
}

func lines(text []byte) []string {
	return strings.Split(strings.TrimRight(string(bytes.ReplaceAll(text, []byte("\r"), nil)), "\n"), "\n")
}
