package cost_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/cost"
)

func TestOther(t *testing.T) {
	t.Parallel()
	left := cost.Thing{ID: "lab", State: "ACTIVE", Type: "1.30", Kind: "EXTENDED"}
	list := cases(cost.Other, "eks:ListClusters", left, cost.Thing{ID: "lab", State: "DELETING"},
		"--nodegroup-name ID --region us-east-1\naws eks delete-cluster --name lab --region us-east-1")
	list[1].Found = "costs $14.40 a day"
	checktest.Run(t, cost.Other, list)
}
