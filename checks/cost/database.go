package cost

import "github.com/labcheck/labcheck/checks"

// Database passes when no database, cache or search domain is left.
var Database = checks.New(checks.Spec[Params]{
	ID:     "cost-database",
	Title:  "No database is left",
	Why:    "A database costs by the hour, and one that is stopped starts by itself after seven days.",
	Verify: "aws rds describe-db-instances --region REGION; aws elasticache describe-cache-clusters --region REGION",
	Pages:  checks.Pages{Docs: "AmazonRDS/latest/UserGuide/USER_StopInstance.html"},
	Reads:  database.sources(),
	Extra:  states(),
	Run:    database.run,
})
