//go:build conformance

package conformance

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/standard"
)

// A yamlStory is how a check in YAML goes from nothing to a pass: what is typed at first, and then what the check says
// as often as it fails, before its own fix is typed.
type yamlStory struct {
	check, parameter string // the parameter is called "lab"
	begin            string // commands of aws, one a line
	says             []string
	near             string // of the first fail
}

var yamlStories = []yamlStory{
	{
		check: "s3-versioned", parameter: "bucket", begin: "s3 mb s3://labs",
		says: []string{"this account has no bucket lab", "versioning was never on"}, near: "found labs",
	},
	{
		check: "s3-public-access-blocked", parameter: "bucket",
		says: []string{
			"BlockPublicAcls is off, IgnorePublicAcls is off, BlockPublicPolicy is off, RestrictPublicBuckets is off",
		},
	},
	{ // as AWS makes every bucket
		check: "s3-encrypted", parameter: "bucket", begin: "s3api put-bucket-encryption --bucket lab " +
			"--server-side-encryption-configuration " +
			`{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}`,
		says: []string{"S3's own key (AES256)"},
	},
	{
		check: "dynamodb-on-demand", parameter: "table", begin: "dynamodb create-table --table-name lab " +
			"--attribute-definitions AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH " +
			"--provisioned-throughput ReadCapacityUnits=1,WriteCapacityUnits=1",
		says: []string{"provisioned capacity"},
	},
	{
		check: "ec2-instance-type", parameter: "instance", begin: "ec2 run-instances --image-id ami-12c6146b " +
			"--instance-type m5.large --tag-specifications ResourceType=instance,Tags=[{Key=Name,Value=lab}]",
		says: []string{"InstanceType is m5.large"},
	},
	{check: "ec2-imdsv2", parameter: "instance", says: []string{"IMDSv1 answers, too"}},
	{
		check: "lambda-runtime-supported", parameter: "function", begin: "iam create-role --role-name lab " +
			`--assume-role-policy-document {"Version":"2012-10-17","Statement":[]}` + "\n" +
			"lambda create-function --function-name lab --runtime python3.9 --handler a.b " +
			"--role arn:aws:iam::123456789012:role/lab --zip-file fileb://code.zip",
		says: []string{"python3.9"},
	},
	{
		check: "rds-not-public", parameter: "database", begin: "rds create-db-instance --db-instance-identifier lab " +
			"--engine postgres --db-instance-class db.t3.micro --allocated-storage 20 --master-username lab " +
			"--master-user-password Correct-horse-1 --publicly-accessible",
		says: []string{"public access is on"},
	},
	{check: "iam-password-policy", says: []string{"there is none: AWS's own asks for 8 characters"}},
	{
		check: "cloudtrail-on", parameter: "trail", begin: "s3 mb s3://trails\n" +
			"cloudtrail create-trail --name lab --s3-bucket-name trails",
		says: []string{"it records one Region; logging is off"},
	},
	{
		check: "kms-key-rotation", parameter: "key", begin: "kms create-key\n" +
			"kms create-alias --alias-name alias/lab --target-key-id $ID\n" +
			"kms schedule-key-deletion --key-id $ID --pending-window-in-days 7",
		says: []string{"the key waits for its deletion; the key is not enabled; rotation is off"},
	},
	{
		check: "ecr-tag-immutability", parameter: "repository", begin: "ecr create-repository --repository-name lab",
		says: []string{"tags are mutable"},
	},
}

