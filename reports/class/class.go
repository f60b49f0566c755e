// Package class turns many graded reports into the grades of a class.
//
// Data goes one way, as in a run: submissions are read into attempts, attempts and the roster become students, the
// policy decides which attempt counts and what it is worth, and all of it is one Class. Every output of a class is a
// rendering of that one value. All arithmetic is in whole numbers: points are counted in hundredths.
package class

import (
	"time"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Schema names the format of a class as JSON. A field of it is never renamed; new ones may be added.
const Schema = "labcheck.class/v1"

// Class is a graded class, sorted and decided: renderers compute nothing.
type Class struct {
	Schema string       `json:"schema"`
	Tool   reports.Tool `json:"tool"`
	Lab    reports.Lab  `json:"lab"`
	// PassMark is the lab's, in percent.
	PassMark int `json:"passMark"`
	// Graded is when the class was graded.
	Graded time.Time `json:"graded"`
	// Demo says that the students are made up.
	Demo     bool     `json:"demo,omitempty"`
	Policy   Policy   `json:"policy"`
	Steps    []Step   `json:"steps"`
	Students []Person `json:"students"` // by sort name
	// Refused are the files that no grade was made of, with the reason.
	Refused []Refusal `json:"refused"`
	Flags   []Flag    `json:"flags"`
	// Notes are about many: what more students share than would have worked together, and what another version of
	// labcheck grades otherwise.
	Notes []string `json:"notes"`
	// Help says whom to help next.
	Help Help `json:"help"`
	// Regrade says what grading again with another lab changed; absent otherwise.
	Regrade *Regrade `json:"regrade,omitempty"`
	Summary Summary  `json:"summary"`
}

// Policy is how attempts became grades.
type Policy struct {
	Take Take `json:"take"`
	// Due is when the work was due; nil for no date.
	Due *time.Time `json:"due"`
	// Late is the rule for late work as it was written, such as "10%/day, at most 50%"; "" for none.
	Late           string `json:"late"`
	AllowSimulated bool   `json:"allowSimulated"`
	// Open says what an open grade counts.
	Open OpenEnd `json:"open"`
}

// Take says which of a student's attempts counts.
type Take string

// The ways to choose an attempt.
const (
	Best   Take = "best"
	Latest Take = "latest"
	First  Take = "first"
)

// OpenEnd says what a grade counts that something decisive leaves open.
type OpenEnd string

// The ways to count an open grade.
const (
	// OpenError gives no number, and the class is not settled.
	OpenError OpenEnd = "error"
	// OpenExclude gives no number, and the instructor knows.
	OpenExclude OpenEnd = "exclude"
	// OpenLow counts what is certain: what was not looked at counts nothing.
	OpenLow OpenEnd = "low"
)

// Points are points in hundredths, so that a share of them stays exact: 8750 is 87.5 points.
type Points int64

// Step is a step of the lab, with what the class made of it. Counts are of the students' attempts that count.
type Step struct {
	ID       string `json:"id"`
	Section  string `json:"section"`
	Title    string `json:"title"`
	Points   int    `json:"points"`
	Required bool   `json:"required"`
	// Why says why it matters, and Ask is what to ask somebody who missed it: the lab's first hint; "" without one.
	Why string `json:"why"`
	Ask string `json:"ask"`
	// Verdicts counts the verdicts by their word.
	Verdicts map[string]int `json:"verdicts"`
	// Missed are the most common found values of those who did not pass, most common first, at most three.
	Missed []Missed `json:"missed"`
	// Difficulty is the share of the attempts that count which passed, in percent; nil without any.
	Difficulty *int `json:"difficulty"`
}

// Missed is a found value and how many had it.
type Missed struct {
	Found string `json:"found"`
	Count int    `json:"count"`
}

// Status is what became of a student.
type Status string

// The statuses.
const (
	// Graded has a grade.
	Graded Status = "graded"
	// Open has an attempt that counts, but something in it could not be looked at and decides: the grade is a range,
	// and no gradebook gets a number. Who cannot pass whatever that is has a grade, the certain one.
	Open Status = "open"
	// NoReport handed nothing in that could be read.
	NoReport Status = "no_report"
	// NotCounted handed in reports of which none counts.
	NotCounted Status = "not_counted"
	// Excused leaves the grading by an override.
	Excused Status = "excused"
)

// Person is one student: who it is, what was handed in, and the grade.
type Person struct {
	// Key tells the student from every other: the roster's, else what the platform wrote into the file's path, else the
	// handle in the report, else the name of the folder or file. The handle comes late, for anybody can write it.
	Key string   `json:"key"`
	ID  Identity `json:"identity"`
	// InRoster says whether the roster has the student; always false without a roster.
	InRoster bool   `json:"inRoster"`
	Status   Status `json:"status"`
	// Taken is the index of the attempt that counts; -1 for none.
	Taken int `json:"taken"`
	// Attempts are in the order of their time.
	Attempts []Attempt `json:"attempts"`
	// Score is the grade in hundredths of a point, after what was taken off for being late and after an override; nil
	// unless the status is graded.
	Score *Points `json:"score"`
	// Low is what the score is at least, and High what it could be if all that could not be looked at were right; both
	// after what was taken off for being late, and nil unless the status is open.
	Low  *Points `json:"low"`
	High *Points `json:"high"`
	// Possible are the points of the steps that are not skipped.
	Possible int `json:"possible"`
	// Percent is 100·score/possible, rounded down; nil where Score is.
	Percent *int          `json:"percent"`
	Letter  string        `json:"letter"`
	Outcome grade.Outcome `json:"outcome"`
	// Worked shows the arithmetic: "85 − 20% (2 days late) = 68".
	Worked string `json:"worked"`
	// Late is by how much the attempt that counts was late; 0 in time.
	Late     time.Duration `json:"late"`
	Override *Override     `json:"override"`
	// Flags are the indexes of the class's flags that name this student.
	Flags []int `json:"flags"`
	// Namesake says that another student has the same name, so that the key is shown with it.
	Namesake bool `json:"-"`
}

// Attempt returns the attempt that counts.
func (p *Person) Attempt() (*Attempt, bool) {
	if p.Taken < 0 || p.Taken >= len(p.Attempts) {
		return nil, false
	}
	return &p.Attempts[p.Taken], true
}

// Identity is what the roster, the file names and the reports say of a student. Any of it may be empty.
type Identity struct {
	// Handle is the one of --student.
	Handle   string `json:"handle,omitempty"`
	Name     string `json:"name"`     // as it is written: "Jane Doe"
	SortName string `json:"sortName"` // "Doe, Jane"
	Email    string `json:"email"`
	GitHub   string `json:"github"`
	CanvasID string `json:"canvasId"`
	SISID    string `json:"sisId"`
	SISLogin string `json:"sisLogin"`
	Section  string `json:"section"`
	// Group are the groups that the roster names, with commas between them.
	Group string `json:"group,omitempty"`
	// MoodleID is Moodle's id number.
	MoodleID string `json:"moodleId"`
	// Account is the AWS account that the student was given.
	Account string `json:"account"`
	// Aliases are other handles under which the roster lists the student.
	Aliases []string `json:"-"`
	// Row are the cells of the roster's own row, as they stood; see Roster.Header.
	Row []string `json:"-"`
}

// Override is an instructor's decision. It wins.
type Override struct {
	Key    string  `json:"key"`
	Score  *Points `json:"score"` // nil with Excuse
	Excuse bool    `json:"excuse"`
	Reason string  `json:"reason"`
	// Position is where it stands, as file:line.
	Position string `json:"at"`
}

// Flag is something that an instructor should look at. It accuses nobody.
type Flag struct {
	Kind FlagKind `json:"kind"`
	// Students are the keys of those concerned, sorted.
	Students []string `json:"students"`
	// Text says what was seen, and what an innocent reason may be.
	Text string `json:"text"`
	// Declared says that the instructor knows of it (--pairs).
	Declared bool `json:"declared"`
}

// FlagKind groups flags.
type FlagKind string

// The kinds of flags.
const (
	SameAccount   FlagKind = "same_account"
	SameImage     FlagKind = "same_image"
	SameEvidence  FlagKind = "same_evidence"
	SameResource  FlagKind = "same_resource" // what AWS made for one account
	SameTimes     FlagKind = "same_times"    // made in the same seconds
	SameReport    FlagKind = "same_report"
	Simulated     FlagKind = "simulated"      // it says that it is of AWS, and it is of the practice account
	FactsDisagree FlagKind = "facts_disagree" // its facts make another report
	NoFacts       FlagKind = "no_facts"
	Masked        FlagKind = "masked" // nothing says of which account it is
	OldReport     FlagKind = "old_report"
	ClockOff      FlagKind = "clock_off"
	OddTimes      FlagKind = "odd_times"    // what its facts name was made in an order that no account has
	OtherKey      FlagKind = "other_key"    // made with an access key of another account than the one it names
	OtherIssuer   FlagKind = "other_issuer" // what answered does not have a certificate as AWS has them
	OtherVersion  FlagKind = "other_version"
	OtherAccount  FlagKind = "other_account" // not the one that the roster gives
	NameDisagrees FlagKind = "name_disagrees"
	TermsChanged  FlagKind = "terms_changed"  // --set changed the lab's parameters
	SplitGroup    FlagKind = "split_group"    // some members are graded, and some are not
	UnknownSender FlagKind = "unknown_sender" // the roster does not know the name that the platform gives
	TextChanged   FlagKind = "text_changed"   // people read something else than the data that counts
	// ObservedDiffers is what the grader read and what was handed in.
	ObservedDiffers FlagKind = "observed_differs"
)

// Summary are the numbers of a class.
type Summary struct {
	Files      int `json:"files"`
	Reports    int `json:"reports"`
	Graded     int `json:"graded"`
	Open       int `json:"open"`
	NoReport   int `json:"noReport"`
	NotCounted int `json:"notCounted"`
	Excused    int `json:"excused"`
	Passed     int `json:"passed"`
	Refused    int `json:"refused"`
	// NotInRoster counts students with a report whom the roster does not have.
	NotInRoster int `json:"notInRoster"`
	// Several counts students with more than one report.
	Several int `json:"several"`
	// Levels counts the attempts that count by how far they can be believed.
	Levels map[Level]int `json:"levels"`
	// Mean and Median are those of the percents, rounded down; nil without any.
	Mean   *int `json:"mean"`
	Median *int `json:"median"`
}
