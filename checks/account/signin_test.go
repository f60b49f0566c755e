package account

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

// Canaries: credentials that no text may ever hold.
const (
	canaryKey    = "AKIACANARYKEYEXAMPLE"
	canarySecret = "canary/secret/EXAMPLE/kept/by/the/person1"
	canaryToken  = "canary-session-token-EXAMPLE"
)

// cleanHome gives the test an environment without AWS and an empty home folder, and returns the folder.
func cleanHome(t *testing.T) string {
	t.Helper()
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // restores it afterwards
			require.NoError(t, os.Unsetenv(name))
		}
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	// The SDK finds its files once, when the program starts.
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(home, ".aws", "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(home, ".aws", "credentials"))
	return home
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// identifyFromEnvironment opens the account that the environment names and asks who it is. An answer of the sign-in
// services or of STS comes from the transport.
func identifyFromEnvironment(t *testing.T, transport http.RoundTripper, o Options) (facts.Site, error) {
	t.Helper()
	o.Transport, o.Now, o.Backoff = transport, testNow, func(int) time.Duration { return 0 }
	if o.OnEC2 == nil {
		o.OnEC2 = func() bool { return false }
	}
	door, err := Open(t.Context(), o)
	if err != nil {
		return facts.Site{}, err
	}
	s := facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
	return Identify(s, door.Region())
}

// offline fails a test that asks the network for anything.
func offline(t *testing.T) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		t.Error("asked ", r.URL)
		return nil, http.ErrServerClosed
	}
}

const farFuture, longAgo = "2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z"

