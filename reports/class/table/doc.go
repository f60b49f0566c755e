// Package table draws a class for a person at a terminal: who has which grade, what to look at, and what became of
// everybody and of every file.
package table
