package account

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

func billingAlarms() AlarmsKey { return AlarmsKey{Region: "us-east-1", Namespace: "AWS/Billing"} }

func TestAlarmsOnANamespace(t *testing.T) {
	a := stateOf(t, `"regions": {"us-east-1": {"alarms": [
		{"name": "plain", "namespace": "AWS/Billing", "metricName": "EstimatedCharges",
		 "dimensions": [{"name": "Currency", "value": "USD"}], "statistic": "Maximum", "period": 21600, "threshold": 5,
		 "comparisonOperator": "GreaterThanThreshold", "alarmActions": ["arn:a"], "okActions": ["arn:b"],
		 "insufficientDataActions": ["arn:c"], "state": "OK", "updated": "-1h"},
		{"name": "expression", "actionsEnabled": false, "threshold": 7, "comparisonOperator": "GreaterThanThreshold",
		 "state": "ALARM",
		 "metrics": [
			{"id": "sum", "expression": "a+b"},
			{"id": "a", "returnData": false, "accountId": "210987654321",
			 "metricStat": {"period": 300, "stat": "Average",
			 "metric": {"namespace": "AWS/Billing", "metricName": "EstimatedCharges"}}},
			{"id": "b", "returnData": false, "metricStat": {"period": 300, "stat": "Average",
			 "metric": {"namespace": "AWS/EC2", "metricName": "CPUUtilization"}}}
		 ]},
		{"name": "other", "namespace": "AWS/EC2", "metricName": "CPUUtilization", "state": "OK"},
		{"name": "both", "rule": "ALARM(plain)", "alarmActions": ["arn:d"], "state": "OK"}
	]}}`)
	on, off, five, seven := true, false, 5.0, 7.0
	got := readFrom(t, a, AlarmsOn, billingAlarms())
	for i := range got.Metric {
		require.Contains(t, got.Metric[i].ARN, ":alarm:"+got.Metric[i].Name)
		got.Metric[i].ARN = ""
	}
	require.Equal(t, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:both", got.Composite[0].ARN)
	got.Composite[0].ARN = ""
	require.Equal(t, Alarms{
		Metric: []MetricAlarm{
			{
				Name: "expression", Elements: []AlarmElement{
					{ID: "sum", Returns: true, Expression: "a+b"},
					{ID: "a", Metric: AlarmMetric{
						Namespace: "AWS/Billing", Name: "EstimatedCharges", Account: "210987654321", Statistic: "Average", Period: 300,
					}},
					{ID: "b", Metric: AlarmMetric{Namespace: "AWS/EC2", Name: "CPUUtilization"}},
				},
				Comparison: "GreaterThanThreshold", Threshold: &seven, Notice: Notice{Enabled: &off}, State: "ALARM",
				Updated: got.Metric[0].Updated,
			},
			{
				Name: "plain",
				Elements: []AlarmElement{{Returns: true, Metric: AlarmMetric{
					Namespace: "AWS/Billing", Name: "EstimatedCharges", Dimensions: map[string]string{"Currency": "USD"},
					Statistic: "Maximum", Period: 21600,
				}}},
				Comparison: "GreaterThanThreshold", Threshold: &five, State: "OK", Updated: testNow().Add(-time.Hour),
				Notice: Notice{Enabled: &on, OnAlarm: []string{"arn:a"}, OnOK: []string{"arn:b"}, OnNoData: []string{"arn:c"}},
			},
		},
		Composite: []CompositeAlarm{{
			Name: "both", Rule: "ALARM(plain)",
			Notice: Notice{Enabled: &on, OnAlarm: []string{"arn:d"}},
		}},
	}, got)
}

// A query of Metrics Insights names its namespace in its text alone.
func TestAlarmsOnAQuery(t *testing.T) {
	const query = "SELECT MAX(EstimatedCharges) FROM SCHEMA(\"AWS/Billing\", Currency)"
	expression := func(text string) string {
		return fmt.Sprintf(`{"name": "q", "threshold": 5, "comparisonOperator": "GreaterThanThreshold", "state": "OK",
			"metrics": [{"id": "q", "expression": %q, "returnData": true}]}`, text)
	}
	on := func(alarm string) []MetricAlarm {
		return readFrom(t, stateOf(t, `"regions": {"us-east-1": {"alarms": [`+alarm+`]}}`), AlarmsOn, billingAlarms()).Metric
	}
	require.Equal(t, query, on(expression(query))[0].Elements[0].Expression)
	require.Empty(t, on(expression("SELECT MAX(CPUUtilization) FROM \"AWS/EC2\"")))
}

func TestAlarmsAreReadPageByPage(t *testing.T) {
	var alarms []string
	for i := range alarmsPerPage + 1 {
		alarms = append(alarms, fmt.Sprintf(
			`{"name": "a%d", "namespace": "AWS/Billing", "metricName": "EstimatedCharges", "state": "OK"}`, i))
	}
	a := stateOf(t, `"regions": {"us-east-1": {"alarms": [`+strings.Join(alarms, ",")+`]}}`)
	require.Len(t, readFrom(t, a, AlarmsOn, billingAlarms()).Metric, alarmsPerPage+1)
	require.Len(t, a.Calls(), 2)
}

// cborAnswer is a transport that answers every request with this value.
func cborAnswer(t *testing.T, value any) http.RoundTripper {
	t.Helper()
	body, err := cbor.Marshal(value)
	require.NoError(t, err)
	served := answer(http.StatusOK, cborType, string(body))
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		response, err := served.RoundTrip(r)
		response.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
		return response, err
	})
}

