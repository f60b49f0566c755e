package account

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"syscall"

	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/labcheck/labcheck/checks/facts"
)

var (
	deniedAction = regexp.MustCompile(`not authorized to perform: (\S+)`)
	actionName   = regexp.MustCompile(`^([A-Za-z0-9-]+):([A-Za-z0-9]+)$`)
	// AWS names the kind of policy that decided:
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
	explicitDeny = regexp.MustCompile(`with an explicit deny in an? ([A-Za-z -]*(?:policy|boundary))`)
	implicitDeny = regexp.MustCompile(`because no ([A-Za-z -]*(?:policy|boundary)) allows`)
)

// endedLab names the policy with which AWS Academy ends a Learner Lab's session.
const endedLab = "voc-cancel-cred"

// explainDenial finds the missing IAM action and says what denied it. The message itself is not repeated: it names the
// caller, in a Learner Lab by e-mail address.
func explainDenial(operation, message string) (action, detail string) {
	if m := deniedAction.FindStringSubmatch(message); m != nil {
		if name := actionName.FindStringSubmatch(strings.TrimRight(m[1], ".,;")); name != nil {
			action = strings.ToLower(name[1]) + ":" + name[2] // SNS calls itself SNS
		}
	}
	if action == "" && strings.HasPrefix(operation, "ec2:") {
		action = operation // EC2 may leave it out, and its actions are named like its operations
	}
	if strings.Contains(message, endedLab) {
		return action, "the lab session has ended: press Start Lab"
	}
	what := action
	if what == "" {
		what = operation
	}
	if m := explicitDeny.FindStringSubmatch(message); m != nil {
		return action, policyName(m[1]) + " denies " + what + mfaHint(m[1])
	}
	if m := implicitDeny.FindStringSubmatch(message); m != nil && !ownPolicy(m[1]) {
		return action, policyName(m[1]) + " does not allow " + what
	}
	return action, "no policy of the caller allows " + what
}

func policyName(kind string) string {
	switch strings.ToLower(kind) {
	case "service control policy":
		return "a service control policy (SCP) of the organization"
	case "resource control policy":
		return "a resource control policy (RCP) of the organization"
	case "permissions boundary":
		return "the caller's permissions boundary"
	case "session policy":
		return "the policy of the session"
	case "vpc endpoint policy":
		return "the policy of the VPC endpoint"
	case "resource-based policy":
		return "the policy of the resource"
	}
	return "a policy of the caller"
}

// mfaHint knows the usual reason for a deny in one's own policy: a rule that asks for MFA first.
func mfaHint(kind string) string {
	if ownPolicy(kind) {
		return ": if it asks for MFA, sign in with MFA first (aws login, or aws sts get-session-token)"
	}
	return ""
}

func ownPolicy(kind string) bool { return strings.EqualFold(kind, "identity-based policy") }

// explainNetwork reads an error without an answer. The texts of the errors are not repeated: one about a proxy holds
// its password.
func explainNetwork(err error) (facts.Reason, string) {
	var refusal *proxyRefusal
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	var slow interface{ Timeout() bool }
	var operation *net.OpError
	var sent *smithyhttp.RequestSendError
	host := hostOf(err)
	switch {
	case errors.As(err, &refusal):
		return facts.Unreachable, refusal.Error()
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return facts.Unreachable, "the proxy of the environment cannot be reached (see HTTPS_PROXY)"
	case errors.As(err, &dns) && dns.IsNotFound:
		return facts.Unreachable, "the name " + cmp.Or(dns.Name, host) +
			" is not known: is the network up, and the Region right?"
	case errors.As(err, &dns):
		return facts.Unreachable, "the name " + cmp.Or(dns.Name, host) + " could not be looked up: is the network up?"
	case errors.As(err, &certificate), errors.As(err, &authority), errors.As(err, &record):
		return facts.Unreachable, host + " could not prove to be AWS: " +
			"a proxy or a sign-in page of the network may be in the way (see AWS_CA_BUNDLE)"
	case errors.As(err, &slow) && slow.Timeout():
		return facts.Timeout, "no answer in time"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETDOWN):
		return facts.Unreachable, "there is no way to " + host + ": is the network up?"
	case errors.Is(err, syscall.ECONNREFUSED):
		return facts.Unreachable, host + " refuses connections"
	case errors.As(err, &sent):
		return facts.Unreachable, "the connection to " + host + " broke"
	}
	return facts.InternalError, fmt.Sprintf("the request could not be made (%T)", rootOf(err))
}

// hostOf is the host that a request was for.
func hostOf(err error) string {
	var request *url.Error
	if errors.As(err, &request) {
		if u, parseErr := url.Parse(request.URL); parseErr == nil && u.Host != "" {
			return u.Host
		}
	}
	return "AWS"
}

// rootOf is the innermost error.
func rootOf(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
