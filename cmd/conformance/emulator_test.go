//go:build conformance

package conformance

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// emulator is moto's server on a free port of the loopback interface. It holds any number of accounts, which do not see
// each other.
type emulator struct{ url string }

// startTime is how long the server may take until it listens.
const startTime = time.Minute

var listening = regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)

// startEmulator ends the server with the test. The server says itself when it listens and where, so that nothing has to
// be polled.
func startEmulator(t *testing.T) *emulator {
	t.Helper()
	server := exec.Command("moto_server", "-H", "127.0.0.1", "-p", "0")
	// Without its managed policies nothing of AWS's own can be attached to a user.
	server.Env = append(os.Environ(), "MOTO_IAM_LOAD_MANAGED_POLICIES=true", "PYTHONUNBUFFERED=1")
	log, err := server.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start(),
		"moto_server is missing: make conformance installs it in .venv and puts it on the PATH")

	found, ended := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(ended)
		follow(log, found)
	}()
	t.Cleanup(func() {
		_ = server.Process.Kill()
		<-ended // before Wait, which closes the log
		_ = server.Wait()
	})
	select {
	case address := <-found:
		return &emulator{url: address}
	case <-ended:
		t.Fatal("moto_server ended before it listened")
	case <-time.After(startTime):
		t.Fatal("moto_server does not listen")
	}
	return nil
}

// follow finds the address in the server's log, and reads on to its end, because a full pipe would stop the server.
func follow(log io.Reader, found chan<- string) {
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if address := listening.FindStringSubmatch(lines.Text()); address != nil {
			found <- address[1]
			break
		}
	}
	_, _ = io.Copy(io.Discard, log)
}

// credentials are a key of an account, as variables for the environment.
type credentials []string

// landing is the way into an account in which nobody is yet: the emulator lets anybody assume any role, and takes the
// account from the role's name. It stands for the root user's first sign-in.
func (e *emulator) landing(account string) (credentials, error) {
	var answer struct {
		ID     string `xml:"AssumeRoleResult>Credentials>AccessKeyId"`
		Secret string `xml:"AssumeRoleResult>Credentials>SecretAccessKey"`
		Token  string `xml:"AssumeRoleResult>Credentials>SessionToken"`
	}
	form := url.Values{
		"Action": {"AssumeRole"}, "Version": {"2011-06-15"},
		"RoleArn": {"arn:aws:iam::" + account + ":role/landing"}, "RoleSessionName": {"landing"},
	}
	request, err := http.NewRequest(http.MethodPost, e.url, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	// The server routes by the scope of the signature, and does not check the signature itself.
	request.Header.Set("Authorization",
		"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/sts/aws4_request, SignedHeaders=host, "+
			"Signature=0")
	if err := ask(request, func(r *http.Response) error { return xml.NewDecoder(r.Body).Decode(&answer) }); err != nil {
		return nil, fmt.Errorf("assume a role of account %s: %w", account, err)
	}
	return credentials{
		"AWS_ACCESS_KEY_ID=" + answer.ID, "AWS_SECRET_ACCESS_KEY=" + answer.Secret, "AWS_SESSION_TOKEN=" + answer.Token,
		"AWS_DEFAULT_REGION=us-east-1",
	}, nil
}

// enforce makes the server obey the policies of IAM from now on, for all its accounts.
func (e *emulator) enforce() error {
	request, err := http.NewRequest(http.MethodPost, e.url+"/moto-api/reset-auth", strings.NewReader("0"))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "text/plain")
	return ask(request, func(*http.Response) error { return nil })
}

func ask(request *http.Request, read func(*http.Response) error) error {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return errors.Join(fmt.Errorf("the emulator says %s", response.Status), response.Body.Close())
	}
	return errors.Join(read(response), response.Body.Close())
}
