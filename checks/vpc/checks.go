// Package vpc holds the checks of the default network of a Region: its VPC, its subnets and their way to the internet.
package vpc

import "github.com/labcheck/labcheck/checks"

// Checks returns the checks of this topic in catalogue order.
func Checks() []*checks.Check { return []*checks.Check{Default, Subnets, InternetRoute} }
