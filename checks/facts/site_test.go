package facts_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func TestParseSite(t *testing.T) {
	const (
		account = "123456789012"
		iam     = "arn:aws:iam::123456789012:"
		role    = "arn:aws:sts::123456789012:assumed-role/"
		sso     = role + "AWSReservedSSO_"
	)
	cases := map[string]struct {
		arn, userID string
		kind        facts.CallerKind
		name        string
	}{
		"root":                 {iam + "root", account, facts.Root, "root"},
		"IAM user":             {iam + "user/alice", "AIDAEXAMPLE", facts.IAMUser, "alice"},
		"IAM user with a path": {iam + "user/team/a/alice", "AIDAEXAMPLE", facts.IAMUser, "alice"},
		"IAM user named root":  {iam + "user/team/root", "AIDAEXAMPLE", facts.IAMUser, "root"},
		"Identity Center": {
			sso + "AdministratorAccess_0123456789abcdef/jo", "x:jo", facts.IdentityCenter,
			"AdministratorAccess",
		},
		"a permission set with _": {sso + "my_set_0123456789abcdef/jo", "x:jo", facts.IdentityCenter, "my_set"},
		"Learner Lab":             {role + "voclabs/user123=a@b.c", "x:y", facts.LearnerLab, "voclabs"},
		"Learner Lab on EC2":      {role + "LabRole/i-0123456789abcdef0", "x:y", facts.LearnerLab, "LabRole"},
		"Learner Lab in a task":   {role + "LabRole/0123456789abcdef0123456789abcdef", "x:y", facts.LearnerLab, "LabRole"},
		"a user named LabRole":    {iam + "user/LabRole", "AIDAEXAMPLE", facts.IAMUser, "LabRole"},
		"a role like LabRole":     {role + "LabRoleOfMine/i-0123456789abcdef0", "x:y", facts.AssumedRole, "LabRoleOfMine"},
		"LabRole and no session":  {role + "LabRole", "x:y", facts.UnknownCaller, ""},
		"a role named voclabs":    {role + "voclabs/me", "x:y", facts.AssumedRole, "voclabs"},
		"role":                    {role + "deploy/session", "x:y", facts.AssumedRole, "deploy"},
		"federated": {
			"arn:aws:sts::123456789012:federated-user/bob", "123456789012:bob", facts.FederatedUser,
			"bob",
		},
		"another partition's root": {"arn:aws-cn:iam::123456789012:root", account, facts.Root, "root"},
		"an unknown kind":          {iam + "robot/r2", "x", facts.UnknownCaller, ""},
		"a role without a session": {role + "deploy", "x", facts.UnknownCaller, ""},
		"no ARN":                   {"hello", "x", facts.UnknownCaller, ""},
		"nothing":                  {"", "x", facts.UnknownCaller, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			site := facts.ParseSite(account, c.arn, c.userID, "us-east-1")
			assert.Equal(t, c.kind, site.Caller.Kind)
			assert.Equal(t, c.name, site.Caller.Name)
			assert.Equal(t, c.arn, site.Caller.ARN)
		})
	}
	site := facts.ParseSite(account, "arn:aws-cn:iam::123456789012:user/alice", "x", "cn-north-1")
	assert.Equal(t, "aws-cn", site.Partition)
	assert.Equal(t, "arn:aws-cn:sns:cn-north-1:123456789012:topic", site.ARN("sns", "cn-north-1", "topic"))
	assert.Equal(t, "arn:aws-cn:iam::aws:policy/PowerUserAccess", site.ManagedPolicyARN("PowerUserAccess"))
	learner := facts.ParseSite(account, "arn:aws:sts::1:assumed-role/voclabs/user1=jo@b", "x", "")
	assert.Equal(t, "user1=jo@b", learner.Caller.Session)
}

func TestNearbyRegions(t *testing.T) {
	for _, c := range []struct {
		site facts.Site
		want []string
	}{
		{facts.Site{Partition: "aws", Region: "us-west-2"}, []string{"us-east-1", "us-east-2", "eu-west-1", "eu-central-1"}},
		{
			facts.Site{Partition: "aws", Region: "ap-south-1"},
			[]string{"us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-central-1"},
		},
		{facts.Site{Partition: "aws-cn", Region: "cn-north-1"}, nil},
		{facts.Site{}, nil},
	} {
		assert.Equal(t, c.want, c.site.NearbyRegions(), "%+v", c.site)
	}
}

func TestHideSecrets(t *testing.T) {
	for setting, want := range map[string]string{
		"us-east-1":                                "us-east-1",
		"AdministratorAccess-123456789012":         "AdministratorAccess-123456789012",
		"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY": facts.Hidden,
		"profile AKIAIOSFODNN7EXAMPLE":             "profile " + facts.Hidden,
		"":                                         "",
	} {
		require.Equal(t, want, facts.HideSecrets(setting))
	}
}

// The first is of the public write-ups of the encoding; the others were computed from it.
func TestAccountOfKey(t *testing.T) {
	cases := map[string]string{
		"ASIA" + "QNZGKIQY56JQ7WML": "029608264753",
		"AKIAQNZGKIQYQ":             "029608264753", // its head
		"AKIAIOSFODNN7EXAMPLE":      "",             // of documentation
		"AKIAQNZGKIQY7EXAMPLE":      "",
		"AKIA" + "JNZGKIQY56JQ7WML": "", // of before 2019
		"AKIA" + "7777777777777777": "", // no account has the number
		"AKIAQNZGKIQY1":             "", // not in the alphabet
		"AROA" + "QNZGKIQY56JQ7WML": "", // no key
		"AKIAQNZG":                  "",
		"":                          "",
	}
	for id, account := range cases {
		assert.Equal(t, account, facts.AccountOfKey(id), id)
	}
	for _, account := range []string{"029608264753", "000000000000", "111122223333", "999999999999"} {
		head := facts.KeyHead(account)
		assert.Len(t, head, 13)
		assert.Equal(t, account, facts.AccountOfKey(head))
	}
	assert.Empty(t, facts.KeyHead(""))
	assert.Empty(t, facts.KeyHead("ACCOUNT_ID"))
}
