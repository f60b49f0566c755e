package account

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"syscall"

	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/labcheck/labcheck/checks/facts"
)

// explainNetwork reads an error without an answer. The texts of the errors are not repeated: one about a proxy holds
// its password.
func explainNetwork(err error) (facts.Reason, string) {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	var slow interface{ Timeout() bool }
	var operation *net.OpError
	var sent *smithyhttp.RequestSendError
	host := hostOf(err)
	switch {
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return facts.Unreachable, "the proxy of the environment cannot be reached (see HTTPS_PROXY)"
	case errors.As(err, &dns) && dns.IsNotFound:
		return facts.Unreachable, fmt.Sprintf("the name %s is not known: is the network up, and the Region right?", dns.Name)
	case errors.As(err, &dns):
		return facts.Unreachable, fmt.Sprintf("the name %s could not be looked up: is the network up?", dns.Name)
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
