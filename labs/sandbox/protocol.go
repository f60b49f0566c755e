package sandbox

// A protocol reads requests and writes answers in one of AWS's wire formats.
type protocol interface{}

// The protocols.
var (
	awsJSON11 protocol
	awsQuery  protocol
	ec2Query  protocol
	rpcCBOR   protocol
)
