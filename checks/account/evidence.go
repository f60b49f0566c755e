package account

import (
	"cmp"
	"context"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/labcheck/labcheck/checks/facts"
)

// maxRequestID is the longest request id that is kept, in bytes; AWS's own have 36.
const maxRequestID = 128

// evidence notes each answered request, retries and pages included: it is what a verdict rests on.
func (d *Door) evidence(
	ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error) {
	c := callOf(ctx)
	if request, ok := in.Request.(*smithyhttp.Request); ok {
		c.sent = credentialsIn(request)
	}
	out, metadata, err := next.HandleDeserialize(ctx, in)
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok {
		return out, metadata, err
	}
	d.answered.Store(true)
	id := cmp.Or(response.Header.Get("X-Amzn-Requestid"), response.Header.Get("X-Amz-Request-Id"))
	facts.NoteCall(ctx, facts.Call{
		Operation: operationOf(ctx),
		Region:    c.region,
		RequestID: id[:min(len(id), maxRequestID)],
		At:        d.now().UTC(),
	})
	return out, metadata, err
}
