// Package iam checks who works in the account and with which rights: the root user, and the IAM user in daily use.
//
// What a check can say depends on the caller. Steps about the IAM user are skipped where people are no IAM users of the
// account (Identity Center, a role, a Learner Lab); for the root user they stay open, because it is the choice of
// credentials that hides the user.
package iam

import "github.com/labcheck/labcheck/checks"

// Checks returns the topic's checks in catalogue order.
func Checks() []*checks.Check {
	return []*checks.Check{RootMFA, RootNoAccessKeys, CallerNotRoot, UserMFA, AccessKeyAge, LeastPrivilege}
}
