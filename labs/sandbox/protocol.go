package sandbox

import (
	"net/http"
	"net/url"
	"time"
)

// A protocol reads requests and writes answers in one of AWS's wire formats.
type protocol interface {
	// operation returns the name of the operation that a request asks for, and whether the request is of this protocol at all.
	operation(s *service, m *message) (name string, claimed bool)
	// decode reads the request into in, a pointer to a struct with wire tags.
	decode(m *message, in any) error
	// encode writes a good answer.
	encode(s *service, operation string, out object, requestID string) *answer
	// encodeError writes an error.
	encodeError(s *service, e *apiError, requestID string) *answer
	// frontDoor returns the errors that AWS answers with before a service sees the request.
	frontDoor() frontDoor
}

// A message is a request as it arrived.
type message struct {
	method string
	host   string // the name or address, and the port, that the client wanted to reach
	header http.Header
	url    *url.URL
	body   []byte
	// received is when it came, by the clock that the age of its signature is measured with; zero: that is not measured.
	received time.Time
}

// An answer is a response before it goes out. The account adds the headers that all answers have.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// newAnswer makes an answer with a content type.
func newAnswer(status int, contentType string, body []byte) *answer {
	return &answer{status: status, header: http.Header{"Content-Type": {contentType}}, body: body}
}

// A frontDoor holds a protocol's errors for requests that never reach an operation: rejected credentials, unknown operations.
type frontDoor struct {
	unknownOperation apiError
	unreadable       apiError // the body is not in the protocol, or a value has the wrong type
	unsigned         apiError
	incomplete       apiError // there is a signature, but a part of it is missing
	rejected         apiError // no such access key, or not in this Region
	mismatch         apiError // the signature is another's, or that of another request
	expired          apiError
	skewed           apiError // signed at another time than now
	notActive        apiError // the account is not signed up for the service (yet)
	internal         apiError
	deniedStatus     int // HTTP status of a denial and of throttling, whose codes are the service's
	throttledStatus  int
}

// What AWS says of a signature, in every protocol.
const (
	incompleteSignature = "The Authorization header must have the parts Credential, SignedHeaders (with host and x-amz-date) and Signature."
	wrongSignature      = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing " +
		"method. Consult the service documentation for details."
)
