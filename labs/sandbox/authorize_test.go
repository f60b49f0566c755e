package sandbox

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

// learner is an account whose caller is alice, with what she is granted (JSON members of the user) and the rest of IAM.
func learner(t *testing.T, granted, rest string) (*Account, aws.Config) {
	t.Helper()
	state, err := Parse([]byte(`{
		"account": "123456789012",
		"caller": {
			"arn": "arn:aws:iam::123456789012:user/team/alice", "userId": "AIDAEXAMPLEALICE",
			"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
		},
		"root": {},
		"iam": {"users": [{"name": "alice", "path": "/team/", "id": "AIDAEXAMPLEALICE", "created": "-1h",
		  `+granted+`}]`+rest+`}
	}`), time.Unix(1795410720, 0))
	require.NoError(t, err)
	a := New(state, Options{})
	id, secret, token := a.Credentials()
	return a, aws.Config{
		Region: "us-east-1", RetryMaxAttempts: 1, HTTPClient: &http.Client{Transport: a},
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, token),
	}
}

const notAllowed = "User: arn:aws:iam::123456789012:user/team/alice is not authorized to perform: " +
	"ecr:DescribeRepositories on resource: * "

// What alice is told when she lists repositories; "" is the list.
func TestPoliciesAreEvaluatedByAction(t *testing.T) {
	const (
		silent   = notAllowed + "because no identity-based policy allows the ecr:DescribeRepositories action"
		explicit = notAllowed + "with an explicit deny in an identity-based policy"
	)
	inline := func(statements string) string { return `"inline": {"p": {"Statement": ` + statements + `}}` }
	for name, test := range map[string]struct{ granted, rest, want string }{
		"nothing": {granted: `"groups": []`, want: silent},
		"the action": {granted: inline(
			`[{"Effect": "Allow", "Action": ["s3:Get*", "ecr:DescribeRepositories"], "Resource": "*"}]`,
		)},
		"a lone statement": {granted: inline(`{"Effect": "Allow", "Action": "ecr:Describe*", "Resource": "*"}`)},
		"other letters": {
			granted: inline(`{"Effect": "Allow", "Action": "ECR:describeRepositor?es", "Resource": "*"}`),
		},
		"another action": {
			granted: inline(`{"Effect": "Allow", "Action": "ecr:DescribeRepository", "Resource": "*"}`), want: silent,
		},
		"another service": {
			granted: inline(`{"Effect": "Allow", "Action": "ecr-public:*", "Resource": "*"}`), want: silent,
		},
		"all but others": {
			granted: inline(`{"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"}`),
		},
		"all but this": {
			granted: inline(`{"Effect": "Allow", "NotAction": "ecr:*", "Resource": "*"}`), want: silent,
		},
		"a deny after an allow": {
			granted: inline(`[{"Effect": "Allow", "Action": "*"}, {"Effect": "Deny", "Action": "ecr:*"}]`),
			want:    explicit,
		},
		"a deny before an allow": {
			granted: inline(`[{"Effect": "Deny", "Action": "ecr:*"}, {"Effect": "Allow", "Action": "*"}]`),
			want:    explicit,
		},
		"a deny of all but it": {
			granted: inline(`[{"Effect": "Allow", "Action": "*"}, {"Effect": "Deny", "NotAction": "ecr:*"}]`),
		},
		"a deny of other things": {
			granted: inline(`[{"Effect": "Allow", "Action": "*"}, {"Effect": "Deny", "Action": "s3:*"}]`),
		},
		"an attached policy":    {granted: `"attached": ["arn:aws:iam::aws:policy/PowerUserAccess"]`},
		"a policy that is gone": {granted: `"attached": ["arn:aws:iam::aws:policy/NoSuchPolicy"]`, want: silent},
		"a policy of the account": {
			granted: `"attached": ["arn:aws:iam::123456789012:policy/mine"]`,
			rest: `, "policies": [{"name": "mine", "id": "x", "created": "-1h", ` +
				`"document": {"Statement": {"Effect": "Allow", "Action": "*"}}}]`,
		},
		"a group": {
			granted: `"groups": ["g"]`,
			rest: `, "groups": [{"name": "g", "id": "x", "created": "-1h", ` +
				`"attached": ["arn:aws:iam::aws:policy/AdministratorAccess"]}]`,
		},
		"a group that denies": {
			granted: `"attached": ["arn:aws:iam::aws:policy/AdministratorAccess"], "groups": ["g"]`,
			rest: `, "groups": [{"name": "g", "id": "x", "created": "-1h", ` +
				`"attached": ["arn:aws:iam::aws:policy/AWSDenyAll"]}]`,
			want: explicit,
		},
		"a boundary that allows": {
			granted: `"attached": ["arn:aws:iam::aws:policy/AdministratorAccess"], ` +
				`"permissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"`,
		},
		"a boundary that does not": {
			granted: `"attached": ["arn:aws:iam::aws:policy/AdministratorAccess"], ` +
				`"permissionsBoundary": "arn:aws:iam::aws:policy/IAMFullAccess"`,
			want: notAllowed + "because no permissions boundary allows the ecr:DescribeRepositories action",
		},
		"a boundary that denies": {
			granted: `"attached": ["arn:aws:iam::aws:policy/AdministratorAccess"], ` +
				`"permissionsBoundary": "arn:aws:iam::aws:policy/AWSDenyAll"`,
			want: notAllowed + "with an explicit deny in a permissions boundary",
		},
		"a boundary alone": {
			granted: `"permissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"`, want: silent,
		},
	} {
		t.Run(name, func(t *testing.T) {
			account, cfg := learner(t, test.granted, test.rest)
			_, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil)
			require.NoError(t, err, "nobody can be kept from asking")
			_, err = ecr.NewFromConfig(cfg).DescribeRepositories(t.Context(), nil)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			var denied smithy.APIError
			require.ErrorAs(t, err, &denied)
			require.Equal(t, "AccessDeniedException", denied.ErrorCode())
			require.Equal(t, test.want, denied.ErrorMessage())
			require.Equal(t, "AccessDeniedException", account.Calls()[1].Code)
		})
	}
}

