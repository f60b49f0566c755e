// Package checks says what a check is: a value that looks at one thing, reports findings and knows the fix.
//
// Checks learn things only through the reads that they declare (package facts), never depend on one another, never
// know points and never print. The registry is an explicit list: see package standard for the built-in ones.
package checks
