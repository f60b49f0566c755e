// Package gate decides whether a pipeline goes on. It is pure: a report and the terms of the pipeline in, a decision
// out. Verdicts and the grade never change by it; what is waived is still failed, and is shown so.
package gate
