// Package reports holds the Report, the one value that every output of a run is a rendering of, and what a Format is.
//
// A Report is already graded and sorted: a renderer computes nothing. Everything in it that comes from the account, the
// lab file or the person is untrusted text; each format escapes it for itself.
//
// Each format lives in a package of its own that imports this one, so the list of the formats is with the command,
// which joins them.
package reports

import (
	"cmp"
	"iter"
	"path"
	"strconv"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
)

// Schema names the report's format. A field of it is never renamed; new ones may be added.
const Schema = "labcheck.report/v1"

// Source says what was graded.
type Source string

// The sources. Everything but AWS is said in every rendering.
const (
	AWS      Source = "aws"      // a real account
	Sandbox  Source = "sandbox"  // the practice account
	Facts    Source = "facts"    // recorded facts, graded again
	Endpoint Source = "endpoint" // another endpoint than AWS's own
)

// Label is the word that a rendering of this source must show, "" for a real account.
func (s Source) Label() string {
	switch s {
	case AWS:
		return ""
	case Facts:
		return "REPLAYED"
	default:
		return "SIMULATED"
	}
}

// Report is one graded run.
type Report struct {
	Schema   string            `json:"schema"`
	Tool     Tool              `json:"tool"`
	Lab      Lab               `json:"lab"`
	Plan     Plan              `json:"plan,omitzero"`
	Params   map[string]string `json:"params"`
	Source   Source            `json:"source"`
	Run      Run               `json:"run"`
	Target   Target            `json:"target"`
	Student  string            `json:"student"`
	Started  time.Time         `json:"started"`
	Finished time.Time         `json:"finished"`
	// Problem says why nothing could be asked of the account; absent when the account answered.
	Problem *Problem    `json:"problem,omitempty"`
	Grade   grade.Grade `json:"grade"`
	Steps   []Step      `json:"steps"`
	// Next lists the ids of the steps to do first, at most three, in the lab's order with the required ones first.
	Next  []string `json:"next"`
	Calls Calls    `json:"calls"`
	// Cost is what the things cost that are left; absent where the lab does not look for that, or nothing is left.
	Cost *Cost `json:"cost,omitempty"`
	// Waivers are those of the waiver file that are about this lab and this account; absent without one.
	Waivers []grade.Waiver `json:"waivers,omitempty"`
	// Changes are the differences from the report of --baseline; absent without one.
	Changes *Changes `json:"changes,omitempty"`
	// Gate is what decides in a pipeline; absent where the grade alone decides.
	Gate *Gate `json:"gate,omitempty"`
	// Facts are what the run learned, so that it can be graded again with another lab; absent with --no-facts.
	Facts *facts.Recording `json:"facts,omitempty"`
}

// Tool is the program that made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Lab is the graded lab.
type Lab struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	// SHA256 is the hash of the lab file, in hex.
	SHA256 string `json:"sha256"`
	// File is the path of the lab file in its repository, with slashes: what the lines of the steps are lines of. A
	// built-in lab has the path to which labcheck init writes it.
	File string `json:"file,omitempty"`
}

// Plan is what was asked, and how it counts.
type Plan struct {
	// SHA256 is the hash of the lab's steps and parameters, of the checks that are written in YAML, and of the versions
	// of the reads, in hex.
	SHA256 string `json:"sha256"`
}

// OtherPlan says whether a report was made with another plan than a later one of the same lab. A report of before there
// were plans was: its facts may lack what is asked today, or mean something else.
func (r *Report) OtherPlan(again *Report) bool {
	return again.Plan.SHA256 != "" && r.Plan != again.Plan
}

// ShortHash is enough of the hash to tell two versions of a lab from each other.
func (l Lab) ShortHash() string { return l.SHA256[:min(12, len(l.SHA256))] }

