package billing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// anyBudget is the subject of a finding about no budget in particular.
const anyBudget = "cost budget"

// budgetWays looks at the account's budgets until one passes. It also returns the names of all of them.
func budgetWays(v *facts.View) (ways []way, names []string) {
	key := account.BudgetsKey{Account: v.Site().Account}
	pending, notifications := account.Budgets.Start(v, key), account.BudgetNotifications.Start(v, key)
	lookedAt := strings.TrimSpace("AWS Budgets of the account " + key.Account) // not known where nobody could be asked
	budgets, err := pending.Get()
	if err != nil {
		return []way{notKnown(err).about(anyBudget, lookedAt)}, nil
	}
	lookedAt = fmt.Sprintf("%s (%d)", lookedAt, len(budgets))
	if len(budgets) == 0 {
		return []way{failed("the account has no budget").about(anyBudget, lookedAt)}, nil
	}
	for _, b := range budgets {
		names = append(names, b.Name)
	}
	for _, b := range budgets {
		w := judgeBudget(v, b, notifications).about("budget "+b.Name, lookedAt)
		ways = append(ways, w)
		if w.Verdict == checks.Pass {
			break
		}
	}
	return best(ways), names
}

// judgeBudget says whether a budget tells somebody when the cost grows.
func judgeBudget(v *facts.View, b account.Budget, notifications *facts.Pending[[]account.BudgetNotification]) way {
	if flawed, ok := budgetFlaw(v, b); ok {
		return flawed
	}
	all, err := notifications.Get()
	if err != nil {
		return notKnown(err)
	}
	rising, unknown := risingOf(b, all)
	notify := func() repair { return tellOfCost(v.Site(), b.Name, rising) }
	switch {
	case len(rising) > 0:
	case unknown != "":
		return unclear(facts.Unsupported, "a notification compares in an unknown way: %s", unknown)
	default:
		return failed("it has no notification for a cost above a threshold").fixedBy(notify)
	}
	w := judgeNotifications(v, b, rising)
	if w.Verdict == checks.Fail || w.Verdict == checks.Partial {
		w = w.fixedBy(notify)
	}
	switch {
	case w.Verdict == checks.Pass && b.Filtered:
		w = w.half(w.Found + ", but it watches only a part of the cost")
	case w.Verdict == checks.Pass && b.View != "":
		w = unclear(facts.Unsupported, "how much of the cost is in the billing view %s is not known", b.View)
	}
	if w.Verdict == checks.Pass || w.Verdict == checks.Partial {
		w.Advice = checks.Join(append([]string{w.Advice}, budgetAdvice(b, rising)...)...)
	}
	return w
}

// risingOf picks a budget's notifications that are sent when the cost is above a threshold. It also returns a
// comparison that is not known, if there is one.
func risingOf(b account.Budget, all []account.BudgetNotification) (
	rising []account.BudgetNotification, unknown string,
) {
	for _, n := range all {
		switch {
		case n.Budget != b.Name:
		case n.Comparison == "GREATER_THAN":
			rising = append(rising, n)
		case n.Comparison != "LESS_THAN" && n.Comparison != "EQUAL_TO":
			unknown = strconv.Quote(n.Comparison)
		}
	}
	return rising, unknown
}

