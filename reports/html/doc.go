// Package html writes the report as one page that needs nothing else: no script, no network, no fonts of its own. It
// reads well on a phone, in print, in light and in dark, and with a screen reader.
//
// Names in a report are chosen by strangers. They get into the page only as text and through text.go; the ids, the
// classes and the links of the page are made of our own words and of numbers. A policy in the page's head forbids
// everything but the one style sheet, so that even a mistake here could not run anything.
package html
