package cmd_test

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httputil"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// callerKey is the key of the practice account's caller. The account is told to compare this id alone, so that the
// secret which belongs to it can be a canary.
const callerKey = "AKIAIOSFODNN7EXAMPLE"

// keyInGit has the form of an access key's id. Its last four characters may be shown, the rest of it not. It is written
// in two parts, so that labcheck does not find it in its own repository.
const keyInGit = "AKIA" + "CANARYEXAMPLE222"

// canary is a secret that must never come out. It has the form of a secret access key, and says where it was put.
func canary(place string) string {
	const begin, end = "CANARY", "EXAMPLE"
	return begin + place + strings.Repeat("/", 40-len(begin+place+end)) + end
}

// dockerAuth is what docker login writes: encoded, so that it does not look like a canary.
func dockerAuth() string { return base64.StdEncoding.EncodeToString([]byte("AWS:" + canary("docker"))) }

// canaryPassword is a secret for the address of an endpoint or of a proxy.
const canaryPassword = "canary-password-EXAMPLE"

// plantedFiles are a home folder with a secret in every place where labcheck or the SDK looks.
func plantedFiles() map[string]string {
	session := sha1.Sum([]byte("corp")) // so the AWS CLI names the file
	return map[string]string{
		".aws/credentials": lines("[default]", "aws_access_key_id = "+callerKey,
			"aws_secret_access_key = "+canary("file")),
		".aws/config": lines("[default]", "region = us-east-1",
			"[profile sso]", "sso_session = corp", "sso_account_id = 123456789012", "sso_role_name = Student",
			"[profile ended]", "sso_session = old", "sso_account_id = 123456789012", "sso_role_name = Student",
			"[sso-session corp]", "sso_start_url = https://corp.example.com/start", "sso_region = us-east-1",
			"[sso-session old]", "sso_start_url = https://corp.example.com/start", "sso_region = us-east-1",
			"[profile process]", "credential_process = cat issued.json",
			"[profile garbled]", "credential_process = cat web-token",
			"[profile failing]", "credential_process = sh -c 'cat web-token; exit 1'",
			"[profile swapped]", "aws_access_key_id = "+canary("swapped"), "aws_secret_access_key = "+callerKey,
			"[profile pasted]", "region = "+canary("region"),
			"aws_access_key_id = "+callerKey, "aws_secret_access_key = "+canary("file"),
		),
		".aws/sso/cache/" + hex.EncodeToString(session[:]) + ".json": `{"accessToken": "` + canary("sso") + `",
			"expiresAt": "2026-01-01T00:00:00Z", "region": "us-east-1"}`,
		".aws/broken": "[default]\naws_secret_access_key " + canary("broken") + "\n[" + canary("broken") + "\n",
		".docker/config.json": `{"auths": {
			"123456789012.dkr.ecr.us-east-1.amazonaws.com": {"auth": "` + dockerAuth() + `"},
			"docker.io": {"identitytoken": "` + canary("identity") + `"}}}`,
		"work/app.py":    "key = '" + keyInGit + "'\nsecret = '" + canary("git") + "'\n",
		"work/web-token": canary("web"),
		"work/issued.json": `{"Version": 1, "AccessKeyId": "` + callerKey + `",
			"SecretAccessKey": "` + canary("process") + `", "SessionToken": "` + canary("token") + `"}`,
	}
}

func lines(text ...string) string { return strings.Join(text, "\n") + "\n" }

// way is one way for a run to go, well or not.
type way struct {
	name string
	// answers is what listens at the endpoint, whose address stands for {endpoint} in env and args.
	answers http.Handler
	env     []string
	args    []string
	code    string // the exit code
	says    string // a part of what is printed
}

