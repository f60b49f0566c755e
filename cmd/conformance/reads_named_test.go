//go:build conformance

package conformance

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"
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
	// partly says that the endpoint lacks services, and answers for them with what is no answer of AWS. Lines on which it
	// is known to differ are in differs, with the reason.
	partly  bool
	differs map[string]string
}

// cliAnswer is what a command line printed and told, and its exit code.
type cliAnswer struct {
	Out, Err string
	Code     int
}

// startCLI starts the AWS CLI of the PATH, or the one whose packages are in a folder: version 2, as Debian has it.
func startCLI(t *testing.T, endpoint string, environ []string, packages string) *aCLI {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("testdata", "judge", "cli.py"))
	require.NoError(t, err)
	python := exec.Command("python3", script)
	if packages != "" {
		python = exec.Command("/usr/bin/python3", script)
		environ = append(slices.Clone(environ), "PYTHONPATH="+packages, "AWS_PAGER=")
	}
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
	return &aCLI{t: t, endpoint: endpoint, in: json.NewEncoder(in), out: bufio.NewReader(out)}
}

// judgeEnviron is the environment of somebody with a key, and with a home folder of their own.
func judgeEnviron(t *testing.T) []string {
	t.Helper()
	home := t.TempDir()
	config := filepath.Join(home, "config")
	require.NoError(t, os.WriteFile(config, []byte("[default]\ncli_timestamp_format = iso8601\n"), 0o600))
	return []string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "TZ=UTC", "AWS_CONFIG_FILE=" + config,
		"AWS_DEFAULT_REGION=us-east-1", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_MAX_ATTEMPTS=1",
		"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	}
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

// typeLines types commands of aws, one a line: $ID is the id of what one before it made.
func (c *aCLI) typeLines(lines ...string) {
	c.t.Helper()
	id := ""
	for _, l := range lines {
		words := strings.Fields(strings.ReplaceAll(l, "$ID", id))
		answer := c.run(words...)
		require.True(c.t, answer.Code == 0 || c.partly, "%s\n%s", l, answer.Err)
		if m := firstID.FindStringSubmatch(answer.Out); m != nil {
			id = m[1]
		}
	}
}

// cliNames are the services that the CLI calls otherwise.
var cliNames = map[string]string{"s3": "s3api"}

// headCodes are our codes for what answers a HEAD, which has no body to say one: the CLI takes the status for it.
var headCodes = map[string]string{"404": "NotFound", "403": "Forbidden"}

var errorCode = regexp.MustCompile(`An error occurred \(([^)]+)\)`)

// startMiniStack starts the other emulator, on loopback only.
func startMiniStack(t *testing.T) (url string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())
	_, port, _ := net.SplitHostPort(address)
	server := exec.Command("python3", "-m", "ministack")
	server.Dir = t.TempDir()
	server.Env = []string{
		"HOME=" + server.Dir, "TMPDIR=" + server.Dir, "PATH=" + os.Getenv("PATH"), "LOG_LEVEL=ERROR",
		"BIND_HOST=127.0.0.1", "GATEWAY_PORT=" + port, "MINISTACK_ACCOUNT_ID=123456789012",
		"DOCKER_HOST=unix:///nonexistent", // it would start containers, and end those that it takes for its own
	}
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	}, startTime, 100*time.Millisecond, "MiniStack does not listen")
	return "http://" + address
}

// miniStackDiffers are the lines of which MiniStack tells the CLI and us different things.
func miniStackDiffers() map[string]string {
	return map[string]string{
		"cloudwatch:DescribeAlarms": "we ask an endpoint that is not AWS's with the Query protocol, and MiniStack leaves " +
			"out Period, Statistic and Dimensions there; in CBOR, which the CLI speaks, it does not",
		"cloudtrail:DescribeTrails": "RecursiveLogging is in AWS's models of today, and not in this CLI's",
	}
}

// oldDiffers are the lines of which Debian's version 2 of the CLI, of 2023, prints something else on any endpoint.
func oldDiffers() map[string]string {
	unknown := func(member string) string {
		return member + " is in AWS's models of today, and null in the older CLI's"
	}
	return map[string]string{
		"dynamodb:ListTables": "version 2 reads one page where an input in JSON names the size of a page, version 1 all of " +
			"them; a list of ours is always whole",
		"ec2:DescribeSecurityGroups":        unknown("SecurityGroupArn"),
		"events:DescribeEventBus":           unknown("CreationTime"),
		"logs:DescribeLogGroups":            unknown("logGroupArn"),
		"organizations:ListAccounts":        unknown("State"),
		"redshift:DescribeClusterSnapshots": unknown("SnapshotArn"),
	}
}

