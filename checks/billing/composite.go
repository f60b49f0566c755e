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

// standers are composite alarms by the names and ARNs of what they stand on.
type standers map[string][]account.CompositeAlarm

func newStanders(composites []account.CompositeAlarm) standers {
	on := standers{}
	for _, c := range composites {
		for _, name := range ringsWith(c.Rule) {
			on[name] = append(on[name], c)
		}
	}
	return on
}

// on picks the composite alarms that ring when the alarm does, be it through other composite alarms: first those that
// stand on it, then those that stand on these.
func (s standers) on(a account.MetricAlarm) []teller {
	var tellers []teller
	rings := map[string]bool{a.Name: true}
	names := []string{a.Name, a.ARN}
	for len(names) > 0 {
		for _, c := range s[names[0]] {
			if !rings[c.Name] {
				rings[c.Name] = true
				tellers = append(tellers, teller{c.Name, c.Notice})
				names = append(names, c.Name, c.ARN)
			}
		}
		names = names[1:]
	}
	return tellers
}

// ringsWith lists the alarms that a rule asks for to ring, and not for the opposite.
func ringsWith(rule string) []string {
	var names []string
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
			if name := strings.Join(token[2:], ""); name != "" {
				names = append(names, name)
			}
		}
		next = false
	}
	return names
}