// otherTypes are the types of budgets that do not watch cost.
// https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html
func otherTypes() []string {
	return []string{"USAGE", "RI_UTILIZATION", "RI_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "SAVINGS_PLANS_COVERAGE"}
}

// budgetFlaw says what keeps a budget from watching the cost, if something does.
func budgetFlaw(v *facts.View, b account.Budget) (way, bool) {
	limit, err := strconv.ParseFloat(b.Limit, 64)
	now := v.Now()
	fixed := func(w way) (way, bool) {
		return w.fixedBy(func() repair { return updateBudget(v.Site(), b) }), true
	}
	switch {
	case slices.Contains(otherTypes(), b.Type):
		return failed("it is a budget of the type " + b.Type + " and does not watch the cost"), true
	case b.Type != "COST":
		return unclear(facts.Unsupported, "the type of budget %q is not known", b.Type), true
	case !b.Ends.IsZero() && !b.Ends.After(now):
		return fixed(failed("it ended on " + b.Ends.UTC().Format(time.DateOnly)))
	case b.Starts.After(now):
		starts := b.Starts.UTC().Format(time.DateOnly)
		return fixed(failed("it begins on " + starts + ", and watches nothing before that"))
	case b.Varies:
	case b.Limit == "":
		return fixed(failed("it has no limit"))
	case err != nil:
		return unclear(facts.InvalidResponse, "the limit %q is no number", b.Limit), true
	case limit <= 0:
		return fixed(failed("its limit is " + b.Limit + " " + b.Unit))
	}
	return way{}, false
}

// fullyUsed is the threshold, in percent of the limit, above which a notification comes late.
const fullyUsed = 100

// budgetAdvice lists what is worth changing in a budget that works.
func budgetAdvice(b account.Budget, rising []account.BudgetNotification) []string {
	var list []string
	early := func(n account.BudgetNotification) bool {
		return n.ThresholdType == absoluteValue || n.Threshold <= fullyUsed
	}
	if !slices.ContainsFunc(rising, early) {
		list = append(list, fmt.Sprintf("it tells only when more than %d %% of the limit is used", fullyUsed))
	}
	if b.Credits != nil && *b.Credits {
		list = append(list, "credits are taken off the cost: it sees nothing until they are used up")
	}
	if b.Health == "UNHEALTHY" {
		list = append(list, "AWS says that the budget is unhealthy")
	}
	return list
}

// absoluteValue is the type of a threshold in money. Every other threshold is a percentage of the limit.
const absoluteValue = "ABSOLUTE_VALUE"

// judgeNotifications says whether one of a budget's notifications reaches somebody.
func judgeNotifications(v *facts.View, b account.Budget, notifications []account.BudgetNotification) way {
	var subscribers []*facts.Pending[[]account.BudgetSubscriber]
	for _, n := range notifications {
		key := account.BudgetSubscribersKey{Account: v.Site().Account, BudgetNotification: n}
		subscribers = append(subscribers, account.BudgetSubscribers.Start(v, key))
	}
	var ways []way
	for i, n := range notifications {
		ways = append(ways, judgeNotification(v, b, n, subscribers[i]))
	}
	return best(ways)[0]
}

// judgeNotification says whether one of them does.
func judgeNotification(
	v *facts.View, b account.Budget, n account.BudgetNotification, pending *facts.Pending[[]account.BudgetSubscriber],
) way {
	subscribers, err := pending.Get()
	if err != nil {
		return notKnown(err)
	}
	w := reached(v, subscribers)
	if w.Verdict != checks.Pass {
		return w
	}
	w.Found = fmt.Sprintf("above %s it tells %s", thresholdOf(b, n), w.Found)
	switch n.Type {
	case actual:
		return w
	case "FORECASTED":
		return w.half(w.Found + ", but it goes by the forecast, which needs about 5 weeks of use")
	}
	return unclear(facts.Unsupported, "the type of notification %q is not known", n.Type)
}

// reached says whether one of the subscribers gets the message. A mail address of a budget needs no confirmation.
func reached(v *facts.View, subscribers []account.BudgetSubscriber) way {
	var topics []string
	unknown, example, pasted := "", "", false
	for _, s := range subscribers {
		switch {
		case s.Kind == "EMAIL" && s.Example == "":
			return passed("a mail address")
		case s.Kind == "EMAIL" && isPlaceholder(s.Example):
			pasted = true
		case s.Kind == "EMAIL":
			example = s.Example
		case s.Kind == "SNS":
			topics = append(topics, s.Topic)
		default:
			unknown = s.Kind
		}
	}
	through := failed("its notification has no subscriber")
	if len(topics) > 0 {
		through = startTopics(v, topics)()
	}
	switch {
	case through.Verdict == checks.Pass:
		return through
	case example != "":
		w := passed("a mail address")
		w.Advice = exampleAdvice(example)
		return w
	case len(topics) > 0:
		return through
	case unknown != "":
		return unclear(facts.Unsupported, "the kind of subscriber %q is not known", unknown)
	case pasted:
		return failed("its notification tells nobody: " + pastedText)
	}
	return through
}

// thresholdOf writes a threshold, such as "80 % of 5 USD" or "0.01 USD".
func thresholdOf(b account.Budget, n account.BudgetNotification) string {
	if n.ThresholdType == absoluteValue {
		return money(n.Threshold, b.Unit)
	}
	percent := strconv.FormatFloat(n.Threshold, 'f', -1, 64) + " % of "
	limit, err := strconv.ParseFloat(b.Limit, 64)
	if err != nil {
		return percent + "its limit"
	}
	return percent + money(limit, b.Unit)
}
