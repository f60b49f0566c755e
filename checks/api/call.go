package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/labcheck/labcheck/checks/facts"
)

// A Caller is the door through which requests leave: it guards, limits, signs, sends and tries again, and explains what
// goes wrong. checks/account has the one there is.
type Caller interface {
	// Settings say which endpoint of a service is asked, by the SDKs' name of the service: "Elastic Load Balancing v2".
	Settings(ctx context.Context, serviceID string) (Settings, error)
	// Call sends a request. Its errors are *facts.Error.
	Call(ctx context.Context, r *Request) error
}

// A Request is one call of an operation.
type Request struct {
	Operation *Operation
	Region    string // where it is asked
	Endpoint  Endpoint
	// Serialize writes the request but for its endpoint and its signature, Deserialize reads an answer, whatever its
	// status, and returns what AWS says is wrong as a smithy.APIError.
	Serialize   func(context.Context, *smithyhttp.Request) error
	Deserialize func(context.Context, *smithyhttp.Response) error
	// Kept is about how much memory what Deserialize kept of an answer takes, in bytes.
	Kept int
}

// ask asks for one page.
func (o *Operation) ask(
	ctx context.Context, c Caller, region string, in map[string]any, keep *Selection,
) (map[string]any, error) {
	settings, err := c.Settings(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	answer, err := o.askIn(ctx, c, region, settings, in, keep)
	var elsewhere *otherRegion
	if errors.As(err, &elsewhere) && elsewhere.region != region {
		return o.askIn(ctx, c, elsewhere.region, settings, in, keep)
	}
	return answer, err
}

func (o *Operation) askIn(
	ctx context.Context, c Caller, region string, settings Settings, in map[string]any, keep *Selection,
) (map[string]any, error) {
	protocol := o.protocol(settings.URL != "")
	codec, err := o.codec(protocol)
	if err != nil {
		return nil, err
	}
	endpoint, err := o.Endpoint(region, settings, in)
	if err != nil {
		return nil, facts.Errorf(facts.Unsupported, "%s has no endpoint in %s: %w", o.Service, region, err)
	}
	in = o.withDefaults(in)
	schema := o.schema(keep)
	out := &output{}
	r := &Request{
		Operation: o, Region: region, Endpoint: endpoint,
		Serialize: func(ctx context.Context, r *smithyhttp.Request) error {
			return codec.SerializeRequest(ctx, schema, &input{o.Input, schema.Input, in}, r)
		},
	}
	r.Deserialize = func(ctx context.Context, response *smithyhttp.Response) error {
		out = &output{shape: o.Output, keep: keep, schema: schema.Output, protocol: protocol}
		err := o.deserialize(ctx, codec, schema, response, out)
		r.Kept = out.size
		return err
	}
	if err := c.Call(ctx, r); err != nil {
		return nil, err
	}
	return o.adapt(out.value), nil
}

// deserialize reads an answer. What is wrong with its form is a *smithy.DeserializationError.
func (o *Operation) deserialize(
	ctx context.Context, codec smithyhttp.ClientProtocol, schema *smithy.OperationSchema, r *smithyhttp.Response,
	out *output,
) error {
	body, err := io.ReadAll(r.Body) // it is in memory already
	if err != nil {
		return &smithy.DeserializationError{Err: err}
	}
	region := r.Header.Get("X-Amz-Bucket-Region")
	if o.Service == "s3" && region != "" && saysElsewhere(r.StatusCode) {
		return &otherRegion{region, r.StatusCode}
	}
	if len(body) == 0 && r.StatusCode >= http.StatusMultipleChoices {
		return &smithy.GenericAPIError{Code: statusCode(r.StatusCode), Message: http.StatusText(r.StatusCode)}
	}
	if r.StatusCode < http.StatusMultipleChoices {
		body = o.adaptBody(body)
		if err := checkXML(out, body); err != nil {
			return &smithy.DeserializationError{Err: err}
		}
		if out.protocol == protocolCBOR {
			roundTimes(body)
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	err = codec.DeserializeResponse(ctx, schema, &smithy.TypeRegistry{}, r, out)
	var api smithy.APIError
	var garbled *smithy.DeserializationError
	switch {
	case err == nil || errors.As(err, &api):
		return err
	case r.StatusCode >= http.StatusMultipleChoices:
		return &smithy.GenericAPIError{Code: "UnknownError", Message: err.Error()}
	case errors.As(err, &garbled):
		return err
	}
	return &smithy.DeserializationError{Err: err}
}

// saysElsewhere says whether S3 answers so for a bucket in another Region. A denial names the Region of the bucket too.
func saysElsewhere(status int) bool {
	return status == http.StatusMovedPermanently || status == http.StatusTemporaryRedirect ||
		status == http.StatusBadRequest
}

// statusCode is the code of an error that has none, such as the answer to a HEAD.
func statusCode(status int) string {
	switch status {
	case http.StatusNotFound:
		return "NotFound"
	case http.StatusForbidden:
		return "Forbidden"
	}
	return "UnknownError"
}

// otherRegion says that a bucket is in another Region, which S3 names.
type otherRegion struct {
	region string
	status int
}

func (e *otherRegion) Error() string                 { return e.ErrorMessage() }
func (e *otherRegion) ErrorMessage() string          { return "the bucket is in " + e.region }
func (e *otherRegion) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// ErrorCode implements smithy.APIError.
func (e *otherRegion) ErrorCode() string {
	if e.status >= http.StatusBadRequest {
		return "AuthorizationHeaderMalformed"
	}
	return "PermanentRedirect"
}
