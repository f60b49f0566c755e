//go:build conformance

package conformance

import (
	"fmt"
	"maps"
)

// step is a line of the lab's table.
type step struct {
	id       string
	points   int
	required bool
}

// passMark is the percentage that passes the lab.
const passMark = 80

// lab is what Module 1.2 asks for, in its order. It is written down here a second time so that a mistake in the lab
// file does not judge itself.
func lab() []step {
	return []step{
		{"iam-root-mfa", 10, true},
		{"iam-root-no-access-keys", 4, false},
		{"iam-caller-not-root", 10, true},
		{"iam-user-mfa", 5, false},
		{"iam-access-key-age", 3, false},
		{"iam-least-privilege", 2, false},
		{"cli-configured", 4, false},
		{"git-no-aws-keys", 3, false},
		{"ecr-repository", 8, true},
		{"ecr-image", 8, true},
		{"ecr-scan-on-push", 4, false},
		{"ecr-no-critical-findings", 2, false},
		{"ecr-lifecycle-policy", 4, false},
		{"ecr-docker-login", 2, false},
		{"ecr-storage", 2, false},
		{"logs-group", 5, true},
		{"logs-retention", 6, false},
		{"logs-storage", 2, false},
		{"vpc-default", 2, false},
		{"vpc-subnets", 2, false},
		{"vpc-internet-route", 2, false},
		{"billing-alarm", 10, true},
	}
}

// table says of each step which verdict it must get, in the words of said: "pass", "partial 50", "fail",
// "blocked by ecr-repository", "unknown invalid_response" or "skipped".
type table map[string]string

// newcomer is the table of an IAM user with a key, a configured AWS CLI and an empty git repository, in an account of
// the emulator in which nothing else was done.
func newcomer() table {
	return table{
		"iam-root-mfa":             "fail", // of every account of the emulator
		"iam-root-no-access-keys":  "pass",
		"iam-caller-not-root":      "pass",
		"iam-user-mfa":             "skipped", // there is no console password
		"iam-access-key-age":       "pass",
		"iam-least-privilege":      "pass",
		"cli-configured":           "pass",
		"git-no-aws-keys":          "pass",
		"ecr-repository":           "fail",
		"ecr-image":                "blocked by ecr-repository",
		"ecr-scan-on-push":         "blocked by ecr-repository",
		"ecr-no-critical-findings": "blocked by ecr-repository",
		"ecr-lifecycle-policy":     "blocked by ecr-repository",
		"ecr-docker-login":         "fail",
		"ecr-storage":              "blocked by ecr-repository",
		"logs-group":               "fail",
		"logs-retention":           "blocked by logs-group",
		"logs-storage":             "blocked by logs-group",
		"vpc-default":              "pass",
		"vpc-subnets":              "pass",
		"vpc-internet-route":       "fail", // the emulator's default VPC has no internet gateway
		"billing-alarm":            "fail",
	}
}

// finished is the table of the practice account in which everything is done.
func finished() table {
	t := table{}
	for _, s := range lab() {
		t[s.id] = "pass"
	}
	return t
}

// with changes a table. A change that changes nothing, or is about no step of the lab, is a mistake in the scenario.
func (t table) with(changes table) (table, error) {
	changed := maps.Clone(t)
	for id, verdict := range changes {
		switch before, ok := t[id]; {
		case !ok:
			return nil, fmt.Errorf("the scenario is about the step %s, which the lab does not have", id)
		case before == verdict:
			return nil, fmt.Errorf("the scenario says that %s becomes %q, which it was before", id, verdict)
		}
		changed[id] = verdict
	}
	return changed, nil
}
