package billing

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// The billing metrics live in one Region, whatever Region the account works in.
const (
	billingRegion    = account.BillingRegion
	billingNamespace = "AWS/Billing"
	billingMetric    = "EstimatedCharges"
)

// anyAlarm is the subject of a finding about no alarm in particular.
const anyAlarm = "billing alarm"

// alarmWays looks at every alarm on the estimated charges.
func alarmWays(v *facts.View) []way {
	lookedAt := "CloudWatch alarms in " + billingRegion
	alarms, err := account.AlarmsOn.Get(v, account.AlarmsKey{Region: billingRegion, Namespace: billingNamespace})
	if err != nil {
		return []way{notKnown(err).about(anyAlarm, lookedAt)}
	}
	watching := onCharges(alarms.Metric)
	lookedAt = fmt.Sprintf("%s (%d on the estimated charges)", lookedAt, len(watching))
	if len(watching) == 0 {
		return []way{failed("no alarm in "+billingRegion+" watches the estimated charges").about(anyAlarm, lookedAt)}
	}
	read := make([]chargeAlarm, len(watching))
	for i, a := range watching {
		read[i] = readAlarm(a, v.Site().Account)
	}
	composites := compositesOf(alarms.Composite)
	topics := map[string]bool{}
	candidates := make([]candidate, len(read))
	for i, a := range read {
		candidates[i] = alarmCandidate(v, a, composites.around(a, read), topics)
	}
	ways := untilOnePasses(candidates)
	for i, w := range ways {
		ways[i] = w.about(strings.TrimSpace(anyAlarm+" "+read[i].Name), lookedAt)
	}
	return ways
}

// alarmCandidate is an alarm to be looked at. Its calls are those for topics that no candidate before it has: they are
// added to topics.
func alarmCandidate(v *facts.View, a chargeAlarm, around surroundings, topics map[string]bool) candidate {
	flaw, flawed := a.flaw, a.flawed
	if flawed {
		flaw = flaw.fixedBy(func() repair { return putAlarm(v, a, a.Name, a.Notice) })
	}
	mute, silent := silence(v, a, around)
	if silent && (!flawed || mute.Verdict == checks.Fail && flaw.Verdict == checks.Unknown) {
		flaw, flawed = mute, true // whatever the alarm would ring for, nobody hears it
	}
	if flawed {
		return judged(flaw)
	}
	notifiers, before := around.notifiers(a), len(topics)
	for _, arn := range topicsOf(notifiers) {
		topics[arn] = true
	}
	return candidate{calls: len(topics) - before, start: func() func() func() way {
		finish := startAlarm(v, a, notifiers)
		return func() func() way { return finish }
	}}
}

// startAlarm asks whom an alarm that can ring tells.
func startAlarm(v *facts.View, a chargeAlarm, notifiers []notifier) (finish func() way) {
	notified := startTopics(v, topicsOf(notifiers))
	muted := startMuteRules(v, notifiers)
	return func() way {
		w := notified()
		if w.Verdict != checks.Pass {
			return w
		}
		w.Found = fmt.Sprintf("above %s it tells %s", a.limitText(), w.Found)
		if a.part != "" {
			w = w.half(w.Found + ", but it watches only " + a.part)
			w = w.fixedBy(func() repair { return putAlarm(v, a, a.Name+"-whole-bill", a.Notice) })
		}
		w.Advice = checks.Join(append(a.advice(v.Now()), w.Advice)...)
		w.more = muted
		return w
	}
}

// onCharges picks the alarms in which the estimated charges are, alone or in an expression.
func onCharges(alarms []account.MetricAlarm) []account.MetricAlarm {
	var watching []account.MetricAlarm
	for _, a := range alarms {
		if slices.ContainsFunc(a.Elements, func(e account.AlarmElement) bool {
			return isCharge(e.Metric) || strings.Contains(e.Expression, billingMetric)
		}) {
			watching = append(watching, a)
		}
	}
	return watching
}

func isCharge(m account.AlarmMetric) bool {
	return m.Namespace == billingNamespace && m.Name == billingMetric
}

