package sandbox_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

const administratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess"

func TestAccountSummary(t *testing.T) {
	tests := map[string]map[string]int32{
		"fresh": {
			"AccountMFAEnabled": 0, "AccountPasswordPresent": 1, "AccountAccessKeysPresent": 0, "Users": 0,
			"MFADevicesInUse": 0,
		},
		"half-done": {
			"AccountMFAEnabled": 1, "AccountPasswordPresent": 1, "AccountAccessKeysPresent": 0, "Users": 1,
			"MFADevicesInUse": 0,
		},
		"finished": {
			"AccountMFAEnabled": 1, "AccountPasswordPresent": 1, "AccountAccessKeysPresent": 0, "Users": 1,
			"MFADevicesInUse": 1,
		},
	}
	for state, want := range tests {
		t.Run(state, func(t *testing.T) {
			_, cfg := load(t, state, sandbox.Options{})
			out, err := iam.NewFromConfig(cfg).GetAccountSummary(t.Context(), nil)
			require.NoError(t, err)
			require.Subset(t, out.SummaryMap, want)
		})
	}
}

func TestUserOfTheFinishedAccount(t *testing.T) {
	_, cfg := load(t, "finished", sandbox.Options{})
	client, ctx, alice := iam.NewFromConfig(cfg), t.Context(), aws.String("alice")

	self, err := client.GetUser(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::123456789012:user/alice", *self.User.Arn)
	require.Equal(t, now.Add(-504*time.Hour), *self.User.CreateDate)
	require.Equal(t, now.Add(-2*time.Hour), *self.User.PasswordLastUsed)
	require.Nil(t, self.User.PermissionsBoundary)

	devices, err := client.ListMFADevices(ctx, &iam.ListMFADevicesInput{UserName: alice})
	require.NoError(t, err)
	require.Len(t, devices.MFADevices, 1)
	require.Equal(t, "arn:aws:iam::123456789012:mfa/alice-phone", *devices.MFADevices[0].SerialNumber)
	require.False(t, devices.IsTruncated)

	profile, err := client.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: alice})
	require.NoError(t, err)
	require.Equal(t, "alice", *profile.LoginProfile.UserName)

	keys, err := client.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: alice})
	require.NoError(t, err)
	require.Len(t, keys.AccessKeyMetadata, 1)
	require.Equal(t, types.StatusTypeActive, keys.AccessKeyMetadata[0].Status)
	require.Equal(t, now.Add(-480*time.Hour), *keys.AccessKeyMetadata[0].CreateDate)
	used, err := client.GetAccessKeyLastUsed(
		ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: keys.AccessKeyMetadata[0].AccessKeyId},
	)
	require.NoError(t, err)
	require.Equal(t, now.Add(-time.Hour), *used.AccessKeyLastUsed.LastUsedDate)
	require.Equal(t, "ecr", *used.AccessKeyLastUsed.ServiceName)

	attached, err := client.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{UserName: alice})
	require.NoError(t, err)
	require.Empty(t, attached.AttachedPolicies)
	groups, err := client.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: alice})
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::123456789012:group/learners", *groups.Groups[0].Arn)
	granted, err := client.ListAttachedGroupPolicies(
		ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: groups.Groups[0].GroupName},
	)
	require.NoError(t, err)
	require.Len(t, granted.AttachedPolicies, 2)
	require.Equal(t, "PowerUserAccess", *granted.AttachedPolicies[0].PolicyName)
	inline, err := client.ListGroupPolicies(ctx, &iam.ListGroupPoliciesInput{GroupName: aws.String("learners")})
	require.NoError(t, err)
	require.Empty(t, inline.PolicyNames)
	_, err = client.GetGroupPolicy(
		ctx, &iam.GetGroupPolicyInput{GroupName: aws.String("learners"), PolicyName: aws.String("none")},
	)
	requireCode(t, "NoSuchEntity", err)
}

