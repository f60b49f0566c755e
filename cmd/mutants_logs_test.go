package cmd

import "fmt"

// logsMutants are about the log group.
func logsMutants() []mutant {
	const groups, retention = atRegion + "/logs/groups", atLogGroup + "/retentionInDays"
	name := func(name string) edit { return text(atLogGroup+"/name", name) }
	noGroup := changes{
		"logs-group": "fail", "logs-retention": "blocked by logs-group", "logs-storage": "blocked by logs-group",
	}
	storage, garbled := changes{"logs-storage": "fail"}, changes{"logs-storage": "unknown invalid_response"}
	list := []mutant{
		{"no log group", set(groups, `[]`), noGroup},
		{"the log group without its slash", name("ecs/docker-api"), noGroup},
		{"the log group in capital letters", name("/ECS/docker-api"), noGroup},
		{"the log group with something behind", name("/ecs/docker-api-2"), noGroup},
		{"the log group as Git Bash writes it", name("C/Program-Files/Git/ecs/docker-api"), noGroup},
		{"the log group in another Region", all(
			set("/regions/us-west-2", `{"logs": {"groups": []}}`), move(atLogGroup, "/regions/us-west-2/logs/groups/-"),
		), noGroup},
		{"a log group with the same beginning, without retention", set(groups+"/-", `{"name": "/ecs/docker-api-2", "created": "-2h",
			"storedBytes": 9000000000}`), nil},

		{"a retention policy of the account", text(atLogGroup+"/retentionPolicy", "keep-a-week"), nil},
		{"a log group for delivery", all(text(atLogGroup+"/class", "DELIVERY"), drop(retention)), nil},
		{"a log group for rare reads", text(atLogGroup+"/class", "INFREQUENT_ACCESS"), nil},

		{"nothing stored", drop(atLogGroup + "/storedBytes"), nil},
		{"5 GB stored", set(atLogGroup+"/storedBytes", fmt.Sprint(5<<30)), nil},
		{"a byte more than 5 GB stored", set(atLogGroup+"/storedBytes", fmt.Sprint(5<<30+1)), storage},
		{"less than nothing stored", set(atLogGroup+"/storedBytes", `-1`), garbled},
		{"retention removed", drop(retention), changes{"logs-retention": "fail"}},
	}
	for _, days := range []int{
		-7, 0, 1, 3, 5, 14, 30, 60, 90, 91, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
	} {
		m := mutant{name: fmt.Sprintf("retention of %d days", days), edit: set(retention, fmt.Sprint(days))}
		switch {
		case days <= 0:
			m.changes = changes{"logs-retention": "unknown invalid_response"}
		case days > 90:
			m.changes = changes{"logs-retention": "partial 50"}
		}
		list = append(list, m)
	}
	return list
}
