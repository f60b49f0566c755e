package account

import (
	"github.com/aws/aws-sdk-go-v2/aws"
)

// Door is an opened account: a configuration that is guarded and limited, and the clients made from it.
type Door struct {
	cfg     aws.Config
	clients clients
}

// globalRegion is the Region in which the global services (IAM, Budgets) and the billing metrics are asked.
func (d *Door) globalRegion() string { return "us-east-1" }