// The same line through the AWS CLI and through us gives the same JSON, and the same error code: on the emulator, on
// the practice account with everything that it serves, and in "make judge" on another emulator. JUDGE_CLI2 is a folder
// with version 2's packages.
func TestConformanceOfReadsByName(t *testing.T) {
	environ := judgeEnviron(t)
	labcheck := build(t)
	versions := map[string]string{"1": ""}
	if packages := os.Getenv("JUDGE_CLI2"); packages != "" {
		versions["2"] = packages
	}
	for version, packages := range versions {
		t.Run("emulator, CLI "+version, func(t *testing.T) {
			emulator := startEmulator(t)
			aws := startCLI(t, emulator.url, environ, packages)
			if version == "2" {
				aws.differs = oldDiffers()
			}
			aws.typeLines(readLines(t, "setup.txt")...)
			lines := readLines(t, "lines.txt")
			require.GreaterOrEqual(t, len(lines), 300)
			step := 1
			if os.Getenv("JUDGE") != "all" {
				step = len(lines) / inGate
			}
			aws.compare(labcheck, environ, lines, step)
		})
		t.Run("MiniStack, CLI "+version, func(t *testing.T) {
			if os.Getenv("JUDGE") != "all" {
				t.Skip("make judge")
			}
			aws := startCLI(t, startMiniStack(t), environ, packages)
			aws.partly, aws.differs = true, miniStackDiffers()
			if version == "2" {
				maps.Copy(aws.differs, oldDiffers())
			}
			aws.typeLines(readLines(t, "setup.txt")...)
			aws.compare(labcheck, environ, readLines(t, "lines.txt"), 1)
		})
		t.Run("practice account, CLI "+version, func(t *testing.T) {
			served := (&judge{labcheck: labcheck}).serves(t, "--from", "finished")
			environ := append(slices.Clone(environ), served.key()...)
			aws := startCLI(t, served.endpoint(), environ, packages)
			made := aws.run("s3api", "create-bucket", "--bucket", "my-lab-bucket-1")
			require.Zero(t, made.Code, made.Err)
			aws.compare(labcheck, environ, readLines(t, "practice.txt"), 1)
		})
	}
}

// compare has the CLI and labcheck read every so many of the lines.
func (c *aCLI) compare(labcheck string, environ, lines []string, step int) {
	t := c.t
	t.Helper()
	compared, answered, lacking, differing, services := 0, 0, 0, 0, map[string]bool{}
	for i := 0; i < len(lines); i += step {
		fields := strings.Split(lines[i], "\t")
		require.Len(t, fields, 3, lines[i])
		l := line{fields[0], fields[1], fields[2]}
		service, operation, _ := strings.Cut(l.operation, ":")
		name := service
		if other := cliNames[service]; other != "" {
			name = other
		}
		want := c.run(name, kebab(operation), "--cli-input-json", l.input, "--query", l.expression)
		read := exec.CommandContext(t.Context(), labcheck, "read", l.operation, l.input, "--query", l.expression,
			"--endpoint-url", c.endpoint)
		var said bytes.Buffer
		read.Env, read.Stderr = environ, &said
		got, _ := read.Output()
		compared++
		services[service] = true
		switch code := errorCode.FindStringSubmatch(want.Err); {
		case strings.Contains(want.Err, "Invalid choice"): // this CLI is older than the operation
			compared--
			continue
		case want.Code != 0 && code == nil && c.partly:
			assert.Contains(t, said.String(), "invalid_response", "%s\n%s", lines[i], want.Err)
			lacking++
			continue
		case want.Code != 0:
			if assert.NotNil(t, code, "%s\n%s", lines[i], want.Err) {
				assert.Contains(t, said.String(), cmp.Or(headCodes[code[1]], code[1]), lines[i])
				assert.Empty(t, got, lines[i])
			}
			continue
		}
		same := assert.ObjectsAreEqual(decoded(t, want.Out), decoded(t, string(got)))
		switch {
		case same:
			answered++
		case c.differs[l.operation] != "":
			differing++
		default:
			assert.JSONEq(t, orNull(want.Out), orNull(string(got)), "%s\n%s", lines[i], said.String())
		}
	}
	t.Logf("%d lines over %d services: %d with the same JSON, %d with an error code, %d that the endpoint lacks, "+
		"%d on which it differs", compared, len(services), answered, compared-answered-lacking-differing, lacking, differing)
}

func decoded(t *testing.T, text string) (v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(orNull(text)), &v), text)
	return v
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