func TestAnAlarmWithoutItsPartsIsNoAbsence(t *testing.T) {
	type object = map[string]any
	for _, incomplete := range []object{
		{},
		{"Namespace": "AWS/Billing"},
		{"MetricName": "EstimatedCharges"},
		{"Metrics": []any{object{"MetricStat": object{"Metric": object{"MetricName": "EstimatedCharges"}}}}},
		{"Namespace": "AWS/Billing", "MetricName": "EstimatedCharges", "Dimensions": []any{object{"Name": "Currency"}}},
		{"Namespace": "AWS/Billing", "MetricName": "EstimatedCharges", "Dimensions": []any{object{"Value": "USD"}}},
	} {
		v := openTest(t, cborAnswer(t, object{"MetricAlarms": []any{incomplete}}), AlarmsOn)
		_, err := AlarmsOn.Get(v, billingAlarms())
		require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, "%v", incomplete)
	}
	got := readFrom(t, cborAnswer(t, object{
		"MetricAlarms":    []any{object{"AlarmName": "on something else"}, object{"Namespace": "AWS/EC2"}},
		"CompositeAlarms": []any{object{}},
	}), AlarmsOn, billingAlarms())
	require.Equal(t, Alarms{Composite: []CompositeAlarm{{}}}, got)
}

// AWS sends no such numbers, whatever the metric.
func TestANumberThatIsNoneIsAnInvalidResponse(t *testing.T) {
	type object = map[string]any
	for _, broken := range []object{
		{"Namespace": "AWS/Billing", "MetricName": "EstimatedCharges", "Threshold": math.NaN()},
		{"Namespace": "AWS/Billing", "MetricName": "EstimatedCharges", "Threshold": math.Inf(1)},
		{"Namespace": "AWS/EC2", "Threshold": math.NaN()},
		{"Namespace": "AWS/Billing", "MetricName": "EstimatedCharges", "Period": 1 << 40},
	} {
		v := openTest(t, cborAnswer(t, object{"MetricAlarms": []any{broken}}), AlarmsOn)
		_, err := AlarmsOn.Get(v, billingAlarms())
		require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, "%v", broken)
	}
}

func TestAnAnswerWithoutTheAlarmsIsNoAbsence(t *testing.T) {
	_, err := AlarmsOn.Get(openTest(t, cborAnswer(t, map[string]any{}), AlarmsOn), billingAlarms())
	require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
	require.Empty(t, readFrom(t, cborAnswer(t, map[string]any{"MetricAlarms": []any{}}), AlarmsOn, billingAlarms()))
}

func TestActiveMuteRules(t *testing.T) {
	a := stateOf(t, `"regions": {"us-east-1": {
		"alarms": [{"name": "plain", "namespace": "AWS/Billing", "metricName": "EstimatedCharges", "state": "OK"}],
		"muteRules": [
			{"name": "night", "alarms": ["plain"], "status": "ACTIVE"},
			{"name": "old", "alarms": ["plain"], "status": "EXPIRED"},
			{"name": "other", "alarms": ["another"], "status": "ACTIVE"}
		]}}`)
	require.Equal(t, []string{"night"}, readFrom(t, a, ActiveMuteRules, MuteRulesKey{"us-east-1", "plain"}))
	require.Empty(t, readFrom(t, a, ActiveMuteRules, MuteRulesKey{"us-east-1", "nothing"}))
}
