package reporttest

import (
	"encoding/json"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
)

// recording are some facts of the run of a report: an answer with the account in a name and in a value, another account,
// names that differ in capitals only, and a refusal.
func recording(r *reports.Report) *facts.Recording {
	return &facts.Recording{
		Schema: facts.RecordingSchema, Started: r.Started, Source: string(r.Source),
		Site: facts.ParseSite(r.Target.Account, r.Target.Caller, "AIDACKCEVSQ6C2EXAMPLE", r.Target.Region),
		Facts: []facts.Fact{
			{
				Read: "budgets.budgets", Key: json.RawMessage(`{"account":"` + r.Target.Account + `"}`),
				Error: &facts.FactError{
					Reason: facts.AccessDenied, Operation: "budgets:DescribeBudgets", MissingAction: "budgets:ViewBudget",
					Detail: r.Target.Caller + " is not authorized",
				},
			},
			{
				Read: "cloudwatch.alarms", Key: json.RawMessage(`{"region":"us-east-1","namespace":"<AWS> \u0026 others"}`),
				Value: json.RawMessage(`{"onAlarm": ["arn:aws:sns:us-east-1:210987654321:alerts"],
					"dimensions": {"LinkedAccount": "` + r.Target.Account + `", "linkedaccount": "345678901234", "` + r.Target.Account + `": "\u200b"}}`),
				Calls: r.Steps[0].Evidence,
			},
		},
	}
}
