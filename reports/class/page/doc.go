// Package page writes a class as one page that needs nothing else: it works from a file, without a network. The script
// of the page only sorts and filters; without it everything can still be read.
//
// Names are chosen by strangers. They get into the page only as text; a policy in its head forbids everything but the
// one style sheet and the one script.
package page
