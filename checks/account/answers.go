package account

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/labcheck/labcheck/checks/facts"
)

// protocolTypes are the media types of AWS's protocols.
var protocolTypes = regexp.MustCompile(`^(application|text)/([a-z0-9.-]+[.+-])?(json|xml|cbor)([.+-][a-z0-9.-]+)?$`)

// checkAnswer reads an answer whole and refuses what cannot come from AWS: a captive portal, a proxy's page, an
// endpoint that lacks the operation. Asking again would only get the same page.
func (d *Door) checkAnswer(
	ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok {
		return out, metadata, err
	}
	body, err := d.hold(response)
	if err != nil {
		return out, metadata, err
	}
	mediaType, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	if response.StatusCode < 300 && strings.HasSuffix(mediaType, "xml") {
		callOf(ctx).xml = body
	}
	if err := d.checkProtocol(in.Request, response.Response, mediaType, body); err != nil {
		return out, metadata, err
	}
	callOf(ctx).reckoned += perByte*len(body) + decodedSize(body)
	return out, metadata, d.checkSize(body)
}

// checkSignInAnswer is checkAnswer for the answers with credentials, which come from services that speak in their own
// ways, such as the metadata service of EC2.
func (d *Door) checkSignInAnswer(
	ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok {
		return out, metadata, err
	}
	body, err := d.hold(response)
	if err == nil {
		err = d.checkSize(body)
	}
	return out, metadata, err
}

// hold reads an answer whole, and leaves it for the SDK to read again.
func (d *Door) hold(response *smithyhttp.Response) ([]byte, error) {
	body, err := readAnswer(d.memory.metered(response.Body))
	response.Body = io.NopCloser(bytes.NewReader(body)) // the SDK reads what is left, however long that takes
	return body, err
}

// checkSize refuses what would become too large or too deep where the SDK decodes it.
func (d *Door) checkSize(body []byte) error {
	if err := checkNesting(body); err != nil {
		return err
	}
	return d.memory.take(decodedSize(body))
}

func readAnswer(from io.ReadCloser) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(from, maxAnswer+1))
	closeErr := from.Close()
	var foreign *unreadable
	switch {
	case errors.As(err, &foreign):
		return nil, err
	case err != nil:
		// The connection broke inside the answer, which is as worth a retry as one that broke before it.
		return nil, &smithyhttp.RequestSendError{Err: err}
	case len(body) > maxAnswer:
		return nil, invalid("the answer is larger than %d MiB", maxAnswer>>20)
	case closeErr != nil:
		return nil, &smithyhttp.RequestSendError{Err: closeErr}
	}
	return body, nil
}

// checkProtocol says what is wrong with an answer as a whole.
func (d *Door) checkProtocol(request any, r *http.Response, mediaType string, body []byte) error {
	asked, _ := request.(*smithyhttp.Request)
	switch {
	case r.Header.Get("X-Amz-Bucket-Region") != "" && r.StatusCode == http.StatusMovedPermanently:
		// S3 names the Region of a bucket that is elsewhere. Nobody follows: whoever asked asks there.
	case r.StatusCode >= 300 && r.StatusCode < 400:
		return invalid("AWS does not redirect, but the answer leads to %s: is a sign-in page of the network in the way?",
			redirectHost(r))
	case len(body) == 0 && r.StatusCode < 300 && (asked == nil || asked.Method != http.MethodHead):
		return invalid("the answer is empty")
	case len(body) > 0 && !protocolTypes.MatchString(mediaType) && !d.mislabelled(body):
		return invalid("the answer (HTTP %d) is of type %q, which no AWS API speaks: "+
			"is a proxy or a sign-in page of the network in the way?", r.StatusCode, mediaType)
	case !isText(body):
		// The SDK puts U+FFFD in place of what it cannot read, and a name would not be the name that is looked for.
		return invalid("the answer is not in UTF-8, which every AWS API speaks")
	}
	return nil
}

