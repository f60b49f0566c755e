package author

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// fixtureExpect is what the lab of the command's tests must show: no more than the laws ask for.
const fixtureExpect = `schema: labcheck.expect/v1
waits: [alarm]
inseparable:
  git-no-aws-keys: this lab shows what an excuse is
places:
  region: /regions/us-east-1
accounts:
  - { name: no MFA, patch: [{ op: replace, path: /root/mfa, value: false }], changes: { root-mfa: fail } }
  - name: a key of the root user
    patch: [{ op: add, path: /root/accessKeys, value: [{ id: AKIAI44QH8DHBEXAMPLE, created: -1h }] }]
    changes: { root-keys: fail }
  - { name: no AWS CLI, patch: [{ op: remove, path: /workstation/commands/0 }], changes: { cli: fail } }
  - { name: no repository, patch: [{ op: remove, path: $region/ecr }], changes: { repository: fail } }
  - name: no tag
    patch: [{ op: replace, path: $region/ecr/repositories/0/images/0/tags, value: [] }]
    changes: { image: fail }
  - name: no sign-in
    patch: [{ op: remove, path: /workstation/files/.docker~1config.json }]
    changes: { login: fail }
  - name: no retention
    patch: [{ op: remove, path: $region/logs/groups/0/retentionInDays }]
    changes: { retention: fail }
  - { name: no alarm, patch: [{ op: replace, path: $region/alarms, value: [] }], changes: { alarm: fail } }
  - name: the alarm rings
    patch: [{ op: replace, path: $region/alarms/0/state, value: ALARM }]
    survives: { step: alarm, says: rings, why: that is what it is for }
deny:
  - op: add
    path: /iam/users/0/inline
    value: { limits: { Statement: { Effect: Deny, Action: $action, Resource: "*" } } }
crowd:
  - { op: add, path: $region/logs/groups/-, value: { name: /ecs/docker-api-2, created: -2h } }
pages:
  - list: $region/alarms
    count: 101
    item: { name: a-%03d, namespace: AWS/EC2, metricName: CPUUtilization, state: OK }
    spoil: [{ op: add, path: $region/alarms/0/dimensions/-, value: { name: LinkedAccount, value: "210987654321" } }]
    changes: { alarm: partial 50 }
answers:
  - operation: DescribeLogGroups
    decides: ["logGroups[].logGroupName"]
    absent:
      - logGroups emptied
      - "logGroups[] dropped"
      - "logGroups[].retentionInDays emptied"
      - "logGroups[].retentionInDays dropped"
    changes: { retention: fail }
  - operation: DescribeAlarms
    decides:
      - "MetricAlarms[].ActionsEnabled"
      - "MetricAlarms[].ComparisonOperator"
      - "MetricAlarms[].Dimensions[].Name"
      - "MetricAlarms[].Dimensions[].Value"
      - "MetricAlarms[].MetricName"
      - "MetricAlarms[].Namespace"
      - "MetricAlarms[].Threshold"
    absent:
      - MetricAlarms emptied
      - MetricAlarms dropped
      - "MetricAlarms[] dropped"
      - "MetricAlarms[].AlarmActions emptied"
      - "MetricAlarms[].AlarmActions dropped"
      - "MetricAlarms[].AlarmActions[] emptied"
      - "MetricAlarms[].AlarmActions[] dropped"
      - "MetricAlarms[].Dimensions emptied"
      - "MetricAlarms[].Dimensions dropped"
      - "MetricAlarms[].Dimensions[] dropped"
    changes: { alarm: fail }
  - operation: ListSubscriptionsByTopic
    absent: [Subscriptions emptied, Subscriptions.member dropped]
    decides: [Subscriptions.member.SubscriptionArn]
    changes: { alarm: fail }
`

// copied is the folder of the fixture lab with what it must show, after these replacements in one of its files.
func copied(t *testing.T, file string, replace ...string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "fixture")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "testdata", "labs", "fixture"))))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "expect.yaml"), []byte(fixtureExpect), 0o600))
	if file != "" {
		path := filepath.Join(folder, file)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		changed := strings.NewReplacer(replace...).Replace(string(text))
		require.NotEqual(t, string(text), changed, "nothing is replaced")
		require.NoError(t, os.WriteFile(path, []byte(changed), 0o600))
	}
	return folder
}

