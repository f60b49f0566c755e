package billing

import (
	"fmt"
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

// alarmFindings looks at every alarm on the estimated charges.
func alarmFindings(v *facts.View) []checks.Finding {
	lookedAt := "CloudWatch alarms in " + billingRegion
	alarms, err := account.AlarmsOn.Get(v, account.AlarmsKey{Region: billingRegion, Namespace: billingNamespace})
	if err != nil {
		return []checks.Finding{about(checks.Finding{}.Unknown(err), anyAlarm, lookedAt)}
	}
	watching := onCharges(alarms.Metric)
	lookedAt = fmt.Sprintf("%s (%d on the estimated charges)", lookedAt, len(watching))
	if len(watching) == 0 {
		f := failed("no alarm in " + billingRegion + " watches the estimated charges")
		return []checks.Finding{about(f, anyAlarm, lookedAt)}
	}
	composites := dependentsOf(alarms.Composite)
	finish := make([]func() checks.Finding, len(watching))
	for i, a := range watching {
		finish[i] = startAlarm(v, a, composites)
	}
	findings := make([]checks.Finding, len(watching))
	for i, a := range watching {
		findings[i] = about(finish[i](), "billing alarm "+a.Name, lookedAt)
	}
	return findings
}

// startAlarm starts to look at an alarm and returns what completes it, so that all alarms are looked at together.
func startAlarm(v *facts.View, a account.MetricAlarm, composites dependents) (finish func() checks.Finding) {
	notifiers := append([]notifier{{a.Name, a.Notice}}, composites.on(a)...)
	flaw, flawed := alarmFlaw(a)
	mute, silent := silence(notifiers)
	if silent && (!flawed || mute.Verdict == checks.Fail && flaw.Verdict == checks.Unknown) {
		flaw, flawed = mute, true // whatever the alarm would ring for, nobody hears it
	}
	if flawed {
		return func() checks.Finding { return flaw }
	}
	notified := startTopics(v, topicsOf(notifiers))
	muted := startMuteRules(v, notifiers)
	return func() checks.Finding {
		f := notified()
		if f.Verdict != checks.Pass {
			return f
		}
		f.Found = fmt.Sprintf("above %s it tells %s", limitOf(a), f.Found)
		if part := partOf(a); part != "" {
			f = half(f.Found + ", but it watches only " + part)
		}
		f.Advice = checks.Join(append(alarmAdvice(a, v.Now()), muted())...)
		return f
	}
}

// onCharges picks the alarms that watch the estimated charges, alone or in an expression, and keeps no other metric.
func onCharges(alarms []account.MetricAlarm) []account.MetricAlarm {
	var watching []account.MetricAlarm
	for _, a := range alarms {
		var metrics []account.AlarmMetric
		for _, m := range a.Metrics {
			if m.Name == billingMetric {
				metrics = append(metrics, m)
			}
		}
		if a.Metrics = metrics; len(metrics) > 0 || strings.Contains(a.Query, billingMetric) {
			watching = append(watching, a)
		}
	}
	return watching
}

// alarmElsewhere finds an alarm that was made where there are no billing metrics: in the lab's Region or a likely one.
func alarmElsewhere(v *facts.View) string {
	regions := append([]string{v.Site().Region}, v.Site().NearbyRegions()...)
	regions = slices.DeleteFunc(regions, func(region string) bool { return region == billingRegion })
	asked := make([]*facts.Pending[account.Alarms], len(regions))
	for i, region := range regions {
		asked[i] = account.AlarmsOn.Start(v, account.AlarmsKey{Region: region, Namespace: billingNamespace})
	}
	for i, region := range regions {
		alarms, err := asked[i].Get()
		if watching := onCharges(alarms.Metric); err == nil && len(watching) > 0 {
			return fmt.Sprintf("found the alarm %s in %s, did you mean it? The billing metrics are in %s only",
				watching[0].Name, region, billingRegion)
		}
	}
	return ""
}

// currency is the dimension that every billing metric has: there is no metric without it.
const currency = "Currency"

// currencyCode is the form of a currency's code, such as USD.
var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// alarmFlaw says what keeps an alarm from ringing when the bill grows, if something does.
func alarmFlaw(a account.MetricAlarm) (checks.Finding, bool) {
	if len(a.Metrics) == 0 {
		return unclear(facts.Unsupported, "what its query selects is not understood here: %s", a.Query), true
	}
	code, hasCurrency := currencyOf(a)
	switch {
	case !hasCurrency:
		return failed("it watches a metric without the dimension Currency, which does not exist: " +
			"it never has data"), true
	case !currencyCode.MatchString(code):
		const why = "it watches the currency %q, for which there is no metric: it never has data"
		return failed(fmt.Sprintf(why, code)), true
	}
	switch a.Comparison {
	case "GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "GreaterThanUpperThreshold",
		"LessThanLowerOrGreaterThanUpperThreshold":
	case "LessThanThreshold", "LessThanOrEqualToThreshold", "LessThanLowerThreshold":
		return failed("it rings when the charges are low: its comparison is " + a.Comparison), true
	default:
		return unclear(facts.Unsupported, "the comparison %q is not known", a.Comparison), true
	}
	switch {
	case a.Learns:
	case a.Threshold == nil:
		return unclear(facts.InvalidResponse, "AWS does not tell the alarm's threshold"), true
	case *a.Threshold <= 0:
		return failed("its threshold is " + limitOf(a) + ", and so it always rings"), true
	}
	return checks.Finding{}, false
}

// currencyOf is the currency of the first metric that has one.
func currencyOf(a account.MetricAlarm) (string, bool) {
	for _, m := range a.Metrics {
		if code, ok := m.Dimensions[currency]; ok {
			return code, true
		}
	}
	return "", false
}

// limitOf is the threshold with its unit.
func limitOf(a account.MetricAlarm) string {
	if a.Threshold == nil {
		return "what it has learned"
	}
	code, _ := currencyOf(a)
	return money(*a.Threshold, code)
}

// money writes an amount with its currency, such as "0.01 USD".
func money(amount float64, unit string) string {
	return strconv.FormatFloat(amount, 'f', -1, 64) + " " + unit
}

// partOf says which part of the cost an alarm watches, if it is not all: one service's, or one account's.
func partOf(a account.MetricAlarm) string {
	var part string
	for _, m := range a.Metrics {
		whole := true
		for _, dimension := range []string{"ServiceName", "LinkedAccount"} {
			if value, ok := m.Dimensions[dimension]; ok {
				whole, part = false, dimension+" "+value
			}
		}
		if whole {
			return ""
		}
	}
	return part
}

const (
	// highThreshold is the amount above which an alarm rings late for a learner.
	highThreshold = 50
	// metricPeriod is how often the billing metrics get a value, in seconds.
	metricPeriod = 21600
	// firstData is how long a new alarm may wait for its first value.
	firstData = 24 * time.Hour
)

// alarmAdvice lists what is worth changing in an alarm that works.
func alarmAdvice(a account.MetricAlarm, now time.Time) []string {
	var list []string
	say := func(when bool, format string, args ...any) {
		if when {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	m := a.Metrics[0]
	code, _ := currencyOf(a)
	fresh := now.Sub(a.Updated) < firstData
	say(a.State == "ALARM", "the alarm rings: the charges are above %s", limitOf(a))
	say(a.State == "INSUFFICIENT_DATA" && fresh, "the alarm has no data yet: the first comes within a day")
	say(a.State == "INSUFFICIENT_DATA" && !fresh,
		"the alarm has no data: “Receive CloudWatch billing alerts” in the Billing preferences is probably off")
	say(a.Threshold != nil && *a.Threshold > highThreshold,
		"a threshold of %s is high for a lab: the message comes late", limitOf(a))
	say(m.Statistic != "" && m.Statistic != "Maximum",
		"the statistic is %s; the charges grow through the month, and Maximum is their latest value", m.Statistic)
	say(m.Period > 0 && m.Period < metricPeriod,
		"the period is %d s; the metric gets a value about every %d s", m.Period, metricPeriod)
	say(code != "USD", "the currency is %s; most accounts have billing metrics in USD", code)
	return list
}