// isText says whether all text of an answer is UTF-8, as JSON, XML and CBOR demand.
func isText(body []byte) bool {
	if !isCBOR(body) {
		return utf8.Valid(body)
	}
	for item := range cborItems(body) {
		if item.major == cborText && !utf8.Valid(item.content) {
			return false
		}
	}
	return true
}

// mislabelled says that an answer is a JSON object though its type is not JSON's. Emulators answer so: moto calls what
// its Logs and Budgets say text/html. AWS never does, and so it is only believed of an endpoint that is configured.
func (d *Door) mislabelled(body []byte) bool {
	return d.customEndpoint && body[0] == '{' && json.Valid(body)
}

func redirectHost(r *http.Response) string {
	to, err := url.Parse(r.Header.Get("Location"))
	if err != nil || to.Host == "" {
		return "another page"
	}
	return to.Host
}

func invalid(format string, args ...any) error {
	return &unreadable{facts.Errorf(facts.InvalidResponse, format, args...)}
}

// unreadable is an answer that is not in the protocol.
type unreadable struct{ err *facts.Error }

func (e *unreadable) Error() string { return e.err.Error() }
func (e *unreadable) Unwrap() error { return e.err }

// retryAnswer keeps the SDK from asking again for an answer that cannot be read, whatever its HTTP status.
func retryAnswer(err error) aws.Ternary {
	var foreign *unreadable
	var garbled *smithy.DeserializationError
	if errors.As(err, &foreign) || errors.As(err, &garbled) {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}

// checkXML refuses an answer that has text where the API has a list, a map or a structure. The SDK's readers of XML
// take that for an empty one, and an empty list means "there is no such thing": a verdict from a broken answer. In JSON
// and CBOR the SDK refuses it by itself.
func checkXML(
	ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	if body := callOf(ctx).xml; err == nil && body != nil && out.Result != nil { // checks/api has no result
		if err := newElements(out.Result).checkText(body); err != nil {
			return out, metadata, &smithy.DeserializationError{Err: err}
		}
	}
	return out, metadata, err
}

// elements are names of XML elements, in lower case, by what they may hold. A name may be in both.
type elements struct{ nested, text map[string]bool }

// newElements finds the elements in the type of an answer: the SDK names the fields like the elements.
func newElements(answer any) elements {
	e := elements{nested: map[string]bool{}, text: map[string]bool{}}
	e.add(reflect.TypeOf(answer), map[reflect.Type]bool{})
	return e
}

func (e elements) add(t reflect.Type, seen map[reflect.Type]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] {
		return
	}
	seen[t] = true
	for i := range t.NumField() {
		field := t.Field(i)
		if isNested(field.Type) {
			e.nested[strings.ToLower(field.Name)] = true
		} else {
			e.text[strings.ToLower(field.Name)] = true
		}
		e.add(field.Type, seen)
	}
}

// isNested says whether a value of the type is written as elements inside of its own.
func isNested(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Slice:
		return t.Elem().Kind() != reflect.Uint8
	case reflect.Map:
		return true
	case reflect.Struct:
		return t != reflect.TypeFor[time.Time]()
	default:
		return false
	}
}

// holdsElements says whether an element can only hold other elements.
func (e elements) holdsElements(name string) bool {
	name = strings.ToLower(name)
	return !e.text[name] && e.nested[name]
}

// checkText finds text where only elements may be, and a count without its value: the SDK's reader takes that for zero.
func (e elements) checkText(body []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(body))
	element, valued := "", true
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the XML: %w", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			element = token.Name.Local
			valued = element != "entry" && (valued || element == "value")
		case xml.EndElement:
			element = ""
			if token.Name.Local == "entry" && !valued {
				return errors.New("an entry without its value")
			}
		case xml.CharData:
			if len(bytes.TrimSpace(token)) > 0 && e.holdsElements(element) {
				return fmt.Errorf("text in the element %s", element)
			}
		}
	}
}
