package lab

import (
	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/labs/grade"
)

// Schema names the format of a lab file.
const Schema = "labcheck.lab/v1"

// Lab is a lab file, decoded.
type Lab struct {
	File    string // the name under which it was loaded, for messages
	SHA256  string // of the file's bytes, in hex
	ID      string
	Title   string
	Summary string
	Region  string // empty: the environment's
	// Requires is the least version of labcheck that the lab needs, such as ">=0.3"; empty for any.
	Requires Text
	Params   map[string]Param
	Pass     int          // percent
	Scale    []grade.Band // from the highest to the lowest
	Steps    []Step       // in the order of the file

	problems Problems
	folder   *folder  // where the lab's other files are; nil for a single file
	dirs     []string // the folders of labs, in which there may be checks
}

// Param is a parameter of the lab, which its steps share.
type Param struct {
	At      Pos
	Default Value
	Help    string
}

// Step is one graded step.
type Step struct {
	At       Pos
	ID       string
	Section  string
	Check    string
	Points   int
	Required bool
	// Given says that a fresh account has it already.
	Given bool
	Needs []string
	With  map[string]Value
	Hints []string
}

// What the files of a lab are made of, and what is wrong with them.
type (
	// Pos is a place in a file.
	Pos = strict.Pos
	// Text is a text with its place.
	Text = strict.Text
	// Value is the value of a parameter with its place.
	Value = strict.Value
	// JSON is a part of a file as JSON, with its place.
	JSON = strict.JSON
	// Problem is one thing that is wrong with a file.
	Problem = strict.Problem
	// Problems are all that is wrong with a file.
	Problems = strict.Problems
)

// MaxFile is the largest lab or waiver file, in bytes.
const MaxFile = strict.MaxFile

// decoder is the strict decoder with the rules of a lab's files.
type decoder struct{ strict.Decoder }
