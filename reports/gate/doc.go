// Package gate decides whether a pipeline goes on. It is pure: a report and the terms of the pipeline in, a decision
// out. Verdicts and the grade never change by it; what is waived is still failed, and is shown so.
//
// The gate is the grade of the steps that count, by a mark and required steps of its own. These do not count: a step
// that is proven not to be right and is waived, a step that only waived ones block, and a step that could not be looked
// at where the terms allow that. If no points are left, the gate opens only if somebody waived a step, and nothing
// that is left is unknown or required and not passed: nothing opens by being forgotten. With a baseline, only what is
// new may decide instead.
//
// A waiver that has ended or that excuses nothing is said in every format and changes no decision: to mend a step must
// never stop a pipeline.
package gate