func TestSignInFailuresHaveTheirReason(t *testing.T) {
	const sso = `
[profile lab]
sso_session = school
sso_account_id = 123456789012
sso_role_name = Student
region = us-east-1
[sso-session school]
sso_start_url = https://school.awsapps.example/start
sso_region = us-east-1
`
	const login = "[profile lab]\nlogin_session = arn:aws:iam::123456789012:user/alice\nregion = us-east-1\n"
	const student = "[profile lab]\nrole_arn = arn:aws:iam::123456789012:role/student\n"
	const role = student + "source_profile = keys\nregion = us-east-1\n" +
		"[profile keys]\naws_access_key_id = " + canaryKey + "\naws_secret_access_key = " + canarySecret + "\n"
	// The cache files are named by the SHA-1 of the session's name, as the AWS CLI does.
	const ssoCache = ".aws/sso/cache/655f83be7512e5b5b3ba4c9976c043ece4b3ce51.json"
	for name, c := range map[string]struct {
		files     map[string]string
		env       map[string]string
		transport http.RoundTripper // nil: nothing is asked
		want      facts.Reason
		detail    string
		action    string
	}{
		"nothing at all": {
			want: facts.NoCredentials, detail: "no credentials are configured: run aws configure",
		},
		"a key without its secret": {
			env:  map[string]string{"AWS_ACCESS_KEY_ID": canaryKey},
			want: facts.NoCredentials, detail: "no credentials are configured",
		},
		"a profile that does not exist": {
			env:  map[string]string{"AWS_PROFILE": "lba", "AWS_SECRET_ACCESS_KEY": canarySecret},
			want: facts.NoCredentials, detail: "there is no profile lba",
		},
		"nobody has signed in with SSO": {
			files: map[string]string{".aws/config": sso}, env: map[string]string{"AWS_PROFILE": "lab"},
			want: facts.NoCredentials, detail: "run aws sso login --profile lab",
		},
		"the SSO session has expired": {
			files: map[string]string{
				".aws/config": sso,
				ssoCache:      `{"accessToken": "` + canaryToken + `", "expiresAt": "` + longAgo + `"}`,
			},
			env:  map[string]string{"AWS_PROFILE": "lab"},
			want: facts.ExpiredCredentials, detail: "run aws sso login --profile lab",
		},
		"the SSO session was ended": {
			files: map[string]string{
				".aws/config": sso,
				ssoCache:      `{"accessToken": "` + canaryToken + `", "expiresAt": "` + farFuture + `"}`,
			},
			env: map[string]string{"AWS_PROFILE": "lab"},
			transport: answer(401, "application/json",
				`{"__type":"UnauthorizedException","message":"Session token not found or invalid"}`),
			want: facts.ExpiredCredentials, detail: "run aws sso login --profile lab",
		},
		"SSO does not give the role": {
			files: map[string]string{
				".aws/config": sso,
				ssoCache:      `{"accessToken": "` + canaryToken + `", "expiresAt": "` + farFuture + `"}`,
			},
			env:       map[string]string{"AWS_PROFILE": "lab"},
			transport: answer(403, "application/json", `{"__type":"ForbiddenException","message":"No access"}`),
			want:      facts.RejectedCredentials, detail: "does not give this user",
		},
		"a setting that is no number": {
			env:  map[string]string{"AWS_MAX_ATTEMPTS": "many", "AWS_SECRET_ACCESS_KEY": canarySecret},
			want: facts.NoCredentials, detail: "AWS_MAX_ATTEMPTS=many",
		},
		"an address that is none": {
			env:  map[string]string{"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://" + canaryToken + "%zz"},
			want: facts.NoCredentials, detail: "not a URL",
		},
		"nobody has run aws login": {
			files: map[string]string{".aws/config": login}, env: map[string]string{"AWS_PROFILE": "lab"},
			want: facts.NoCredentials, detail: "run aws login --profile lab",
		},
		"a credential process that prints something else": {
			files: map[string]string{".aws/config": "[profile lab]\ncredential_process = echo " + canarySecret + "\n"},
			env:   map[string]string{"AWS_PROFILE": "lab"},
			want:  facts.NoCredentials, detail: "credential_process",
		},
		"a credential process that fails": {
			files: map[string]string{".aws/config": "[profile lab]\ncredential_process = cat /nowhere/" + canaryToken + "\n"},
			env:   map[string]string{"AWS_PROFILE": "lab"},
			want:  facts.NoCredentials, detail: "credential_process",
		},
		"a role that may not be assumed": {
			files: map[string]string{".aws/config": role}, env: map[string]string{"AWS_PROFILE": "lab"},
			transport: errorAnswer(t, "query", 403, "AccessDenied",
				alice+"sts:AssumeRole on resource: arn:aws:iam::123456789012:role/student"),
			want: facts.RejectedCredentials, detail: "may not be assumed", action: "sts:AssumeRole",
		},
		"a role whose source key is deleted": {
			files: map[string]string{".aws/config": role}, env: map[string]string{"AWS_PROFILE": "lab"},
			transport: errorAnswer(t, "query", 403, "InvalidClientTokenId",
				"The security token included in the request is invalid."),
			want: facts.RejectedCredentials, detail: "access key",
		},
		"a role that asks for MFA": {
			files: map[string]string{".aws/config": strings.Replace(role, "role_arn",
				"mfa_serial = arn:aws:iam::123456789012:mfa/alice\nrole_arn", 1)},
			env:  map[string]string{"AWS_PROFILE": "lab"},
			want: facts.NoCredentials, detail: "asks for an MFA code",
		},
		"a role without a source": {
			files: map[string]string{".aws/config": student + "source_profile = gone\n"},
			env:   map[string]string{"AWS_PROFILE": "lab"},
			want:  facts.NoCredentials, detail: "the profile gone, with which the role is taken on, does not exist",
		},
		"a web identity without its file": {
			env: map[string]string{
				"AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/ci",
				"AWS_REGION": "us-east-1",
			},
			want: facts.NoCredentials, detail: "web identity token",
		},
		"a temporary key that has expired": {
			env: map[string]string{
				"AWS_ACCESS_KEY_ID": canaryKey, "AWS_SECRET_ACCESS_KEY": canarySecret, "AWS_SESSION_TOKEN": canaryToken,
			},
			transport: errorAnswer(t, "query", 403, "ExpiredToken", "The security token included in the request is expired"),
			want:      facts.ExpiredCredentials, detail: "sign in again",
		},
		"a wrong secret": {
			env: map[string]string{
				"AWS_ACCESS_KEY_ID": canaryKey, "AWS_SECRET_ACCESS_KEY": canarySecret, "AWS_SESSION_TOKEN": canaryToken,
			},
			transport: errorAnswer(t, "query", 403, "SignatureDoesNotMatch",
				"The Canonical String for this request should have been x-amz-security-token:"+canaryToken),
			want: facts.RejectedCredentials, detail: "access key",
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := cleanHome(t)
			for path, text := range c.files {
				writeFile(t, filepath.Join(home, path), text)
			}
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			transport := c.transport
			if transport == nil {
				transport = offline(t)
			}
			_, err := identifyFromEnvironment(t, transport, Options{})
			require.Error(t, err)
			e := facts.AsError(err)
			require.Equal(t, c.want, e.Reason, "%s: %v", e.Detail, e.Err)
			require.Contains(t, e.Detail, c.detail)
			require.Equal(t, c.action, e.MissingAction)
			for _, canary := range []string{canaryKey, canarySecret, canaryToken} {
				require.NotContains(t, err.Error(), canary)
				require.NotContains(t, e.Detail, canary)
			}
		})
	}
}

