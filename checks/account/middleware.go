package account

import (
	"errors"

	"github.com/aws/smithy-go/middleware"
)

// addMiddleware puts ours on a call's stack: see the package comment for their order.
func (d *Door) addMiddleware(stack *middleware.Stack) error {
	onCall, onAttempt := middleware.InitializeMiddlewareFunc, middleware.FinalizeMiddlewareFunc
	onAnswer := middleware.DeserializeMiddlewareFunc
	return errors.Join(
		// Each one goes before the others, so the last is the outermost.
		stack.Initialize.Add(onCall("labcheck/deadline", d.deadline), middleware.Before),
		stack.Initialize.Add(onCall("labcheck/guard", d.guard), middleware.Before),
		stack.Initialize.Add(onCall("labcheck/explain", d.explain), middleware.Before),
		stack.Finalize.Insert(onAttempt("labcheck/remember", remember), "Retry", middleware.After),
		stack.Deserialize.Add(onAnswer("labcheck/check-xml", checkXML), middleware.Before),
		// Each one goes after the others, so the last is next to the network.
		stack.Deserialize.Add(onAnswer("labcheck/limit", d.limit), middleware.After),
		stack.Deserialize.Add(onAnswer("labcheck/check-answer", d.checkAnswer), middleware.After),
		stack.Deserialize.Add(onAnswer("labcheck/evidence", d.evidence), middleware.After),
	)
}
