package account

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// identities is a practice account with users, groups, keys, devices and policies of every kind.
const identities = `{
	"account": "123456789012",
	"caller": {
		"arn": "arn:aws:iam::123456789012:user/team/alice", "userId": "AIDAEXAMPLEALICE",
		"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	},
	"root": {"password": true, "accessKeys": [{"id": "AKIAROOTEXAMPLE", "created": "-1h"}]},
	"iam": {
		"users": [
			{
				"name": "alice", "path": "/team/", "id": "AIDAEXAMPLEALICE", "created": "-24h", "password": "-24h",
				"permissionsBoundary": "arn:aws:iam::aws:policy/IAMReadOnlyAccess", "groups": ["admins"],
				"accessKeys": [
					{"id": "AKIAIOSFODNN7EXAMPLE", "created": "-24h", "used": "-1h", "usedService": "ecr", "usedRegion": "us-east-1"},
					{"id": "AKIAI44QH8DHBEXAMPLE", "created": "-48h", "inactive": true}
				],
				"attached": ["arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::123456789012:policy/team/mine"],
				"inline": {"in+line": {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::a+b c"}}}
			},
			{"name": "bob", "id": "AIDAEXAMPLEBOB", "created": "-24h"},
			{"name": "carol", "id": "AIDAEXAMPLECAROL", "created": "-24h"}
		],
		"groups": [{
			"name": "admins", "id": "AGPAEXAMPLE", "created": "-24h", "attached": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
			"inline": {"all": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}
		}],
		"policies": [{
			"name": "mine", "path": "/team/", "id": "ANPAEXAMPLE", "created": "-24h",
			"document": {"Statement": [{"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"}]}
		}],
		"mfaDevices": [
			{"serial": "arn:aws:iam::123456789012:mfa/carol", "user": "carol", "enabled": "-1h"},
			{"serial": "arn:aws:iam::123456789012:mfa/spare"}
		]
	}
}`

// learn asks the practice account of these tests.
func learn[K comparable, V any](t *testing.T, read *facts.Read[K, V], key K, faults ...sandbox.Fault) (V, error) {
	t.Helper()
	state, err := sandbox.Parse([]byte(identities), testNow())
	require.NoError(t, err)
	practice := sandbox.New(state, sandbox.Options{Now: testNow, Faults: faults})
	return read.Get(openTest(t, practice, read), key)
}

