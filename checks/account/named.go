package account

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
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

// Ask asks an operation by its name, all its pages, for what the type names of the answer: a structure whose fields
// are named like AWS's members, or have their names as json tags, with structures, lists of them, text, numbers, times
// and pointers below. What the answer does not hold is nil, as far as the type can say so.
func Ask[V any](
	ctx context.Context, a *facts.Access, name, region string, input map[string]any,
) (answer V, err error) {
	got, err := askFor(ctx, a, name, region, input, expressionOf(reflect.TypeFor[V]()))
	if err != nil {
		return answer, err
	}
	data, err := json.Marshal(got)
	if err != nil {
		return answer, err
	}
	if err := json.Unmarshal(data, &answer); err != nil { // such as a number beyond the range of its field
		return answer, facts.Errorf(facts.InvalidResponse, "the answer of %s holds what AWS never sends: %w", name, err)
	}
	return answer, nil
}

// Search asks an operation by its name, all its pages, for what an expression makes of the answer, as "aws … --query
// EXPRESSION" prints it. Nothing else of the answer is kept.
func Search[V any](
	ctx context.Context, a *facts.Access, name, region string, input map[string]any, expression string,
) (found V, err error) {
	got, err := askFor(ctx, a, name, region, input, expression)
	if err != nil {
		return found, err
	}
	value, err := api.Search(expression, got)
	if err != nil {
		return found, facts.Errorf(facts.InvalidResponse, "the answer of %s cannot be understood: %w", name, err)
	}
	data, err := json.Marshal(value)
	if err != nil {
		return found, err
	}
	if err := json.Unmarshal(data, &found); err != nil {
		return found, facts.Errorf(facts.InvalidResponse, "the answer of %s has another form than AWS's: %w", name, err)
	}
	return found, nil
}

// askFor asks for what an expression names of an answer.
func askFor(
	ctx context.Context, a *facts.Access, name, region string, input map[string]any, expression string,
) (map[string]any, error) {
	d, err := facts.Through[*Door](a)
	if err != nil {
		return nil, err
	}
	made, _ := d.named.LoadOrStore(question{name, expression}, sync.OnceValues(func() (named, error) {
		o, err := api.Find(name)
		if err != nil {
			return named{}, err
		}
		keep, err := o.Select(expression, api.Value)
		return named{o, keep}, err
	}))
	n, err := made.(func() (named, error))()
	if err != nil {
		return nil, facts.Errorf(facts.InternalError, "%s cannot be asked: %w", name, err)
	}
	return ReadNamed(ctx, a, n.operation, region, input, n.keep)
}

// question is an operation by its name, and what of its answer is asked for.
type question struct{ name, expression string }

// named is an operation that a read of ours asks by its name, and what it keeps of the answer.
type named struct {
	operation *api.Operation
	keep      *api.Selection
}

// expressionOf is the expression that makes of an answer a value of the type: "{Vpcs: Vpcs[].{VpcId: VpcId}}".
func expressionOf(t reflect.Type) string {
	fields := make([]string, t.NumField())
	for i := range fields {
		field, below := t.Field(i), ""
		element := field.Type
		if element.Kind() == reflect.Slice {
			element, below = element.Elem(), "[]"
		}
		if element.Kind() == reflect.Pointer {
			element = element.Elem()
		}
		if element.Kind() == reflect.Struct && element != reflect.TypeFor[time.Time]() {
			below += "." + expressionOf(element)
		}
		name := cmp.Or(field.Tag.Get("json"), field.Name)
		fields[i] = name + ": " + name + below
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// A Signer signs requests, as the SDK's v4.Signer does.
type Signer interface {
	SignHTTP(ctx context.Context, credentials aws.Credentials, r *http.Request, payloadHash, service, region string,
		at time.Time, options ...func(*v4.SignerOptions)) error
}

// Settings implements api.Caller.
func (d *Door) Settings(ctx context.Context, serviceID string) (api.Settings, error) {
	s := api.Settings{URL: aws.ToString(d.cfg.BaseEndpoint), Rules: &d.rules}
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
	client := d.namedClient(r)
	attempt := retry.NewAttemptMiddleware(client.retryer, smithyhttp.RequestCloner, func(m *retry.Attempt) {
		m.ClientSkew = &client.skew
	})
	err := errors.Join(
		stack.Serialize.Add(middleware.SerializeMiddlewareFunc("OperationSerializer", serializeNamed(r)), middleware.After),
		awsmiddleware.AddRequestUserAgentMiddleware(stack),
		awsmiddleware.AddClientRequestIDMiddleware(stack),
		stack.Finalize.Add(attempt, middleware.After),
		stack.Finalize.Add(middleware.FinalizeMiddlewareFunc("Signing", d.sign(r.Endpoint, client)), middleware.After),
		stack.Deserialize.Add(
			middleware.DeserializeMiddlewareFunc("OperationDeserializer", d.deserializeNamed(r)), middleware.After),
		stack.Deserialize.Add(&awsmiddleware.RecordResponseTiming{}, middleware.After),
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

// namedClient is what the calls by name to a service in a Region share, as those of one of the SDK's clients do.
type namedClient struct {
	retryer aws.Retryer  // counts what they cost together
	skew    atomic.Int64 // of this machine's clock behind AWS's, in nanoseconds, as it was last seen
}

func (d *Door) namedClient(r *api.Request) *namedClient {
	key := r.Operation.ID + " " + r.Region
	client, ok := d.namedClients.Load(key)
	if !ok {
		client, _ = d.namedClients.LoadOrStore(key, &namedClient{retryer: d.cfg.Retryer()})
	}
	return client.(*namedClient)
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

// sign signs each attempt anew, by AWS's clock where an answer showed that this machine's is wrong.
func (d *Door) sign(to api.Endpoint, client *namedClient) func(
	context.Context, middleware.FinalizeInput, middleware.FinalizeHandler,
) (middleware.FinalizeOutput, middleware.Metadata, error) {
	skew := time.Duration(client.skew.Load())
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
			time.Now().Add(skew).UTC(), func(o *v4.SignerOptions) { o.DisableURIPathEscaping = to.EscapeOnce })
		if err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, err
		}
		out, metadata, err := next.HandleFinalize(ctx, in)
		skew, _ = awsmiddleware.GetAttemptSkew(metadata)
		return out, metadata, err
	}
}

func (d *Door) deserializeNamed(r *api.Request) func(
	context.Context, middleware.DeserializeInput, middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error) {
	return func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
		middleware.DeserializeOutput, middleware.Metadata, error,
	) {
		out, metadata, err := next.HandleDeserialize(ctx, in)
		response, ok := out.RawResponse.(*smithyhttp.Response)
		if err == nil && ok {
			err = r.Deserialize(ctx, response)
			c := callOf(ctx)
			err = cmp.Or(err, d.memory.keep(r.Kept, c.reckoned))
			c.reckoned = 0
		}
		if err != nil && ok {
			err = &smithyhttp.ResponseError{Response: response, Err: err}
		}
		return out, metadata, err
	}
}
