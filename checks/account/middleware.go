package account

import (
	"context"
	"errors"

	"github.com/aws/smithy-go/middleware"
)

// addMiddleware puts ours on a call's stack: see the package comment for their order.
func (d *Door) addMiddleware(stack *middleware.Stack) error {
	initialize := func(id string, f middlewareFunc[middleware.InitializeInput, middleware.InitializeHandler, middleware.InitializeOutput]) error {
		ours := middleware.InitializeMiddlewareFunc("labcheck/"+id, f)
		// A client of the older kind, such as Budgets, names its operation on the stack; the newer ones do it before.
		if _, ok := stack.Initialize.Get(namesOperation); ok {
			return stack.Initialize.Insert(ours, namesOperation, middleware.After)
		}
		return stack.Initialize.Add(ours, middleware.Before)
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
		deserialize("check-answer", d.checkAnswer),
		deserialize("evidence", d.evidence),
	)
}

// namesOperation is the id of the SDK's middleware that says which operation is under way.
const namesOperation = "RegisterServiceMetadata"

// middlewareFunc is the shape of a middleware in any step of the stack.
type middlewareFunc[In, Next, Out any] = func(context.Context, In, Next) (Out, middleware.Metadata, error)