// alarmElsewhere adds to a way that fails the alarm that was made where there are no billing metrics: in the lab's
// Region or a likely one.
func alarmElsewhere(v *facts.View, w way) way {
	regions := append([]string{v.Site().Region}, v.Site().NearbyRegions()...)
	regions = slices.DeleteFunc(regions, func(region string) bool { return region == billingRegion })
	asked := make([]*facts.Pending[account.Alarms], len(regions))
	for i, region := range regions {
		asked[i] = account.AlarmsOn.Start(v, account.AlarmsKey{Region: region, Namespace: billingNamespace})
	}
	for i, region := range regions {
		alarms, err := asked[i].Get()
		watching := onCharges(alarms.Metric)
		if err != nil || len(watching) == 0 {
			continue
		}
		w.NearMiss = checks.Join(w.NearMiss, fmt.Sprintf(
			"found the alarm %s in %s, did you mean it? The billing metrics are in %s only",
			watching[0].Name, region, billingRegion))
		if w.Subject == anyAlarm { // an alarm's actions are in its own Region
			a := readAlarm(watching[0], v.Site().Account)
			w = w.fixedBy(func() repair { return putAlarm(v, a, a.Name, account.Notice{}) })
		}
		return w
	}
	return w
}

// chargeAlarm is an alarm in which the charges are, as far as it is understood.
type chargeAlarm struct {
	account.MetricAlarm
	// charges are the metrics on which depends what it compares.
	charges []account.AlarmMetric
	// limit is the amount of the charges above which it rings: not a number if it has learned that, or does not ring.
	limit float64
	// part says which part of the cost it watches; empty for all.
	part string
	// flaw says what keeps it from ringing when the bill grows, if flawed.
	flaw   way
	flawed bool
}

// readAlarm finds out what an alarm compares, and when it rings.
func readAlarm(alarm account.MetricAlarm, owner string) chargeAlarm {
	a := chargeAlarm{MetricAlarm: alarm, limit: math.NaN()}
	a.flaw, a.flawed = a.read(owner)
	return a
}

// sound is what read returns of an alarm without a flaw.
func sound() (way, bool) { return way{}, false }

// read fills in what the alarm compares. It returns what keeps the alarm from ringing when the bill grows, if something
// does.
func (a *chargeAlarm) read(owner string) (way, bool) {
	watched, ok := a.watched()
	if !ok {
		return unclear(facts.InvalidResponse, "AWS does not tell which of its metrics and expressions it compares"), true
	}
	isPart := func(m account.AlarmMetric) bool { return partIn(m, owner) != "" }
	m, err := newChargeMath(a.Elements, isPart)
	if err != nil {
		return notKnown(err), true
	}
	metrics, err := m.reads(watched.ID)
	if err != nil {
		return notKnown(err), true
	}
	var others []string
	for _, metric := range metrics {
		if isCharge(metric) {
			a.charges = append(a.charges, metric)
		} else {
			others = append(others, metric.Name+" of "+metric.Namespace)
		}
	}
	switch {
	case len(a.charges) == 0:
		return failed("the estimated charges are only an input of it: it compares " + compared(watched)), true
	case len(others) > 0:
		return unclear(facts.Unsupported, "what its expression makes of the charges with %s is not understood here: %s",
			checks.Names(others), watched.Expression), true
	}
	if flaw, flawed := a.metricFlaw(owner); flawed {
		return flaw, true
	}
	return a.ringing(m, watched, owner)
}

// watched is the one element whose data the alarm compares.
func (a *chargeAlarm) watched() (account.AlarmElement, bool) {
	var watched []account.AlarmElement
	for _, e := range a.Elements {
		if e.Returns && (a.Band == "" || e.ID != a.Band) {
			watched = append(watched, e)
		}
	}
	if len(watched) != 1 {
		return account.AlarmElement{}, false
	}
	return watched[0], true
}

// compared says what an element is.
func compared(e account.AlarmElement) string {
	if e.Expression != "" {
		return e.Expression
	}
	return e.Metric.Name + " of " + e.Metric.Namespace
}

// currency is the dimension that every billing metric has: there is no metric without it.
const currency = "Currency"

