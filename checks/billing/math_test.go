package billing_test

import (
	"strings"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/account"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/facts"
)

// mathCases are alarms on expressions. In them, c is the charges of the whole account, ec2 and s3 are those of a
// service, and cpu is something else.
func mathCases() []checktest.Case {
	metric := func(id string, m account.AlarmMetric) account.AlarmElement {
		return account.AlarmElement{ID: id, Metric: m}
	}
	compares := func(threshold float64, comparison string, expressions ...string) func(*account.MetricAlarm) {
		return func(a *account.MetricAlarm) {
			a.Threshold, a.Comparison = &threshold, comparison
			a.Elements = []account.AlarmElement{
				metric("c", charge()), metric("ec2", charge("ServiceName", "AmazonEC2")),
				metric("s3", charge("ServiceName", "AmazonS3")),
				metric("cpu", account.AlarmMetric{Namespace: "AWS/EC2", Name: "CPUUtilization"}),
			}
			for i, text := range expressions {
				id, expression, named := strings.Cut(text, " = ")
				if !named {
					id, expression = "e", text
				}
				a.Elements = append(a.Elements, account.AlarmElement{ID: id, Expression: expression, Returns: i == 0})
			}
		}
	}
	const greater, less = "GreaterThanThreshold", "LessThanThreshold"
	passes := func(above string, threshold float64, comparison string, expressions ...string) checktest.Case {
		return checktest.Case{
			Name: "math " + comparison + " " + strings.Join(expressions, " | "), Want: checks.Pass,
			Found: "above " + above + " USD",
			Facts: situation{
				alarms: alarms(compares(threshold, comparison, expressions...)), topics: topic(confirmed), muted: unmuted(),
			}.facts(),
		}
	}
	half := func(part string, threshold float64, expressions ...string) checktest.Case {
		return checktest.Case{
			Name: "math of a part " + strings.Join(expressions, " | "), Want: checks.Partial, Share: 50,
			Found: "watches only " + part, Fix: "--alarm-name billing-5usd-whole-bill",
			Facts: situation{
				alarms: alarms(compares(threshold, greater, expressions...)), topics: topic(confirmed), muted: unmuted(),
				budgets: noBudgets(),
			}.facts(),
		}
	}
	judged := func(
		want checks.Verdict, found string, threshold float64, comparison string, expressions ...string,
	) checktest.Case {
		c := checktest.Case{
			Name: "math " + comparison + " " + strings.Join(expressions, " | "), Want: want, Found: found,
			Facts: situation{
				alarms: alarms(compares(threshold, comparison, expressions...)), budgets: noBudgets(),
			}.facts(),
		}
		if want == checks.Unknown {
			c.Reason = facts.Unsupported
		} else {
			c.Fix = "aws cloudwatch put-metric-alarm --alarm-name billing-5usd --namespace AWS/Billing"
		}
		return c
	}
	fails := func(found string, threshold float64, expressions ...string) checktest.Case {
		return judged(checks.Fail, found, threshold, greater, expressions...)
	}
	unclear := func(expressions ...string) checktest.Case {
		return judged(checks.Unknown, "", 5, greater, expressions...)
	}
	return []checktest.Case{
		// As far as it is understood, an expression that grows with the charges is as good as the charges.
		passes("5", 5, greater, "c"),
		passes("5", 5, greater, "(c)"),
		passes("2.5", 5, greater, "c * 2"),
		passes("2.5", 5, greater, "2*c"),
		passes("4.17", 5, greater, "c * 1.2"),
		passes("50", 5, greater, "c / 10"),
		passes("5", 0.05, greater, "c/100"),
		passes("3", 5, greater, "c + 2"),
		passes("5", 0, greater, "c - 5"),
		passes("5", -5, less, "-c"),
		passes("5", 95, less, "100 - c"),
		passes("5", 0.2, less, "1/c"),
		passes("5", 5, greater, "MAX([c, ec2])"),
		passes("5", 5, greater, "MAX(c)"),
		passes("5", 5, greater, "SUM([c, ec2, s3])"),
		passes("5", 5, greater, "SUM([c])"),
		passes("10", 5, greater, "AVG([c, ec2])"),
		passes("5", 5, greater, "FILL(c, 0)"),
		passes("5", 5, greater, "FILL(c, REPEAT)"),
		passes("5.5", 5, greater, "CEIL(c - 0.5)"),
		passes("6", 5, greater, "FLOOR(c)"),
		passes("5", 5, greater, "ABS(c)"),
		passes("5", 0.5, greater, "IF(c > 5, 1, 0)"),
		passes("5", 0, greater, "c > 5"),
		passes("5", 0, greater, "5 < c"),
		passes("5", 5, greater, "IF(c > 1, c)"),
		passes("5", 0.5, greater, "IF(c < 5, 0, 1)"),
		passes("7", 0, greater, "c > 5 AND c > 7"),
		passes("5", 0, greater, "c > 5 || c > 7"),
		passes("5", 1, greater, "e = e2 / 2 - e3", "e2 = c * 4", "e3 = 9"),
		passes("5", 25, greater, "c * c"),
		passes("5", 5, greater, "c\n * 1"),
		half("ServiceName AmazonEC2", 5, "ec2 * 2"),
		half("ServiceName AmazonEC2, ServiceName AmazonS3", 5, "ec2 + s3"),
		half("ServiceName AmazonEC2", 5, `SUM(METRICS("ec"))`),
		half("ServiceName AmazonEC2", 0, "c > 5 AND ec2 > 5"),

		fails("it rings when the charges are low", 5, "100 - c"),
		fails("it rings when the charges are low", -5, "-c"),
		fails("it rings when the charges are low", -5, "c * -1"),
		fails("it rings when the charges are low", 5, "e = 100 - e2", "e2 = c * 2"),
		fails("it rings when the charges are low", 0.5, "1 / c"),
		fails("it rings when the charges are low", 0, "c < 5"),
		fails("it rings when the charges are low", 0, "IF(c > 5, 0, 1)"),
		judged(checks.Fail, "it rings when the charges are low", 5, less, "c * 2"),
		fails("only an input of it: it compares cpu * 2", 5, "cpu * 2"),
		fails("only an input of it: it compares RATE(cpu)", 5, "RATE(cpu)"),
		fails("only an input of it: it compares 7", 5, "7"),
		fails("does not change with the charges: c * 0", -1, "c * 0"),
		fails("which the charges never reach", 1, "IF(c > 5, 1, 0)"),
		fails("which the charges never reach", 5, "MIN([c, 4])"),
		fails("its threshold is 5 USD for c + 10, and so it always rings", 5, "c + 10"),

		unclear("c + cpu"),
		unclear("MAX([c, cpu])"),
		unclear("IF(cpu > 50, c, 0)"),
		unclear("RATE(c)"),
		unclear("DIFF(c) + c"),
		unclear("SUM(c)"),
		unclear("RUNNING_SUM(c)"),
		unclear("ANOMALY_DETECTION_BAND(c, 2)"),
		unclear("c ^ 2"),
		unclear("c - ec2"),
		unclear("c - c / 2"),
		unclear("c * (c - 5)"),
		unclear("c / 0"),
		unclear("[c, ec2]"),
		unclear("c == 5"),
		unclear("SUM(METRICS())"), // cpu is one of them
		unclear("SEARCH('{AWS/Billing,Currency} EstimatedCharges', 'Maximum')"),
		unclear("c +"),
		unclear("c; ec2"),
		unclear("func() {}(c)"),
		unclear("e = e2 + c", "e2 = e * 2"),
		unclear("c + " + strings.Repeat("1 + ", 1000) + "1"),
	}
}

