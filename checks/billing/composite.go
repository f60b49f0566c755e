package billing

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
)

// composite is an alarm that stands on the states of others, with its rule read.
type composite struct {
	account.CompositeAlarm
	rule ast.Expr // nil if it is not understood
	// calls are the questions in the rule, such as ALARM("billing-5usd"); the rule has the number of one for it.
	calls []stateCall
}

// stateCall asks whether an alarm, by its name or ARN, is in a state.
type stateCall struct{ state, alarm string }

// composites are the composite alarms of a Region.
type composites struct {
	list   []composite
	byName map[string]composite // and by ARN
}

func compositesOf(alarms []account.CompositeAlarm) composites {
	all := composites{byName: map[string]composite{}}
	for _, alarm := range alarms {
		rule, calls := parseRule(alarm.Rule)
		c := composite{alarm, rule, calls}
		all.list = append(all.list, c)
		all.byName[c.Name], all.byName[c.ARN] = c, c
	}
	return all
}

// ruleWord finds the words of a rule: a question about an alarm's state, by its name in quotes, its bare name or its
// ARN; operators, brackets and constants; and everything that is none of them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
var ruleWord = regexp.MustCompile(
	`\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"([^"]+)"|'([^']+)'|([^"'()\s]+))\s*\)|[A-Z]+|\s+|.`)

// parseRule reads a rule by the grammar of Go, which has its operators, brackets and precedence. The rule is nil if it
// is not understood.
func parseRule(text string) (rule ast.Expr, calls []stateCall) {
	inGo := ruleWord.ReplaceAllStringFunc(text, func(word string) string {
		switch parts := ruleWord.FindStringSubmatch(word); {
		case parts[1] != "":
			calls = append(calls, stateCall{parts[1], strings.Join(parts[2:], "")})
			return " " + strconv.Itoa(len(calls)-1) + " "
		case word == "AND":
			return "&&"
		case word == "OR":
			return "||"
		case word == "NOT":
			return "!"
		case word == "(", word == ")", word == "TRUE", word == "FALSE":
			return word
		case strings.TrimSpace(word) == "":
			return " "
		}
		return "?" // Go does not have it
	})
	rule, err := parser.ParseExpr(inGo)
	if err != nil {
		return nil, calls
	}
	return rule, calls
}

// world is a moment: which alarms ring, by name and ARN. All others are at rest: OK.
type world struct {
	composites
	ringing map[string]bool
	known   map[string]ringing // of composite alarms, by name
}

// ringing is whether an alarm rings, or an error if that is not known.
type ringing struct {
	is  bool
	err error
}

// errRule is about a rule that is not understood.
var errRule = errors.New("the rule is not understood")

// rings says whether a composite alarm rings.
func (w *world) rings(c composite) (bool, error) {
	if r, ok := w.known[c.Name]; ok {
		return r.is, r.err
	}
	w.known[c.Name] = ringing{err: errRule} // for a rule that comes back to itself
	is, err := w.holds(c, c.rule)
	w.known[c.Name] = ringing{is, err}
	return is, err
}

// holds says whether a part of a composite alarm's rule holds.
func (w *world) holds(c composite, rule ast.Expr) (bool, error) {
	switch e := rule.(type) {
	case *ast.ParenExpr:
		return w.holds(c, e.X)
	case *ast.Ident:
		return e.Name == "TRUE", nil
	case *ast.BasicLit:
		i, err := strconv.Atoi(e.Value)
		if err != nil || i >= len(c.calls) {
			return false, errRule
		}
		return w.inState(c.calls[i])
	case *ast.UnaryExpr:
		is, err := w.holds(c, e.X)
		return !is, err
	case *ast.BinaryExpr:
		a, err := w.holds(c, e.X)
		if err != nil {
			return false, err
		}
		b, err := w.holds(c, e.Y)
		if e.Op == token.LAND {
			return a && b, err
		}
		return a || b, err
	}
	return false, errRule
}

// inState says whether an alarm is in the state that is asked for.
func (w *world) inState(call stateCall) (bool, error) {
	is := w.ringing[call.alarm]
	if c, ok := w.byName[call.alarm]; ok {
		var err error
		if is, err = w.rings(c); err != nil {
			return false, err
		}
	}
	return call.state == "ALARM" && is || call.state == "OK" && !is, nil
}

// dependOn says whether a composite alarm depends on an alarm, be it through others. A rule that is not understood does
// if it has the alarm's name in it. What was asked before is in seen.
func (all composites) dependOn(c composite, a chargeAlarm, seen map[string]bool) bool {
	if depends, ok := seen[c.Name]; ok {
		return depends
	}
	seen[c.Name] = false
	seen[c.Name] = c.rule == nil && strings.Contains(c.Rule, a.Name) ||
		slices.ContainsFunc(c.calls, func(call stateCall) bool {
			other, isComposite := all.byName[call.alarm]
			return call.alarm == a.Name || call.alarm == a.ARN || isComposite && all.dependOn(other, a, seen)
		})
	return seen[c.Name]
}

// surroundings are the composite alarms that depend on a billing alarm.
type surroundings struct {
	speaking []account.CompositeAlarm // they begin to ring as the billing alarm does
	silent   []account.CompositeAlarm // they do not, as long as all other alarms are at rest
	unread   []account.CompositeAlarm // nobody knows
}

// around sorts the composite alarms that depend on an alarm by what they do as it begins to ring. The alarms that ring
// at a lower limit ring with it.
func (all composites) around(a chargeAlarm, billing []chargeAlarm) surroundings {
	var s surroundings
	before := world{all, map[string]bool{}, map[string]ringing{}}
	after := world{all, map[string]bool{}, map[string]ringing{}}
	for _, other := range billing {
		if !other.flawed && other.Name != a.Name && other.part == "" && other.limit <= a.limit {
			before.ringing[other.Name], before.ringing[other.ARN] = true, true
		}
	}
	maps.Copy(after.ringing, before.ringing)
	after.ringing[a.Name], after.ringing[a.ARN] = true, true
	seen := map[string]bool{}
	for _, c := range all.list {
		if !all.dependOn(c, a, seen) {
			continue
		}
		rang, err := before.rings(c)
		rings, errAfter := after.rings(c)
		switch {
		case err != nil || errAfter != nil:
			s.unread = append(s.unread, c.CompositeAlarm)
		case rings && !rang:
			s.speaking = append(s.speaking, c.CompositeAlarm)
		default:
			s.silent = append(s.silent, c.CompositeAlarm)
		}
	}
	return s
}

// notifiers are the alarm and the composite alarms that ring with it.
func (s surroundings) notifiers(a chargeAlarm) []notifier {
	all := []notifier{{a.Name, a.Notice}}
	for _, c := range s.speaking {
		all = append(all, notifier{c.Name, c.Notice})
	}
	return all
}
