package billing

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// Metric math is read as far as it can be understood: what an expression amounts to at an amount of the charges, and
// whether it rises or falls as they grow. Everything else is an error, and so the alarm is unknown.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html

// trend is where a number goes as the charges grow.
type trend int

const (
	steady  trend = 0
	rising  trend = 1
	falling trend = -1
)

// number is what an expression amounts to: its value at one amount of the charges, and where it moves, and between
// which bounds, as the charges grow from nothing.
type number struct {
	value     float64
	low, high float64
	trend     trend
}

func constant(x float64) number { return number{value: x, low: x, high: x} }

// charges is an amount of money that was spent.
func charges(amount float64) number { return number{value: amount, high: math.Inf(1), trend: rising} }

// missing is where an expression has no data, for which no comparison holds.
func missing() number { return number{value: math.NaN(), low: math.Inf(-1), high: math.Inf(-1)} }

func (n number) isConstant() bool { return n.trend == steady }

func (n number) negative() number { return number{0 - n.value, 0 - n.high, 0 - n.low, -n.trend} }

// mapped is the number after a function that never falls.
func (n number) mapped(f func(float64) float64) number {
	return number{f(n.value), f(n.low), f(n.high), n.trend}
}

// errMixed is about numbers of which one rises while the other falls.
var errMixed = errors.New("it neither rises nor falls for sure as the charges grow")

// joined is the trend of two numbers together.
func joined(a, b trend) (trend, error) {
	if a == -b && a != steady {
		return steady, errMixed
	}
	return cmp.Or(a, b), nil
}

func sum(a, b number) (number, error) {
	t, err := joined(a.trend, b.trend)
	return number{a.value + b.value, a.low + b.low, a.high + b.high, t}, err
}

func product(a, b number) (number, error) {
	if b.isConstant() {
		a, b = b, a
	}
	switch {
	case a.isConstant() && a.value == 0:
		return constant(0), nil
	case a.isConstant() && a.value < 0:
		n, err := product(a.negative(), b)
		return n.negative(), err
	case !a.isConstant() && (a.low < 0 || b.low < 0):
		return number{}, errMixed
	}
	t, err := joined(a.trend, b.trend)
	return number{a.value * b.value, bound(a.low, b.low), bound(a.high, b.high), t}, err
}

// bound multiplies two bounds: nothing of everything is nothing.
func bound(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return a * b
}

func quotient(a, b number) (number, error) {
	switch {
	case b.isConstant() && b.value == 0, !b.isConstant() && b.low < 0:
		return number{}, errMixed
	case b.isConstant():
		return product(a, constant(1/b.value))
	}
	return product(a, number{1 / b.value, 1 / b.high, 1 / b.low, -b.trend})
}

// truth is 1 where a number is anything but 0, and 0 where it is 0.
func truth(n number) (number, error) {
	is := func(x float64) float64 {
		if x != 0 {
			return 1
		}
		return 0
	}
	switch {
	case n.isConstant():
		return constant(is(n.value)), nil
	case n.low >= 0:
		return number{is(n.value), 0, 1, n.trend}, nil
	case n.high <= 0:
		return number{is(n.value), 0, 1, -n.trend}, nil
	}
	return number{}, errMixed
}

// more is 1 where a is more than b, or as much if equal says so, and 0 elsewhere.
func more(a, b number, equal bool) (number, error) {
	d, err := sum(a, b.negative())
	if err != nil {
		return number{}, err
	}
	is := constant(0)
	if d.value > 0 || equal && d.value == 0 {
		is = constant(1)
	}
	if d.isConstant() {
		return is, nil
	}
	return number{is.value, 0, 1, d.trend}, nil
}

