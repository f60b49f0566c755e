// Package reports holds the Report, the one value that every output of a run is a rendering of, and what a Format is.
//
// A Report is already graded and sorted: a renderer computes nothing. Everything in it that comes from the account, the
// lab file or the person is untrusted text; each format escapes it for itself.
//
// Each format lives in a package of its own that imports this one, so the list of the formats is with the command,
// which joins them.
package reports
