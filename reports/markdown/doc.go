// Package markdown writes the report that a student hands in and an instructor reads on a code host, and reads it back.
//
// It is readable by people and ends in one comment that holds the whole report for programs. Names in a report are
// chosen by strangers: text.go turns them into text that cannot become a table cell, a tag, a link, a heading, a
// mention or a formula on any host.
package markdown
