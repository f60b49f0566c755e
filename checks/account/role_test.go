package account

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

const (
	labRole = "arn:aws:iam::210987654321:role/labcheck"
	assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
		<AccessKeyId>ASIAROLEEXAMPLE</AccessKeyId><SecretAccessKey>secretEXAMPLEKEY</SecretAccessKey>
		<SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
		</Credentials></AssumeRoleResult></AssumeRoleResponse>`
	roleIdentity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
		<Arn>arn:aws:sts::210987654321:assumed-role/labcheck/labcheck</Arn><UserId>AROAEXAMPLE:labcheck</UserId>
		<Account>210987654321</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
)

// homeWithKeys is a home folder whose default profile has an access key.
func homeWithKeys(t *testing.T) {
	t.Helper()
	writeFile(t, filepath.Join(cleanHome(t), ".aws", "credentials"),
		"[default]\naws_access_key_id = "+canaryKey+"\naws_secret_access_key = "+canarySecret+"\n")
}

// form reads the parameters of a request of the query protocol.
func form(t *testing.T, r *http.Request) url.Values {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	values, err := url.ParseQuery(string(body))
	require.NoError(t, err)
	return values
}

// The role is assumed with the profile's key, once, and what is asked then is asked as the role.
func TestARoleIsAssumed(t *testing.T) {
	for _, external := range []string{"", "lab-42"} {
		homeWithKeys(t)
		var actions []string
		site, err := identifyFromEnvironment(t, roundTrip(func(r *http.Request) (*http.Response, error) {
			in := form(t, r)
			actions = append(actions, in.Get("Action"))
			signature := r.Header.Get("Authorization")
			if in.Get("Action") == "AssumeRole" {
				require.Equal(t, labRole, in.Get("RoleArn"))
				require.Equal(t, "labcheck", in.Get("RoleSessionName"))
				require.Equal(t, external, in.Get("ExternalId"))
				require.Equal(t, external != "", in.Has("ExternalId"))
				require.Contains(t, signature, canaryKey)
				return answer(200, xmlType, assumed).RoundTrip(r)
			}
			require.Contains(t, signature, "ASIAROLEEXAMPLE")
			return answer(200, xmlType, roleIdentity).RoundTrip(r)
		}), Options{RoleARN: labRole, ExternalID: external, Region: "us-east-1"})
		require.NoError(t, err)
		require.Equal(t, "210987654321", site.Account)
		require.Equal(t, []string{"AssumeRole", "GetCallerIdentity"}, actions)
	}
}

func TestARoleThatCannotBeAssumed(t *testing.T) {
	t.Run("refused", func(t *testing.T) {
		homeWithKeys(t)
		refuse := errorAnswer(t, "query", 403, "AccessDenied", alice+"sts:AssumeRole on resource: "+labRole)
		_, err := identifyFromEnvironment(t, refuse, Options{RoleARN: labRole, Region: "us-east-1"})
		require.Equal(t, facts.RejectedCredentials, facts.AsError(err).Reason, "%v", err)
		require.Equal(t, "sts:AssumeRole", facts.AsError(err).MissingAction)
		require.Contains(t, facts.AsError(err).Detail, "the role may not be assumed")
		require.Equal(t, 1, refuse.asked)
	})
	t.Run("with no credentials of one's own", func(t *testing.T) {
		cleanHome(t)
		_, err := identifyFromEnvironment(t, offline(t), Options{RoleARN: labRole, Region: "us-east-1"})
		require.Equal(t, facts.NoCredentials, facts.AsError(err).Reason, "%v", err)
		require.Contains(t, facts.AsError(err).Detail, "aws configure")
	})
}
