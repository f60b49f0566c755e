// Package cli holds the check of the AWS CLI on the student's own machine.
package cli

import "github.com/labcheck/labcheck/checks"

// Checks returns the topic's checks in catalogue order.
func Checks() []*checks.Check { return []*checks.Check{Configured} }
