package billing

import (
	"fmt"
	"slices"
	"strings"

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

const anyAlarm = "billing alarm"

// alarmFindings looks at every alarm on the estimated charges.
func alarmFindings(v *facts.View) []checks.Finding {
	lookedAt := "CloudWatch alarms in " + billingRegion
	alarms, err := account.AlarmsOn.Get(v, account.AlarmsKey{Region: billingRegion, Namespace: billingNamespace})
	if err != nil {
		return []checks.Finding{checks.Finding{Subject: anyAlarm, LookedAt: lookedAt, Expected: expected}.Unanswered(err)}
	}
	watching := onCharges(alarms.Metric)
	lookedAt = fmt.Sprintf("%s (%d on the estimated charges)", lookedAt, len(watching))
	if len(watching) == 0 {
		f := failed("no alarm in " + billingRegion + " watches the estimated charges")
		return []checks.Finding{about(f, anyAlarm, lookedAt)}
	}
	composites := newStanders(alarms.Composite)
	begun := make([]func() checks.Finding, len(watching))
	for i, a := range watching {
		begun[i] = begin(v, a, composites)
	}
	findings := make([]checks.Finding, len(watching))
	for i, a := range watching {
		findings[i] = about(begun[i](), "billing alarm "+a.Name, lookedAt)
	}
	return findings
}

// begin starts to look at an alarm and returns what completes it, so that all alarms are looked at together.
func begin(v *facts.View, a account.MetricAlarm, composites standers) (finish func() checks.Finding) {
	tellers := append([]teller{{a.Name, a.Notice}}, composites.on(a)...)
	flawed, ok := flaw(a)
	if mute, silent := muteness(tellers); silent && (!ok || mute.Verdict == checks.Fail && flawed.Verdict == checks.Unknown) {
		flawed, ok = mute, true // whatever the alarm would ring for, nobody hears it
	}
	if ok {
		return func() checks.Finding { return flawed }
	}
	told := startTopics(v, topicsOf(tellers))
	muted := startMutes(v, tellers)
	return func() checks.Finding {
		f := told()
		if f.Verdict != checks.Pass {
			return f
		}
		f.Found = fmt.Sprintf("above %s it tells %s", limitOf(a), f.Found)
		if part := partOf(a); part != "" {
			f = half(f.Found + ", but it watches only " + part)
		}
		f.Advice = checks.Join(append(advice(a, v.Now()), muted())...)
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
