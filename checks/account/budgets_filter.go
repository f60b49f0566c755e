package account

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets/types"
)

// creditCharge is the kind of charge that credits are booked as, and refundCharge that of money given back:
// https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-create-filters.html
const (
	creditCharge = "Credit"
	refundCharge = "Refund"
)

// narrows says whether an expression leaves a part of the cost out. To leave out what only lowers the bill, as the
// console does with credits and refunds, leaves no cost out.
func narrows(e *types.Expression) bool {
	if e == nil {
		return false
	}
	if len(e.And) > 0 {
		return slices.ContainsFunc(e.And, func(part types.Expression) bool { return narrows(&part) })
	}
	kinds, ok := chargesLeftOut(e)
	return !ok || slices.ContainsFunc(kinds, func(kind string) bool {
		return kind != creditCharge && kind != refundCharge && !strings.HasSuffix(kind, "Discount")
	})
}

// chargesLeftOut lists the kinds of charges that an expression takes out, if it does nothing else.
func chargesLeftOut(e *types.Expression) (kinds []string, ok bool) {
	if e.Not == nil || e.Not.Dimensions == nil || e.Not.Dimensions.Key != types.DimensionRecordType {
		return nil, false
	}
	loose := func(o types.MatchOption) bool {
		return o != types.MatchOptionEquals && o != types.MatchOptionCaseSensitive
	}
	return e.Not.Dimensions.Values, !slices.ContainsFunc(e.Not.Dimensions.MatchOptions, loose)
}

// creditsIn says whether credits are taken off the cost that a budget watches; nil if AWS does not tell. A budget of
// today's form names metrics and leaves kinds of charges out by its expression, one of the older form has a list of them.
func creditsIn(b types.Budget) *bool {
	if old := b.CostTypes; old != nil { //nolint:staticcheck // SA1019: the API still answers with it
		return old.IncludeCredit
	}
	if len(b.Metrics) == 0 && b.FilterExpression == nil {
		return nil
	}
	return aws.Bool(!leavesOut(creditCharge, b.FilterExpression))
}

func leavesOut(kind string, e *types.Expression) bool {
	if e == nil {
		return false
	}
	kinds, _ := chargesLeftOut(e)
	return slices.Contains(kinds, kind) ||
		slices.ContainsFunc(e.And, func(part types.Expression) bool { return leavesOut(kind, &part) })
}

// ownView ends the ARN of the billing view that holds an account's whole cost:
// https://docs.aws.amazon.com/cost-management/latest/userguide/billing-view.html
const ownView = ":billingview/primary"

// otherView is a billing view that is not the account's own, or "".
func otherView(arn string) string {
	if strings.HasSuffix(arn, ownView) {
		return ""
	}
	return arn
}
