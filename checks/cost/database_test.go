package cost_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/cost"
)

func TestDatabase(t *testing.T) {
	t.Parallel()
	left := cost.Thing{ID: "notes", State: "stopped", Type: "db.t4g.micro", Size: 20, Note: "2026-12-04T08:00:00Z"}
	list := cases(cost.Database, "rds:DescribeDBInstances", left, cost.Thing{ID: "notes", State: "deleting"},
		"aws rds start-db-instance --db-instance-identifier notes --region us-east-1\n")
	list[1].Advice = "it starts by itself on 2026-12-04"
	checktest.Run(t, cost.Database, list)
}