// Run says how much of the lab was looked at.
type Run struct {
	// Complete says that every step of the lab was graded to its end.
	Complete bool `json:"complete"`
	// Selected are the steps of --only; empty means all.
	Selected    []string `json:"selected"`
	Interrupted bool     `json:"interrupted"`
	// Workstation says whether the student's own machine was looked at.
	Workstation bool `json:"workstation"`
	// Set are the parameters given with --set, as name=value.
	Set []string `json:"set"`
	// Practice names the state of the practice account that was made for this run, such as "half-done". It is absent
	// for AWS, and for a practice account that is served or from a file: nothing in a report leads back to one of
	// those.
	Practice string `json:"practice,omitempty"`
	// ObservedBy is who read the account for the class, and so took on a role in it: an ARN. It is absent where whoever
	// asks is graded.
	ObservedBy string `json:"observedBy,omitempty"`
}

// Target is where the run looked.
type Target struct {
	Account string `json:"account"`
	Caller  string `json:"caller"` // an ARN
	Region  string `json:"region"`
	// Profile is the AWS CLI profile in use; empty for none.
	Profile string `json:"profile"`
	// ProfileRegion is the profile's own Region where it differs from Region.
	ProfileRegion string `json:"profileRegion,omitempty"`
	// Name tells this target from the others of the same run, such as "lab-a.eu-west-1"; absent where there is one.
	Name string `json:"name,omitempty"`
}

// Problem is the one reason why the account could not be asked anything.
type Problem struct {
	Reason facts.Reason `json:"reason"`
	Detail string       `json:"detail"`
	// Next is what to type or do.
	Next []string `json:"next"`
}

// Step is one graded step of the lab.
type Step struct {
	ID      string `json:"id"`
	Section string `json:"section"`
	Check   string `json:"check"`
	Title   string `json:"title"`
	grade.Step
	// Given says that a fresh account has it already.
	Given bool `json:"given"`
	// Reason, Detail and MissingAction say why an unknown step is unknown.
	Reason        facts.Reason `json:"reason"`
	Detail        string       `json:"detail"`
	MissingAction string       `json:"missingAction"`
	// BlockedBy are the ids of the steps to fix first.
	BlockedBy []string         `json:"blockedBy"`
	Findings  []checks.Finding `json:"findings"`
	Why       string           `json:"why"`
	Fix       checks.Fix       `json:"fix"`
	Hints     []string         `json:"hints"`
	// Pages are AWS's own pages about the step; see Links.
	Pages    checks.Pages `json:"pages,omitzero"`
	Evidence []facts.Call `json:"evidence"`
	// Charges are what the things cost that the step found, in US dollars a day; absent for most steps. See Report.Cost.
	Charges []checks.Charge `json:"charges,omitempty"`
	// FileLine is the line of Lab.File on which the step stands, from 1; absent where it is not known.
	FileLine int `json:"line,omitempty"`
	// Waiver is the waiver that excuses this step in the gate; absent for most. The verdict and the grade stay.
	Waiver *grade.Waiver `json:"waiver,omitempty"`
}

// Calls counts the HTTP requests that were answered, pages and retries included.
type Calls struct {
	Total int `json:"total"`
	// Unanswered are requests beside them that got no answer in time and were asked again; absent if there were none.
	Unanswered  int            `json:"unanswered,omitempty"`
	ByOperation map[string]int `json:"byOperation"`
}

// String says how many requests were answered, and how many were not.
func (c Calls) String() string {
	text := checks.Count(c.Total, "request") + " answered"
	if c.Unanswered > 0 {
		text += ", " + strconv.Itoa(c.Unanswered) + " not"
	}
	return text
}

// Step returns the step of an id.
func (r *Report) Step(id string) (*Step, bool) {
	for i := range r.Steps {
		if r.Steps[i].ID == id {
			return &r.Steps[i], true
		}
	}
	return nil, false
}

// Graded are steps as the grade wants them, by their ids.
func Graded(steps []Step) iter.Seq2[string, grade.Step] {
	return func(yield func(string, grade.Step) bool) {
		for _, s := range steps {
			if !yield(s.ID, s.Step) {
				return
			}
		}
	}
}

// Path is where the lab file is in a repository, in one line and never empty: File, or the place to which labcheck init
// writes it.
func (l Lab) Path() string {
	return cmp.Or(Clean(l.File), path.Join(".labcheck", Clean(l.ID)+".yaml"))
}
