package account

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

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

// A role with several policies has a session for each, which begins when it is needed; each operation is asked with its
// own, and what none names with the first.
func TestARoleIsNarrowedInParts(t *testing.T) {
	homeWithKeys(t)
	var asked []string
	door, err := Open(t.Context(), Options{
		RoleARN: labRole, Region: "us-east-1", Now: testNow, Backoff: func(int) time.Duration { return 0 },
		Operations: []string{"iam:ListUsers", "ec2:DescribeVpcs"},
		RolePolicies: []RolePolicy{
			{Policy: "one", Operations: []string{"iam:ListUsers"}},
			{Policy: "two", Operations: []string{"ec2:DescribeVpcs"}},
			{Policy: "three", Operations: []string{"ecr:DescribeRepositories"}},
		},
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			in := form(t, r)
			if in.Get("Action") == "AssumeRole" {
				asked = append(asked, "AssumeRole "+in.Get("Policy"))
				return answer(200, xmlType, strings.Replace(assumed, "ASIAROLE", "ASIA"+in.Get("Policy"), 1)).RoundTrip(r)
			}
			with := regexp.MustCompile("ASIA([a-z]+)EXAMPLE").FindStringSubmatch(r.Header.Get("Authorization"))
			require.Len(t, with, 2)
			asked = append(asked, in.Get("Action")+" "+with[1])
			if in.Get("Action") == "GetCallerIdentity" {
				return answer(200, xmlType, roleIdentity).RoundTrip(r)
			}
			return answer(400, xmlType, "").RoundTrip(r)
		}),
	})
	require.NoError(t, err)
	session := facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
	_, err = Identify(session, "us-east-1")
	require.NoError(t, err)
	for _, name := range []string{"ec2", "query", "ec2"} {
		probe := probes()[name]
		_, err := probe.Get(session.View(facts.Site{}, []facts.Source{probe}, nil), probeKey{"us-east-1", 1})
		require.Error(t, err)
	}
	require.Equal(t, []string{
		"AssumeRole one", "GetCallerIdentity one", "AssumeRole two", "DescribeVpcs two", "ListUsers one", "DescribeVpcs two",
	}, asked)
}

func TestARoleThatCannotBeAssumed(t *testing.T) {
	t.Run("refused", func(t *testing.T) {
		homeWithKeys(t)
		refuse := errorAnswer(t, "query", 403, "AccessDenied", alice+"sts:AssumeRole on resource: "+labRole)
		_, err := identifyFromEnvironment(t, refuse, Options{RoleARN: labRole, Region: "us-east-1"})
		require.Equal(t, facts.RejectedCredentials, facts.AsError(err).Reason, "%v", err)
		require.Equal(t, "sts:AssumeRole", facts.AsError(err).MissingAction)
		require.Contains(t, facts.AsError(err).Detail, "the role may not be assumed")
		require.EqualValues(t, 1, refuse.asked.Load())
	})
	t.Run("with no credentials of one's own", func(t *testing.T) {
		cleanHome(t)
		_, err := identifyFromEnvironment(t, offline(t), Options{RoleARN: labRole, Region: "us-east-1"})
		require.Equal(t, facts.NoCredentials, facts.AsError(err).Reason, "%v", err)
		require.Contains(t, facts.AsError(err).Detail, "aws configure")
	})
}

// A profile's role is assumed at the endpoint that is configured, as the AWS CLI does it, and never at AWS's own.
func TestRolesAreAssumedAtTheConfiguredEndpoint(t *testing.T) {
	const keys = "[profile keys]\naws_access_key_id = " + canaryKey + "\naws_secret_access_key = " + canarySecret + "\n"
	const role = keys + "[profile lab]\nrole_arn = arn:aws:iam::123456789012:role/student\nsource_profile = keys\n" +
		"region = us-east-1\n"
	for name, c := range map[string]struct {
		config string
		env    map[string]string
		flag   string
		want   string
	}{
		"AWS's own": {config: role, want: "sts.us-east-1.amazonaws.com"},
		"of the environment": {
			config: role, env: map[string]string{"AWS_ENDPOINT_URL": "http://emulator.test:5000"},
			want: "emulator.test:5000",
		},
		"of STS alone": {
			config: role, env: map[string]string{"AWS_ENDPOINT_URL_STS": "http://emulator.test:5001"},
			want: "emulator.test:5001",
		},
		"of the profile": {config: role + "endpoint_url = http://emulator.test:5002\n", want: "emulator.test:5002"},
		"of the option":  {config: role, flag: "http://emulator.test:5003", want: "emulator.test:5003"},
		"the option wins": {
			config: role, env: map[string]string{"AWS_ENDPOINT_URL": "http://other.test"},
			flag: "http://emulator.test:5004", want: "emulator.test:5004",
		},
		"ignored by the variable": {
			config: role + "endpoint_url = http://other.test\n",
			env:    map[string]string{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, want: "sts.us-east-1.amazonaws.com",
		},
		"for a web identity": {
			config: "[profile lab]\nrole_arn = arn:aws:iam::123456789012:role/ci\nweb_identity_token_file = TOKEN\n" +
				"region = us-east-1\n",
			env: map[string]string{"AWS_ENDPOINT_URL": "http://emulator.test:5005"}, want: "emulator.test:5005",
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := cleanHome(t)
			t.Chdir(home) // where the token file is
			writeFile(t, filepath.Join(home, "TOKEN"), canaryToken)
			writeFile(t, filepath.Join(home, ".aws", "config"), c.config)
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			var asked []string
			refuse := errorAnswer(t, "query", 403, "AccessDenied", alice+"sts:AssumeRole on resource: student")
			_, err := identifyFromEnvironment(t, roundTrip(func(r *http.Request) (*http.Response, error) {
				asked = append(asked, r.URL.Host)
				return refuse.RoundTrip(r)
			}), Options{Profile: "lab", EndpointURL: c.flag})
			require.Error(t, err)
			require.Equal(t, []string{c.want}, asked)
		})
	}
}
