package cost

import "github.com/labcheck/labcheck/checks"

// Storage passes when nothing is stored for which nobody has a use.
var Storage = checks.New(checks.Spec[Params]{
	ID:     "cost-storage",
	Title:  "Nothing is stored that nobody uses",
	Why:    "A disk outlives its machine, a snapshot outlives its disk, and both are paid for by the month.",
	Verify: "aws ec2 describe-volumes --region REGION; aws ec2 describe-snapshots --owner-ids self --region REGION",
	Pages:  checks.Pages{Docs: "ebs/latest/userguide/ebs-deleting-volume.html"},
	Reads:  storage.sources(),
	Extra:  states(),
	Run:    storage.run,
})
