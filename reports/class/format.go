package class

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Options are what a person may choose about how a class looks. They never change what it says.
type Options struct {
	Width int // in columns; 80 when zero
	Color bool
	ASCII bool
	// NoFixes leaves the solutions out: hints only.
	NoFixes bool
	// Command is how the person started the program.
	Command string
	// Assignment is the title of the gradebook's column, such as "Module 1.2 Lab (123456)"; the lab's title when empty.
	Assignment string
	// Columns are the columns of the csv that somebody chose; see package gradebook. All when empty.
	Columns string
	// Header is the header of the roster, whose rows are in Identity.Row; nil without a roster.
	Header []string
	// Possible are the points possible of the roster's columns, as they stood in the row of that name; nil without one.
	Possible []string
	// Note is told what an instructor should know of a file that is written; nil for nobody.
	Note func(text string)
	// Platform is what the platform that runs the grading says of the submission: variables by name, such as
	// COMMIT_URL.
	Platform map[string]string
}

// Tell notes something about the file that is written.
func (o Options) Tell(format string, values ...any) {
	if o.Note != nil {
		o.Note(fmt.Sprintf(format, values...))
	}
}

// Format renders classes: a value in a list, from which help texts and errors are derived.
type Format struct {
	// Name is what --report takes, such as "canvas".
	Name string
	// Help is one line for --help.
	Help string
	// Each says that the format is about one student: Render is given a class of one, and FILE is a folder when the
	// class has more.
	Each bool
	// Ext is the ending of the files that Each writes, such as ".json".
	Ext string
	// Streams says that Render writes as it goes, and fails only where the writer does: what it writes may be large.
	Streams bool
	// Render writes in one piece unless it streams, so that nothing is written where it fails. It leaves the class as it
	// is.
	Render func(w io.Writer, c *Class, o Options) error
}

// Each is the class as classes of one student, for the formats that are about one.
func (c *Class) Each() []*Class {
	list := make([]*Class, len(c.Students))
	for i := range c.Students {
		one := *c
		one.Students = c.Students[i : i+1 : i+1]
		list[i] = &one
	}
	return list
}

// FileNames are names for files about the students, in their order: safe on every system, and no two are the same, also
// where capitals do not count.
func (c *Class) FileNames() []string {
	names, taken := make([]string, len(c.Students)), map[string]bool{}
	for i := range c.Students {
		safe := safeName(c.Students[i].Key)
		name := safe
		for n := 2; taken[onDisk(name)]; n++ {
			name = fmt.Sprintf("%s-%d", safe, n)
		}
		taken[onDisk(name)] = true
		names[i] = name
	}
	return names
}

// onDisk is what systems for which capitals, or the ways to write é, do not count take a name for.
func onDisk(name string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(name))) }

// device are the names that Windows keeps for itself, whatever follows a point:
// https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|(com|lpt)[0-9])(\.|$)`)

// longestName is how long a name may be, in bytes. File systems take 255, and a number and the format's ending follow.
const longestName = 100

// safeName keeps letters, digits and the few signs that mean nothing to any system.
func safeName(key string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("@.+-", r) {
			return r
		}
		return '_'
	}, key)
	if len(name) > longestName {
		name = strings.ToValidUTF8(name[:longestName], "")
	}
	name = strings.Trim(name, ".-")
	switch {
	case name == "":
		return "student"
	case device.MatchString(name):
		return "_" + name
	}
	return name
}