// choice is what IF makes of a condition and of what holds where it is true and where it is not.
func choice(condition, yes, no number) (number, error) {
	c, err := truth(condition)
	if err != nil {
		return number{}, err
	}
	if c.trend == falling {
		yes, no = no, yes
		c = number{1 - c.value, 0, 1, rising}
	}
	n := no
	if c.value != 0 {
		n = yes
	}
	if c.isConstant() {
		return n, nil
	}
	t, err := joined(yes.trend, no.trend)
	n.low, n.high = min(yes.low, no.low), max(yes.high, no.high)
	switch {
	case err != nil:
	case t != falling && no.high <= yes.low:
		n.trend = rising
		return n, nil
	case t != rising && no.low >= yes.high:
		n.trend = falling
		return n, nil
	}
	return number{}, errMixed
}

// longestExpression is the most that CloudWatch takes, in bytes, and mostElements is more than it takes of elements.
const (
	longestExpression = 2048
	mostElements      = 500
)

// chargeMath computes what the elements of an alarm amount to.
type chargeMath struct {
	elements map[string]account.AlarmElement
	parsed   map[string]ast.Expr
	isPart   func(account.AlarmMetric) bool // whether a metric has only a part of the charges
	// whole and part are what the charges are taken to be: those of the whole account, and those of a part of it.
	whole, part number
	known       map[string]number
	open        map[string]bool // elements that are being computed
}

// goWords turn what Go writes otherwise into Go. An element's id begins with a small letter.
var goWords = regexp.MustCompile(`\[|\]|\s+|\bAND\b|\bOR\b`)

// listFunction stands for the brackets around a list.
const listFunction = "LIST"

// parseMath reads an expression by the grammar of Go, which metric math has in common with it but for brackets and
// words.
func parseMath(text string) (ast.Expr, error) {
	if len(text) > longestExpression {
		return nil, fmt.Errorf("it is longer than %d characters", longestExpression)
	}
	inGo := goWords.ReplaceAllStringFunc(text, func(word string) string {
		switch word {
		case "[":
			return listFunction + "("
		case "]":
			return ")"
		case "AND":
			return "&&"
		case "OR":
			return "||"
		}
		return " "
	})
	return parser.ParseExpr(inGo)
}

func newChargeMath(elements []account.AlarmElement, isPart func(account.AlarmMetric) bool) (*chargeMath, error) {
	if len(elements) > mostElements {
		return nil, fmt.Errorf("it has more than %d elements", mostElements)
	}
	m := &chargeMath{elements: map[string]account.AlarmElement{}, parsed: map[string]ast.Expr{}, isPart: isPart}
	for _, e := range elements {
		m.elements[e.ID] = e
	}
	return m, nil
}

// reads lists the metrics that an element depends on. An expression that cannot be parsed is an error.
func (m *chargeMath) reads(id string) (metrics []account.AlarmMetric, err error) {
	seen := map[string]bool{}
	ids := []string{id}
	for ; len(ids) > 0; ids = ids[1:] {
		e, ok := m.elements[ids[0]]
		switch {
		case !ok || seen[e.ID]: // a word, such as a function's name
			continue
		case e.Expression == "":
			metrics = append(metrics, e.Metric)
		default:
			tree, err := parseMath(e.Expression)
			if err != nil {
				return nil, unread(e, err)
			}
			m.parsed[e.ID] = tree
			ast.Inspect(tree, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					ids = append(ids, n.Name)
				case *ast.CallExpr:
					ids = append(ids, m.metricsOf(n)...)
				}
				return true
			})
		}
		seen[e.ID] = true
	}
	return metrics, nil
}

// unread says which expression is not understood, and why.
func unread(e account.AlarmElement, why error) error {
	const shown = 100
	text := e.Expression
	if len(text) > shown {
		text = strings.ToValidUTF8(text[:shown], "") + "…"
	}
	if errors.Is(why, errMixed) {
		return fmt.Errorf("%w, by its expression %s", why, text)
	}
	return facts.Errorf(facts.Unsupported, "its expression is not understood here: %s", text)
}

