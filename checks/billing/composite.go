package billing

import (
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
)

// ruleToken finds the parts of a composite alarm's rule that matter: an alarm that must ring, such as ALARM("name"),
// ALARM(name) or ALARM(ARN); an alarm in another state; and the brackets and negations around them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
var ruleToken = regexp.MustCompile(`\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]*)"|'([^']*)'|([^"')]*?))\s*\)|\bNOT\b|[()]`)

// standingOn picks the composite alarms that ring when the alarm does, be it through other composite alarms.
func standingOn(a account.MetricAlarm, composites []account.CompositeAlarm) []teller {
	var tellers []teller
	rings := map[string]bool{a.Name: true, a.ARN: true}
	for range composites { // each round can only add what stands on the round before
		for _, c := range composites {
			if !rings[c.Name] && ringsWith(c.Rule, rings) {
				rings[c.Name], rings[c.ARN] = true, true
				tellers = append(tellers, teller{c.Name, c.Notice})
			}
		}
	}
	return tellers
}

// ringsWith says whether a rule asks for one of the alarms to ring, and not for the opposite.
func ringsWith(rule string, rings map[string]bool) bool {
	negated, next := []bool{false}, false // by bracket, and of what comes next
	for _, token := range ruleToken.FindAllStringSubmatch(rule, -1) {
		here := negated[len(negated)-1] != next
		switch {
		case token[0] == "NOT":
			next = !next
			continue
		case token[0] == "(":
			negated = append(negated, here)
		case token[0] == ")":
			negated = negated[:max(1, len(negated)-1)]
		case token[1] == "ALARM" && !here:
			if name := strings.Join(token[2:], ""); name != "" && rings[name] {
				return true
			}
		}
		next = false
	}
	return false
}
