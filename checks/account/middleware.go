package account

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/labcheck/labcheck/checks/facts"
)

// addMiddleware puts ours on a call's stack: see the package comment for their order.
func (d *Door) addMiddleware(stack *middleware.Stack) error {
	onCall, onAttempt := middleware.InitializeMiddlewareFunc, middleware.FinalizeMiddlewareFunc
	onAnswer := middleware.DeserializeMiddlewareFunc
	return errors.Join(
		// Each one goes before the others, so the last is the outermost.
		stack.Initialize.Add(onCall("labcheck/limit-call", d.limitCall), middleware.Before),
		stack.Initialize.Add(onCall("labcheck/guard", d.guard), middleware.Before),
		stack.Initialize.Add(onCall("labcheck/explain", d.explain), middleware.Before),
		stack.Finalize.Insert(onAttempt("labcheck/note-attempt", noteAttempt), "Retry", middleware.After),
		stack.Deserialize.Add(onAnswer("labcheck/check-xml", checkXML), middleware.Before),
		// Each one goes after the others, so the last is next to the network.
		stack.Deserialize.Add(onAnswer("labcheck/limit-attempt", d.limitAttempt), middleware.After),
		stack.Deserialize.Add(onAnswer("labcheck/check-answer", d.checkAnswer), middleware.After),
		stack.Deserialize.Add(onAnswer("labcheck/note-evidence", d.noteEvidence), middleware.After),
	)
}

// addSignInMiddleware is addMiddleware for the clients with which the SDK fetches the credentials themselves.
func (d *Door) addSignInMiddleware(stack *middleware.Stack) error {
	onAnswer := middleware.DeserializeMiddlewareFunc
	return stack.Deserialize.Add(onAnswer("labcheck/check-sign-in-answer", d.checkSignInAnswer), middleware.After)
}

// identityOperation needs no permission and is asked by every run.
const identityOperation = "sts:GetCallerIdentity"

// allowList is what may be asked: exact operations, never verbs. "Get*" would let in ecr:GetAuthorizationToken, which
// mints a credential.
func allowList(operations []string) map[string]bool {
	allowed := map[string]bool{identityOperation: true}
	for _, o := range operations {
		allowed[o] = true
	}
	return allowed
}

// operationOf names the operation under way as the reads declare it: see Config for the rule.
func operationOf(ctx context.Context) string {
	if name, ok := middleware.GetStackValue(ctx, namedKey{}).(string); ok {
		return name
	}
	return prefixOf(middleware.GetServiceID(ctx)) + ":" + middleware.GetOperationName(ctx)
}

// prefixOf is what stands before the colon in the operations of a service. It understands the SDK's ServiceID, such as
// "Elastic Load Balancing v2", and how the settings of an endpoint spell it: ELASTIC_LOAD_BALANCING_V2.
func prefixOf(serviceID string) string {
	prefix := strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(serviceID), " ", ""), "_", "")
	if prefix == "cloudwatchlogs" {
		return "logs" // as everybody calls it: IAM, the AWS CLI and the service's own address
	}
	return prefix
}

// guard refuses every operation that the plan did not declare. It stands before anything is serialized, signed or sent.
func (d *Door) guard(
	ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
) (middleware.InitializeOutput, middleware.Metadata, error) {
	if operation := operationOf(ctx); !d.allowed[operation] {
		return middleware.InitializeOutput{}, middleware.Metadata{},
			facts.Errorf(facts.InternalError, "the read-only guard refused %s: no read of the plan declares it", operation)
	}
	return next.HandleInitialize(ctx, in)
}

// maxRequestID is the longest request id that is kept, in bytes; AWS's own have 36.
const maxRequestID = 128

// noteEvidence notes each request, retries and pages included. An answered one is what a verdict rests on; one without
// an answer is noted because AWS may have seen it, and is asked again.
func (d *Door) noteEvidence(
	ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error) {
	c := callOf(ctx)
	if request, ok := in.Request.(*smithyhttp.Request); ok {
		c.sent = credentialsIn(request)
	}
	out, metadata, err := next.HandleDeserialize(ctx, in)
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok {
		if !isUnsent(err) {
			facts.NoteCall(ctx, facts.Call{
				Operation: operationOf(ctx), Region: c.region, At: d.now().UTC(), Unanswered: true,
			})
		}
		return out, metadata, err
	}
	d.answered.Store(true)
	id := cmp.Or(response.Header.Get("X-Amzn-Requestid"), response.Header.Get("X-Amz-Request-Id"))
	facts.NoteCall(ctx, facts.Call{
		Operation: operationOf(ctx),
		Region:    c.region,
		RequestID: id[:min(len(id), maxRequestID)],
		At:        d.now().UTC(),
		Date:      dateOf(response, d.now()),
		Issuer:    issuerOf(response),
	})
	return out, metadata, err
}

// dateOf is the time of an answer by AWS's clock, where that is not the time here. A practice account has none of its
// own.
func dateOf(response *smithyhttp.Response, now time.Time) *time.Time {
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil || now.Sub(date).Abs() <= time.Minute || response.Header.Get("X-Labcheck-Simulated") == "true" {
		return nil
	}
	return new(date.UTC())
}

// maxIssuer is the longest name of an issuer that is kept, in bytes.
const maxIssuer = 64

// issuerOf is who issued the certificate of the server that answered, where it is neither Amazon, which issues AWS's
// own, nor DigiCert, of whom some of them still are; "" for these two, and without a certificate.
func issuerOf(response *smithyhttp.Response) string {
	if response.TLS == nil || len(response.TLS.PeerCertificates) == 0 {
		return ""
	}
	issuer := response.TLS.PeerCertificates[0].Issuer
	name := cmp.Or(strings.Join(issuer.Organization, ", "), issuer.CommonName, "somebody without a name")
	if name == "Amazon" || strings.HasPrefix(name, "DigiCert") {
		return ""
	}
	return strings.ToValidUTF8(name[:min(len(name), maxIssuer)], "")
}

// isUnsent says whether a request failed before there was a connection to send it through.
func isUnsent(err error) bool {
	var dial *net.OpError
	return errors.As(err, &dial) && dial.Op == "dial"
}
