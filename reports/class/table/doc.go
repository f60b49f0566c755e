// Package table draws a class for a person at a terminal: who has which grade, how it came about, what to look at. What
// became of every file stands on standard error after it, whatever the format.
package table
