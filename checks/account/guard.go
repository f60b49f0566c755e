package account

import (
	"context"
	"strings"

	"github.com/aws/smithy-go/middleware"

	"github.com/labcheck/labcheck/checks/facts"
)

// identityOperation needs no permission and is asked by every run.
const identityOperation = "sts:GetCallerIdentity"

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
	return prefixOf(middleware.GetServiceID(ctx)) + ":" + middleware.GetOperationName(ctx)
}

// prefixOf is what stands before the colon in the operations of a service. It understands the SDK's ServiceID, such as
// "Elastic Load Balancing v2", and how the settings of an endpoint spell it: ELASTIC_LOAD_BALANCING_V2.
func prefixOf(serviceID string) string {
	prefix := strings.NewReplacer(" ", "", "_", "").Replace(strings.ToLower(serviceID))
	if prefix == "cloudwatchlogs" {
		return "logs" // as everybody calls it: IAM, the AWS CLI and the service's own address
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
