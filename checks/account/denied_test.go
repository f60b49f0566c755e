package account

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExplainDenial(t *testing.T) {
	const who = "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: "
	for _, c := range []struct{ message, action, detail string }{
		{who + "ecr:ListImages on resource: *", "ecr:ListImages", "no policy of the caller allows ecr:ListImages"},
		{who + "ecr:ListImages.", "ecr:ListImages", "no policy of the caller allows ecr:ListImages"},
		{
			who + "ecr:ListImages on resource: * with an explicit deny in a service control policy", "ecr:ListImages",
			"a service control policy (SCP) of the organization denies ecr:ListImages",
		},
		{
			who + "ecr:ListImages because no service control policy allows the ecr:ListImages action", "ecr:ListImages",
			"a service control policy (SCP) of the organization does not allow ecr:ListImages",
		},
		{
			who + "ecr:ListImages with an explicit deny in a resource control policy", "ecr:ListImages",
			"a resource control policy (RCP) of the organization denies ecr:ListImages",
		},
		{
			who + "ecr:ListImages because no permissions boundary allows the ecr:ListImages action", "ecr:ListImages",
			"the caller's permissions boundary does not allow ecr:ListImages",
		},
		{
			who + "ecr:ListImages because no session policy allows the ecr:ListImages action", "ecr:ListImages",
			"the policy of the session does not allow ecr:ListImages",
		},
		{
			who + "ecr:ListImages because no VPC endpoint policy allows the ecr:ListImages action", "ecr:ListImages",
			"the policy of the VPC endpoint does not allow ecr:ListImages",
		},
		{
			who + "ecr:ListImages with an explicit deny in a resource-based policy", "ecr:ListImages",
			"the policy of the resource denies ecr:ListImages",
		},
		{
			who + "ecr:ListImages with an explicit deny in an identity-based policy", "ecr:ListImages",
			"a policy of the caller denies ecr:ListImages: if it asks for MFA, sign in with MFA first (aws login, or aws sts get-session-token)",
		},
		{who + "<script>alert(1)</script>", "", "no policy of the caller allows ecr:DescribeImages"},
		{"denied", "", "no policy of the caller allows ecr:DescribeImages"},
	} {
		action, detail := explainDenial("ecr:DescribeImages", c.message)
		require.Equal(t, c.action, action, c.message)
		require.Equal(t, c.detail, detail, c.message)
	}
}
