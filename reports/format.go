package reports

import (
	"io"
	"slices"
)

// Options are what a person may choose about how a report looks. They never change what it says.
type Options struct {
	// Width is the width to fit, in columns; 80 when zero. Only the table heeds it.
	Width int
	// Color allows ANSI colours.
	Color bool
	// ASCII keeps to ASCII marks and rules.
	ASCII bool
	// All shows the details of the green steps too.
	All bool
	// Hints is how many rungs of hints to show in place of the fixes; 0 shows the fixes.
	Hints int
	// Command is how the person started the program, such as "labcheck" or "./labcheck", for the commands to type next.
	Command string
	// Shell is the shell that commands are typed into. Only what is shown on a terminal heeds it: who reads a file has
	// another one.
	Shell Shell
	// Rerun is the command line that graded the report, quoted for a shell and without what it wrote, such as
	// "labcheck LAB --profile lab". It is empty where it is not known, as for a report that was read.
	Rerun string
}

// Format renders reports: a value in a list, from which help texts and errors are derived.
type Format struct {
	// Name is what --report takes, such as "markdown".
	Name string
	// Help is one line for --help.
	Help string
	// Render writes the report in one piece, so that nothing is written where it fails. It leaves the report as it is.
	Render func(w io.Writer, r *Report, o Options) error
}

// Formats is an explicit list of formats.
type Formats []Format

// Lookup finds a format by its name.
func (f Formats) Lookup(name string) (Format, bool) {
	i := slices.IndexFunc(f, func(x Format) bool { return x.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return f[i], true
}

// Names returns the names in order.
func (f Formats) Names() []string {
	names := make([]string, len(f))
	for i, x := range f {
		names[i] = x.Name
	}
	return names
}
