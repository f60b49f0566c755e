package cmd

import (
	"maps"
	"slices"
	"strings"
)

// policyMutants give the user each kind of policy in each place where a policy can be.
func policyMutants() []mutant {
	const everything = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	managed := []struct{ name, arn, verdict string }{
		{"AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess", "partial 50"},
		{"AWS's quarantine", "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3", "fail"},
		{"IAMFullAccess", "arn:aws:iam::aws:policy/IAMFullAccess", "pass"},
		{"ReadOnlyAccess", "arn:aws:iam::aws:policy/ReadOnlyAccess", "pass"},
	}
	documents := []struct{ name, statement, verdict string }{
		{"everything", everything, "fail"},
		{"everything in lists", `[{"Effect": "Allow", "Action": ["s3:GetObject", "*:*"], "Resource": ["arn:aws:s3:::a", "*"]}]`, "fail"},
		{"everything in the second statement", `[{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}, ` + everything + `]`, "fail"},
		{"everything under a condition", strings.Replace(everything, "}",
			`, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}`, 1), "pass"},
		{"a whole service", `{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}`, "pass"},
		{"everything but one service", `{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}`, "pass"},
		{"one bucket", `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::notes/*"}`, "pass"},
		{"no Effect", `{"Action": "*", "Resource": "*"}`, "unknown invalid_response"},
	}
	var list []mutant
	add := func(name, verdict string, e edit) {
		m := mutant{name: name, edit: e}
		if verdict != "pass" {
			m.changes = changes{"iam-least-privilege": verdict}
		}
		list = append(list, m)
	}
	for holder, at := range map[string]string{"the user": atAlice, "the group": atLearners} {
		attach := func(arn string) edit {
			if at == atAlice {
				return set(at+"/attached", `["`+arn+`"]`)
			}
			return text(at+"/attached/-", arn)
		}
		for _, p := range managed {
			add(p.name+" on "+holder, p.verdict, attach(p.arn))
		}
		for _, d := range documents {
			document := `{"Version": "2012-10-17", "Statement": ` + d.statement + `}`
			add(d.name+", inline in "+holder, d.verdict, set(at+"/inline", `{"daily": `+document+`}`))
			// Whoever calls a policy of their own AdministratorAccess does not make it one.
			add(d.name+", in a policy of the customer on "+holder, d.verdict, all(
				set("/iam/policies", `[{"name": "AdministratorAccess", "id": "ANPACKCEVSQ6C2EXAMPLE", "created": "-200h",
					"document": `+document+`}]`),
				attach("arn:aws:iam::123456789012:policy/AdministratorAccess"),
			))
		}
	}
	return append(list,
		mutant{
			"AdministratorAccess within a boundary",
			all(
				set(atAlice+"/attached", `["arn:aws:iam::aws:policy/AdministratorAccess"]`),
				text(atAlice+"/permissionsBoundary", "arn:aws:iam::aws:policy/AdministratorAccess"),
			),
			changes{"iam-least-privilege": "partial 50"},
		},
		mutant{"everything for another user", set("/iam/users/-", `{"name": "bob", "id": "AIDACKCEVSQ6C3EXAMPLE",
			"created": "-9600h", "password": "-9600h", "attached": ["arn:aws:iam::aws:policy/AdministratorAccess"],
			"accessKeys": [{"id": "`+otherKey+`", "created": "-9600h"}]}`), nil},
	)
}

// rightMutants take rights away from the caller: nobody has looked then, and nothing fails.
func rightMutants() []mutant {
	steps := map[string][]string{ // that ask a service
		"iam": {"iam-root-mfa", "iam-root-no-access-keys", "iam-user-mfa", "iam-access-key-age", "iam-least-privilege"},
		"ecr": {
			"ecr-repository", "ecr-image", "ecr-scan-on-push", "ecr-no-critical-findings", "ecr-lifecycle-policy", "ecr-storage",
		},
		"logs":       {"logs-group", "logs-retention", "logs-storage"},
		"ec2":        {"vpc-default", "vpc-subnets", "vpc-internet-route"},
		"cloudwatch": {"billing-alarm"},
		"sns":        {"billing-alarm"},
		"budgets":    {}, // not asked when an alarm passes
		"sts":        {}, // GetCallerIdentity needs no right
	}
	without := func(services ...string) changes {
		c := changes{}
		for _, service := range services {
			for _, step := range steps[service] {
				c[step] = "unknown access_denied"
			}
		}
		return c
	}
	deny := func(action string) edit {
		return set(atAlice+"/inline", `{"limits": {"Statement": {"Effect": "Deny", "Action": "`+action+`", "Resource": "*"}}}`)
	}
	every := slices.Sorted(maps.Keys(steps))
	others := slices.DeleteFunc(slices.Clone(every), func(service string) bool { return service == "iam" })
	list := []mutant{
		{"in no group, and so without rights", set(atAlice+"/groups", `[]`), without(every...)},
		{"PowerUserAccess alone", drop(atLearners + "/attached/1"), without("iam")},
		{"IAMReadOnlyAccess alone", drop(atLearners + "/attached/0"), without(others...)},
		{"the boundary PowerUserAccess", text(atAlice+"/permissionsBoundary", "arn:aws:iam::aws:policy/PowerUserAccess"), without("iam")},
		{"everything denied", deny("*"), without(every...)},
	}
	for _, service := range every {
		list = append(list, mutant{"everything of " + service + " denied", deny(service + ":*"), without(service)})
	}
	return list
}
