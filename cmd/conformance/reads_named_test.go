//go:build conformance

package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// inGate is how many of the lines the gate compares; "make judge" compares all.
const inGate = 40

// A line is one read, in the words of both: SERVICE:OPERATION, the input as JSON, and the expression.
type line struct{ operation, input, expression string }

// readLines reads the lines of a file of testdata/judge that are neither empty nor a comment.
func readLines(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "judge", name))
	require.NoError(t, err)
	var lines []string
	for l := range strings.Lines(string(text)) {
		if l = strings.TrimSuffix(l, "\n"); l != "" && !strings.HasPrefix(l, "#") {
			lines = append(lines, l)
		}
	}
	return lines
}

// aCLI is the AWS CLI in a process that stays: see testdata/judge/cli.py.
type aCLI struct {
	t        *testing.T
	endpoint string
	in       *json.Encoder
	out      *bufio.Reader
}

// cliAnswer is what a command line printed and told, and its exit code.
type cliAnswer struct {
	Out, Err string
	Code     int
}

func startCLI(t *testing.T, endpoint string, environ []string) *aCLI {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("testdata", "judge", "cli.py"))
	require.NoError(t, err)
	python := exec.Command("python3", script)
	python.Env, python.Dir, python.Stderr = environ, t.TempDir(), os.Stderr
	// The code of a function, for setup.txt: an archive without a file.
	empty := append([]byte("PK\x05\x06"), make([]byte, 18)...)
	require.NoError(t, os.WriteFile(filepath.Join(python.Dir, "code.zip"), empty, 0o600))
	in, err := python.StdinPipe()
	require.NoError(t, err)
	out, err := python.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, python.Start())
	t.Cleanup(func() {
		require.NoError(t, in.Close())
		_ = python.Wait()
	})
	return &aCLI{t, endpoint, json.NewEncoder(in), bufio.NewReader(out)}
}

func (c *aCLI) run(words ...string) cliAnswer {
	c.t.Helper()
	require.NoError(c.t, c.in.Encode(append(words, "--output", "json", "--endpoint-url", c.endpoint)))
	text, err := c.out.ReadBytes('\n')
	require.NoError(c.t, err)
	var answer cliAnswer
	require.NoError(c.t, json.Unmarshal(text, &answer))
	return answer
}

// firstID is what a later line of the setup may name as $ID.
var firstID = regexp.MustCompile(`"(?:VpcId|KeyId)": "([^"]+)"`)

// setUp fills the account.
func (c *aCLI) setUp() {
	id := ""
	for _, l := range readLines(c.t, "setup.txt") {
		words := strings.Fields(strings.ReplaceAll(l, "$ID", id))
		answer := c.run(words...)
		require.Zero(c.t, answer.Code, "%s\n%s", l, answer.Err)
		if m := firstID.FindStringSubmatch(answer.Out); m != nil {
			id = m[1]
		}
	}
}

// cliNames are the services that the CLI calls otherwise.
var cliNames = map[string]string{"s3": "s3api"}

var errorCode = regexp.MustCompile(`An error occurred \(([^)]+)\)`)

// The same line through the AWS CLI and through us gives the same JSON, and the same error code.
func TestConformanceOfReadsByName(t *testing.T) {
	home := t.TempDir()
	config := filepath.Join(home, "config")
	require.NoError(t, os.WriteFile(config, []byte("[default]\ncli_timestamp_format = iso8601\n"), 0o600))
	environ := []string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "TZ=UTC", "AWS_CONFIG_FILE=" + config,
		"AWS_DEFAULT_REGION=us-east-1", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_MAX_ATTEMPTS=1",
		"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	}
	labcheck, emulator := build(t), startEmulator(t)
	aws := startCLI(t, emulator.url, environ)
	aws.setUp()
	lines := readLines(t, "lines.txt")
	require.GreaterOrEqual(t, len(lines), 300)
	step := 1
	if os.Getenv("JUDGE") != "all" {
		step = len(lines) / inGate
	}
	compared, answered, services := 0, 0, map[string]bool{}
	for i := 0; i < len(lines); i += step {
		fields := strings.Split(lines[i], "\t")
		require.Len(t, fields, 3, lines[i])
		l := line{fields[0], fields[1], fields[2]}
		service, operation, _ := strings.Cut(l.operation, ":")
		name := service
		if other := cliNames[service]; other != "" {
			name = other
		}
		want := aws.run(name, kebab(operation), "--cli-input-json", l.input, "--query", l.expression)
		read := exec.CommandContext(t.Context(), labcheck, "read", l.operation, l.input, "--query", l.expression,
			"--endpoint-url", emulator.url)
		var said bytes.Buffer
		read.Env, read.Stderr = environ, &said
		got, _ := read.Output()
		compared++
		services[service] = true
		if want.Code != 0 {
			code := errorCode.FindStringSubmatch(want.Err)
			require.NotNil(t, code, "%s\n%s", lines[i], want.Err)
			require.Contains(t, said.String(), code[1], lines[i])
			require.Empty(t, got, lines[i])
			continue
		}
		require.JSONEq(t, orNull(want.Out), orNull(string(got)), "%s\n%s", lines[i], said.String())
		answered++
	}
	t.Logf("%d lines over %d services: %d with the same JSON, %d with the same error code",
		compared, len(services), answered, compared-answered)
}

// orNull is JSON that prints nothing where there is nothing.
func orNull(text string) string {
	if strings.TrimSpace(text) == "" {
		return "null"
	}
	return text
}

// kebab is an operation's name as the CLI writes it: "DescribeDBInstances" is describe-db-instances.
func kebab(operation string) string {
	if special := kebabs[operation]; special != "" {
		return special
	}
	var b strings.Builder
	runes := []rune(operation)
	for i, r := range runes {
		next := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		if i > 0 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || unicode.IsDigit(runes[i-1]) || next) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// kebabs are names that the rule does not give.
var kebabs = map[string]string{"ListObjectsV2": "list-objects-v2"}
