// Package class turns many graded reports into the grades of a class.
//
// Data goes one way, as in a run: submissions are read into attempts, attempts and the roster become students, the
// policy decides which attempt counts and what it is worth, and all of it is one Class. Every output of a class is a
// rendering of that one value. All arithmetic is in whole numbers: points are counted in hundredths.
package class
