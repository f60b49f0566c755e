package account

import (
	"context"
	"strings"

	"github.com/aws/smithy-go/middleware"

	"github.com/labcheck/labcheck/checks/facts"
)

// identityOperation needs no permission and is asked by every run.
const identityOperation = "sts:GetCallerIdentity"

// logsServiceID is the one ServiceID of ours whose IAM prefix is another word.
const logsServiceID = "CloudWatch Logs"

// allowList is what may be asked: exact operations, never verbs. "Get*" would let in ecr:GetAuthorizationToken, which
// mints a credential.
func allowList(operations []string) map[string]bool {
	allowed := map[string]bool{identityOperation: true}
	for _, o := range operations {
		allowed[o] = true
	}
	return allowed
}

// operationOf names the operation under way as the reads declare it: see Config for the rule.
func operationOf(ctx context.Context) string {
	id := middleware.GetServiceID(ctx)
	prefix := strings.ToLower(strings.ReplaceAll(id, " ", ""))
	if id == logsServiceID {
		prefix = "logs"
	}
	return prefix + ":" + middleware.GetOperationName(ctx)
}

// serviceID is the way back from an operation to the ServiceID by which the SDK finds a configured endpoint; for
// services of others whose ServiceID has a space in it there is no way back.
func serviceID(operation string) string {
	prefix, _, _ := strings.Cut(operation, ":")
	if prefix == "logs" {
		return logsServiceID
	}
	return prefix
}

// guard refuses every operation that the plan did not declare. It stands before anything is serialized, signed or sent.
func (d *Door) guard(
	ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
) (middleware.InitializeOutput, middleware.Metadata, error) {
	if operation := operationOf(ctx); !d.allowed[operation] {
		return middleware.InitializeOutput{}, middleware.Metadata{},
			facts.Errorf(facts.InternalError, "the read-only guard refused %s: no read of the plan declares it", operation)
	}
	return next.HandleInitialize(ctx, in)
}
