package class

import "io"

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
	// Header is the header of the roster, whose rows are in Identity.Row; nil without a roster.
	Header []string
	// Platform is what the platform that runs the grading says of the submission: variables by name, such as COMMIT_URL.
	Platform map[string]string
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
	// Append adds to the file, as a workflow's command file wants it.
	Append bool
	// Render writes in one piece, so that nothing is written where it fails. It leaves the class as it is.
	Render func(w io.Writer, c *Class, o Options) error
}
