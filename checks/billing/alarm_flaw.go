package billing

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/facts"
)

// currency is the dimension that every billing metric has: there is no metric without it.
const currency = "Currency"

var currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)

// flaw says what keeps an alarm from ringing when the bill grows, if something does.
func flaw(a account.MetricAlarm) (checks.Finding, bool) {
	if len(a.Metrics) == 0 {
		return checks.Finding{Reason: facts.Unsupported, Detail: "what its query selects is not understood here: " + a.Query}, true
	}
	code, hasCurrency := currencyOf(a)
	switch {
	case !hasCurrency:
		return failed("it watches a metric without the dimension Currency, which does not exist: it never has data"), true
	case !currencyCode.MatchString(code):
		return failed(fmt.Sprintf("it watches the currency %q, for which there is no metric: it never has data", code)), true
	}
	switch a.Comparison {
	case "GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "GreaterThanUpperThreshold", "LessThanLowerOrGreaterThanUpperThreshold":
	case "LessThanThreshold", "LessThanOrEqualToThreshold", "LessThanLowerThreshold":
		return failed("it rings when the charges are low: its comparison is " + a.Comparison), true
	default:
		return checks.Finding{Reason: facts.Unsupported, Detail: fmt.Sprintf("the comparison %q is not known", a.Comparison)}, true
	}
	switch {
	case a.Learns:
	case a.Threshold == nil:
		return checks.Finding{Reason: facts.InvalidResponse, Detail: "AWS does not tell the alarm's threshold"}, true
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

// advice lists what is worth changing in an alarm that works.
func advice(a account.MetricAlarm, now time.Time) []string {
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
	say(a.Threshold != nil && *a.Threshold > highThreshold, "a threshold of %s is high for a lab: the message comes late", limitOf(a))
	say(m.Statistic != "" && m.Statistic != "Maximum", "the statistic is %s; the charges grow through the month, and Maximum is their latest value", m.Statistic)
	say(m.Period > 0 && m.Period < metricPeriod, "the period is %d s; the metric gets a value about every %d s", m.Period, metricPeriod)
	say(code != "USD", "the currency is %s; most accounts have billing metrics in USD", code)
	return list
}
