package cmd

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// crowd puts something harmless beside everything that there is one of, so that no list has only one item.
func crowd() edit {
	const other = `"id": "AIDACKCEVSQ6C3EXAMPLE", "created": "-9600h"`
	return all(
		set("/iam/users/-", `{"name": "bob", `+other+`, "groups": ["learners"]}`),
		set("/iam/groups/-", `{"name": "readers", `+other+`, "attached": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}`),
		text(atAlice+"/groups/-", "readers"),
		set(atAlice+"/attached", `["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"]`),
		set(atAlice+"/accessKeys/-", `{"id": "`+otherKey+`", "created": "-9600h", "inactive": true}`),
		set("/iam/mfaDevices/-", `{"serial": "GAHT12345678", "user": "bob"}`),
		set(atRegion+"/ecr/repositories/-", `{"name": "base", "created": "-200h"}`),
		set(atRegion+"/ecr/scanning", `{"type": "BASIC", "rules": [
			{"frequency": "SCAN_ON_PUSH", "filters": [{"filter": "docker-*", "type": "WILDCARD"}, {"filter": "lab-*", "type": "WILDCARD"}]},
			{"frequency": "MANUAL", "filters": [{"filter": "base", "type": "WILDCARD"}]}]}`),
		set(atImage+"/tags/-", `"v1"`),
		set(atImage+"/platforms/-", `"linux/arm64/v8"`),
		set(atRepository+"/images/-", `{"tags": ["old", "older"], "pushed": "-200h", "size": 1000}`),
		set(atRepository+"/lifecyclePolicy/rules/-", `{"rulePriority": 2, "action": {"type": "transition"},
			"selection": {"tagStatus": "any", "countType": "sinceImagePulled", "countUnit": "days", "countNumber": 30}}`),
		set(atRegion+"/logs/groups/-", `{"name": "/ecs/docker-api-2", "created": "-2h"}`),
		set(atNetwork+"/vpcs/-", `{"id": "vpc-0ffffffffffffffff", "cidr": "10.0.0.0/16"}`),
		set(atNetwork+"/internetGateways/-", `{"id": "igw-0ffffffffffffffff"}`),
		set(atNetwork+"/routeTables/-", `{"id": "rtb-0ffffffffffffffff", "vpc": "`+vpcID+`", "subnets": ["`+
			subnetID('e')+`", "`+subnetID('f')+`"]}`),
		set(atNetwork+"/routeTables/0/routes/-", `{"destination": "10.0.0.0/8", "target": "pcx-0a1b2c3d4e5f60718"}`),
		set(atAlarm+"/alarmActions/-", `"arn:aws:automate:us-east-1:ec2:stop"`),
		set(atRegion+"/alarms/-", `{"name": "cpu", "namespace": "AWS/EC2", "metricName": "CPUUtilization", "state": "OK"}`),
		set(atRegion+"/topics/-", `{"name": "another"}`),
		set(atTopic+"/subscriptions/-", `{"id": "1", "protocol": "email", "endpoint": "bob@example.com", "pending": true}`),
		set("/budgets", `[
			{"name": "usage", "type": "USAGE", "timeUnit": "MONTHLY"}, {"name": "more", "type": "USAGE", "timeUnit": "MONTHLY"}]`),
	)
}

// orderMutants turn every list of a crowded account round, one at a time and all at once: AWS promises no order.
func orderMutants(t testing.TB) []mutant {
	t.Helper()
	var places []string
	lists("", crowd()(t, finishedState(t)), func(place string) { places = append(places, place) })
	require.Greater(t, len(places), 20)
	list := []mutant{{"a crowded account", crowd(), nil}}
	every := []edit{crowd()}
	for _, place := range places {
		list = append(list, mutant{"the other way round: " + place, all(crowd(), reverse(place)), nil})
		every = append(every, reverse(place))
	}
	return append(list, mutant{"every list the other way round", all(every...), nil})
}

// lists visits the lists in a state of which the order could be another one. Words of a command line are no such list.
// Inner lists come first, so that their places stay true while lists are turned round in this order.
func lists(place string, state any, visit func(place string)) {
	switch state := state.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(state)) {
			if name != "argv" {
				lists(place+"/"+strings.ReplaceAll(name, "/", "~1"), state[name], visit)
			}
		}
	case []any:
		for i, item := range state {
			lists(place+"/"+strconv.Itoa(i), item, visit)
		}
		if len(state) > 1 {
			visit(place)
		}
	}
}

// reverse turns a list round.
func reverse(place string) edit {
	return ofList(place, func(list []any) []any {
		slices.Reverse(list)
		return list
	})
}

// ofList changes a list.
func ofList(place string, with func([]any) []any) edit {
	return func(t testing.TB, state any) any {
		return change(t, state, place, func(was any, _ bool) (any, bool) {
			list, _ := was.([]any) // nil if there is none yet
			return with(list), true
		})
	}
}

// pad is what makes an answer longer than a page.
type pad struct {
	place string // of a list
	count int
	// item writes an item as JSON. The text %03d in it is its number.
	item string
	// spoil makes the item that is last on the last page a wrong one.
	spoil   edit
	changes changes
}