// bench is the lab of a folder.
func bench(t *testing.T, folder string) *Bench {
	t.Helper()
	l, err := lab.Catalogue{}.Find(folder)
	require.NoError(t, err)
	b, err := Open(l, registry(t))
	require.NoError(t, err)
	return b
}

// texts are problems of the lab of a folder, without the folder.
func texts(folder string, problems lab.Problems) []string {
	var all []string
	for _, problem := range problems {
		all = append(all, strings.ReplaceAll(problem.Error(), folder+string(filepath.Separator), ""))
	}
	return all
}

func TestProve(t *testing.T) {
	t.Parallel()
	p := bench(t, copied(t, "")).Prove(t.Context())
	require.Empty(t, p.Problems)
	require.NotZero(t, p.Killed)
	require.NotZero(t, p.Noticed)
}

// The fixture lab has no step about the caller. That the run asked who it is counts all the same, when its report is
// graded again.
func TestGradedAgainWithoutAStepAboutTheCaller(t *testing.T) {
	b := bench(t, copied(t, ""))
	for _, account := range b.accounts {
		gradedAgain(t, b, handedOut(t, b.grades(t, account, sandbox.Options{}), false))
	}
}

// Whatever is not so is a problem with its place.
func TestProveFinds(t *testing.T) {
	t.Parallel()
	const accounts = "accounts/"
	for name, c := range map[string]struct {
		file        string
		old, spoilt string
		want        string // of the first problem
		problems    int
	}{
		"a given step that is not marked": {
			"lab.yaml", "        given: true\n", "",
			"lab.yaml: the account fresh: root-keys is pass (0 access keys), and in the lab given is false: a fresh account " +
				"passes exactly what is given", 1,
		},
		"a step that is marked as given": {
			"lab.yaml", "check: cli-configured\n", "check: cli-configured\n        given: true\n",
			"lab.yaml: the account fresh: cli is fail (no program named aws is on the PATH (and 2 more)), and in the lab " +
				"given is true", 1,
		},
		"a finished account with a fault": {
			accounts + "finished.json", `"retentionInDays": 7`, `"retentionInDays": 400`,
			"lab.yaml: the account finished: retention is partial 50 (", 3,
		},
		"a drill that breaks nothing": {
			"drills.yaml", "/ecs/docker }", "/ecs/docker-api }",
			"drills.yaml:8:5: the drill of retention: it is pass (", 1,
		},
		"a drill that breaks too much": {
			"drills.yaml", "path: /root/accessKeys",
			"path: /root/mfa, value: false }\n      - { op: add, path: /root/accessKeys",
			"drills.yaml:4:5: the drill of root-keys: root-mfa does not need it and is fail (", 1,
		},
		"a drill that does not apply": {
			"drills.yaml", "groups/0/name", "group/0/name",
			"drills.yaml:8:5: the drill of retention: the drill of retention: line 11: replace " +
				"/regions/us-east-1/logs/group/0/name: ", 1,
		},
		"a run that takes more requests": {
			"expect.yaml", "waits:", "calls: 2\nwaits:",
			"lab.yaml: the account finished: a run takes ", 1,
		},
		"a fix that nobody announced": {
			"expect.yaml", "waits: [alarm]\n", "",
			"lab.yaml: the account half-done: alarm is unknown, and has a fix", 1,
		},
		"a change that does not come": {
			"expect.yaml", "path: /root/mfa, value: false", "path: /root/mfa, value: true",
			"expect.yaml:8:5: no MFA: root-mfa should be fail and is pass (", 1,
		},
		"a change that nobody expects": {
			"expect.yaml", "changes: { login: fail }", "changes: {}",
			"expect.yaml:17:5: no sign-in: login should be as before and is fail (", 2,
		},
		"a blocked step that passes": {
			"expect.yaml", "path: $region/ecr/repositories/0/images/0/tags, value: []",
			"path: $region/ecr/repositories/0/images/0/tags, value: [v1, latest]",
			"expect.yaml:14:5: no tag: image should be fail and is pass (", 1,
		},
		"a check that no account fails": {
			"expect.yaml",
			"  - { name: no AWS CLI, patch: [{ op: remove, path: /workstation/commands/0 }], changes: { cli: fail } }\n", "",
			"expect.yaml: no account fails the check cli-configured alone: add one, or say under inseparable why that cannot " +
				"be", 1,
		},
		"an excuse that is none": {
			"expect.yaml", "  git-no-aws-keys:", "  logs-retention: it is hard\n  git-no-aws-keys:",
			"expect.yaml: inseparable excuses the check logs-retention, and an account fails it alone", 1,
		},
		"a survivor of whom the report says nothing": {
			"expect.yaml", "says: rings", "says: burns",
			"expect.yaml:24:5: the alarm rings: the advice of alarm does not say \"burns\": ", 1,
		},
		"a page that is not full": {
			"expect.yaml", "count: 101", "count: 5",
			"expect.yaml:34:5: more than a page before /regions/us-east-1/alarms: no answer has a second page; raise " +
				"the count", 2,
		},
		"an order that cannot be another": {
			"expect.yaml", "  - { op: add, path: $region/logs/groups/-, value: { name: /ecs/docker-api-2, created: -2h } }\n",
			"  - { op: replace, path: $region/logs/groups/0/retentionInDays, value: 400 }\n",
			"expect.yaml: a crowded account: retention should be as before and is partial 50 (", 5,
		},
		"a patch that does not apply": {
			"expect.yaml", "$region/alarms, value", "$region/alarm/x, value",
			"expect.yaml:23:5: no alarm: line 23: replace /regions/us-east-1/alarm/x: ", 1,
		},
		"a state that is none": {
			"expect.yaml", "path: /root/mfa, value: false", "path: /root/mfa, value: 7",
			"expect.yaml:8:5: no MFA: practice state: ", 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := copied(t, c.file, c.old, c.spoilt)
			b := bench(t, folder)
			found := b.proveAccounts(t.Context())
			if len(found) == 0 {
				var p Proof
				b.proveSpoiled(t.Context(), &p)
				found = p.Problems
			}
			problems := texts(folder, found)
			require.Len(t, problems, c.problems, strings.Join(problems, "\n"))
			assert.Contains(t, problems[0], c.want)
		})
	}
}

