package cost

import (
	"cmp"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/checktest"
)

// leftoversFile holds things that people leave, one a case: what AWS answers about it, what is right, what it costs a
// day, how it is deleted.
var leftoversFile = flag.String("leftovers", "testdata/leftovers.json", "the `file` with the cases")

type leftover struct {
	ID     string         `json:"id"`
	Ask    string         `json:"ask"`
	Answer map[string]any `json:"answer"`
	Expect struct {
		Verdict string `json:"verdict"`
	} `json:"expect"`
	USDPerDay float64  `json:"usdPerDay"`
	Remove    []string `json:"remove"`
}

// elsewhere are the cases that the lists do not decide, and where they are decided.
var elsewhere = map[string]string{
	"elb-03":  "target groups are free, and nobody asks for them",
	"ecs-04":  "empty clusters are free: TestECS",
	"cf-01":   "distributions without traffic are free, and nobody asks for them",
	"s3-01":   "what is in buckets costs cents, and nobody asks for it",
	"reg-01":  "Regions that are switched off are advice, as the semantics page decides: TestNetwork",
	"reg-02":  "TestOneRegionThatCannotBeRead",
	"plan-01": "the check account-plan",
}

// listOf finds the list of a case and the part of its row that reads the answer.
func listOf(ask string) (*checks.Check, *list, string) {
	names := map[string]string{
		"elasticloadbalancing:DescribeLoadBalancers (v2)":      "elbv2:DescribeLoadBalancers",
		"elasticloadbalancing:DescribeLoadBalancers (classic)": "elb:DescribeLoadBalancers",
		"ecs:DescribeServices":                                 "ecs:ListClusters",
		"elasticfilesystem:DescribeFileSystems":                "efs:DescribeFileSystems",
		"es:ListDomainNames":                                   "opensearch:ListDomainNames",
		"kafka:ListClustersV2":                                 "kinesis:ListStreams",
		"ecr:DescribeImages":                                   "ecr:DescribeRepositories",
		"lambda:ListProvisionedConcurrencyConfigs":             "lambda:ListFunctions",
	}
	name := ask
	if names[name] == "" {
		name = strings.FieldsFunc(ask, func(r rune) bool { return strings.ContainsRune(" ;,+@", r) })[0]
	}
	if other := names[name]; other != "" {
		name = other
	}
	for check, lists := range groups() {
		for _, l := range lists {
			if l.call == name {
				find := l.find
				if l.each != nil {
					find = l.each.find
				}
				return check, l, find
			}
		}
	}
	return nil, nil, ""
}

func TestLeftovers(t *testing.T) {
	data, err := os.ReadFile(*leftoversFile)
	require.NoError(t, err)
	var file struct {
		Cases []leftover `json:"cases"`
	}
	require.NoError(t, json.Unmarshal(data, &file))
	for _, c := range file.Cases {
		t.Run(c.ID, func(t *testing.T) {
			if why := elsewhere[c.ID]; why != "" {
				t.Skip(why)
			}
			check, l, find := listOf(c.Ask)
			require.NotNil(t, l, c.Ask)
			if l.ask != nil {
				find = "services[].{id: serviceName, state: status, kind: 'service', type: launchType, " +
					"count: desiredCount, size: runningCount, of: ['C']}"
			}
			found, err := api.Search(find, c.Answer)
			require.NoError(t, err)
			data, err := json.Marshal(found)
			require.NoError(t, err)
			var things []Thing
			require.NoError(t, json.Unmarshal(data, &things))
			for i := range things {
				things[i] = things[i].tidy()
			}
			for _, region := range []string{"us-east-1", "eu-west-1", "us-west-2"} {
				if l.in(region) {
					c.hold(t, check, l, region, things)
				}
			}
		})
	}
}

// hold proves that the case is found in a Region, with its price and the commands that delete it there.
func (c leftover) hold(t *testing.T, check *checks.Check, l *list, region string, things []Thing) {
	t.Helper()
	r := checktest.Look(t, check, checktest.Case{
		Params: map[string]any{"more": true}, Facts: WithIn(check, region, map[string][]Thing{l.call: things}),
	})
	assert.Equal(t, c.Expect.Verdict, r.Verdict().String(), "%+v", r.Findings)
	low, high := 0.0, 0.0
	for _, charge := range r.Cost.Charges {
		low, high = low+charge.Low, high+charge.High
	}
	// A case has one number and no range, to a tenth of a cent or a twentieth.
	slack := max(0.001, c.USDPerDay/20)
	assert.GreaterOrEqual(t, c.USDPerDay+slack, low, "%+v", r.Cost.Charges)
	assert.LessOrEqual(t, c.USDPerDay-slack, high, "%+v", r.Cost.Charges)
	if r.Verdict() != checks.Fail && r.Verdict() != checks.Partial {
		return
	}
	where := cmp.Or(l.home, region)
	assert.Contains(t, r.Findings[0].Subject, where)
	var typed []string
	for _, command := range r.Fix.Commands {
		typed = append(typed, command.String())
		assert.Contains(t, command.String(), "--region "+where)
	}
	next := 0 // the commands of the case are there in their order
	for _, line := range c.Remove {
		words := strings.Fields(strings.NewReplacer("…", "", "each", "").Replace(line))
		if len(words) < 3 || words[0] != "aws" {
			continue
		}
		for next < len(typed) && !strings.Contains(typed[next], strings.Join(words[1:3], " ")) {
			next++
		}
		assert.Less(t, next, len(typed), "%s is not in %q", line, typed)
	}
}

// An empty cluster is free, and one that cannot be read is not empty.
func TestECS(t *testing.T) {
	services := []Thing{
		{ID: "docker-api", State: "ACTIVE", Kind: ecsService, Count: 1, Size: 1, Type: "FARGATE"},
		{ID: "old", State: "ACTIVE", Kind: ecsService, Type: "FARGATE"},
	}
	tasks := []task{
		{ID: "t1", State: "RUNNING", Launch: "FARGATE", Group: "service:docker-api", CPU: "256", Memory: "512"},
		{ID: "t2", State: "RUNNING", Launch: "FARGATE", Group: "family:migrate", CPU: "1024", Memory: "2048"},
	}
	things := thingsOf("arn:aws:ecs:us-east-1:123456789012:cluster/lab", services, tasks)
	require.Len(t, things, 3)
	r := checktest.Look(t, Compute, checktest.Case{Facts: With(Compute, map[string][]Thing{"ecs:ListClusters": things})})
	require.Equal(t, checks.Fail, r.Verdict())
	require.Len(t, r.Findings, 2, "%+v", r.Findings)
	assert.InDelta(t, 24*(0.04048+2*0.004445), fargate(things[2]).high, 0.001)
	assert.Zero(t, fargate(Thing{Type: "EC2", Size: 2}))
	var typed []string
	for _, c := range r.Fix.Commands {
		typed = append(typed, c.String())
	}
	assert.Contains(t, typed, "aws ecs update-service --cluster arn:aws:ecs:us-east-1:123456789012:cluster/lab "+
		"--service docker-api --desired-count 0 --region us-east-1")
}