// metricsOf are the elements that METRICS() stands for: all metrics, or those whose ids contain a text.
func (m *chargeMath) metricsOf(call *ast.CallExpr) []string {
	if !calls(call, "METRICS") || len(call.Args) > 1 {
		return nil
	}
	part := ""
	if len(call.Args) == 1 {
		text, ok := call.Args[0].(*ast.BasicLit)
		if !ok || text.Kind != token.STRING {
			return nil
		}
		part = strings.Trim(text.Value, "\"`")
	}
	var ids []string
	for id, e := range m.elements {
		if e.Expression == "" && strings.Contains(id, part) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// at computes an element where the charges of the whole account, and of parts of it, are these.
func (m *chargeMath) at(id string, whole, part number) (number, error) {
	m.whole, m.part = whole, part
	m.known, m.open = map[string]number{}, map[string]bool{}
	n, err := m.element(id)
	if err != nil {
		return n, unread(m.elements[id], err)
	}
	return n, nil
}

func (m *chargeMath) element(id string) (number, error) {
	e, ok := m.elements[id]
	n, known := m.known[id]
	switch {
	case known:
		return n, nil
	case !ok || m.open[id]:
		return number{}, errUnknown
	case e.Expression == "" && m.isPart(e.Metric):
		return m.part, nil
	case e.Expression == "":
		return m.whole, nil
	}
	m.open[id] = true
	n, err := m.compute(m.parsed[id])
	m.open[id] = false
	m.known[id] = n
	return n, err
}

// errUnknown is about something that is not read here.
var errUnknown = errors.New("it is not understood")

func (m *chargeMath) compute(tree ast.Expr) (number, error) {
	switch e := tree.(type) {
	case *ast.ParenExpr:
		return m.compute(e.X)
	case *ast.Ident:
		return m.element(e.Name)
	case *ast.BasicLit:
		x, err := strconv.ParseFloat(e.Value, 64)
		if err != nil || e.Kind != token.INT && e.Kind != token.FLOAT || !isFinite(x) {
			return number{}, errUnknown
		}
		return constant(x), nil
	case *ast.UnaryExpr:
		n, err := m.compute(e.X)
		switch {
		case err != nil:
			return number{}, err
		case e.Op == token.SUB:
			return n.negative(), nil
		case e.Op == token.ADD:
			return n, nil
		}
	case *ast.BinaryExpr:
		a, err := m.compute(e.X)
		if err != nil {
			return number{}, err
		}
		b, err := m.compute(e.Y)
		if err != nil {
			return number{}, err
		}
		return operation(e.Op, a, b)
	case *ast.CallExpr:
		return m.call(e)
	}
	return number{}, errUnknown
}

func operation(op token.Token, a, b number) (number, error) {
	switch op {
	case token.ADD:
		return sum(a, b)
	case token.SUB:
		return sum(a, b.negative())
	case token.MUL:
		return product(a, b)
	case token.QUO:
		return quotient(a, b)
	case token.GTR, token.GEQ:
		return more(a, b, op == token.GEQ)
	case token.LSS, token.LEQ:
		return more(b, a, op == token.LEQ)
	case token.LAND, token.LOR:
		return logic(op, a, b)
	default: // Go has no power: its ^ binds otherwise
		return number{}, errUnknown
	}
}

func logic(op token.Token, a, b number) (number, error) {
	a, err := truth(a)
	if err != nil {
		return number{}, err
	}
	if b, err = truth(b); err != nil {
		return number{}, err
	}
	t, err := joined(a.trend, b.trend)
	choose := func(x, y float64) float64 { return max(x, y) }
	if op == token.LAND {
		choose = func(x, y float64) float64 { return min(x, y) }
	}
	n := number{choose(a.value, b.value), choose(a.low, b.low), choose(a.high, b.high), t}
	if n.low == n.high {
		n.trend = steady
	}
	return n, err
}

// call computes the functions that keep a number's way, or choose among numbers.
func (m *chargeMath) call(e *ast.CallExpr) (number, error) {
	name, ok := e.Fun.(*ast.Ident)
	if !ok {
		return number{}, errUnknown
	}
	switch name.Name {
	case "MAX", "MIN", "AVG", "SUM":
		return m.overall(name.Name, e.Args)
	case "FILL": // FILL(m1, 0), FILL(m1, REPEAT): nothing else than what is missing changes
		if len(e.Args) != 2 || !m.isFilling(e.Args[1]) {
			return number{}, errUnknown
		}
		return m.compute(e.Args[0])
	}
	args := make([]number, len(e.Args))
	for i, arg := range e.Args {
		var err error
		if args[i], err = m.compute(arg); err != nil {
			return number{}, err
		}
	}
	switch n := len(args); {
	case name.Name == "IF" && n == 2:
		return choice(args[0], args[1], missing())
	case name.Name == "IF" && n == 3:
		return choice(args[0], args[1], args[2])
	case n != 1:
	case name.Name == "CEIL":
		return args[0].mapped(math.Ceil), nil
	case name.Name == "FLOOR":
		return args[0].mapped(math.Floor), nil
	case name.Name == "ABS" && args[0].low >= 0:
		return args[0], nil
	case name.Name == "ABS" && args[0].high <= 0:
		return args[0].negative(), nil
	case (name.Name == "LOG" || name.Name == "LOG10") && args[0].low >= 0:
		f := math.Log
		if name.Name == "LOG10" {
			f = math.Log10
		}
		return args[0].mapped(f), nil
	case name.Name == "TIME_SERIES" && args[0].isConstant():
		return args[0], nil
	}
	return number{}, errUnknown
}

func (m *chargeMath) isFilling(e ast.Expr) bool {
	if word, ok := e.(*ast.Ident); ok && (word.Name == "REPEAT" || word.Name == "LINEAR") {
		return true
	}
	n, err := m.compute(e)
	return err == nil && n.isConstant()
}

// overall computes one number of a list of them: MAX([m1, m2]) or SUM(METRICS()). The highest, lowest and average value
// of a single one is taken for the value itself.
func (m *chargeMath) overall(name string, args []ast.Expr) (number, error) {
	list, err := m.list(args)
	switch {
	case err != nil:
		return number{}, err
	case len(list) == 0, len(list) == 1 && name == "SUM" && !isList(args):
		return number{}, errUnknown
	}
	all := list[0]
	for _, n := range list[1:] {
		t, err := joined(all.trend, n.trend)
		if err != nil {
			return number{}, err
		}
		switch name {
		case "MAX":
			all = number{max(all.value, n.value), max(all.low, n.low), max(all.high, n.high), t}
		case "MIN":
			all = number{min(all.value, n.value), min(all.low, n.low), min(all.high, n.high), t}
		default:
			all = number{all.value + n.value, all.low + n.low, all.high + n.high, t}
		}
	}
	if all.low == all.high {
		all.trend = steady
	}
	if name == "AVG" {
		return product(all, constant(1/float64(len(list))))
	}
	return all, nil
}

// list computes what a function over a list is given.
func (m *chargeMath) list(args []ast.Expr) ([]number, error) {
	if isList(args) {
		call, _ := args[0].(*ast.CallExpr)
		args = call.Args
		if calls(call, "METRICS") {
			args = nil
			for _, id := range m.metricsOf(call) {
				args = append(args, ast.NewIdent(id))
			}
		}
	}
	list := make([]number, len(args))
	for i, arg := range args {
		var err error
		if list[i], err = m.compute(arg); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// isList says whether a function is given a list, and not numbers one by one.
func isList(args []ast.Expr) bool {
	return len(args) == 1 && (calls(args[0], listFunction) || calls(args[0], "METRICS"))
}

func calls(e ast.Expr, function string) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.Ident)
	return ok && name.Name == function
}

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
