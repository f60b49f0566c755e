package cost

import "github.com/labcheck/labcheck/checks"

// Compute passes when nothing computes any more.
var Compute = checks.New(checks.Spec[Params]{
	ID:     "cost-compute",
	Title:  "Nothing computes any more",
	Why:    "What runs costs by the second, and what keeps things running starts them again when they are stopped.",
	Verify: "aws ec2 describe-instances --region REGION; aws ecs list-clusters --region REGION",
	Pages:  checks.Pages{Docs: "AWSEC2/latest/UserGuide/terminating-instances.html"},
	Reads:  compute.sources(),
	Extra:  states(),
	Run:    compute.run,
})
