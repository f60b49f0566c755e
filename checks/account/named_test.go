package account

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/facts"
)

// readNamed asks an operation by its name through the transport, and returns what the expression names of the answer.
func readNamed(t *testing.T, transport http.RoundTripper, name, expression string, in map[string]any) (any, error) {
	t.Helper()
	o, err := api.Find(name)
	require.NoError(t, err)
	keep, err := o.Select(expression, api.Value)
	require.NoError(t, err)
	typed, problems := o.CheckInput(in)
	require.Empty(t, problems)
	read := &facts.Read[string, map[string]any]{
		Name: name, Operations: []string{name},
		Fetch: func(ctx context.Context, a *facts.Access, region string) (map[string]any, error) {
			return ReadNamed(ctx, a, o, region, typed, keep)
		},
	}
	answer, err := read.Get(openTest(t, transport, read), "us-east-1")
	if err != nil {
		return nil, err
	}
	result, err := api.Search(expression, answer)
	require.NoError(t, err)
	return result, nil
}

func TestThePracticeAccountIsReadByName(t *testing.T) {
	a := stateOf(t, `"regions": {}`)
	for name, test := range map[string]struct {
		expression string
		in         map[string]any
		want       any
	}{
		"sts:GetCallerIdentity":     {"Arn", nil, "arn:aws:iam::123456789012:user/alice"},
		"ec2:DescribeVpcs":          {"Vpcs[].[IsDefault,State]", nil, []any{[]any{true, "available"}}},
		"iam:GetAccountSummary":     {"SummaryMap.AccountMFAEnabled", nil, 0.0},
		"ecr:DescribeRepositories":  {"length(repositories)", nil, 0.0},
		"logs:DescribeLogGroups":    {"logGroups[].logGroupName", nil, []any{}},
		"cloudwatch:DescribeAlarms": {"MetricAlarms[].AlarmName", nil, []any{}},
		"budgets:DescribeBudgets":   {"Budgets[].BudgetName", map[string]any{"AccountId": "123456789012"}, nil},
		"ec2:DescribeRouteTables":   {"RouteTables[].Routes[1].DestinationCidrBlock", nil, []any{"0.0.0.0/0"}},
		"ec2:DescribeSubnets":       {"length(Subnets)", map[string]any{"MaxResults": 5.0}, 6.0},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readNamed(t, a, name, test.expression, test.in)
			require.NoError(t, err)
			if test.want != nil {
				require.Equal(t, test.want, got)
			}
		})
	}
}

// A wireAnswer is how the answers of a list look in one protocol: one that is good, one that lacks the member that is
// named, one that has a value of it that nobody knows yet, one without elements, one without the list, one that has
// text where the list belongs, and AWS's refusals.
type wireAnswer struct {
	operation, expression, contentType            string
	in                                            map[string]any
	good, missing, unknown, empty, without, wrong string
	denied, throttled                             string
	deniedStatus, throttledStatus                 int
	value                                         string
}