// What an answer without a part changes is named, and what is named is so.
func TestProveAnswersFinds(t *testing.T) {
	t.Parallel()
	folder := copied(t, "expect.yaml",
		`["logGroups[].logGroupName"]`, `["logGroups[].arn"]`,
		"      - logGroups emptied\n", "",
		"changes: { retention: fail }\n  - operation: DescribeAlarms",
		"changes: { retention: partial 50 }\n  - operation: DescribeAlarms",
		"[Subscriptions emptied, ", "[Subscription emptied, Subscriptions emptied, ",
	)
	var p Proof
	bench(t, folder).proveAnswers(t.Context(), &p)
	const asking = `expect.yaml:40:5: DescribeLogGroups (asking "{\"limit\":50,` +
		`\"logGroupNamePrefix\":\"/ecs/docker-api\"}") `
	const another = ": map[retention:partial 50] is expected, and it is map[retention:fail]"
	require.ElementsMatch(t, []string{
		asking +
			"logGroups[].logGroupName dropped: retention is unknown invalid_response: name the part under decides if that is " +
			"right",
		asking + "logGroups emptied: retention is fail: name the part under absent if that is right",
		asking + "logGroups[] dropped" + another,
		asking + "logGroups[].retentionInDays dropped" + another,
		asking + "logGroups[].retentionInDays emptied" + another,
		"expect.yaml:40:5: DescribeLogGroups: logGroups[].arn dropped changes nothing, or is no part of the answer",
		"expect.yaml:68:5: ListSubscriptionsByTopic: Subscription emptied changes nothing, or is no part of the answer",
	}, texts(folder, p.Problems))
}

// A lab without one of the three accounts cannot be proven.
func TestProveNeedsTheAccounts(t *testing.T) {
	folder := copied(t, "")
	require.NoError(t, os.Remove(filepath.Join(folder, "accounts", "half-done.json")))
	found := bench(t, folder).Prove(t.Context()).Problems
	require.Equal(t, []string{"lab.yaml: the lab has no account half-done"}, texts(folder, found))
}
