package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// MuteRulesKey asks for the rules that keep an alarm silent now.
type MuteRulesKey struct {
	Region string `json:"region"`
	Alarm  string `json:"alarm"` // its name
}

// ActiveMuteRules are the names of the mute rules that hold an alarm's actions back at this moment.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListAlarmMuteRules.html
var ActiveMuteRules = &facts.Read[MuteRulesKey, []string]{
	Name:       "cloudwatch.active-mute-rules",
	Operations: []string{"cloudwatch:ListAlarmMuteRules"},
	Fetch: func(ctx context.Context, a *facts.Access, key MuteRulesKey) ([]string, error) {
		client, err := cloudwatchClient(a, key.Region)
		if err != nil {
			return nil, err
		}
		in := &cloudwatch.ListAlarmMuteRulesInput{
			AlarmName: &key.Alarm, Statuses: []types.AlarmMuteRuleStatus{types.AlarmMuteRuleStatusActive},
		}
		return wholeList(func(token *string) ([]types.AlarmMuteRuleSummary, *string, error) {
			in.NextToken = token
			out, err := client.ListAlarmMuteRules(ctx, in)
			if err != nil {
				return nil, nil, err
			}
			return out.AlarmMuteRuleSummaries, out.NextToken, nil
		}, muteRuleName)
	},
}

func muteRuleName(rule types.AlarmMuteRuleSummary) (string, error) {
	arn := aws.ToString(rule.AlarmMuteRuleArn)
	return arn[strings.LastIndexByte(arn, ':')+1:], nil
}
