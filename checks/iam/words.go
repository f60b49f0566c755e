package iam

import "time"

const day = 24 * time.Hour

// daysSince counts whole days, at least 0: a clock that runs behind AWS's makes nothing younger than new.
func daysSince(then, now time.Time) int { return max(0, int(now.Sub(then)/day)) }
