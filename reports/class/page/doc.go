// Package page writes a class as one page that needs nothing else: it works from a file, without a network. The script
// of the page sorts, filters, opens and prints; without it everything can still be read.
//
// Names are chosen by strangers: see package webpage. The ids, the classes and the links of the page are made of our
// own words and of numbers, and the script writes nothing but text.
package page