// A learner's way from root to a user: every write of IAM's fixes, each followed by the read that sees it.
func TestFromRootToAUser(t *testing.T) {
	account, cfg := load(t, "fresh", sandbox.Options{})
	client, ctx, bob := iam.NewFromConfig(cfg), t.Context(), aws.String("bob")

	_, err := client.GetUser(ctx, &iam.GetUserInput{UserName: bob})
	var missing *types.NoSuchEntityException
	require.ErrorAs(t, err, &missing)
	_, err = client.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("not a name")})
	requireCode(t, "ValidationError", err)
	created, err := client.CreateUser(
		ctx, &iam.CreateUserInput{UserName: bob, PermissionsBoundary: aws.String(administratorAccess)},
	)
	require.NoError(t, err)
	require.Equal(t, administratorAccess, *created.User.PermissionsBoundary.PermissionsBoundaryArn)
	_, err = client.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("BOB")})
	requireCode(t, "EntityAlreadyExists", err)

	_, err = client.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: bob})
	requireCode(t, "NoSuchEntity", err)
	_, err = client.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: bob, Password: aws.String("short")})
	requireCode(t, "PasswordPolicyViolation", err)
	_, err = client.CreateLoginProfile(
		ctx, &iam.CreateLoginProfileInput{UserName: bob, Password: aws.String("an example password")},
	)
	require.NoError(t, err)
	_, err = client.CreateLoginProfile(
		ctx, &iam.CreateLoginProfileInput{UserName: bob, Password: aws.String("an example password")},
	)
	requireCode(t, "EntityAlreadyExists", err)

	device, err := client.CreateVirtualMFADevice(
		ctx, &iam.CreateVirtualMFADeviceInput{VirtualMFADeviceName: aws.String("phone")},
	)
	require.NoError(t, err)
	require.Equal(t, "\x89PNG", string(device.VirtualMFADevice.QRCodePNG[:4]))
	unassigned := &iam.ListVirtualMFADevicesInput{AssignmentStatus: types.AssignmentStatusTypeUnassigned}
	devices, err := client.ListVirtualMFADevices(ctx, unassigned)
	require.NoError(t, err)
	require.Len(t, devices.VirtualMFADevices, 1)
	enable := &iam.EnableMFADeviceInput{
		UserName: bob, SerialNumber: device.VirtualMFADevice.SerialNumber,
		AuthenticationCode1: aws.String("111111"), AuthenticationCode2: aws.String("111111"),
	}
	_, err = client.EnableMFADevice(ctx, enable)
	requireCode(t, "InvalidAuthenticationCode", err)
	enable.AuthenticationCode2 = aws.String("222222")
	_, err = client.EnableMFADevice(ctx, enable)
	require.NoError(t, err)
	_, err = client.EnableMFADevice(ctx, enable)
	requireCode(t, "EntityAlreadyExists", err)
	devices, err = client.ListVirtualMFADevices(ctx, unassigned)
	require.NoError(t, err)
	require.Empty(t, devices.VirtualMFADevices)
	devices, err = client.ListVirtualMFADevices(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::123456789012:user/bob", *devices.VirtualMFADevices[0].User.Arn)

	key, err := client.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: bob})
	require.NoError(t, err)
	require.Regexp(t, `^AKIA[A-Z2-7]{9}EXAMPLE$`, *key.AccessKey.AccessKeyId)
	second, err := client.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: bob})
	require.NoError(t, err)
	_, err = client.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: bob})
	requireCode(t, "LimitExceeded", err)
	used, err := client.GetAccessKeyLastUsed(
		ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: key.AccessKey.AccessKeyId},
	)
	require.NoError(t, err)
	require.Nil(t, used.AccessKeyLastUsed.LastUsedDate)
	require.Equal(t, "N/A", *used.AccessKeyLastUsed.ServiceName)

	asBob := config(account)
	asBob.Credentials = credentials.NewStaticCredentialsProvider(
		*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "",
	)
	identity, err := sts.NewFromConfig(asBob).GetCallerIdentity(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::123456789012:user/bob", *identity.Arn)
	require.Equal(t, *created.User.UserId, *identity.UserId)

	update := &iam.UpdateAccessKeyInput{UserName: bob, AccessKeyId: key.AccessKey.AccessKeyId, Status: "Off"}
	_, err = client.UpdateAccessKey(ctx, update)
	requireCode(t, "ValidationError", err)
	update.Status = types.StatusTypeInactive
	_, err = client.UpdateAccessKey(ctx, update)
	require.NoError(t, err)
	_, err = sts.NewFromConfig(asBob).GetCallerIdentity(ctx, nil)
	requireCode(t, "InvalidClientTokenId", err)
	_, err = client.DeleteAccessKey(
		ctx, &iam.DeleteAccessKeyInput{UserName: bob, AccessKeyId: second.AccessKey.AccessKeyId},
	)
	require.NoError(t, err)
	_, err = client.DeleteAccessKey(
		ctx, &iam.DeleteAccessKeyInput{UserName: bob, AccessKeyId: second.AccessKey.AccessKeyId},
	)
	requireCode(t, "NoSuchEntity", err)
	keys, err := client.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: bob})
	require.NoError(t, err)
	require.Len(t, keys.AccessKeyMetadata, 1)
	require.Equal(t, types.StatusTypeInactive, keys.AccessKeyMetadata[0].Status)
}

