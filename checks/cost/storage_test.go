package cost_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/cost"
)

func TestStorage(t *testing.T) {
	t.Parallel()
	left := cost.Thing{ID: "vol-1", State: "available", Type: "gp3", Size: 20}
	list := cases(cost.Storage, "ec2:DescribeVolumes", left, cost.Thing{ID: "vol-1", State: "deleting"},
		"aws ec2 delete-volume --volume-id vol-1 --region us-east-1")
	list = append(list, checktest.Case{
		Name: "a snapshot of an image", Params: map[string]any{"more": true}, Want: checks.Partial, Share: 50,
		Facts: cost.With(cost.Storage, map[string][]cost.Thing{"ec2:DescribeSnapshots": {
			{ID: "snap-1", State: "completed", Size: 8, Note: "Created by CreateImage(i-1) for ami-1"},
		}}),
		Found: "$0 to $0.014 a day", Fix: "aws ec2 deregister-image --image-id ami-1 --region us-east-1\n" +
			"aws ec2 delete-snapshot --snapshot-id snap-1 --region us-east-1",
	})
	checktest.Run(t, cost.Storage, list)
}
