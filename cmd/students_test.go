package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// students are the accounts of a class behind AWS's own endpoint names, in this process: each has the role
// labcheck-grader, and is made when somebody takes it on. It is forgotten when many others have been: ten thousand are
// no more in memory than a hundred.
type students struct {
	state   map[string]any // of each account, but for its id and who asks
	latency time.Duration
	now     func() time.Time
	// refuse is what an account answers to AssumeRole in place of credentials; "" for most.
	refuse func(account string, in url.Values) (code, message string)
	// change makes an account differ from the others; nil: none does.
	change func(account string, state map[string]any)

	assumed, answered atomic.Int64
	mu                sync.Mutex
	accounts          map[string]*sandbox.Account
	order             []string
	asked             []url.Values // of AssumeRole
}

const (
	graderKey     = "AKIAGRADEREXAMPLE000"
	graderARN     = "arn:aws:iam::999999999999:user/teacher"
	keptStudents  = 100
	studentKey    = "ASIAEXAMPLE"
	studentSecret = "EXAMPLEKEY"
)

// classOf makes the accounts from one of the fixture's.
func classOf(t testing.TB, state string) *students {
	t.Helper()
	data, err := os.ReadFile(fixtureFile(state))
	require.NoError(t, err)
	s := &students{accounts: map[string]*sandbox.Account{}, now: time.Now}
	require.NoError(t, json.Unmarshal(data, &s.state))
	delete(s.state, "workstation")
	s.state["iam"].(map[string]any)["roles"] = []any{map[string]any{
		"name": "labcheck-grader", "id": "AROAEXAMPLEGRADER000", "created": "-9h",
		"trust":    map[string]any{"Statement": map[string]any{"Effect": "Allow", "Action": "sts:AssumeRole"}},
		"attached": []any{"arn:aws:iam::aws:policy/ReadOnlyAccess"},
	}}
	return s
}

// credentialOf finds the access key of a request.
var credentialOf = regexp.MustCompile(`Credential=([A-Z0-9]+)/`)

// RoundTrip implements http.RoundTripper.
func (s *students) RoundTrip(req *http.Request) (*http.Response, error) {
	select {
	case <-time.After(s.latency):
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
	s.answered.Add(1)
	key := credentialOf.FindStringSubmatch(req.Header.Get("Authorization"))
	if key == nil {
		return nil, fmt.Errorf("a request without a signature")
	}
	if account, ok := strings.CutPrefix(key[1], studentKey); ok {
		return s.account(account).RoundTrip(req)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	in, err := url.ParseQuery(string(body))
	if err != nil || in.Get("Action") != "AssumeRole" {
		return answered(req, 200, fmt.Sprintf(`<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>%s</Arn>`+
			`<UserId>AIDATEACHER</UserId><Account>999999999999</Account></GetCallerIdentityResult>`+
			`<ResponseMetadata><RequestId>teacher</RequestId></ResponseMetadata></GetCallerIdentityResponse>`, graderARN)), nil
	}
	s.assumed.Add(1)
	s.mu.Lock()
	s.asked = append(s.asked, in)
	s.mu.Unlock()
	account := strings.Split(in.Get("RoleArn"), ":")[4]
	if s.refuse != nil {
		if code, message := s.refuse(account, in); code != "" {
			return answered(req, 403, fmt.Sprintf(`<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code>`+
				`<Message>%s</Message></Error><RequestId>refused</RequestId></ErrorResponse>`, code, message)), nil
		}
	}
	return answered(req, 200, fmt.Sprintf(`<AssumeRoleResponse><AssumeRoleResult><Credentials>`+
		`<AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>EXAMPLETOKEN</SessionToken>`+
		`<Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
		studentKey+account, studentSecret, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))), nil
}

func answered(req *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"text/xml"}, "X-Amzn-Requestid": {"teacher"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}
}

// account makes an account, or finds it.
func (s *students) account(id string) *sandbox.Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.accounts[id]; ok {
		return a
	}
	state := s.state
	if s.change != nil {
		state = clone(state)
		s.change(id, state)
	}
	data, err := json.Marshal(state)
	if err != nil {
		panic(err)
	}
	data = bytes.ReplaceAll(data, []byte("123456789012"), []byte(id))
	var own map[string]any
	if err := json.Unmarshal(data, &own); err != nil {
		panic(err)
	}
	own["caller"] = map[string]any{
		"arn": "arn:aws:sts::" + id + ":assumed-role/labcheck-grader/labcheck", "userId": "AROAEXAMPLEGRADER000:labcheck",
		"accessKeyId": studentKey + id, "secretAccessKey": studentSecret, "sessionToken": "EXAMPLETOKEN",
	}
	if data, err = json.Marshal(own); err != nil {
		panic(err)
	}
	parsed, err := sandbox.Parse(data, s.now())
	if err != nil {
		panic(err)
	}
	a := sandbox.New(parsed, sandbox.Options{ForgetCalls: true, AnySecret: true, Now: s.now})
	s.accounts[id], s.order = a, append(s.order, id)
	if len(s.order) > keptStudents {
		delete(s.accounts, s.order[0])
		s.order = s.order[1:]
	}
	return a
}

func clone(state map[string]any) map[string]any {
	data, err := json.Marshal(state)
	if err != nil {
		panic(err)
	}
	var again map[string]any
	if err := json.Unmarshal(data, &again); err != nil {
		panic(err)
	}
	return again
}

// accountNumber is the id of an account of a class.
func accountNumber(i int) string { return fmt.Sprintf("1%011d", i) }

// teacher is an environment in which somebody may take on the roles.
func (s *students) teacher(t testing.TB) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", graderKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", studentSecret)
	for _, name := range []string{
		"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CA_BUNDLE",
	} {
		t.Setenv(name, "")
	}
	empty := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	t.Setenv("AWS_CONFIG_FILE", empty)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", empty)
}