func TestRootsOwnKeys(t *testing.T) {
	_, cfg := load(t, "fresh", sandbox.Options{})
	client, ctx := iam.NewFromConfig(cfg), t.Context()
	key, err := client.CreateAccessKey(ctx, nil)
	require.NoError(t, err)
	summary, err := client.GetAccountSummary(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, int32(1), summary.SummaryMap["AccountAccessKeysPresent"])
	_, err = client.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{AccessKeyId: key.AccessKey.AccessKeyId})
	require.NoError(t, err)
	summary, err = client.GetAccountSummary(ctx, nil)
	require.NoError(t, err)
	require.Zero(t, summary.SummaryMap["AccountAccessKeysPresent"])

	root, err := client.GetUser(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::123456789012:root", *root.User.Arn)
	_, err = client.ListMFADevices(ctx, nil)
	requireCode(t, "ValidationError", err)
}

func TestGrants(t *testing.T) {
	_, cfg := load(t, "half-done", sandbox.Options{})
	client, ctx, bob := iam.NewFromConfig(cfg), t.Context(), aws.String("bob") // alice would take her own rights away
	_, err := client.CreateUser(ctx, &iam.CreateUserInput{UserName: bob})
	require.NoError(t, err)
	_, err = client.AttachUserPolicy(
		ctx, &iam.AttachUserPolicyInput{UserName: bob, PolicyArn: aws.String(administratorAccess)},
	)
	require.NoError(t, err)
	power := aws.String("arn:aws:iam::aws:policy/PowerUserAccess")

	_, err = client.AttachUserPolicy(
		ctx, &iam.AttachUserPolicyInput{UserName: bob, PolicyArn: aws.String("arn:aws:iam::aws:policy/AdminAccess")},
	)
	requireCode(t, "NoSuchEntity", err)
	for range 2 { // attaching twice is attaching once
		_, err = client.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: bob, PolicyArn: power})
		require.NoError(t, err)
	}
	detach := &iam.DetachUserPolicyInput{UserName: bob, PolicyArn: aws.String(administratorAccess)}
	_, err = client.DetachUserPolicy(ctx, detach)
	require.NoError(t, err)
	_, err = client.DetachUserPolicy(ctx, detach)
	requireCode(t, "NoSuchEntity", err)
	attached, err := client.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{UserName: bob})
	require.NoError(t, err)
	require.Len(t, attached.AttachedPolicies, 1)
	require.Equal(t, *power, *attached.AttachedPolicies[0].PolicyArn)

	const document = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", ` +
		`"Resource": "*+&%"}]}`
	put := &iam.PutUserPolicyInput{
		UserName: bob, PolicyName: aws.String("inline"), PolicyDocument: aws.String("not JSON"),
	}
	_, err = client.PutUserPolicy(ctx, put)
	requireCode(t, "MalformedPolicyDocument", err)
	put.PolicyDocument = aws.String(document)
	_, err = client.PutUserPolicy(ctx, put)
	require.NoError(t, err)
	inline, err := client.ListUserPolicies(ctx, &iam.ListUserPoliciesInput{UserName: bob})
	require.NoError(t, err)
	require.Equal(t, []string{"inline"}, inline.PolicyNames)
	got, err := client.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: bob, PolicyName: aws.String("inline")})
	require.NoError(t, err)
	require.NotContains(t, *got.PolicyDocument, " ")
	decoded, err := url.PathUnescape(*got.PolicyDocument)
	require.NoError(t, err)
	require.Equal(t, document, decoded)
	for _, code := range []string{"", "NoSuchEntity"} {
		_, err = client.DeleteUserPolicy(
			ctx, &iam.DeleteUserPolicyInput{UserName: bob, PolicyName: aws.String("inline")},
		)
		if code == "" {
			require.NoError(t, err)
			continue
		}
		requireCode(t, code, err)
	}

	group := aws.String("learners")
	_, err = client.AddUserToGroup(ctx, &iam.AddUserToGroupInput{UserName: bob, GroupName: group})
	requireCode(t, "NoSuchEntity", err)
	_, err = client.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: group})
	require.NoError(t, err)
	_, err = client.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: group, PolicyArn: power})
	require.NoError(t, err)
	_, err = client.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{
		GroupName: group, PolicyName: aws.String("inline"), PolicyDocument: aws.String(`{"Statement": []}`),
	})
	require.NoError(t, err)
	own, err := client.ListGroupPolicies(ctx, &iam.ListGroupPoliciesInput{GroupName: group})
	require.NoError(t, err)
	require.Equal(t, []string{"inline"}, own.PolicyNames)
	for range 2 {
		_, err = client.AddUserToGroup(ctx, &iam.AddUserToGroupInput{UserName: bob, GroupName: group})
		require.NoError(t, err)
	}
	groups, err := client.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: bob})
	require.NoError(t, err)
	require.Len(t, groups.Groups, 1)
	_, err = client.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: group, PolicyArn: power})
	require.NoError(t, err)
	granted, err := client.ListAttachedGroupPolicies(ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: group})
	require.NoError(t, err)
	require.Empty(t, granted.AttachedPolicies)
	_, err = client.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{UserName: bob, GroupName: group})
	require.NoError(t, err)
	groups, err = client.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: bob})
	require.NoError(t, err)
	require.Empty(t, groups.Groups)
}

