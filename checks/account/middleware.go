package account

import (
	"context"
	"errors"

	"github.com/aws/smithy-go/middleware"
)

// addMiddleware puts ours on a call's stack: see the package comment for their order.
func (d *Door) addMiddleware(stack *middleware.Stack) error {
	initialize := func(id string, f middlewareFunc[middleware.InitializeInput, middleware.InitializeHandler, middleware.InitializeOutput]) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("labcheck/"+id, f), middleware.Before)
	}
	deserialize := func(id string, f middlewareFunc[middleware.DeserializeInput, middleware.DeserializeHandler, middleware.DeserializeOutput]) error {
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("labcheck/"+id, f), middleware.After)
	}
	return errors.Join(
		// Each one goes before the others, so the last is the outermost.
		initialize("deadline", d.deadline),
		initialize("guard", d.guard),
		initialize("explain", d.explain),
		stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("labcheck/remember", remember), "Retry", middleware.After),
		// Each one goes after the others, so the last is next to the network.
		deserialize("limit", d.limit),
		deserialize("check-answer", checkAnswer),
		deserialize("evidence", d.evidence),
	)
}

// middlewareFunc is the shape of a middleware in any step of the stack.
type middlewareFunc[In, Next, Out any] = func(context.Context, In, Next) (Out, middleware.Metadata, error)
