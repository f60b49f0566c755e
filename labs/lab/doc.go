// Package lab loads a lab file and binds its steps to checks.
//
// Loading is strict: every unknown key, wrong type and broken rule is a Problem with its place and, for a misspelt
// name, the nearest known one; all of a file's problems are told at once. Binding decodes the parameters of every step
// before anything is asked of AWS. The result is a Plan: what to run, which API operations it may call, and the
// least-privilege IAM policy that allows them.
package lab