func ways(t *testing.T) []way {
	t.Helper()
	good, endpoint := practiceServer(t), []string{"--endpoint-url", "{endpoint}"}
	inEnv := []string{
		"AWS_ACCESS_KEY_ID=" + callerKey, "AWS_SECRET_ACCESS_KEY=" + canary("env"),
		"AWS_SESSION_TOKEN=" + canary("token"),
	}
	profile := func(name string) []string { return append([]string{"--profile", name}, endpoint...) }
	failing := func(service string, kind sandbox.FaultKind) http.Handler {
		return practiceServer(t, sandbox.Fault{Service: service, Operation: "*", Kind: kind})
	}
	all := []way{
		{name: "keys in the files", answers: good, args: endpoint, code: "1", says: "docker-apiatest"},
		{
			name: "keys in the environment", answers: good, env: inEnv, args: endpoint, code: "1",
			says: "docker-apiatest",
		},
		{name: "a pasted Region", answers: good, args: profile("pasted"), code: "1", says: "SIMULATED"},
		{
			name: "everything denied", answers: stsOr(good, failing("*", sandbox.Deny)), args: endpoint, code: "3",
			says: "ecr:DescribeRepositories",
		},
		{name: "no such profile", answers: good, args: profile("nobody"), code: "77", says: "nobody"},
		{name: "a secret for a profile", answers: good, args: profile(canary("profile")), code: "77", says: "profile"},
		{
			name: "an id and a secret in each other's place", answers: good, args: profile("swapped"), code: "77",
			says: "AWS does not accept",
		},
		{
			name: "expired", answers: failing("sts", sandbox.Expired), env: inEnv, args: endpoint, code: "77",
			says: "expired",
		},
		{
			name: "clock", answers: failing("sts", sandbox.ClockSkew), env: inEnv, args: endpoint, code: "77",
			says: "clock",
		},
		{
			name: "preflight denied", answers: failing("sts", sandbox.Deny), env: inEnv, args: endpoint, code: "77",
			says: "sts:GetCallerIdentity",
		},
		{
			name: "preflight repeats the request", answers: http.HandlerFunc(repeatRequest), env: inEnv, args: endpoint,
			code: "77", says: "No policy",
		},
		{
			name: "everything else repeats the request", answers: stsOr(good, http.HandlerFunc(repeatRequest)),
			env: inEnv, args: endpoint, code: "3", says: "SIMULATED",
		},
		{
			name: "a broken file", answers: good, env: []string{"AWS_SHARED_CREDENTIALS_FILE={home}/.aws/broken"},
			args: endpoint, code: "77", says: "No credentials",
		},
		{
			name: "an address that is none", env: []string{"AWS_ENDPOINT_URL=http://alice:" + canaryPassword + "@["},
			code: "69", says: "is not a URL",
		},
		{
			name: "nobody listens", args: []string{"--endpoint-url", "http://alice:" + canaryPassword + "@127.0.0.1:9"},
			code: "69", says: "127.0.0.1:9 refuses connections",
		},
		{
			name: "a proxy with a password",
			env:  []string{"HTTP_PROXY=http://alice:" + canaryPassword + "@127.0.0.1:9"},
			args: []string{"--endpoint-url", "http://aws.example.com"}, code: "69",
			says: "The proxy of the environment",
		},
		{
			name: "the session of Identity Center has ended", args: []string{"--profile", "sso"}, code: "77",
			says: "aws sso login --profile sso",
		},
		{
			name: "nobody has signed in to Identity Center", args: []string{"--profile", "ended"}, code: "77",
			says: "aws sso login --profile ended",
		},
		{
			name: "a web identity is refused", answers: http.HandlerFunc(repeatRequest), code: "77",
			says: "sts:AssumeRole",
			env: []string{
				"AWS_WEB_IDENTITY_TOKEN_FILE={home}/work/web-token",
				"AWS_ROLE_ARN=arn:aws:iam::123456789012:role/ci", "AWS_ENDPOINT_URL={endpoint}",
			},
		},
	}
	if runtime.GOOS != "windows" { // cat and sh
		all = append(all,
			way{
				name: "a credential process", answers: good, args: profile("process"), code: "1",
				says: "docker-apiatest",
			},
			way{
				name: "a credential process that prints something else", answers: good, args: profile("garbled"),
				code: "77", says: "credential_process",
			},
			way{
				name: "a credential process that fails", answers: good, args: profile("failing"), code: "77",
				says: "credential_process",
			},
		)
	}
	return all
}

// practiceServer is the practice account behind a port.
func practiceServer(t *testing.T, faults ...sandbox.Fault) http.Handler {
	t.Helper()
	data, err := os.ReadFile("testdata/labs/fixture/accounts/half-done.json")
	require.NoError(t, err)
	state, err := sandbox.Parse(data, time.Now())
	require.NoError(t, err)
	return sandbox.New(state, sandbox.Options{Faults: faults, AnySecret: true})
}

// stsOr lets STS answer as it should.
func stsOr(sts, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Authorization"), "/sts/aws4_request") {
			sts.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// repeatRequest denies everything, and repeats in its message all that it was sent. AWS does that where a signature is
// wrong; a lying endpoint can do it anywhere.
func repeatRequest(w http.ResponseWriter, r *http.Request) {
	sent, _ := httputil.DumpRequest(r, true)
	message := "User: " + r.Header.Get("X-Amz-Security-Token") +
		" is not authorized to perform: sts:AssumeRole on resource: " + string(sent)
	if r.Header.Get("X-Amz-Target") != "" || r.Header.Get("X-Amz-Sso_bearer_token") != "" {
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": "AccessDeniedException", "message": message})
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(http.StatusForbidden)
	var safe strings.Builder
	_ = xml.EscapeText(&safe, []byte(message))
	fmt.Fprintf(w, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>%s</Message></Error></ErrorResponse>",
		safe.String())
}