// Every check in YAML fails with the right words on an emulator that is not ours, and passes once its fix was typed
// into the real aws command.
func TestConformanceOfChecksInYAML(t *testing.T) {
	registry, err := checks.NewRegistry(standard.Checks()...)
	require.NoError(t, err)
	told := map[string]bool{}
	for _, s := range yamlStories {
		told[s.check] = true
	}
	for _, c := range registry.All() {
		assert.Equal(t, c.Written != "", told[c.ID], "%s: a check in YAML has a story here", c.ID)
	}
	emulator := startEmulator(t)
	aws := startCLI(t, emulator.url, judgeEnviron(t), "")
	for _, s := range yamlStories {
		t.Run(s.check, func(t *testing.T) {
			check, ok := registry.Lookup(s.check)
			require.True(t, ok)
			aws := *aws
			aws.t = t
			if s.begin != "" {
				aws.typeLines(strings.Split(s.begin, "\n")...)
			}
			for i, says := range append(s.says, "") {
				r := emulator.look(t, check, s.parameter)
				if says == "" {
					require.Equal(t, checks.Pass.String(), r.Verdict().String(), "%+v", r)
					continue
				}
				require.Equal(t, checks.Fail.String(), r.Verdict().String(), "%+v", r)
				var found []string
				for _, f := range r.Findings {
					if f.Verdict == checks.Fail {
						found = append(found, f.Found)
					}
				}
				assert.Equal(t, says, strings.Join(found, "; "))
				if i == 0 {
					assert.Equal(t, s.near, r.Findings[0].NearMiss)
				}
				require.NotEmpty(t, r.Fix.Commands)
				for _, c := range r.Fix.Commands {
					words := slices.Clone(c.Args[1:])
					if j := slices.Index(words, "SUPPORTED_RUNTIME"); j >= 0 {
						words[j] = "python3.14"
					}
					answer := aws.run(words...)
					require.Zero(t, answer.Code, "%s\n%s", c, answer.Err)
				}
			}
		})
	}
}

// look runs a check on the emulator. Every connection goes there: S3 Control puts the account before the host.
func (e *emulator) look(t *testing.T, check *checks.Check, parameter string) checks.Result {
	t.Helper()
	params := map[string]json.RawMessage{}
	if parameter != "" {
		params[parameter] = json.RawMessage(`"lab"`)
	}
	bound, err := check.Bind(params)
	require.NoError(t, err)
	o := account.Options{
		Region: "us-east-1", EndpointURL: e.url,
		Credentials: &account.StaticCredentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "example"},
		Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, strings.TrimPrefix(e.url, "http://"))
		}},
	}
	for _, s := range check.Sources() {
		o.Operations = append(o.Operations, s.Describe().Operations...)
	}
	door, err := account.Open(t.Context(), o)
	require.NoError(t, err)
	session := facts.NewSession(t.Context(), facts.Options{Now: time.Now(), Doors: []facts.Door{facts.Open(door)}})
	site := facts.ParseSite("123456789012", "arn:aws:iam::123456789012:user/alice", "AIDAEXAMPLE", "us-east-1")
	return bound.Run(session.View(site, check.Reads, check.Extra))
}

// The runtimes that lambda-runtime-supported calls deprecated, with their dates, are those of cfn-lint's copy of AWS's
// table on the day that the check names. A runtime with no date for new functions is only in images.
func TestConformanceOfDeprecatedRuntimes(t *testing.T) {
	out, err := exec.Command("python3", "-c", "import pathlib, cfnlint; print((pathlib.Path(cfnlint.__file__).parent / "+
		"'data/AdditionalSpecs/LmbdRuntimeLifecycle.json').read_text())").Output()
	require.NoError(t, err)
	var table map[string]struct {
		Deprecated string
		Block      *string `json:"create-block"`
	}
	require.NoError(t, json.Unmarshal(out, &table))
	text, err := os.ReadFile("../../checks/lambda/lambda-runtime-supported.yaml")
	require.NoError(t, err)
	day := regexp.MustCompile(`as of (\S+)\.`).FindSubmatch(text)
	require.NotNil(t, day)
	want, got := map[string]string{}, map[string]string{}
	for name, r := range table {
		if r.Block != nil && r.Deprecated <= string(day[1]) {
			want[name] = r.Deprecated
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^      - (\S+) # (\S+)$`).FindAllSubmatch(text, -1) {
		got[string(m[1])] = string(m[2])
	}
	assert.Equal(t, want, got)
}
