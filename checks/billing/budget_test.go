package billing_test

import (
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

const create = `aws budgets create-budget --account-id 123456789012 --budget '{"BudgetName":"monthly-cost",`

// monthly is the account's one budget, as the lab wants it and then changed.
func monthly(changes ...func(*account.Budget)) account.Budget {
	budget := account.Budget{
		Name: "lab", Type: "COST", Limit: "5.0", Unit: "USD", Credits: no(), Health: "HEALTHY",
		Ends: time.Date(2087, time.June, 15, 0, 0, 0, 0, time.UTC),
	}
	for _, change := range changes {
		change(&budget)
	}
	return budget
}

// actual is a notification of the budget when the cost is above a percentage of its limit.
func actual(percent float64) account.BudgetNotification {
	return account.BudgetNotification{
		Budget: "lab", Type: "ACTUAL", Comparison: "GREATER_THAN", Threshold: percent, ThresholdType: "PERCENTAGE",
	}
}

func with(n account.BudgetNotification, change func(*account.BudgetNotification)) account.BudgetNotification {
	change(&n)
	return n
}

// mailed is a budget whose notifications go to a mail address.
func mailed(b account.Budget, notifications ...account.BudgetNotification) *budgets {
	all := &budgets{list: []account.Budget{b}, notifications: notifications}
	for range notifications {
		all.subscribers = append(all.subscribers, []account.BudgetSubscriber{{Kind: "EMAIL"}})
	}
	return all
}

func (b *budgets) to(subscribers ...account.BudgetSubscriber) *budgets {
	b.subscribers[0] = subscribers
	return b
}

func budgetCases() []checktest.Case {
	type budget = account.Budget
	type notification = account.BudgetNotification
	forecast := with(actual(80), func(n *notification) { n.Type = "FORECASTED" })
	says := func(name string, b *budgets, want checks.Verdict, found string) checktest.Case {
		return checktest.Case{Name: "budget: " + name, Facts: situation{budgets: b}.facts(), Want: want, Found: found}
	}
	advises := func(name string, b *budgets, advice string) checktest.Case {
		c := says(name, b, checks.Pass, "")
		c.Advice = advice
		return c
	}
	unclear := func(name string, b *budgets, reason facts.Reason) checktest.Case {
		c := says(name, b, checks.Unknown, "")
		c.Reason = reason
		return c
	}
	// A flawed budget is not asked for its subscribers.
	flawed := func(name, found string, change func(*budget)) checktest.Case {
		b := &budgets{list: []budget{monthly(change)}, notifications: []notification{actual(80)}}
		c := says(name, b, checks.Fail, found)
		c.Expected = "or a cost budget, that tells somebody"
		return c
	}
	sns := account.BudgetSubscriber{Kind: "SNS", Topic: topicARN}
	through := func(name string, topics map[string]account.Topic, want checks.Verdict, found string) checktest.Case {
		s := situation{budgets: mailed(monthly(), actual(80)).to(sns), topics: topics}
		return checktest.Case{Name: "budget: " + name, Facts: s.facts(), Want: want, Found: found}
	}
	taken := says("the fix's name is taken",
		mailed(monthly(func(b *budget) { b.Name, b.Type = "monthly-cost", "USAGE" })), checks.Fail, "of the type USAGE")
	taken.Fix = `"BudgetName":"monthly-cost-2"`
	second := mailed(monthly(), actual(80))
	second.list = append([]budget{monthly(func(b *budget) { b.Name, b.Type = "use", "USAGE" })}, second.list...)
	return []checktest.Case{
		says("mail", mailed(monthly(), actual(80)), checks.Pass, "above 80 % of 5 USD it tells a mail address"),
		says("an absolute threshold",
			mailed(monthly(), with(actual(0.01), func(n *notification) { n.ThresholdType = "ABSOLUTE_VALUE" })),
			checks.Pass, "above 0.01 USD it tells"),
		says(
			"a limit that varies", mailed(monthly(func(b *budget) { b.Limit, b.Varies = "", true }), actual(80)), checks.Pass,
			"80 % of its limit",
		),
		says("the second one is right", second, checks.Pass, ""),
		says("forecast and actual", mailed(monthly(), forecast, actual(100)), checks.Pass, "above 100 %"),
		says("forecast only", mailed(monthly(), forecast), checks.Partial, "by the forecast"),
		says(
			"a part of the cost", mailed(monthly(func(b *budget) { b.Filtered = true }), actual(80)), checks.Partial,
			"only a part of the cost",
		),
		says("no notification", mailed(monthly()), checks.Fail, "it has no notification"),
		says("a notification below",
			mailed(monthly(), with(actual(80), func(n *notification) { n.Comparison = "LESS_THAN" })),
			checks.Fail, "no notification for a cost above"),
		says("a notification at one amount",
			mailed(monthly(), with(actual(80), func(n *notification) { n.Comparison = "EQUAL_TO" })),
			checks.Fail, "no notification for a cost above"),
		says("a notification of another budget",
			mailed(monthly(), with(actual(80), func(n *notification) { n.Budget = "other" })),
			checks.Fail, "it has no notification"),
		says(
			"no subscriber", mailed(monthly(), actual(80)).to([]account.BudgetSubscriber{}...), checks.Fail, "no subscriber",
		),
		advises("late", mailed(monthly(), actual(120)), "only when more than 100 % of the limit is used"),
		advises("credits", mailed(monthly(func(b *budget) { b.Credits = yes() }), actual(80)), "credits are taken off"),
		advises("unhealthy", mailed(monthly(func(b *budget) { b.Health = "UNHEALTHY" }), actual(80)), "unhealthy"),
		flawed("usage", "of the type USAGE", func(b *budget) { b.Type = "USAGE" }),
		flawed(
			"ended", "it ended on 2026-11-01",
			func(b *budget) { b.Ends = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC) },
		),
		flawed("not begun", "it begins on 2026-12-01, and watches nothing before", func(b *budget) {
			b.Starts = time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)
		}),
		says("begun", mailed(monthly(func(b *budget) { b.Starts = checktest.Now }), actual(80)), checks.Pass, ""),
		unclear("a billing view of one's own", mailed(monthly(func(b *budget) {
			b.View = "arn:aws:billing::123456789012:billingview/custom-0123"
		}), actual(80)), facts.Unsupported),
		flawed("no limit", "it has no limit", func(b *budget) { b.Limit = "" }),
		flawed("limit 0", "its limit is 0.0 USD", func(b *budget) { b.Limit = "0.0" }),
		unclear("a type that AWS adds one day", mailed(monthly(func(b *budget) { b.Type = "CARBON" })), facts.Unsupported),
		unclear("a limit that is no number", mailed(monthly(func(b *budget) { b.Limit = "five" })), facts.InvalidResponse),
		unclear("a type of notification that AWS adds one day",
			mailed(monthly(), with(actual(80), func(n *notification) { n.Type = "GUESSED" })),
			facts.Unsupported),
		unclear("a comparison that AWS adds one day",
			mailed(monthly(), with(actual(80), func(n *notification) { n.Comparison = "AROUND" })),
			facts.Unsupported),
		says("a comparison that AWS adds one day beside a right one",
			mailed(monthly(), actual(80), with(actual(90), func(n *notification) { n.Comparison = "" })),
			checks.Pass, "above 80 %"),
		unclear("a kind of subscriber that AWS adds one day",
			mailed(monthly(), actual(80)).to(account.BudgetSubscriber{Kind: "PIGEON"}),
			facts.Unsupported),
		through("a topic that tells somebody", topic(confirmed), checks.Pass, "it tells 1 confirmed subscriber"),
		through("a topic that tells nobody", topic(), checks.Fail, "billing-alerts has no subscription"),
		through("a topic that is not confirmed", topic("PendingConfirmation"), checks.Unknown, "waits for its confirmation"),
		unclear("something else than a topic",
			mailed(monthly(), actual(80)).to(account.BudgetSubscriber{Kind: "SNS", Topic: "nonsense"}),
			facts.InvalidResponse),
		taken,
	}
}
