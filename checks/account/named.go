package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/facts"
)

// ReadNamed asks an operation by its name, all its pages, and returns what is kept of the answer: see api.Operation.
// The input is one that its CheckInput returned. The operation must be among the Operations of the door, like any
// other.
func ReadNamed(
	ctx context.Context, a *facts.Access, o *api.Operation, region string, input map[string]any, keep *api.Selection,
) (map[string]any, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	if _, err := d.config(region); err != nil {
		return nil, err
	}
	return o.Read(ctx, d, region, input, keep)
}

// A signer signs requests: the SDK's, or one that asks somebody else to.
type signer interface {
	SignHTTP(ctx context.Context, credentials aws.Credentials, r *http.Request, payloadHash, service, region string,
		at time.Time, options ...func(*v4.SignerOptions)) error
}

// Settings implements api.Caller.
func (d *Door) Settings(ctx context.Context, serviceID string) (api.Settings, error) {
	s := api.Settings{URL: aws.ToString(d.cfg.BaseEndpoint)}
	ignored, _, err := config.GetIgnoreConfiguredEndpoints(ctx, d.cfg.ConfigSources)
	if err != nil {
		return s, explainLoad(err)
	}
	var serviceURL string
	var hasURL, hasFIPS, hasDualStack bool
	for _, source := range d.cfg.ConfigSources { // the first that says something wins
		if source, ok := source.(interface {
			GetServiceBaseEndpoint(context.Context, string) (string, bool, error)
		}); ok && !hasURL && !ignored {
			if serviceURL, hasURL, err = source.GetServiceBaseEndpoint(ctx, serviceID); err != nil {
				return s, explainLoad(err)
			}
		}
		if source, ok := source.(interface {
			GetUseFIPSEndpoint(context.Context) (aws.FIPSEndpointState, bool, error)
		}); ok && !hasFIPS {
			var state aws.FIPSEndpointState
			if state, hasFIPS, err = source.GetUseFIPSEndpoint(ctx); err != nil {
				return s, explainLoad(err)
			}
			s.FIPS = state == aws.FIPSEndpointStateEnabled
		}
		if source, ok := source.(interface {
			GetUseDualStackEndpoint(context.Context) (aws.DualStackEndpointState, bool, error)
		}); ok && !hasDualStack {
			var state aws.DualStackEndpointState
			if state, hasDualStack, err = source.GetUseDualStackEndpoint(ctx); err != nil {
				return s, explainLoad(err)
			}
			s.DualStack = state == aws.DualStackEndpointStateEnabled
		}
	}
	if hasURL {
		s.URL = serviceURL
	}
	return s, checkEndpoint(s.URL)
}

// Call implements api.Caller: the request goes the way of those of the SDK's own clients.
func (d *Door) Call(ctx context.Context, r *api.Request) error {
	ctx = middleware.ClearStackValues(ctx)
	ctx = middleware.WithStackValue(ctx, namedKey{}, r.Operation.String())
	ctx = middleware.WithServiceID(ctx, r.Operation.ID)
	ctx = middleware.WithOperationName(ctx, r.Operation.Name)
	ctx = awsmiddleware.SetRegion(ctx, r.Region)
	stack := middleware.NewStack(r.Operation.Name, smithyhttp.NewStackRequest)
	attempt := retry.NewAttemptMiddleware(d.retryer(r), smithyhttp.RequestCloner)
	err := errors.Join(
		stack.Serialize.Add(middleware.SerializeMiddlewareFunc("OperationSerializer", serializeNamed(r)), middleware.After),
		awsmiddleware.AddRequestUserAgentMiddleware(stack),
		awsmiddleware.AddClientRequestIDMiddleware(stack),
		stack.Finalize.Add(attempt, middleware.After),
		stack.Finalize.Add(middleware.FinalizeMiddlewareFunc("Signing", d.sign(r.Endpoint)), middleware.After),
		stack.Deserialize.Add(
			middleware.DeserializeMiddlewareFunc("OperationDeserializer", deserializeNamed(r)), middleware.After),
	)
	for _, option := range d.cfg.APIOptions {
		err = errors.Join(err, option(stack))
	}
	if err != nil {
		return err
	}
	handler := middleware.DecorateHandler(smithyhttp.NewClientHandlerWithOptions(d.cfg.HTTPClient), stack)
	_, _, err = handler.Handle(ctx, nil)
	return err
}

// namedKey is the key of a call's name in its context, where the operation is read by name.
type namedKey struct{}

// retryer is the one for a service in a Region: it counts what its calls cost together.
func (d *Door) retryer(r *api.Request) aws.Retryer {
	made, _ := d.retryers.LoadOrStore(r.Operation.ID+" "+r.Region, d.cfg.Retryer())
	return made.(aws.Retryer)
}

func serializeNamed(r *api.Request) func(
	context.Context, middleware.SerializeInput, middleware.SerializeHandler,
) (middleware.SerializeOutput, middleware.Metadata, error) {
	return func(ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler) (
		middleware.SerializeOutput, middleware.Metadata, error,
	) {
		request, ok := in.Request.(*smithyhttp.Request)
		if !ok {
			return middleware.SerializeOutput{}, middleware.Metadata{}, errors.New("not a request over HTTP")
		}
		err := r.Serialize(ctx, request)
		if err == nil {
			err = r.Endpoint.Apply(request)
		}
		if err != nil {
			return middleware.SerializeOutput{}, middleware.Metadata{},
				facts.Errorf(facts.InternalError, "the request cannot be written: %w", err)
		}
		return next.HandleSerialize(ctx, in)
	}
}

// sign signs each attempt anew.
func (d *Door) sign(to api.Endpoint) func(
	context.Context, middleware.FinalizeInput, middleware.FinalizeHandler,
) (middleware.FinalizeOutput, middleware.Metadata, error) {
	return func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
		middleware.FinalizeOutput, middleware.Metadata, error,
	) {
		request, ok := in.Request.(*smithyhttp.Request)
		if !ok {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, errors.New("not a request over HTTP")
		}
		credentials, err := d.cfg.Credentials.Retrieve(ctx)
		if err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, err
		}
		hash := sha256.New()
		if body := request.GetStream(); body != nil {
			if _, err := io.Copy(hash, body); err != nil {
				return middleware.FinalizeOutput{}, middleware.Metadata{}, err
			}
			if err := request.RewindStream(); err != nil {
				return middleware.FinalizeOutput{}, middleware.Metadata{}, err
			}
		}
		payload := hex.EncodeToString(hash.Sum(nil))
		if to.EscapeOnce { // S3 wants to be told
			request.Header.Set("X-Amz-Content-Sha256", payload)
		}
		err = d.signer.SignHTTP(ctx, credentials, request.Request, payload, to.SigningName, to.SigningRegion,
			time.Now().UTC(), func(o *v4.SignerOptions) { o.DisableURIPathEscaping = to.EscapeOnce })
		if err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, err
		}
		return next.HandleFinalize(ctx, in)
	}
}

func deserializeNamed(r *api.Request) func(
	context.Context, middleware.DeserializeInput, middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error) {
	return func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
		middleware.DeserializeOutput, middleware.Metadata, error,
	) {
		out, metadata, err := next.HandleDeserialize(ctx, in)
		response, ok := out.RawResponse.(*smithyhttp.Response)
		if err == nil && ok {
			err = r.Deserialize(ctx, response)
		}
		if err != nil && ok {
			err = &smithyhttp.ResponseError{Response: response, Err: err}
		}
		return out, metadata, err
	}
}
