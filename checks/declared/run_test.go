package declared_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/declared"
	"github.com/labcheck/labcheck/checks/facts"
)

// answers are bodies of an S3 by path and query: "/" lists the buckets.
type answers map[string]string

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := http.StatusOK, a[r.URL.Path+" "+strings.TrimSuffix(r.URL.RawQuery, "=")]
	if body == "" {
		status, body = http.StatusNotFound, `<Error><Code>NoSuchBucket</Code><Message>no</Message></Error>`
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"X-Amz-Request-Id": {"REQ"}, "Content-Type": {"application/xml"}},
		Request: r,
		Body:    io.NopCloser(strings.NewReader(body)),
	}, nil
}

var oneBucket = answers{
	"/ ": `<ListAllMyBucketsResult><Owner><ID>me</ID><DisplayName>secret</DisplayName></Owner>` +
		`<Buckets><Bucket><Name>mine</Name></Bucket></Buckets></ListAllMyBucketsResult>`,
	"/ versioning": `<VersioningConfiguration><Status>Suspended</Status><MfaDelete>Disabled</MfaDelete>` +
		`</VersioningConfiguration>`,
}

func s3Versioned(t *testing.T) *checks.Check {
	t.Helper()
	data, err := os.ReadFile("../s3/s3-versioned.yaml")
	require.NoError(t, err)
	f, err := declared.Load("s3-versioned.yaml", data)
	require.NoError(t, err)
	return f.Check
}

func look(t *testing.T, c *checks.Check, o facts.Options) (checks.Result, *facts.Session) {
	t.Helper()
	bound, err := c.Bind(map[string]json.RawMessage{"bucket": json.RawMessage(`"mine"`)})
	require.NoError(t, err)
	session := facts.NewSession(context.Background(), o)
	site := facts.ParseSite("123456789012", "arn:aws:iam::123456789012:user/alice", "AIDA", "eu-west-1")
	view := session.View(site, c.Reads, c.Extra)
	r := bound.Run(view)
	assert.Empty(t, view.Undeclared())
	return r, session
}

func openDoor(t *testing.T, transport http.RoundTripper, operations ...string) *account.Door {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_CA_BUNDLE": "",
	} {
		t.Setenv(name, value)
	}
	door, err := account.Open(t.Context(), account.Options{
		Region: "eu-west-1", Transport: transport, Operations: operations, Now: time.Now,
	})
	require.NoError(t, err)
	return door
}

// A check in YAML asks over the wire what it names, and is graded again from what was recorded.
func TestOverTheWireAndAgain(t *testing.T) {
	c := s3Versioned(t)
	door := openDoor(t, oneBucket, "s3:ListBuckets", "s3:GetBucketVersioning")
	r, session := look(t, c, facts.Options{Now: time.Now(), Doors: []facts.Door{facts.Open(door)}})
	require.Equal(t, checks.Fail.String(), r.Verdict().String(), "%+v", r)
	assert.Equal(t, "versioning is suspended", r.Findings[0].Found)
	assert.Equal(t,
		"aws s3api put-bucket-versioning --bucket mine --versioning-configuration Status=Enabled",
		r.Fix.Commands[0].String())
	recording, err := session.Record(facts.Site{}, "aws")
	require.NoError(t, err)
	text, err := json.Marshal(recording.Facts)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"key":{"region":"eu-west-1","input":{"Bucket":"mine",`)
	assert.NotContains(t, string(text), "secret", "nothing is kept that no expression names")
	assert.NotContains(t, string(text), "MfaDelete")

	again, _ := look(t, c, facts.Options{Now: time.Now(), Replay: recording})
	assert.Equal(t, r.Findings, again.Findings)

	for i := range recording.Facts {
		recording.Facts[i].Version++
	}
	again, _ = look(t, c, facts.Options{Now: time.Now(), Replay: recording})
	assert.Equal(t, checks.Unknown, again.Verdict())
	assert.Equal(t, facts.NotLooked, again.Findings[0].Reason)
}

// The guard of the door refuses what the plan does not name.
func TestTheGuardHolds(t *testing.T) {
	door := openDoor(t, oneBucket, "s3:ListBuckets")
	r, _ := look(t, s3Versioned(t), facts.Options{Now: time.Now(), Doors: []facts.Door{facts.Open(door)}})
	assert.Equal(t, checks.Unknown.String(), r.Verdict().String(), "%+v", r)
}
