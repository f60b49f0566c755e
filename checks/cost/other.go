package cost

import "github.com/labcheck/labcheck/checks"

// Other passes when nothing else is left.
var Other = checks.New(checks.Spec[Params]{
	ID:    "cost-other",
	Title: "Nothing else is left that costs",
	Why:   "What was tried once costs until it is deleted: a cluster, an endpoint, a notebook, a key, a secret.",
	Verify: "aws eks list-clusters --region REGION; aws sagemaker list-endpoints --region REGION; " +
		"aws kms list-keys --region REGION",
	Pages: checks.Pages{Docs: "eks/latest/userguide/delete-cluster.html"},
	Reads: other.sources(),
	Extra: states(),
	Run:   other.run,
})
