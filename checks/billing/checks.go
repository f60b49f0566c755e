// Package billing holds the check of the account's bill: somebody is told before it grows.
//
// There are two ways to that, and one is enough: a CloudWatch alarm on the estimated charges (alarm*.go) and a cost
// budget (budget*.go). Each gives findings of its own, and best.go chooses among them.
package billing

import "github.com/labcheck/labcheck/checks"

// Checks returns the checks of this topic in catalogue order.
func Checks() []*checks.Check { return []*checks.Check{Alarm} }
