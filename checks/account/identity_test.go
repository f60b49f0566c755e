package account

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/labs/sandbox/sandboxtest"
)

func TestIdentify(t *testing.T) {
	for state, want := range map[string]facts.CallerKind{
		"fresh": facts.Root, "half-done": facts.IAMUser,
		"finished": facts.IAMUser,
	} {
		s, err := sandboxtest.Load(state, testNow())
		require.NoError(t, err)
		session := openSession(t, sandbox.New(s, sandbox.Options{}))
		site, err := Identify(session, "us-east-1")
		require.NoError(t, err)
		require.Equal(t, want, site.Caller.Kind)
		require.Equal(t, "us-east-1", site.Region)
		require.Equal(t, "123456789012", site.Account)
		require.Len(t, session.Calls(), 1)
	}
}

// A practice account that is served says so in every answer, and then the site says where it is.
func TestIdentifyAPracticeAccount(t *testing.T) {
	account := practice(t)
	says := func(name string) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			answer, err := account.RoundTrip(r)
			if err == nil {
				answer.Header.Set(name, "true")
			}
			return answer, err
		})
	}
	for header, want := range map[string]string{"X-Labcheck-Simulated": "sts.us-east-1.amazonaws.com", "X-Other": ""} {
		site, err := Identify(openPractice(t, says(header)), "us-east-1")
		require.NoError(t, err)
		require.Equal(t, want, site.Practice)
	}
}

// Without a Region the caller is known all the same; only what is looked for in a Region is not.
func TestIdentifyWithoutARegion(t *testing.T) {
	session := openSession(t, practice(t))
	site, err := Identify(session, "")
	require.NoError(t, err)
	require.Empty(t, site.Region)
	require.Equal(t, "us-east-1", session.Calls()[0].Region)
}

// disabled rejects every request in one Region, as a Region that the account has not enabled does.
func disabled(t *testing.T, region string) http.RoundTripper {
	account := practice(t)
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		if !strings.Contains(r.Header.Get("Authorization"), "/"+region+"/") {
			return account.RoundTrip(r)
		}
		if r.Header.Get("X-Amz-Target") != "" {
			return errorAnswer(t, "json", 400, "UnrecognizedClientException",
				"The security token included in the request is invalid.").RoundTrip(r)
		}
		return errorAnswer(t, "query", 403, "InvalidClientTokenId",
			"The security token included in the request is invalid").RoundTrip(r)
	})
}

// openPractice opens a session with the practice account's own credentials and another transport.
func openPractice(t *testing.T, transport http.RoundTripper, reads ...facts.Source) *facts.Session {
	t.Helper()
	o := testOptions(practice(t), reads...)
	o.Transport = transport
	door := openDoor(t, o, standardLimits())
	return facts.NewSession(t.Context(), facts.Options{Now: testNow(), Doors: []facts.Door{facts.Open(door)}})
}

func TestARegionThatIsNotEnabled(t *testing.T) {
	regional, global := probes()["json"], probes()["query"]
	session := openPractice(t, disabled(t, "me-central-1"), regional, global)
	site, err := Identify(session, "me-central-1")
	require.NoError(t, err)
	require.Equal(t, "alice", site.Caller.Name)
	v := session.View(site, []facts.Source{regional, global}, nil)
	_, err = regional.Get(v, probeKey{Region: "me-central-1"})
	require.Equal(t, facts.RegionDisabled, facts.AsError(err).Reason)
	_, err = regional.Get(v, probeKey{Region: "us-east-1"})
	require.NoError(t, err)
	_, err = global.Get(v, probeKey{})
	require.NoError(t, err)
}

// A key that stops being good after the preflight is rejected: its Region is known to be enabled.
func TestAKeyThatIsDeletedDuringTheRun(t *testing.T) {
	p := probes()["json"]
	for _, region := range []string{"us-east-1", "eu-west-1"} {
		session := openSession(t, practice(t, sandbox.Fault{Service: "ecr", Operation: "*", Kind: sandbox.InvalidToken}), p)
		site, err := Identify(session, region)
		require.NoError(t, err)
		_, err = p.Get(session.View(site, []facts.Source{p}, nil), probeKey{Region: region})
		require.Equal(t, facts.RejectedCredentials, facts.AsError(err).Reason)
	}
}

func TestRejectedEverywhereIsRejected(t *testing.T) {
	session := openSession(t, practice(t, everything(sandbox.InvalidToken)))
	_, err := Identify(session, "eu-west-1")
	require.Equal(t, facts.RejectedCredentials, facts.AsError(err).Reason)
	require.Equal(t, "eu-west-1", facts.AsError(err).Region)
}

// STS without a caller in its answer is not STS.
func TestAnAnswerWithoutACallerIsRefused(t *testing.T) {
	session := openSession(t, answer(200, xmlType,
		`<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>
		</GetCallerIdentityResult></GetCallerIdentityResponse>`))
	_, err := Identify(session, "us-east-1")
	require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
}

// The key that signs tells by its id of which account it is, whatever number a report is given later.
func TestIdentifyKeepsTheAccountOfTheKey(t *testing.T) {
	for id, head := range map[string]string{
		"ASIA" + "QNZGKIQY56JQ7WML": "AKIAQNZGKIQYQ", "AKIAIOSFODNN7EXAMPLE": "",
	} {
		o := testOptions(answer(200, xmlType, "<GetCallerIdentityResponse><GetCallerIdentityResult>"+
			"<Arn>arn:aws:iam::029608264753:user/a</Arn><Account>029608264753</Account><UserId>AIDAEXAMPLE</UserId>"+
			"</GetCallerIdentityResult></GetCallerIdentityResponse>"))
		o.Credentials.AccessKeyID = id
		session := facts.NewSession(t.Context(), facts.Options{
			Now: testNow(), Doors: []facts.Door{facts.Open(openDoor(t, o, standardLimits()))},
		})
		v := session.View(facts.Site{Region: "us-east-1"}, []facts.Source{CallerIdentity}, nil)
		identity, err := CallerIdentity.Get(v, IdentityKey{Region: "us-east-1"})
		require.NoError(t, err)
		require.Equal(t, head, identity.KeyHead)
	}
}