// before puts the items before those that are there.
func (p pad) before() edit {
	return ofList(p.place, func(list []any) []any { return append(p.items(), list...) })
}

// after puts the items after those that are there.
func (p pad) after() edit {
	return ofList(p.place, func(list []any) []any { return append(list, p.items()...) })
}

func (p pad) items() []any {
	items := make([]any, p.count)
	for i := range items {
		items[i] = decoded(strings.ReplaceAll(p.item, "%03d", fmt.Sprintf("%03d", i)))
	}
	return items
}

// pads are the lists of which an answer has more than one page, with more items than AWS's largest page has.
func pads() []pad {
	fail := func(step string) changes { return changes{step: "fail"} }
	return []pad{
		{
			"/iam/mfaDevices", 101, `{"serial": "GAHT%03d", "user": "alice"}`,
			set("/iam/mfaDevices", `[]`), nil,
		},
		{
			atAlice + "/accessKeys", 101, `{"id": "AKIA%03dEXAMPLE", "created": "-1h"}`,
			text(atAlice+"/accessKeys/0/created", "-9600h"), fail("iam-access-key-age"),
		},
		{
			atAlice + "/attached", 101, `"arn:aws:iam::aws:policy/Harmless%03d"`,
			set(atAlice+"/attached", `["arn:aws:iam::aws:policy/AdministratorAccess"]`),
			changes{"iam-least-privilege": "partial 50"},
		},
		{
			atLearners + "/attached", 101, `"arn:aws:iam::aws:policy/Harmless%03d"`,
			text(atLearners+"/attached/-", "arn:aws:iam::aws:policy/AdministratorAccess"),
			changes{"iam-least-privilege": "partial 50"},
		},
		{atRegion + "/ecr/repositories", 1001, `{"name": "base-%03d", "created": "-200h"}`, nil, nil},
		{
			atRepository + "/images", 1001, `{"tags": ["old-%03d"], "pushed": "-200h", "size": 1000, "scan": {"status": "COMPLETE"}}`,
			set(atImage+"/size", `600000000`), fail("ecr-storage"),
		},
		{
			// AWS sorts by name: with the lab's name as their beginning, all others come after it.
			atRegion + "/logs/groups", 51, `{"name": "/ecs/docker-api-%03d", "created": "-2h"}`,
			drop(atLogGroup + "/retentionInDays"), fail("logs-retention"),
		},
		{
			atNetwork + "/subnets", 101, `{"id": "subnet-00000%03d", "vpc": "vpc-0ffffffffffffffff", "cidr": "10.0.0.0/28",
				"zone": "us-east-1a", "zoneId": "use1-az1"}`,
			set(atNetwork+"/subnets", `[]`),
			changes{"vpc-subnets": "fail", "vpc-internet-route": "fail"},
		},
		{
			atNetwork + "/internetGateways", 101, `{"id": "igw-00000%03d"}`,
			drop(atNetwork + "/internetGateways/0/vpc"), fail("vpc-internet-route"),
		},
		{
			atNetwork + "/routeTables", 101, `{"id": "rtb-00000%03d", "vpc": "vpc-0ffffffffffffffff"}`,
			set(atNetwork+"/routeTables/0/routes", `[]`), fail("vpc-internet-route"),
		},
		{
			atRegion + "/alarms", 101, `{"name": "a-%03d", "namespace": "AWS/EC2", "metricName": "CPUUtilization", "state": "OK"}`,
			set(atAlarm+"/threshold", `0`), fail("billing-alarm"),
		},
		{
			atTopic + "/subscriptions", 101, `{"id": "%03d", "protocol": "email", "endpoint": "%03d@example.com", "pending": true}`,
			set(atTopic+"/subscriptions", `[]`),
			changes{"billing-alarm": "unknown not_yet_consistent"},
		},
	}
}

// pageMutants split each list over pages: what decides is found on the last page as it is on the first.
func pageMutants() []mutant {
	var list []mutant
	for _, p := range pads() {
		list = append(list,
			mutant{"more than a page before " + p.place, p.before(), nil},
			mutant{"more than a page after " + p.place, p.after(), nil},
		)
		if p.spoil != nil {
			list = append(list, mutant{"a wrong one on the last page of " + p.place, all(p.spoil, p.before()), p.changes})
		}
	}
	return append(list, budgetPageMutants()...)
}

// budgetPageMutants have many budgets, of which the last one alone is right.
func budgetPageMutants() []mutant {
	const usage = `{"name": "usage-%03d", "type": "USAGE", "timeUnit": "MONTHLY"}`
	var list []mutant
	for _, m := range budgetMutants() {
		if m.name == "a budget in place of the alarm" || m.name == "a budget that tells nobody in place of the alarm" {
			p := pad{place: "/budgets", count: 101, item: usage}
			list = append(list, mutant{m.name + ", after more than a page of others", all(m.edit, p.before()), m.changes})
		}
	}
	return list
}
