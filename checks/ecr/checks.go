// Package ecr checks a private ECR registry: the repository of a lab, the image in it, how it is scanned and cleaned
// up, and how docker signs in to it.
//
// The checks follow what ECR answers today: the effective scanning configuration instead of the deprecated setting of
// a repository, and the images behind an index instead of the index, which ECR does not scan.
package ecr

import "github.com/labcheck/labcheck/checks"

// Checks returns the checks of this topic in catalogue order.
func Checks() []*checks.Check {
	return []*checks.Check{
		Repository, Image, ScanOnPush, NoCriticalFindings, LifecyclePolicy, DockerLogin, Storage,
	}
}