func TestRolesAndTheirSessions(t *testing.T) {
	account, cfg := load(t, "half-done", sandbox.Options{})
	client, ctx, name := iam.NewFromConfig(cfg), t.Context(), aws.String("ecsTaskExecutionRole")
	const trust = `{"Version":"2012-10-17","Statement":[]}`
	const execution = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"

	_, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
	requireCode(t, "NoSuchEntity", err)
	created, err := client.CreateRole(
		ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trust)},
	)
	require.NoError(t, err)
	role, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("ECSTaskExecutionRole")})
	require.NoError(t, err)
	require.Equal(t, *name, *role.Role.RoleName)
	require.NotNil(t, role.Role.RoleLastUsed, "it is there, and empty")
	require.Nil(t, role.Role.RoleLastUsed.LastUsedDate)
	require.Equal(t, url.QueryEscape(trust), *role.Role.AssumeRolePolicyDocument)
	_, err = client.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: aws.String(execution)})
	require.NoError(t, err)
	attached, err := client.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: name})
	require.NoError(t, err)
	require.Equal(t, "AmazonECSTaskExecutionRolePolicy", *attached.AttachedPolicies[0].PolicyName)
	inline, err := client.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: name})
	require.NoError(t, err)
	require.Empty(t, inline.PolicyNames)
	_, err = client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: name, PolicyName: aws.String("none")})
	requireCode(t, "NoSuchEntity", err)

	assume := &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/other"), RoleSessionName: aws.String("lab"),
	}
	_, err = sts.NewFromConfig(cfg).AssumeRole(ctx, assume)
	requireCode(t, "AccessDenied", err)
	assume.RoleArn = created.Role.Arn
	session, err := sts.NewFromConfig(cfg).AssumeRole(ctx, assume)
	require.NoError(t, err)
	require.Equal(t, now.Add(time.Hour), *session.Credentials.Expiration)
	asRole := config(account)
	asRole.Credentials = credentials.NewStaticCredentialsProvider(
		*session.Credentials.AccessKeyId, *session.Credentials.SecretAccessKey, *session.Credentials.SessionToken)
	identity, err := sts.NewFromConfig(asRole).GetCallerIdentity(ctx, nil)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:sts::123456789012:assumed-role/ecsTaskExecutionRole/lab", *identity.Arn)
	require.Equal(t, *session.AssumedRoleUser.Arn, *identity.Arn)
}

