package account

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
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
			"a policy of the caller denies ecr:ListImages: if it asks for MFA, sign in with MFA first " +
				"(aws login, or aws sts get-session-token)",
		},
		{who + "<script>alert(1)</script>", "", "no policy of the caller allows ecr:DescribeImages"},
		{"denied", "", "no policy of the caller allows ecr:DescribeImages"},
	} {
		action, detail := explainDenial("ecr:DescribeImages", c.message)
		require.Equal(t, c.action, action, c.message)
		require.Equal(t, c.detail, detail, c.message)
	}
}

func TestNetworkFailuresHaveTheirReason(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		want   facts.Reason
		detail string
	}{
		"no such host": {
			&net.DNSError{Name: "api.ecr.us-east-9.amazonaws.com", IsNotFound: true}, facts.Unreachable,
			"the name api.ecr.us-east-9.amazonaws.com is not known",
		},
		"no name server": {
			&net.DNSError{Name: "api.ecr.us-east-1.amazonaws.com", IsTemporary: true}, facts.Unreachable,
			"could not be looked up",
		},
		"a foreign ca": {
			&tls.CertificateVerificationError{Err: errors.New("unknown authority")}, facts.Unreachable,
			"could not prove to be AWS",
		},
		"refused":    {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, facts.Unreachable, "refuses connections"},
		"no network": {&net.OpError{Op: "dial", Err: syscall.ENETUNREACH}, facts.Unreachable, "there is no way to"},
		"a proxy that is off": {
			&net.OpError{Op: "proxyconnect", Err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}, facts.Unreachable,
			"HTTPS_PROXY",
		},
		"a proxy that nobody knows": {
			&net.OpError{Op: "proxyconnect", Err: &net.DNSError{Name: "proxy.example", IsNotFound: true}}, facts.Unreachable,
			"HTTPS_PROXY",
		},
		"a broken wire":     {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, facts.Unreachable, "broke"},
		"a slow connection": {&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, facts.Timeout, "no answer in time"},
		"a proxy": {
			errors.New(`invalid proxy address "http://alice:` + canarySecret + `@proxy.example"`),
			facts.Unreachable, "broke",
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := ask(t, roundTrip(func(*http.Request) (*http.Response, error) { return nil, c.err }), probes()["json"])
			e := facts.AsError(err)
			require.Equal(t, c.want, e.Reason, e.Detail)
			require.Contains(t, e.Detail, c.detail)
			require.NotContains(t, err.Error(), canarySecret)
		})
	}
}
