// Package table writes a report for a person at a terminal: what is right, what is not, and what to type next.
//
// It keeps to the width that it is given, so that no line is broken by the terminal, except for a command that has one
// argument longer than the line: a command must stay as it is, to be pasted. Marks and words say everything; colour
// only repeats it.
package table
