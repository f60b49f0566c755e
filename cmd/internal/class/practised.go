package class

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/submissions"
)

// How many of a practice account's answers are known by their ids: those of a long afternoon with one of the shipped
// accounts, and those of a run with an account whose number somebody chose.
const (
	answersOfShipped = 20_000
	answersOfARun    = 250
)

// practised returns what says whether a trace of an account's report is the practice account's. It knows the accounts
// that come with the labs, by all that a report of them says, and every other one by the ids of its answers. Nothing
// is made before the first question: a class of which nobody practised does not wait for it.
func practised(ctx context.Context, plans []*lab.Plan) func(trace, account string) bool {
	shipped := sync.OnceValue(func() map[string]bool { return shippedTraces(ctx, plans) })
	var own map[string]bool
	ownOf := ""
	return func(trace, account string) bool {
		if shipped()[trace] {
			return true
		}
		if own == nil || ownOf != account {
			own, ownOf = map[string]bool{}, account
			addAnswers(own, account, answersOfARun)
		}
		return own[trace]
	}
}

// shippedTraces are the traces of every practice account of the labs. One that cannot be graded has none.
func shippedTraces(ctx context.Context, plans []*lab.Plan) map[string]bool {
	traces := map[string]bool{}
	now := time.Now() // on which nothing that is looked at here depends
	for _, plan := range plans {
		accounts, err := practice.AccountsOf(plan.Lab)
		if err != nil {
			continue
		}
		for _, name := range accounts.Names {
			state, err := accounts.State(name, now)
			if err != nil {
				continue
			}
			s, _ := practice.Grading{Now: func() time.Time { return now }}.Open(ctx, plan, state)
			r := s.Run(plan)
			if r.Facts, err = s.Record(); err != nil {
				continue
			}
			for _, trace := range submissions.Traces(r) {
				traces[trace] = !strings.HasPrefix(trace, class.TimesTrace) // they go by the clock
			}
			id := r.Target.Account
			if of := submissions.AccountTrace + id; id != "" && !traces[of] {
				traces[of] = true
				addAnswers(traces, id, answersOfShipped)
			}
		}
	}
	return traces
}

func addAnswers(to map[string]bool, account string, n int) {
	for _, id := range sandbox.RequestIDs(account, n) {
		to[class.RequestTrace+id] = true
	}
}
