package billing

import (
	"fmt"
	"strconv"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// absoluteValue is the type of a threshold in money. Every other threshold is a percentage of the limit.
const absoluteValue = "ABSOLUTE_VALUE"

// tellsAny says whether one of a budget's notifications reaches somebody.
func tellsAny(v *facts.View, b account.Budget, notifications []account.BudgetNotification) checks.Finding {
	var subscribers []*facts.Pending[[]account.BudgetSubscriber]
	for _, n := range notifications {
		key := account.BudgetSubscribersKey{Account: v.Site().Account, BudgetNotification: n}
		subscribers = append(subscribers, account.BudgetSubscribers.Start(v, key))
	}
	var ways []checks.Finding
	for i, n := range notifications {
		ways = append(ways, tells(v, b, n, subscribers[i]))
	}
	return best(ways)[0]
}

func tells(
	v *facts.View, b account.Budget, n account.BudgetNotification, pending *facts.Pending[[]account.BudgetSubscriber],
) checks.Finding {
	subscribers, err := pending.Get()
	if err != nil {
		return checks.Finding{}.Unanswered(err)
	}
	f := reached(v, subscribers)
	if f.Verdict != checks.Pass {
		return f
	}
	f.Found = fmt.Sprintf("above %s it tells %s", thresholdOf(b, n), f.Found)
	switch n.Type {
	case "ACTUAL":
		return f
	case "FORECASTED":
		return half(f.Found + ", but it goes by the forecast, which needs about 5 weeks of use")
	}
	return checks.Finding{Reason: facts.Unsupported, Detail: fmt.Sprintf("the type of notification %q is not known", n.Type)}
}

// reached says whether one of the subscribers gets the message. A mail address of a budget needs no confirmation.
func reached(v *facts.View, subscribers []account.BudgetSubscriber) checks.Finding {
	var topics []string
	unknown := ""
	for _, s := range subscribers {
		switch s.Kind {
		case "EMAIL":
			return passed("a mail address")
		case "SNS":
			topics = append(topics, s.Topic)
		default:
			unknown = s.Kind
		}
	}
	switch {
	case len(topics) > 0:
		return startTopics(v, topics)()
	case unknown != "":
		return checks.Finding{Reason: facts.Unsupported, Detail: fmt.Sprintf("the kind of subscriber %q is not known", unknown)}
	}
	return failed("its notification has no subscriber")
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