// bandCases are alarms that have learned what is usual.
func bandCases() []checktest.Case {
	on := func(expression, band string) func(*account.MetricAlarm) {
		return func(a *account.MetricAlarm) {
			a.Threshold, a.Band, a.Comparison = nil, "band", "GreaterThanUpperThreshold"
			a.Elements = []account.AlarmElement{
				{ID: "c", Returns: expression == "", Metric: charge()},
				{ID: "band", Returns: true, Expression: band},
			}
			if expression != "" {
				a.Elements = append(a.Elements, account.AlarmElement{ID: "e", Returns: true, Expression: expression})
			}
		}
	}
	comparing := func(comparison string, change func(*account.MetricAlarm)) func(*account.MetricAlarm) {
		return func(a *account.MetricAlarm) { change(a); a.Comparison = comparison }
	}
	judged := func(name string, want checks.Verdict, found string, change func(*account.MetricAlarm)) checktest.Case {
		s := situation{alarms: alarms(change), topics: topic(confirmed), muted: unmuted()}
		c := checktest.Case{Name: "band " + name, Want: want, Found: found}
		if want != checks.Pass {
			s.budgets = noBudgets()
		}
		if want == checks.Unknown {
			c.Reason = facts.Unsupported
		}
		c.Facts = s.facts()
		return c
	}
	const learned = "above what it has learned"
	return []checktest.Case{
		judged("above", checks.Pass, learned, on("", "ANOMALY_DETECTION_BAND(c, 2)")),
		judged("above, of an expression", checks.Pass, learned, on("c * 2", "ANOMALY_DETECTION_BAND(e)")),
		judged("outside", checks.Pass, learned,
			comparing("LessThanLowerOrGreaterThanUpperThreshold", on("", "ANOMALY_DETECTION_BAND(c, 2)"))),
		judged("below", checks.Fail, "rings when the charges are low",
			comparing("LessThanLowerThreshold", on("", "ANOMALY_DETECTION_BAND(c, 2)"))),
		judged("above, of what falls", checks.Fail, "rings when the charges are low",
			on("100 - c", "ANOMALY_DETECTION_BAND(e, 2)")),
		judged("of something else", checks.Unknown, "", on("", "ANOMALY_DETECTION_BAND(e, 2)")),
		judged("that is no band", checks.Unknown, "", on("", "c * 2")),
	}
}
