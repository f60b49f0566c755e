package class

import (
	"cmp"
	"slices"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
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
	// With are those who handed it in together with the sender, as the platform names them.
	With []Sender
	// Doubts are what the report itself gives an instructor to look at.
	Doubts []Doubt
	// OtherVerdicts says in what its facts make another report of it here than the labcheck of another version did; ""
	// where they do not.
	OtherVerdicts string
	// OtherPlan says that it was made with other checks, of the same lab file and the same labcheck.
	OtherPlan bool
	// Practised says that the report bears the marks of the practice account, whatever it says that it is of.
	Practised bool
	// Pushed is when the oldest image that its facts name was pushed; zero for none.
	Pushed time.Time
	// KeyMade is when the oldest access key of the caller was made, as far as its facts tell; zero for nothing.
	KeyMade time.Time
	// Issuer is who else than AWS's own issuers made the certificate of a server that answered; "" for nobody.
	Issuer string
	// TextChanged says where the text of the report is not that of its data; "" where it is.
	TextChanged string
	// Changed says that the report was made with other parameters than the lab's own.
	Changed bool
	// Before is the attempt as it was handed in, where it was graded again; nil where it was not.
	Before *Attempt
	// KeptFor is the hash of the lab that would have graded the report again, had it carried its facts; "" for others.
	KeptFor string
}

// Doubt is what an instructor should look at in one report. The text goes on from the name of its file.
type Doubt struct {
	Kind FlagKind
	Text string
}

// ForLab is the hash of the lab that the submission is graded for.
func (s *Submission) ForLab() string { return cmp.Or(s.KeptFor, s.LabSHA256) }

// Sender is what the path of a file says of who handed it in. Any of it may be empty.
type Sender struct {
	Name     string // as the platform writes it: "Jane Doe", or "doejane" from Canvas
	Email    string
	SISID    string
	CanvasID string
	// Logins are what the user name may be, most likely first: Blackboard writes it behind a title. Where Moodle hides
	// names, it is "Participant 12345".
	Logins []string
	// Hidden says that the platform hides who it is: what the report says is the best that there is.
	Hidden bool
	// Rest says that all students of no group handed it in, which Moodle calls the default group.
	Rest bool
	// Late says that the platform marks it as late.
	Late bool
	// Path is the last resort: the name of the folder or of the file.
	Path string
}

// Who is the best name for a sender.
func (s Sender) Who() string {
	for _, name := range append([]string{s.Email, s.Name}, append(s.Logins, s.Path)...) {
		if name != "" {
			return name
		}
	}
	return ""
}

// What the traces of an attempt begin with: they say of what kind it is.
const (
	RequestTrace  = "request "
	ImageTrace    = "image "
	ResourceTrace = "resource " // the id or the ARN of what AWS made for one account
	KeyTrace      = ResourceTrace + "access key of the account "
	TimesTrace    = "times " // the moments when two things were made
)

// Level says how far a report can be believed. A program on a student's own machine keeps no secret: what it writes can
// be written without it.
type Level string

// The levels, the weakest first.
const (
	// SelfReported has nothing but its own word.
	SelfReported Level = "self_reported"
	// Consistent follows, step by step, from the facts that it carries: to change it, the facts must be made up too.
	Consistent Level = "consistent"
	// Observed was read at its source by the grader.
	Observed Level = "observed"
)

