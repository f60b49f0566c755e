package table

import "github.com/labcheck/labcheck/reports"

// What follows is for the other tables of this program, so that all of them keep the same rules.

// Width is how many columns a text takes on a terminal.
func Width(text string) int { return widthOf(text) }

// Text makes untrusted text safe for a terminal, in ASCII if it must be.
func Text(untrusted string, ascii bool) string { return plain(ascii).text(untrusted) }

// Shorten fits a text into so many columns; it cuts in the middle.
func Shorten(text string, columns int, ascii bool) string { return plain(ascii).shorten(text, columns) }

// Wrap breaks a text into lines between words.
func Wrap(text string, columns int, ascii bool) []string { return plain(ascii).wrap(text, columns) }

func plain(ascii bool) *page { return newPage(reports.Options{ASCII: ascii}) }
