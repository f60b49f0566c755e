package sandbox_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// now is the time of every practice account in these tests.
var now = time.Date(2026, 11, 23, 5, 12, 0, 0, time.UTC)

// stateWith is a state file in which regional (JSON) is all that us-east-1 holds.
func stateWith(regional string) []byte {
	return []byte(`{
		"account": "123456789012",
		"caller": {
			"arn": "arn:aws:iam::123456789012:user/alice", "userId": "AIDAEXAMPLEALICE",
			"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
		},
		"root": {},
		"regions": {"us-east-1": ` + regional + `}
	}`)
}

// practice opens a practice account whose us-east-1 holds regional, and the configuration with which AWS's own clients
// talk to it.
func practice(t *testing.T, regional string) (*sandbox.Account, aws.Config) {
	t.Helper()
	state, err := sandbox.Parse(stateWith(regional), now)
	require.NoError(t, err)
	account := sandbox.New(state, sandbox.Options{Now: func() time.Time { return now }})
	return account, config(account)
}

// sign signs a request without a body as the account's caller does.
func sign(t *testing.T, account *sandbox.Account, req *http.Request, service string) {
	t.Helper()
	c, err := config(account).Credentials.Retrieve(t.Context())
	require.NoError(t, err)
	empty := sha256.Sum256(nil)
	require.NoError(
		t, v4.NewSigner().SignHTTP(t.Context(), c, req, hex.EncodeToString(empty[:]), service, "us-east-1", now),
	)
}

// askEC2 asks EC2 in its own protocol, and returns the answer as it is. AWS's client of EC2 takes minutes to build: its
// tests are in cmd/conformance.
func askEC2(ctx context.Context, cfg aws.Config, action string) (string, error) {
	form := "Action=" + action + "&Version=2016-11-15"
	url := cmp.Or(aws.ToString(cfg.BaseEndpoint), "https://ec2."+cfg.Region+".amazonaws.com/")
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(form))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	c, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return "", err
	}
	hash := sha256.Sum256([]byte(form))
	err = v4.NewSigner().SignHTTP(ctx, c, req, hex.EncodeToString(hash[:]), "ec2", cfg.Region, time.Now())
	if err != nil {
		return "", err
	}
	response, err := cfg.HTTPClient.Do(req)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	var failed struct {
		Code    string `xml:"Errors>Error>Code"`
		Message string `xml:"Errors>Error>Message"`
	}
	err = xml.Unmarshal(body, &failed)
	if err == nil && response.StatusCode != http.StatusOK {
		err = &smithy.GenericAPIError{Code: failed.Code, Message: failed.Message}
	}
	return string(body), err
}

// requireCode fails the test unless err is an error answer of AWS with that code.
func requireCode(t *testing.T, code string, err error) {
	t.Helper()
	var answer smithy.APIError
	require.ErrorAs(t, err, &answer)
	require.Equal(t, code, answer.ErrorCode(), answer.ErrorMessage())
}
