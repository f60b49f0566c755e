package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/schemas"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go/transport/http/protocol/awsjson"
	"github.com/aws/smithy-go/transport/http/protocol/awsquery"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

// cloudWatchProtocols are the protocols that clients of CloudWatch speak.
var cloudWatchProtocols = map[string]func(*cloudwatch.Options){
	"CBOR":  func(*cloudwatch.Options) {},
	"Query": func(o *cloudwatch.Options) { o.Protocol = awsquery.New(schemas.GraniteServiceVersion20100801) },
	"JSON":  func(o *cloudwatch.Options) { o.Protocol = awsjson.New10(schemas.GraniteServiceVersion20100801) },
}

func TestAlarmsInEveryProtocol(t *testing.T) {
	for name, protocol := range cloudWatchProtocols {
		t.Run(name, func(t *testing.T) {
			_, cfg := load(t, "finished", sandbox.Options{})
			client, ctx := cloudwatch.NewFromConfig(cfg, protocol), t.Context()
			put := &cloudwatch.PutMetricAlarmInput{
				AlarmName: aws.String("billing-10usd"), Namespace: aws.String("AWS/Billing"),
				MetricName: aws.String("EstimatedCharges"),
				Dimensions: []types.Dimension{{Name: aws.String("Currency"), Value: aws.String("USD")}},
				Statistic:  types.StatisticMaximum, Period: aws.Int32(21600), EvaluationPeriods: aws.Int32(1),
				Threshold:          aws.Float64(10.5),
				ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
				AlarmActions:       []string{"arn:aws:sns:us-east-1:123456789012:billing-alerts"},
				ActionsEnabled:     aws.Bool(true),
			}
			_, err := client.PutMetricAlarm(ctx, put)
			require.NoError(t, err)
			out, err := client.DescribeAlarms(ctx, nil)
			require.NoError(t, err)
			require.Len(t, out.MetricAlarms, 2)
			require.Empty(t, out.CompositeAlarms)
			alarm := out.MetricAlarms[0]
			require.Equal(t, "arn:aws:cloudwatch:us-east-1:123456789012:alarm:billing-10usd", *alarm.AlarmArn)
			require.Equal(t, put.Dimensions, alarm.Dimensions)
			require.InDelta(t, 10.5, *alarm.Threshold, 0)
			require.Equal(t, put.AlarmActions, alarm.AlarmActions)
			require.True(t, *alarm.ActionsEnabled)
			require.Equal(t, int32(21600), *alarm.Period)
			require.Equal(t, types.StateValueInsufficientData, alarm.StateValue)
			require.Equal(t, now, alarm.AlarmConfigurationUpdatedTimestamp.UTC())

			_, err = client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"no such alarm"}})
			requireCode(t, "ResourceNotFound", err)
			_, err = client.DescribeAlarms(
				ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"a"}, AlarmNamePrefix: aws.String("a")},
			)
			var combination *types.InvalidParameterCombinationException
			require.ErrorAs(t, err, &combination)
		})
	}
}

func TestAlarmsAreSelected(t *testing.T) {
	_, cfg := practice(t, `{"alarms": [
		{"name": "cpu", "namespace": "AWS/ECS", "metricName": "CPUUtilization", "period": 60, "evaluationPeriods": 1,
		  "state": "ALARM",
		 "okActions": ["arn:aws:sns:us-east-1:123456789012:ops"]},
		{"name": "cost", "metrics": [{"id": "m", "returnData": true, "metricStat": {"stat": "Maximum", "period": 21600,
		 "metric": {"namespace": "AWS/Billing", "metricName": "EstimatedCharges"}}}],
		   "evaluationPeriods": 1, "state": "OK", "actionsEnabled": false}
	]}`)
	client, ctx := cloudwatch.NewFromConfig(cfg), t.Context()
	_, err := client.PutCompositeAlarm(ctx, &cloudwatch.PutCompositeAlarmInput{
		AlarmName: aws.String("both"), AlarmRule: aws.String("ALARM(cpu) AND ALARM(cost)"),
	})
	require.NoError(t, err)

	all := []types.AlarmType{types.AlarmTypeMetricAlarm, types.AlarmTypeCompositeAlarm}
	tests := map[string]struct {
		in   cloudwatch.DescribeAlarmsInput
		want []string
	}{
		"metric alarms unless asked": {cloudwatch.DescribeAlarmsInput{}, []string{"cost", "cpu"}},
		"every type": {
			cloudwatch.DescribeAlarmsInput{AlarmTypes: all}, []string{"both", "cost", "cpu"},
		},
		"by name": {
			cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"cpu", "other"}}, []string{"cpu"},
		},
		"by prefix": {
			cloudwatch.DescribeAlarmsInput{AlarmNamePrefix: aws.String("co")}, []string{"cost"},
		},
		"by state": {
			cloudwatch.DescribeAlarmsInput{StateValue: types.StateValueAlarm}, []string{"cpu"},
		},
		"by action": {
			cloudwatch.DescribeAlarmsInput{ActionPrefix: aws.String("arn:aws:sns")}, []string{"cpu"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			out, err := client.DescribeAlarms(ctx, &test.in)
			require.NoError(t, err)
			var got []string
			for _, a := range out.CompositeAlarms {
				got = append(got, *a.AlarmName)
			}
			for _, a := range out.MetricAlarms {
				got = append(got, *a.AlarmName)
			}
			require.Equal(t, test.want, got)
		})
	}

	out, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"cost"}})
	require.NoError(t, err)
	require.False(t, *out.MetricAlarms[0].ActionsEnabled)
	require.Equal(t, []string{}, out.MetricAlarms[0].OKActions)
	require.Equal(t, []string{}, out.MetricAlarms[0].InsufficientDataActions)
	require.Nil(t, out.MetricAlarms[0].Namespace)
	require.Equal(t, "EstimatedCharges", *out.MetricAlarms[0].Metrics[0].MetricStat.Metric.MetricName)
}

