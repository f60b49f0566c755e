// Package webpage is what our pages for a browser have in common: the look, the head, and the ways untrusted text gets
// in. A page needs nothing else: no network, no fonts of its own.
//
// Names in a report are chosen by strangers. They get into a page only as text and through text.go. A policy in the
// page's head forbids everything but the page's own style sheet and script, so that even a mistake could not run
// anything.
package webpage
