package class

import (
	"cmp"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Lab is a lab as the grading of a class knows it.
type Lab struct {
	reports.Lab
	PassMark int
	Scale    []grade.Band
	Params   map[string]string // as they are without --set
	Steps    []Step            // without what a class makes of them
}

// Possible are the points of all steps.
func (l *Lab) Possible() int {
	total := 0
	for _, s := range l.Steps {
		total += s.Points
	}
	return total
}

// Letter is the letter of a percent, "" without a scale.
func (l *Lab) Letter(percent int) string { return grade.Letter(percent, l.Scale) }

// HandedIn is what was read of a folder of submissions: rows, never whole reports.
type HandedIn struct {
	Files       int
	Submissions []Submission
	Refused     []Refusal
}

// Submission is one report that was handed in.
type Submission struct {
	Attempt
	From Sender
	// Changed says that the report was made with other parameters than the lab's own.
	Changed bool
	// Before is the attempt as it was handed in, where it was graded again; nil where it was not.
	Before *Attempt
	// KeptFor is the hash of the lab that would have graded the report again, had it carried its facts; "" for others.
	KeptFor string
}

// ForLab is the hash of the lab that the submission is graded for.
func (s *Submission) ForLab() string { return cmp.Or(s.KeptFor, s.LabSHA256) }

// Sender is what the path of a file says of who handed it in. Any of it may be empty.
type Sender struct {
	Name     string // as the platform writes it: "Jane Doe", or "doejane" from Canvas
	Email    string
	SISID    string
	CanvasID string
	// Late says that the platform marks it as late.
	Late bool
	// Path is the last resort: the name of the folder or of the file.
	Path string
}

// Who is the best name for a sender.
func (s Sender) Who() string {
	for _, name := range []string{s.Email, s.Name, s.Path} {
		if name != "" {
			return name
		}
	}
	return ""
}

// What the traces of an attempt begin with: they say of what kind it is.
const (
	RequestTrace = "request "
	ImageTrace   = "image "
)
