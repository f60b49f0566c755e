package wire

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// A Protocol reads requests and writes answers in one of AWS's wire formats: [JSON10], [JSON11], [Query], [EC2Query],
// [CBOR] or [RESTXML].
type Protocol interface {
	// Operation returns the name of the operation that a request asks for, and whether the request is of this protocol
	// at all.
	Operation(s *Service, m *Message) (name string, claimed bool)
	// Decode reads the request into in, a pointer to a struct with wire tags.
	Decode(c *Codec, m *Message, in any) error
	// Encode writes a good answer.
	Encode(s *Service, operation string, out Object, requestID string) *Answer
	// EncodeError writes an error.
	EncodeError(s *Service, e *Error, requestID string) *Answer
	// FrontDoor returns the errors that AWS answers with before a service sees the request.
	FrontDoor() FrontDoor
}

// A Message is a request as it arrived.
type Message struct {
	Method string
	Host   string // the name or address, and the port, that the client wanted to reach
	Header http.Header
	URL    *url.URL
	Body   []byte
	// Received is when it came, by the clock that the age of its signature is measured with; zero: that is not
	// measured.
	Received time.Time

	labels map[string]string // what the path of a REST request names, once its route is known
}

// An Answer is a response before it goes out. The account adds the headers that all answers have.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// NewAnswer makes an answer with a content type.
func NewAnswer(status int, contentType string, body []byte) *Answer {
	return &Answer{Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: body}
}

// An Error is an error answer of AWS. Each protocol writes it in its own form.
type Error struct {
	Code    string // as the service's model names it, such as "RepositoryNotFoundException"
	Message string
	Status  int // HTTP status; 0 means 400
	// Header is what the answer has besides, in REST.
	Header map[string]string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Failf makes an Error with status 400, the usual one.
func Failf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// HTTPStatus is the HTTP status of the answer.
func (e *Error) HTTPStatus() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// blame says whose fault the error is: "Sender" or "Receiver".
func (e *Error) blame() string {
	if e.HTTPStatus() >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

// A FrontDoor holds a protocol's errors for requests that never reach an operation: rejected credentials, unknown
// operations.
type FrontDoor struct {
	UnknownOperation Error
	Unreadable       Error // the body is not in the protocol, or a value has the wrong type
	Unsigned         Error
	Incomplete       Error // there is a signature, but a part of it is missing
	Rejected         Error // no such access key, or not in this Region
	Mismatch         Error // the signature is another's, or that of another request
	Expired          Error
	Skewed           Error // signed at another time than now
	NotActive        Error // the account is not signed up for the service (yet)
	Internal         Error
	Codes            ErrorCodes // of errors that every operation can answer with, where the service has no others
	DeniedStatus     int        // HTTP status of a denial and of throttling, whose codes are the service's
	ThrottledStatus  int
}

// What AWS says of a signature, in every protocol.
const (
	incompleteSignature = "The Authorization header must have the parts Credential, SignedHeaders " +
		"(with host and x-amz-date) and Signature."
	wrongSignature = "The request signature we calculated does not match the signature you provided. Check your AWS " +
		"Secret Access Key and signing method. Consult the service documentation for details."
)

// OutOfTime is the answer to a request that was signed too long ago, or in the future.
func (d FrontDoor) OutOfTime(signed, now time.Time) *Error {
	e := d.Skewed
	says, life, sign := "Signature expired: %s is now earlier than %s (%s %s 5 min.)", -SignatureLife, "-"
	if signed.After(now) {
		says, life, sign = "Signature not yet current: %s is still later than %s (%s %s 5 min.)", SignatureLife, "+"
	}
	format := func(t time.Time) string { return t.Format(signatureTime) }
	e.Message = fmt.Sprintf(says, format(signed), format(now.Add(life)), format(now), sign)
	return &e
}

// maxBody is the largest request that the account reads, in bytes. The largest that AWS takes in these services is an
// image manifest of 4 MiB.
const maxBody = 8 << 20

var errTooLarge = errors.New("the request body is too large")

// ReadBody reads a whole body of at most maxBody bytes.
func ReadBody(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read the request body: %w", err)
	}
	if len(body) > maxBody {
		return nil, errTooLarge
	}
	return body, nil
}