// Attempt is one report, as the row that is kept of it.
type Attempt struct {
	// File is where it was: a path, or archive.zip/path.
	File string `json:"file"`
	// SHA256 is the hash of the report's bytes, in hex.
	SHA256   string    `json:"sha256"`
	Student  string    `json:"student"` // --student of the run
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	// Submitted is when the platform got it, where its file name or archive says so.
	Submitted *time.Time     `json:"submitted"`
	Source    reports.Source `json:"source"`
	Tool      string         `json:"tool"`      // the version
	LabSHA256 string         `json:"labSha256"` // of the lab that graded it
	Account   string         `json:"account"`
	Region    string         `json:"region"`
	Grade     grade.Grade    `json:"grade"`
	// Excluded says why the attempt does not count; "" for one that may.
	Excluded string `json:"excluded"`
	Steps    []Row  `json:"steps"`
	// Level says how far it can be believed; "" where nobody looked.
	Level Level `json:"level"`
	// Traces are what only this student's account could have said: image digests, request ids. They find reports that
	// more than one student handed in.
	Traces []string `json:"-"`
	// MarkedLate says that the platform marks it as late.
	MarkedLate bool `json:"markedLate,omitempty"`
	// Workstation says whether the run looked at the student's own machine.
	Workstation bool `json:"workstation"`
	// ObservedBy is the grader who read the account at its source; "" for what was handed in. JoinedWith is then the
	// hand-in of which the steps are that a grader cannot look at.
	ObservedBy string `json:"observedBy,omitempty"`
	JoinedWith string `json:"joinedWith,omitempty"`
	// Facts says whether the report carries its facts, so that it can be graded again.
	Facts bool `json:"facts"`
}

// Row is what is kept of one step of a report. The texts are untrusted.
type Row struct {
	ID        string         `json:"id"`
	Title     string         `json:"title"`
	Verdict   checks.Verdict `json:"verdict"`
	Earned    int            `json:"earned"`
	Points    int            `json:"points"`
	Required  bool           `json:"required"`
	Reason    facts.Reason   `json:"reason"`
	Line      string         `json:"line"` // reports.Step.Line
	Found     string         `json:"found"`
	Expected  string         `json:"expected"`
	Why       string         `json:"why"`
	Advice    string         `json:"advice"`
	BlockedBy []string       `json:"blockedBy"`
	Hints     []string       `json:"hints"`
	Commands  []string       `json:"commands"` // those that can be typed
	Console   string         `json:"console"`
}

// When is the time that decides whether an attempt is late: the platform's where it is known.
func (a *Attempt) When() time.Time {
	if a.Submitted != nil {
		return *a.Submitted
	}
	return a.Finished
}

// OpenText says which points of an attempt stay open and why, as its own report says it; "" for none.
func (a *Attempt) OpenText() string {
	var open []reports.OpenStep
	for _, r := range a.Steps {
		if r.Verdict == checks.Unknown {
			open = append(open, reports.OpenStep{ID: r.ID, Points: r.Points, Reason: r.Reason})
		}
	}
	return reports.OpenText(open, a.Workstation)
}

// StepsToFix are the steps of an attempt that a student can do something about: required ones first, then in the order
// of the lab. What only waits for another step is not among them: its cause is.
func (a *Attempt) StepsToFix() []Row {
	open := slices.DeleteFunc(slices.Clone(a.Steps), func(r Row) bool {
		return r.Verdict == checks.Pass || r.Verdict == checks.Skipped || r.Verdict == checks.Blocked
	})
	slices.SortStableFunc(open, func(x, y Row) int { return x.rank() - y.rank() })
	return open
}

func (r *Row) rank() int {
	if r.Required {
		return 0
	}
	return 1
}

// Sentences are what a student reads about a step: what was found, what is expected, and why it matters. Absent ones
// are left out.
func (r *Row) Sentences() []Sentence {
	return slices.DeleteFunc([]Sentence{
		{"Found", r.Line}, {"Expected", r.Expected}, {"Why it matters", r.Why},
	}, func(s Sentence) bool { return s.Text == "" })
}

// Sentence is a sentence about a step with its label. The text is untrusted.
type Sentence struct{ Label, Text string }

// Refusal is a file that no grade was made of.
type Refusal struct {
	File string `json:"file"`
	// Student is who handed it in, where the file's name says so.
	Student string      `json:"student"`
	Kind    RefusalKind `json:"kind"`
	// Reason is one sentence.
	Reason string `json:"reason"`
}

// RefusalKind groups refusals.
type RefusalKind string

// The kinds of refusals.
const (
	Unreadable RefusalKind = "unreadable" // no report, cut off, too large, a link, a bomb
	Edited     RefusalKind = "edited"     // it contradicts itself
	OtherLab   RefusalKind = "other_lab"  // of another lab, or of a version of it that is not known
	NoStudent  RefusalKind = "no_student" // nothing says whose it is
	Unproven   RefusalKind = "unproven"   // no facts of one account make it what it is, and --require-facts wants that
)
