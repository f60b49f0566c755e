package cost_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/cost"
)

func TestCompute(t *testing.T) {
	t.Parallel()
	left := cost.Thing{ID: "i-1", State: "running", Type: "t3.micro"}
	checktest.Run(t, cost.Compute, cases(cost.Compute, "ec2:DescribeInstances", left,
		cost.Thing{ID: "i-1", State: "shutting-down"}, "aws ec2 terminate-instances --instance-ids i-1 --region us-east-1"))
}