func wireAnswers() map[string]wireAnswer {
	inXML := func(open, list, element, shut string) wireAnswer {
		of := func(content string) string { return open + "<" + list + ">" + content + "</" + list + ">" + shut }
		return wireAnswer{
			contentType: xmlType, good: of(element), missing: of("<item><Other/></item><member><Other/></member>"),
			unknown: of(strings.ReplaceAll(element, "available", "never-seen")),
			empty:   open + "<" + list + "/>" + shut, without: open + shut, wrong: of("none"), value: "available",
		}
	}
	ofEC2 := inXML("<DescribeVpcsResponse>", "vpcSet", "<item><state>available</state></item>",
		"<requestId>1</requestId></DescribeVpcsResponse>")
	ofEC2.missing = "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>"
	ofEC2.operation, ofEC2.expression = "ec2:DescribeVpcs", "Vpcs[].State"
	ofEC2.denied, ofEC2.deniedStatus = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not "+
		"authorized to perform this operation.</Message></Error></Errors></Response>", http.StatusForbidden
	ofEC2.throttled, ofEC2.throttledStatus = strings.ReplaceAll(ofEC2.denied, "UnauthorizedOperation",
		"RequestLimitExceeded"), http.StatusServiceUnavailable

	ofQuery := inXML("<DescribeDBInstancesResponse><DescribeDBInstancesResult>", "DBInstances",
		"<DBInstance><DBInstanceStatus>available</DBInstanceStatus></DBInstance>",
		"</DescribeDBInstancesResult></DescribeDBInstancesResponse>")
	ofQuery.missing = strings.ReplaceAll(ofQuery.good, "DBInstanceStatus", "Engine")
	ofQuery.operation, ofQuery.expression = "rds:DescribeDBInstances", "DBInstances[].DBInstanceStatus"
	ofQuery.denied, ofQuery.deniedStatus = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"+
		"<Message>no</Message></Error></ErrorResponse>", http.StatusForbidden
	ofQuery.throttled, ofQuery.throttledStatus = strings.ReplaceAll(ofQuery.denied, "AccessDenied", "Throttling"),
		http.StatusBadRequest

	ofRestXML := inXML("<ListDistributionsResult>", "Items",
		"<DistributionSummary><Status>available</Status></DistributionSummary>", "</ListDistributionsResult>")
	ofRestXML.missing = strings.ReplaceAll(ofRestXML.good, "Status", "Id")
	ofRestXML.operation, ofRestXML.expression = "cloudfront:ListDistributions", "DistributionList.Items[].Status"
	ofRestXML.denied, ofRestXML.deniedStatus = ofQuery.denied, http.StatusForbidden
	ofRestXML.throttled, ofRestXML.throttledStatus = ofQuery.throttled, http.StatusBadRequest

	inJSON := func(list, member string) wireAnswer {
		of := func(content string) string { return `{"` + list + `": ` + content + `}` }
		return wireAnswer{
			contentType: jsonType, good: of(`[{"` + member + `": "available"}]`), missing: of(`[{"other": 1}]`),
			unknown: of(`[{"` + member + `": "never-seen"}]`), empty: of(`[]`), without: `{}`, wrong: of(`"none"`),
			denied: `{"__type": "AccessDeniedException", "message": "no"}`, deniedStatus: http.StatusBadRequest,
			throttled: `{"__type": "ThrottlingException", "message": "slow"}`, throttledStatus: http.StatusBadRequest,
			value: "available",
		}
	}
	ofJSON := inJSON("repositories", "imageTagMutability")
	ofJSON.operation, ofJSON.expression = "ecr:DescribeRepositories", "repositories[].imageTagMutability"
	ofRestJSON := inJSON("Functions", "State")
	ofRestJSON.operation, ofRestJSON.expression = "lambda:ListFunctions", "Functions[].State"
	ofRestJSON.deniedStatus, ofRestJSON.throttledStatus = http.StatusForbidden, http.StatusTooManyRequests

	ofCBOR := wireAnswer{
		operation: "cloudwatch:DescribeAlarms", expression: "MetricAlarms[].StateValue", contentType: cborType,
		good:    "\xa1\x6cMetricAlarms\x81\xa1\x6aStateValue\x69available",
		missing: "\xa1\x6cMetricAlarms\x81\xa1\x69AlarmName\x61a",
		unknown: "\xa1\x6cMetricAlarms\x81\xa1\x6aStateValue\x6anever-seen",
		empty:   "\xa1\x6cMetricAlarms\x80", without: "\xa0", wrong: "\xa1\x6cMetricAlarms\x64none",
		denied: "\xa2\x66__type\x6cAccessDenied\x67message\x62no", deniedStatus: http.StatusForbidden,
		throttled: "\xa2\x66__type\x6aThrottling\x67message\x64slow", throttledStatus: http.StatusBadRequest,
		value: "available",
	}
	return map[string]wireAnswer{
		"ec2": ofEC2, "query": ofQuery, "rest-xml": ofRestXML, "json": ofJSON, "rest-json": ofRestJSON, "cbor": ofCBOR,
	}
}

