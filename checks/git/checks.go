// Package git holds the check of the student's own git repository.
package git

import "github.com/labcheck/labcheck/checks"

// Checks returns the topic's checks in catalogue order.
func Checks() []*checks.Check { return []*checks.Check{NoAWSKeys} }
