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
	all, err := notifications.Get()
	byBudget := map[string][]account.BudgetNotification{}
	for _, n := range all {
		byBudget[n.Budget] = append(byBudget[n.Budget], n)
	}
	candidates := make([]candidate, len(budgets))
	for i, b := range budgets {
		candidates[i] = budgetCandidate(v, b, byBudget[b.Name], err)
	}
	ways = untilOnePasses(candidates)
	for i, w := range ways {
		ways[i] = w.about("budget "+budgets[i].Name, lookedAt)
	}
	return best(ways), names
}

// budgetCandidate is a budget to be looked at: does it tell somebody when the cost grows? Its notifications are not
// known where there is an error.
func budgetCandidate(v *facts.View, b account.Budget, all []account.BudgetNotification, unread error) candidate {
	if flawed, ok := budgetFlaw(v, b); ok {
		return judged(flawed)
	}
	if unread != nil {
		return judged(notKnown(unread))
	}
	rising, unknown := risingOf(all)
	notify := func() repair { return tellOfCost(v.Site(), b.Name, rising) }
	switch {
	case len(rising) > 0:
	case unknown != "":
		return judged(unclear(facts.Unsupported, "a notification compares in an unknown way: %s", unknown))
	default:
		return judged(failed("it has no notification for a cost above a threshold").fixedBy(notify))
	}
	judge := func(w way) way {
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
	return candidate{calls: len(rising), start: func() func() func() way {
		ask := startNotifications(v, b, rising)
		return func() func() way {
			finish := ask()
			return func() way { return judge(finish()) }
		}
	}}
}

// risingOf picks of a budget's notifications those that are sent when the cost is above a threshold. It also returns a
// comparison that is not known, if there is one.
func risingOf(all []account.BudgetNotification) (rising []account.BudgetNotification, unknown string) {
	for _, n := range all {
		switch {
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

// startNotifications asks whether one of a budget's notifications reaches somebody.
func startNotifications(
	v *facts.View, b account.Budget, notifications []account.BudgetNotification,
) (ask func() (finish func() way)) {
	var subscribers []*facts.Pending[[]account.BudgetSubscriber]
	for _, n := range notifications {
		key := account.BudgetSubscribersKey{Account: v.Site().Account, BudgetNotification: n}
		subscribers = append(subscribers, account.BudgetSubscribers.Start(v, key))
	}
	return func() func() way {
		var started []func() way
		for i, n := range notifications {
			started = append(started, startNotification(v, b, n, subscribers[i]))
		}
		return func() way {
			var ways []way
			for _, finish := range started {
				ways = append(ways, finish())
			}
			return best(ways)[0]
		}
	}
}

// startNotification asks whether one of them does, once it is known who its subscribers are.
func startNotification(
	v *facts.View, b account.Budget, n account.BudgetNotification, pending *facts.Pending[[]account.BudgetSubscriber],
) (finish func() way) {
	subscribers, err := pending.Get()
	if err != nil {
		return func() way { return notKnown(err) }
	}
	reached := startSubscribers(v, subscribers)
	return func() way {
		w := reached()
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
}

// startSubscribers asks whether one of the subscribers gets the message. A mail address of a budget needs no
// confirmation.
func startSubscribers(v *facts.View, subscribers []account.BudgetSubscriber) (finish func() way) {
	var topics []string
	unknown, example, pasted := "", "", false
	for _, s := range subscribers {
		switch {
		case s.Kind == "EMAIL" && s.Example == "":
			return func() way { return passed("a mail address") }
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
	through := func() way { return failed("its notification has no subscriber") }
	if len(topics) > 0 {
		through = startTopics(v, topics)
	}
	return func() way {
		w := through()
		switch {
		case w.Verdict == checks.Pass:
			return w
		case example != "":
			w := passed("a mail address")
			w.Advice = exampleAdvice(example)
			return w
		case len(topics) > 0:
			return w
		case unknown != "":
			return unclear(facts.Unsupported, "the kind of subscriber %q is not known", unknown)
		case pasted:
			return failed("its notification tells nobody: " + pastedText)
		}
		return w
	}
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