// What a credential process says on its standard error is not passed on, whether or not it gives credentials, and also
// where a role is assumed with them. The standard error is the process's, so that this test is not parallel.
func TestCredentialProcessIsQuiet(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the processes are those of a POSIX shell")
	}
	home := cleanHome(t)
	writeFile(t, filepath.Join(home, ".aws/config"), "[profile fails]\n"+
		"credential_process = echo "+canarySecret+" >&2; exit 1\n[profile works]\n"+
		`credential_process = echo `+canarySecret+` >&2; echo '{"Version": 1, "AccessKeyId": "`+canaryKey+
		`", "SecretAccessKey": "`+canarySecret+`"}'`+"\n"+
		"[profile endless]\ncredential_process = yes "+canarySecret+"\n"+
		"[profile role]\nrole_arn = "+labRole+"\nsource_profile = works\n"+
		"[profile role-of-role]\nrole_arn = "+labRole+"2\nsource_profile = role\n"+
		"[profile role-fails]\nrole_arn = "+labRole+"\nsource_profile = fails\n")
	said, err := os.Create(filepath.Join(home, "stderr"))
	require.NoError(t, err)
	defer said.Close()
	before := os.Stderr
	os.Stderr = said
	defer func() { os.Stderr = before }()
	for profile, want := range map[string]facts.Reason{
		"fails": facts.NoCredentials, "works": facts.ExpiredCredentials, // as the answer says
		"endless": facts.NoCredentials,
		"role":    facts.ExpiredCredentials, "role-of-role": facts.ExpiredCredentials, "role-fails": facts.NoCredentials,
	} {
		_, err := identifyFromEnvironment(t, errorAnswer(t, "query", 403, "ExpiredToken", "expired"),
			Options{Profile: profile})
		require.Equal(t, want, facts.AsError(err).Reason, profile)
	}
	var keys []string // with which questions are asked
	site, err := identifyFromEnvironment(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		keys = append(keys, credentialScope.FindStringSubmatch(r.Header.Get("Authorization"))[1])
		if form(t, r).Get("Action") == "AssumeRole" {
			return answer(200, xmlType, assumed).RoundTrip(r)
		}
		return answer(200, xmlType, roleIdentity).RoundTrip(r)
	}), Options{Profile: "role-of-role"})
	require.NoError(t, err)
	require.Equal(t, "210987654321", site.Account)
	require.Equal(t, []string{canaryKey, "ASIAROLEEXAMPLE", "ASIAROLEEXAMPLE"}, keys)
	info, err := said.Stat()
	require.NoError(t, err)
	require.Zero(t, info.Size())
}
