package cost_test

import (
	"testing"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/checktest"
	"github.com/labcheck/labcheck/checks/cost"
)

func TestNetwork(t *testing.T) {
	t.Parallel()
	nat := cost.Thing{
		ID: "nat-1", State: "available", Type: "public", IPs: []string{"198.51.100.10"}, Of: []string{"eipalloc-1"},
	}
	going := nat
	going.State = "deleting"
	list := cases(cost.Network, "ec2:DescribeNatGateways", nat, going,
		"aws ec2 delete-nat-gateway --nat-gateway-id nat-1 "+
			"--region us-east-1\naws ec2 wait nat-gateway-deleted --nat-gateway-ids nat-1 --region us-east-1\n"+
			"aws ec2 release-address --allocation-id eipalloc-1 --region us-east-1")
	list[0].Advice = "1 Region cannot be read"
	interfaceOf := func(description string) map[string][]cost.Thing {
		return map[string][]cost.Thing{
			"ec2:DescribeNetworkInterfaces": {{ID: "eni-1", Name: description, IPs: []string{"198.51.100.30"}}},
		}
	}
	list = append(list,
		checktest.Case{
			Name: "of a load balancer", Params: map[string]any{"more": true}, Want: checks.Fail,
			Facts: cost.With(cost.Network, interfaceOf("ELB app/web/50dc6c495c0c9188")),
			Fix: "aws elbv2 delete-load-balancer --load-balancer-arn " +
				"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --region us-east-1",
		},
		checktest.Case{
			Name: "of an instance", Params: map[string]any{"more": true}, Want: checks.Pass,
			Facts: cost.With(cost.Network, map[string][]cost.Thing{"ec2:DescribeNetworkInterfaces": {
				{ID: "eni-1", IPs: []string{"198.51.100.30"}, Of: []string{"i-1"}},
			}}),
		},
		checktest.Case{
			Name: "of a task", Params: map[string]any{"more": true}, Want: checks.Fail, Fix: "aws ecs update-service",
			Facts: cost.With(cost.Network, interfaceOf("arn:aws:ecs:us-east-1:123456789012:attachment/00000000")),
		},
		checktest.Case{
			Name: "of nobody", Params: map[string]any{"more": true}, Want: checks.Fail,
			Facts: cost.With(cost.Network, interfaceOf("RDSNetworkInterface")),
		},
		checktest.Case{
			Name: "a Learner Lab", Site: checktest.LearnerLab(), Params: map[string]any{"regions": []string{"us-east-1"}},
			Facts: cost.With(cost.Network, nil), Want: checks.Pass,
		},
	)
	checktest.Run(t, cost.Network, list)
}