// Whatever comes in place of a good answer, in every protocol: what is there is told as it is, and everything else has
// the contract's reason.
func TestWhatComesOfAReadByName(t *testing.T) {
	for protocol, w := range wireAnswers() {
		redirect := answer(http.StatusFound, "text/html", "")
		redirect.header.Set("Location", "https://login.wifi.example/")
		for name, c := range map[string]struct {
			answer *answering
			want   any
			reason facts.Reason
			asked  int
		}{
			"a good one":                {answer(200, w.contentType, w.good), []any{w.value}, "", 1},
			"without the member":        {answer(200, w.contentType, w.missing), []any{}, "", 1},
			"a value that nobody knows": {answer(200, w.contentType, w.unknown), []any{"never-seen"}, "", 1},
			"no elements":               {answer(200, w.contentType, w.empty), []any{}, "", 1},
			"no list":                   {answer(200, w.contentType, w.without), nil, "", 1},
			"text in place of the list": {answer(200, w.contentType, w.wrong), nil, facts.InvalidResponse, 1},
			"cut off":                   {answer(200, w.contentType, w.good[:len(w.good)-3]), nil, facts.InvalidResponse, 1},
			"not in UTF-8": {
				answer(200, w.contentType, strings.ReplaceAll(w.good, "available", "availabl\xff")), nil,
				facts.InvalidResponse, 1,
			},
			"nothing":      {answer(200, w.contentType, ""), nil, facts.InvalidResponse, 1},
			"a page":       {answer(200, "text/html", "<html><body>Welcome</body></html>"), nil, facts.InvalidResponse, 1},
			"elsewhere":    {redirect, nil, facts.InvalidResponse, 1},
			"denied":       {answer(w.deniedStatus, w.contentType, w.denied), nil, facts.AccessDenied, 1},
			"throttled":    {answer(w.throttledStatus, w.contentType, w.throttled), nil, facts.Throttled, maxAttempts},
			"out of order": {answer(500, w.contentType, w.without), nil, facts.Unreachable, maxAttempts},
		} {
			t.Run(protocol+" "+name, func(t *testing.T) {
				got, err := readNamed(t, c.answer, w.operation, w.expression, w.in)
				if c.reason != "" {
					require.Error(t, err)
					require.Equal(t, c.reason, facts.AsError(err).Reason, "%v", err)
				} else {
					require.NoError(t, err)
					require.Equal(t, c.want, got)
				}
				require.EqualValues(t, c.asked, c.answer.asked.Load())
			})
		}
	}
}

// A time in CBOR is a number of seconds with a fraction, which is rarely a number that a double can hold.
func TestTimesInCBORKeepTheirMilliseconds(t *testing.T) {
	for _, ms := range []int64{1700000000123, 1700000000999, 1700000000001, 1700000000000, 1764000000570, -1} {
		seconds := make([]byte, 8)
		binary.BigEndian.PutUint64(seconds, math.Float64bits(float64(ms)/1e3))
		body := "\xa1\x6cMetricAlarms\x81\xa1\x75StateUpdatedTimestamp\xc1\xfb" + string(seconds)
		got, err := readNamed(t, answer(200, cborType, body), "cloudwatch:DescribeAlarms",
			"MetricAlarms[].StateUpdatedTimestamp", nil)
		require.NoError(t, err)
		want := time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000000+00:00")
		require.Equal(t, []any{strings.Replace(want, ".000000", "", 1)}, got)
	}
}

// The signer of the door signs what is read by name and what the SDK's clients ask.
func TestTheSignerIsAParameter(t *testing.T) {
	for protocol, p := range probes() {
		var sent http.Header
		o := testOptions(roundTrip(func(r *http.Request) (*http.Response, error) {
			sent = r.Header
			return nil, errors.New("the cable is cut")
		}), p)
		o.Signer = signerOfTests{}
		_, err := p.Get(viewThrough(t, o, p), probeKey{Region: "us-east-1"})
		require.Error(t, err)
		require.Equal(t, "signed by somebody else", sent.Get("Authorization"), protocol)
	}
}

type signerOfTests struct{}

func (signerOfTests) SignHTTP(
	_ context.Context, _ aws.Credentials, r *http.Request, _, _, _ string, _ time.Time, _ ...func(*v4.SignerOptions),
) error {
	r.Header.Set("Authorization", "signed by somebody else")
	return nil
}
