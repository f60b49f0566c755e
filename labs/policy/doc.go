// Package policy writes what an account's owner must allow before a lab can be graded: the least-privilege policy, and
// with a Trust the whole read-only role, as IAM's JSON, as a CloudFormation template or as Terraform. It asks nothing,
// and it knows a lab only by its name and by the IAM actions that grading it needs.
package policy
