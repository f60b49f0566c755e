package cost

import "github.com/labcheck/labcheck/checks"

// Network passes when nothing of the network is left that costs by the hour.
var Network = checks.New(checks.Spec[Params]{
	ID:    "cost-network",
	Title: "Nothing of the network is left that costs",
	Why:   "A NAT gateway, a load balancer or an address costs by the hour, whether anybody uses it or not.",
	Verify: "aws ec2 describe-nat-gateways --region REGION; aws ec2 describe-addresses --region REGION; " +
		"aws elbv2 describe-load-balancers --region REGION",
	Pages: checks.Pages{Docs: "vpc/latest/userguide/nat-gateway-pricing.html"},
	Reads: network.sources(),
	Extra: states(),
	Run:   network.run,
})
