// Package standard is the explicit list of the built-in checks. Only the command and tests import it: nothing else
// knows which checks there are.
package standard

import (
	"slices"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/billing"
	"github.com/labcheck/labcheck/checks/cli"
	"github.com/labcheck/labcheck/checks/cloudtrail"
	"github.com/labcheck/labcheck/checks/cost"
	"github.com/labcheck/labcheck/checks/dynamodb"
	"github.com/labcheck/labcheck/checks/ec2"
	"github.com/labcheck/labcheck/checks/ecr"
	"github.com/labcheck/labcheck/checks/git"
	"github.com/labcheck/labcheck/checks/iam"
	"github.com/labcheck/labcheck/checks/kms"
	"github.com/labcheck/labcheck/checks/lambda"
	"github.com/labcheck/labcheck/checks/logs"
	"github.com/labcheck/labcheck/checks/rds"
	"github.com/labcheck/labcheck/checks/s3"
	"github.com/labcheck/labcheck/checks/tf"
	"github.com/labcheck/labcheck/checks/vpc"
)

// Checks returns the built-in checks in catalogue order.
func Checks() []*checks.Check {
	return slices.Concat(
		iam.Checks(),
		cli.Checks(),
		git.Checks(),
		ecr.Checks(),
		logs.Checks(),
		s3.Checks(),
		dynamodb.Checks(),
		rds.Checks(),
		ec2.Checks(),
		lambda.Checks(),
		kms.Checks(),
		cloudtrail.Checks(),
		tf.Checks(),
		vpc.Checks(),
		billing.Checks(),
		cost.Checks(),
	)
}
