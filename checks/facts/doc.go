// Package facts is how a check learns something.
//
// A Read is a typed, named question about the account or the workstation. A Session asks each distinct read once,
// whoever wants it, and keeps the answer or the error. A View is what one check sees of the session: only the reads
// that the check declared. A Recording is a session's answers as a file, so that they can be graded again.
//
// The package knows no AWS SDK. A read finds its client through the Access that the session holds.
package facts