func TestManagedPolicies(t *testing.T) {
	_, cfg := load(t, "half-done", sandbox.Options{})
	client, ctx := iam.NewFromConfig(cfg), t.Context()
	const document = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

	create := &iam.CreatePolicyInput{
		PolicyName: aws.String("AdministratorAccess"), PolicyDocument: aws.String(document),
	}
	created, err := client.CreatePolicy(ctx, create)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::123456789012:policy/AdministratorAccess", *created.Policy.Arn)
	_, err = client.CreatePolicy(ctx, create)
	requireCode(t, "EntityAlreadyExists", err)

	for arn, attachments := range map[string]int32{*created.Policy.Arn: 0, administratorAccess: 1} {
		got, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
		require.NoError(t, err)
		require.Equal(t, attachments, *got.Policy.AttachmentCount)
		require.Equal(t, []types.Tag{}, got.Policy.Tags)
		version, err := client.GetPolicyVersion(
			ctx, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: got.Policy.DefaultVersionId},
		)
		require.NoError(t, err)
		decoded, err := url.PathUnescape(*version.PolicyVersion.Document)
		require.NoError(t, err)
		require.JSONEq(t, document, decoded)
	}
	_, err = client.GetPolicyVersion(
		ctx, &iam.GetPolicyVersionInput{PolicyArn: created.Policy.Arn, VersionId: aws.String("v2")},
	)
	requireCode(t, "NoSuchEntity", err)
	_, err = client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: aws.String("arn:aws:iam::aws:policy/NoSuchPolicy")})
	requireCode(t, "NoSuchEntity", err)
}

func TestListsOfIAMComeInPages(t *testing.T) {
	_, cfg := load(t, "half-done", sandbox.Options{})
	client, ctx := iam.NewFromConfig(cfg), t.Context()
	for i := range 120 {
		_, err := client.CreateUser(
			ctx, &iam.CreateUserInput{UserName: aws.String(fmt.Sprintf("student-%d", i)), Path: aws.String("/class/")},
		)
		require.NoError(t, err)
	}
	pages, users := 0, 0
	for list := iam.NewListUsersPaginator(
		client, &iam.ListUsersInput{PathPrefix: aws.String("/class/")},
	); list.HasMorePages(); pages++ {
		out, err := list.NextPage(ctx)
		require.NoError(t, err)
		users += len(out.Users)
	}
	require.Equal(t, 2, pages, "the default page holds 100")
	require.Equal(t, 120, users)

	_, err := client.ListUsers(ctx, &iam.ListUsersInput{Marker: aws.String("made up")})
	requireCode(t, "ValidationError", err)
	_, err = client.ListUsers(ctx, &iam.ListUsersInput{MaxItems: aws.Int32(1001)})
	requireCode(t, "ValidationError", err)
}

// With temporary credentials IAM cannot infer whose user is meant.
func TestTemporaryCredentialsMustNameTheUser(t *testing.T) {
	state, err := sandbox.Parse([]byte(`{
		"account": "123456789012",
		"caller": {"arn": "arn:aws:iam::123456789012:user/alice", "userId": "AIDACKCEVSQ6C2EXAMPLE",
		  "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
			"secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "sessionToken": "EXAMPLESESSIONTOKEN"},
		"root": {},
		"iam": {"users": [{"name": "alice", "id": "AIDACKCEVSQ6C2EXAMPLE", "created": "-1h",
		  "attached": ["arn:aws:iam::aws:policy/IAMReadOnlyAccess"]}]}
	}`), now)
	require.NoError(t, err)
	client := iam.NewFromConfig(config(sandbox.New(state, sandbox.Options{})))
	_, err = client.ListMFADevices(t.Context(), nil)
	requireCode(t, "ValidationError", err)
	_, err = client.ListMFADevices(t.Context(), &iam.ListMFADevicesInput{UserName: aws.String("alice")})
	require.NoError(t, err)
}
