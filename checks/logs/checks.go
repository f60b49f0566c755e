// Package logs holds the checks of Amazon CloudWatch Logs: the lab's log group, how long it keeps its events and how
// much it holds.
package logs

import "github.com/labcheck/labcheck/checks"

// Checks returns the checks of this topic in catalogue order.
func Checks() []*checks.Check { return []*checks.Check{Group, Retention, Storage} }
