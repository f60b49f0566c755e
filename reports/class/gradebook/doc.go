// Package gradebook writes the grades of a class as the learning platforms read them, one file per platform. The rules
// of each importer stand beside its writer. What holds for all: a student whose grade is open, or of whom nothing counts,
// never gets a number; text that a student chose is never a formula; students of whom the roster knows nothing do not
// reach a platform.
package gradebook