func requireLearned[K comparable, V any](t *testing.T, want V, read *facts.Read[K, V], key K) {
	t.Helper()
	got, err := learn(t, read, key)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func TestIdentityReads(t *testing.T) {
	alice := Principal{Kind: UserPrincipal, Name: "alice"}
	admins := Principal{Kind: GroupPrincipal, Name: "admins"}
	bob := Principal{Kind: UserPrincipal, Name: "bob"}

	requireLearned(t, RootUser{
		MFAEnabled: new(int32(0)), PasswordPresent: new(int32(1)),
		AccessKeysPresent: new(int32(1)),
	},
		RootSummary, WholeAccount{})
	requireLearned(t, []string{"alice", "bob", "carol"}, Users, WholeAccount{})
	requireLearned(t, Boundary{"arn:aws:iam::aws:policy/IAMReadOnlyAccess"}, UserBoundary, UserKey{"alice"})
	requireLearned(t, Boundary{}, UserBoundary, UserKey{"bob"})

	requireLearned(t, SignIn{MFADevices: []string{}, HasPassword: true}, UserSignIn, UserKey{"alice"})
	requireLearned(t, SignIn{MFADevices: []string{}}, UserSignIn, UserKey{"bob"})
	requireLearned(t, SignIn{MFADevices: []string{"arn:aws:iam::123456789012:mfa/carol"}}, UserSignIn, UserKey{"carol"})
	requireLearned(t, []string{"arn:aws:iam::123456789012:mfa/spare"}, UnassignedMFADevices, WholeAccount{})

	ago := func(d time.Duration) time.Time { return testNow().Add(-d) }
	requireLearned(t, []AccessKey{
		{ID: "AKIAIOSFODNN7EXAMPLE", Status: AccessKeyActive, Created: ago(24 * time.Hour), InUse: true},
		{ID: "AKIAI44QH8DHBEXAMPLE", Status: AccessKeyInactive, Created: ago(48 * time.Hour)},
	}, AccessKeys, UserKey{"alice"})
	requireLearned(t, []AccessKey{}, AccessKeys, UserKey{"bob"})
	requireLearned(t, LastUsed{new(ago(time.Hour))}, AccessKeyLastUsed, LastUsedKey{"AKIAIOSFODNN7EXAMPLE"})
	requireLearned(t, LastUsed{}, AccessKeyLastUsed, LastUsedKey{"AKIAI44QH8DHBEXAMPLE"})

	requireLearned(t, []string{"admins"}, UserGroups, UserKey{"alice"})
	requireLearned(t, []string{}, UserGroups, UserKey{"bob"})
	requireLearned(t, []AttachedPolicy{
		{"arn:aws:iam::aws:policy/AdministratorAccess", "AdministratorAccess"},
		{"arn:aws:iam::123456789012:policy/team/mine", "mine"},
	}, AttachedPolicies, alice)
	requireLearned(t, []AttachedPolicy{{"arn:aws:iam::aws:policy/ReadOnlyAccess", "ReadOnlyAccess"}}, AttachedPolicies,
		admins)
	requireLearned(t, []AttachedPolicy{}, AttachedPolicies, bob)
	requireLearned(t, []string{"in+line"}, InlinePolicies, alice)
	requireLearned(t, []string{"all"}, InlinePolicies, admins)

	requireLearned(t, PolicyDocument{[]PolicyStatement{
		{Effect: EffectAllow, Actions: []string{"s3:*"}, Resources: []string{"arn:aws:s3:::a+b c"}},
	}}, InlinePolicy, InlinePolicyKey{alice, "in+line"})
	requireLearned(t, PolicyDocument{[]PolicyStatement{
		{Effect: EffectAllow, Actions: []string{"*"}, Resources: []string{"*"}},
	}}, InlinePolicy, InlinePolicyKey{admins, "all"})
	requireLearned(t, PolicyDocument{[]PolicyStatement{
		{Effect: EffectDeny, NotActions: []string{"iam:*"}, Resources: []string{"*"}},
	}}, ManagedPolicy, PolicyKey{"arn:aws:iam::123456789012:policy/team/mine"})
}

// A denied password is no password that is missing.
func TestSignInIsNotKnownWithoutThePassword(t *testing.T) {
	_, err := learn(t, UserSignIn, UserKey{"bob"},
		sandbox.Fault{Service: "iam", Operation: "GetLoginProfile", Kind: sandbox.Deny})
	require.Equal(t, facts.AccessDenied, facts.AsError(err).Reason)
	require.Equal(t, "iam:GetLoginProfile", facts.AsError(err).MissingAction)
}

// xmlAnswers answers each operation with one body, and the later ones with the last.
type xmlAnswers []string

func (a *xmlAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	body := (*a)[0]
	if len(*a) > 1 {
		*a = (*a)[1:]
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

// result is a good answer of IAM's with these members.
func result(operation, members string) string {
	return fmt.Sprintf("<%sResponse><%sResult>%s</%sResult></%sResponse>", operation, operation, members, operation,
		operation)
}

// Every list is read to its end, and what is missing in an answer is never taken for what is not there.
func TestIdentityAnswersAreComplete(t *testing.T) {
	page := func(members string) string { return result("ListGroupsForUser", members) }
	group := func(name string) string {
		return "<Groups><member><GroupName>" + name + "</GroupName></member></Groups>"
	}
	v := openTest(t, &xmlAnswers{
		page(group("a") + "<IsTruncated>true</IsTruncated><Marker>1</Marker>"),
		page("<Groups/><Marker>2</Marker>"), // a marker without the flag is not the end either
		page(group("b") + "<IsTruncated>false</IsTruncated>"),
	}, UserGroups)
	groups, err := UserGroups.Get(v, UserKey{"alice"})
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b"}, groups)

	broken := func(what string, err error) {
		t.Helper()
		require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, "%s: %v", what, err)
	}
	_, err = UserGroups.Get(openTest(t, &xmlAnswers{page(group("a") + "<IsTruncated>true</IsTruncated>")}, UserGroups),
		UserKey{"alice"})
	broken("a list that is cut off", err)
	_, err = UserGroups.Get(openTest(t, &xmlAnswers{page("")}, UserGroups), UserKey{"alice"})
	broken("an answer without its list", err)
	_, err = UserGroups.Get(openTest(t, &xmlAnswers{page("<Groups><member/></Groups>")}, UserGroups), UserKey{"alice"})
	broken("a group without a name", err)
	_, err = AttachedPolicies.Get(openTest(t, &xmlAnswers{
		result("ListAttachedUserPolicies", "<AttachedPolicies><member/></AttachedPolicies>"),
	}, AttachedPolicies), Principal{UserPrincipal, "alice"})
	broken("a policy without an ARN", err)
	_, err = AccessKeys.Get(openTest(t, &xmlAnswers{
		result("ListAccessKeys", "<AccessKeyMetadata><member><Status>Active</Status></member></AccessKeyMetadata>"),
	}, AccessKeys), UserKey{"alice"})
	broken("a key without its id", err)
	_, err = AccessKeyLastUsed.Get(openTest(t, &xmlAnswers{result("GetAccessKeyLastUsed", "")}, AccessKeyLastUsed),
		LastUsedKey{"a"})
	broken("no last use", err)
	_, err = AccessKeyLastUsed.Get(openTest(t, &xmlAnswers{
		result("GetAccessKeyLastUsed", "<AccessKeyLastUsed/>"),
	}, AccessKeyLastUsed), LastUsedKey{"a"})
	broken("a last use without its service", err)
	for _, profile := range []string{"", "<LoginProfile/>", "<LoginProfile><UserName>bob</UserName></LoginProfile>"} {
		_, err = UserSignIn.Get(openTest(t, &xmlAnswers{
			result("ListMFADevices", "<MFADevices/>"), result("GetLoginProfile", profile),
		}, UserSignIn), UserKey{"alice"})
		broken("another login profile, or none", err)
	}
	_, err = UserSignIn.Get(openTest(t, &xmlAnswers{
		result("ListMFADevices", "<MFADevices><member/></MFADevices>"),
	}, UserSignIn), UserKey{"alice"})
	broken("an MFA device without its serial number", err)
	_, err = UnassignedMFADevices.Get(openTest(t, &xmlAnswers{
		result("ListVirtualMFADevices", "<VirtualMFADevices><member/></VirtualMFADevices>"),
	}, UnassignedMFADevices), WholeAccount{})
	broken("a virtual MFA device without its serial number", err)
	_, err = Users.Get(openTest(t, &xmlAnswers{result("ListUsers", "<Users><member/></Users>")}, Users), WholeAccount{})
	broken("a user without a name", err)
	_, err = InlinePolicies.Get(openTest(t, &xmlAnswers{
		result("ListUserPolicies", "<PolicyNames><member></member></PolicyNames>"),
	}, InlinePolicies), Principal{UserPrincipal, "alice"})
	broken("an inline policy without a name", err)
	_, err = ManagedPolicy.Get(openTest(t, &xmlAnswers{result("GetPolicy", "<Policy/>")}, ManagedPolicy), PolicyKey{"arn"})
	broken("a policy without its version", err)
	_, err = ManagedPolicy.Get(openTest(t, &xmlAnswers{
		result("GetPolicy", "<Policy><DefaultVersionId>v1</DefaultVersionId></Policy>"), result("GetPolicyVersion", ""),
	}, ManagedPolicy), PolicyKey{"arn"})
	broken("a version without its document", err)
	_, err = InlinePolicy.Get(openTest(t, &xmlAnswers{
		result("GetUserPolicy", ""),
	}, InlinePolicy), InlinePolicyKey{Principal{UserPrincipal, "alice"}, "p"})
	broken("an inline policy without its document", err)

	root, err := RootSummary.Get(openTest(t, &xmlAnswers{result("GetAccountSummary", "")}, RootSummary), WholeAccount{})
	require.NoError(t, err)
	require.Equal(t, RootUser{}, root, "a summary that tells nothing")
}