// What is taken away is gone at once, and what is granted is there at once.
func TestPermissionsChangeAtOnce(t *testing.T) {
	_, cfg := learner(
		t, `"attached": ["arn:aws:iam::aws:policy/IAMFullAccess", "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"]`,
		"",
	)
	users, groups := iam.NewFromConfig(cfg), cloudwatchlogs.NewFromConfig(cfg)
	list := func() error {
		_, err := groups.DescribeLogGroups(t.Context(), nil)
		return err
	}
	require.NoError(t, list())
	arn, alice := aws.String("arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"), aws.String("alice")
	_, err := users.DetachUserPolicy(t.Context(), &iam.DetachUserPolicyInput{UserName: alice, PolicyArn: arn})
	require.NoError(t, err)
	require.ErrorContains(t, list(), "because no identity-based policy allows the logs:DescribeLogGroups action")
	_, err = users.AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{UserName: alice, PolicyArn: arn})
	require.NoError(t, err)
	require.NoError(t, list())
}

// A session has the permissions of its role, not those of who assumed it.
func TestSessionsHaveThePermissionsOfTheirRole(t *testing.T) {
	_, cfg := learner(t, `"attached": ["arn:aws:iam::aws:policy/AdministratorAccess"]`, `, "roles": [{"name": "reader",
		"path": "/lab/", "id": "AROAEXAMPLE",
		"created": "-1h", "attached": ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"],
		  "trust": {"Statement": []}}]`)
	session, err := sts.NewFromConfig(cfg).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/lab/reader"), RoleSessionName: aws.String("lesson"),
	})
	require.NoError(t, err)
	c := session.Credentials
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)
	client := ecr.NewFromConfig(cfg)
	_, err = client.DescribeRepositories(t.Context(), nil)
	require.NoError(t, err)
	_, err = client.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String("docker-api")})
	require.ErrorContains(
		t, err,
		"User: arn:aws:sts::123456789012:assumed-role/reader/lesson is not authorized to perform: ecr:CreateRepository",
	)
}

// PowerUserAccess with IAMReadOnlyAccess, the policies that the lab leaves its learner with, allow everything but
// changes of IAM.
func TestPowerUserWithIAMReadOnly(t *testing.T) {
	a, _ := learner(
		t, `"attached": ["arn:aws:iam::aws:policy/PowerUserAccess", "arn:aws:iam::aws:policy/IAMReadOnlyAccess"]`, "",
	)
	r := a.request("us-east-1", a.state.Caller)
	for _, s := range Standard() {
		for _, o := range s.Operations {
			x := &exchange{service: s, protocol: s.Protocols[0], operation: o.Name}
			denied := x.authorize(r)
			if s.ID == "iam" && o.Changes {
				require.ErrorContains(t, denied, "because no identity-based policy allows the "+x.action()+" action")
			} else {
				require.Nil(t, denied, x.action())
			}
		}
	}
}

// Operations that change nothing are those that AWS names so.
func TestOperationsSayWhatTheyChange(t *testing.T) {
	for _, s := range Standard() {
		for _, o := range s.Operations {
			reads := false
			for _, verb := range []string{"Describe", "Get", "List", "BatchGet", "Filter", "Head"} {
				reads = reads || strings.HasPrefix(o.Name, verb)
			}
			require.Equal(t, !reads, o.Changes, s.ID+":"+o.Name)
		}
	}
}