// currencyCode is the form of a currency's code, such as USD.
var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// metricFlaw says what keeps the metrics of the charges from having data that grow, if something does.
func (a *chargeAlarm) metricFlaw(owner string) (way, bool) {
	var flaws []string
	for _, m := range a.charges {
		if m.Account != "" && m.Account != owner {
			return unclear(facts.Unsupported, "it watches the charges of the account %s", m.Account), true
		}
		code, hasCurrency := m.Dimensions[currency]
		switch {
		case !hasCurrency:
			flaws = append(flaws, "it watches a metric without the dimension Currency, which does not exist: "+
				"it never has data")
		case !currencyCode.MatchString(code):
			flaws = append(flaws, fmt.Sprintf(
				"it watches the currency %q, for which there is no metric: it never has data", code))
		case countStatistic.MatchString(m.Statistic):
			flaws = append(flaws, "its statistic "+m.Statistic+" counts values: it does not tell the charges")
		}
	}
	switch {
	case len(flaws) == 0:
		return sound()
	case len(flaws) < len(a.charges):
		return unclear(facts.Unsupported, "what its expression makes of a metric without data is not understood here: %s",
			flaws[0]), true
	}
	return failed(flaws[0]), true
}

// countStatistic are the statistics that tell how many values there are, or what share of them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
var countStatistic = regexp.MustCompile(`(?i)^(SampleCount|PR\(.*|TC\(.*|TC\d.*)$`)

// What an alarm can compare for.
const (
	greater        = "GreaterThanThreshold"
	greaterOrEqual = "GreaterThanOrEqualToThreshold"
	less           = "LessThanThreshold"
	lessOrEqual    = "LessThanOrEqualToThreshold"
	aboveBand      = "GreaterThanUpperThreshold"
	belowBand      = "LessThanLowerThreshold"
	outsideBand    = "LessThanLowerOrGreaterThanUpperThreshold"
)

// plenty is an amount of charges above which no limit makes sense.
const plenty = 1e12

// ringing fills in from which amount of the charges the alarm rings, or says why it does not.
func (a *chargeAlarm) ringing(m *chargeMath, watched account.AlarmElement, owner string) (way, bool) {
	n, err := m.at(watched.ID, charges(plenty), charges(plenty))
	wants := map[string]trend{
		greater: rising, greaterOrEqual: rising, aboveBand: rising, outsideBand: n.trend,
		less: falling, lessOrEqual: falling, belowBand: falling,
	}
	direction, known := wants[a.Comparison]
	switch {
	case err != nil:
		return notKnown(facts.Errorf(facts.Unsupported, "%w", err)), true
	case !known:
		return unclear(facts.Unsupported, "the comparison %q is not known", a.Comparison), true
	case n.isConstant():
		return failed("what it compares does not change with the charges: " + compared(watched)), true
	case n.trend != direction && watched.Expression == "":
		return failed("it rings when the charges are low: its comparison is " + a.Comparison), true
	case n.trend != direction:
		return failed(fmt.Sprintf("it rings when the charges are low: its comparison is %s, of %s",
			a.Comparison, watched.Expression)), true
	case a.Band != "":
		if !slices.ContainsFunc(a.charges, func(m account.AlarmMetric) bool { return partIn(m, owner) == "" }) {
			a.part = partsIn(a.charges, owner)
		}
		return a.bandFlaw(watched)
	case a.Threshold == nil:
		return unclear(facts.InvalidResponse, "AWS does not tell the alarm's threshold"), true
	}
	rings := func(whole, part float64) bool { return a.ringsAt(m, watched.ID, whole, part) }
	alone := func(x float64) bool { return rings(x, 0) }
	together := func(x float64) bool { return rings(x, x) }
	if alone(plenty) && !alone(0) {
		a.limit = limitOf(alone)
	} else {
		a.part, a.limit = partsIn(a.charges, owner), limitOf(together)
	}
	threshold := fmt.Sprintf("its threshold is %s", a.money(*a.Threshold))
	if watched.Expression != "" {
		threshold += " for " + watched.Expression
	}
	switch {
	case together(0):
		a.limit = math.NaN()
		return failed(threshold + ", and so it always rings"), true
	case !together(plenty):
		a.limit = math.NaN()
		return failed(threshold + ", which the charges never reach"), true
	case a.limit < smallest:
		a.limit = math.NaN()
		return failed(threshold + ": it rings at the first cent, and then not again as the bill grows"), true
	case watched.Expression == "":
		a.limit = *a.Threshold
	}
	return sound()
}

// smallest is the least amount that a limit can have: less is nothing.
const smallest = 1e-6