func TestAlarmsAreSwitchedAndDeleted(t *testing.T) {
	_, cfg := load(t, "finished", sandbox.Options{})
	client, ctx, names := cloudwatch.NewFromConfig(cfg), t.Context(), []string{"billing-5usd"}
	enabled := func() bool {
		out, err := client.DescribeAlarms(ctx, nil)
		require.NoError(t, err)
		return *out.MetricAlarms[0].ActionsEnabled
	}
	require.True(t, enabled())
	_, err := client.DisableAlarmActions(ctx, &cloudwatch.DisableAlarmActionsInput{AlarmNames: names})
	require.NoError(t, err)
	require.False(t, enabled())
	_, err = client.EnableAlarmActions(ctx, &cloudwatch.EnableAlarmActionsInput{AlarmNames: names})
	require.NoError(t, err)
	require.True(t, enabled())

	_, err = client.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: &names[0], EvaluationPeriods: aws.Int32(1),
		ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
	})
	requireCode(t, "MissingParameter", err)
	_, err = client.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: &names[0], EvaluationPeriods: aws.Int32(0),
		ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
		MetricName:         aws.String("EstimatedCharges"), Namespace: aws.String("AWS/Billing"),
		Period: aws.Int32(21600),
	})
	requireCode(t, "ValidationError", err)
	_, err = client.PutCompositeAlarm(
		ctx, &cloudwatch.PutCompositeAlarmInput{AlarmName: &names[0], AlarmRule: aws.String("")},
	)
	requireCode(t, "MissingParameter", err)

	_, err = client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: names})
	require.NoError(t, err)
	out, err := client.DescribeAlarms(ctx, nil)
	require.NoError(t, err)
	require.Empty(t, out.MetricAlarms)
}

func TestMuteRules(t *testing.T) {
	_, cfg := practice(t, `{"muteRules": [
		{"name": "holiday", "alarms": ["billing"], "status": "ACTIVE", "expires": "24h"},
		{"name": "old", "alarms": ["billing"], "status": "EXPIRED"},
		{"name": "night", "alarms": ["cpu"], "status": "ACTIVE"}
	]}`)
	out, err := cloudwatch.NewFromConfig(cfg).ListAlarmMuteRules(t.Context(), &cloudwatch.ListAlarmMuteRulesInput{
		AlarmName: aws.String("billing"), Statuses: []types.AlarmMuteRuleStatus{types.AlarmMuteRuleStatusActive},
	})
	require.NoError(t, err)
	require.Len(t, out.AlarmMuteRuleSummaries, 1)
	require.Equal(
		t, "arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:holiday",
		*out.AlarmMuteRuleSummaries[0].AlarmMuteRuleArn,
	)
}

func TestAlarmsComeInPages(t *testing.T) {
	_, cfg := load(t, "fresh", sandbox.Options{})
	client, ctx := cloudwatch.NewFromConfig(cfg), t.Context()
	for i := range 51 {
		_, err := client.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
			AlarmName: aws.String(strings.Repeat("a", i+1)), EvaluationPeriods: aws.Int32(1), Period: aws.Int32(60),
			MetricName: aws.String("m"), Namespace: aws.String("n"),
			ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
		})
		require.NoError(t, err)
	}
	pages, alarms := 0, 0
	for list := cloudwatch.NewDescribeAlarmsPaginator(client, nil); list.HasMorePages(); pages++ {
		out, err := list.NextPage(ctx)
		require.NoError(t, err)
		alarms += len(out.MetricAlarms)
	}
	require.Equal(t, 2, pages, "the default page holds 50")
	require.Equal(t, 51, alarms)
	_, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{NextToken: aws.String("made up")})
	requireCode(t, "InvalidNextToken", err)
	_, err = client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{MaxRecords: aws.Int32(0)})
	requireCode(t, "ValidationError", err)
}

// The Query protocol may come as a GET, as a person types it into a browser.
func TestQueryByGET(t *testing.T) {
	account, _ := load(t, "finished", sandbox.Options{})
	form := url.Values{"Action": {"DescribeAlarms"}, "AlarmNames.member.1": {"billing-5usd"}, "Version": {"2010-08-01"}}
	req := httptest.NewRequest(http.MethodGet, "http://localhost/?"+form.Encode(), nil)
	sign(t, account, req, "monitoring")
	w := httptest.NewRecorder()
	account.ServeHTTP(w, req)
	require.Equal(t, http.StatusOK, w.Code)
	require.Contains(
		t, w.Body.String(),
		`<DescribeAlarmsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><DescribeAlarmsResult>`+
			`<CompositeAlarms></CompositeAlarms><MetricAlarms><member><AlarmName>billing-5usd</AlarmName>`,
	)
	require.Equal(t, `{"AlarmNames":["billing-5usd"]}`, account.Calls()[0].Input)
}