// ringsAt says whether the alarm rings at these charges of the whole account, and of parts of it.
func (a *chargeAlarm) ringsAt(m *chargeMath, id string, whole, part float64) bool {
	n, err := m.at(id, charges(whole), charges(part))
	switch {
	case err != nil:
		return false
	case a.Comparison == less:
		return n.value < *a.Threshold
	case a.Comparison == lessOrEqual, a.Comparison == belowBand:
		return n.value <= *a.Threshold
	case a.Comparison == greaterOrEqual:
		return n.value >= *a.Threshold
	}
	return n.value > *a.Threshold
}

// limitOf finds the amount above which something rings that does so for every larger one, to a cent where that is
// enough.
func limitOf(rings func(float64) bool) float64 {
	const halvings, cents = 100, 100
	low, high := 0.0, plenty
	for range halvings {
		if middle := low + (high-low)/2; rings(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	if rounded := math.Round(high*cents) / cents; rounded > 0 {
		return rounded
	}
	return high
}

// bandFlaw says what is not understood of an alarm's band: it has to be that of what the alarm compares.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html
func (a *chargeAlarm) bandFlaw(watched account.AlarmElement) (way, bool) {
	for _, e := range a.Elements {
		band := anomalyBand.FindStringSubmatch(e.Expression)
		if e.ID == a.Band && band != nil && band[1] == watched.ID {
			return sound()
		}
	}
	return unclear(facts.Unsupported, "with what it compares is not understood here: %s", a.Band), true
}

var anomalyBand = regexp.MustCompile(`^\s*ANOMALY_DETECTION_BAND\(\s*(\w+)\s*(?:,\s*[0-9.]+\s*)?\)\s*$`)

// limitText is the amount above which the alarm rings, with its unit.
func (a *chargeAlarm) limitText() string {
	if math.IsNaN(a.limit) {
		return "what it has learned"
	}
	return a.money(a.limit)
}

func (a *chargeAlarm) money(amount float64) string {
	return money(amount, a.charges[0].Dimensions[currency])
}

// money writes an amount with its currency, such as "0.01 USD".
func money(amount float64, unit string) string {
	return strconv.FormatFloat(amount, 'f', -1, 64) + " " + unit
}

// partIn says which part of the cost a metric has, if it is not all: one service's, or another account's.
func partIn(m account.AlarmMetric, owner string) string {
	var parts []string
	if service, ok := m.Dimensions["ServiceName"]; ok {
		parts = append(parts, "ServiceName "+service)
	}
	if linked, ok := m.Dimensions["LinkedAccount"]; ok && linked != owner {
		parts = append(parts, "LinkedAccount "+linked)
	}
	return strings.Join(parts, " of ")
}

// partsIn says which parts of the cost metrics have, but for those that have all of it.
func partsIn(metrics []account.AlarmMetric, owner string) string {
	var parts []string
	for _, m := range metrics {
		if part := partIn(m, owner); part != "" {
			parts = append(parts, part)
		}
	}
	return checks.Names(parts)
}

const (
	// highThreshold is the amount above which an alarm rings late for a learner.
	highThreshold = 50
	// metricPeriod is how often the billing metrics get a value, in seconds.
	metricPeriod = 21600
	// firstData is how long a new alarm may wait for its first value.
	firstData = 24 * time.Hour
)

// advice lists what is worth changing in an alarm that works.
func (a *chargeAlarm) advice(now time.Time) []string {
	var list []string
	say := func(when bool, format string, args ...any) {
		if when {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	m := a.charges[0]
	code := m.Dimensions[currency]
	fresh := now.Sub(a.Updated) < firstData
	say(a.State == "ALARM", "the alarm rings: the charges are above %s", a.limitText())
	say(a.State == "INSUFFICIENT_DATA" && fresh, "the alarm has no data yet: the first comes within a day")
	say(a.State == "INSUFFICIENT_DATA" && !fresh,
		"the alarm has no data: “Receive CloudWatch billing alerts” in the Billing preferences is probably off")
	say(a.limit > highThreshold, "a threshold of %s is high for a lab: the message comes late", a.limitText())
	say(m.Statistic != "" && m.Statistic != "Maximum",
		"the statistic is %s; the charges grow through the month, and Maximum is their latest value", m.Statistic)
	say(m.Period > 0 && m.Period < metricPeriod,
		"the period is %d s; the metric gets a value about every %d s", m.Period, metricPeriod)
	say(code != "USD", "the currency is %s; most accounts have billing metrics in USD", code)
	return list
}
