package lab

import (
	"cmp"
	"slices"

	"github.com/labcheck/labcheck/labs/grade"
)

// file is a lab file as it is written. Its tags are the one place that says which keys there are: the strict decoder
// and the generated JSON schema both read them.
type file struct {
	Schema   string           `yaml:"schema" need:"true" help:"The format of this file: labcheck.lab/v1."`
	ID       string           `yaml:"id" need:"true" help:"What a student types after labcheck."`
	Title    string           `yaml:"title" need:"true" help:"The lab's name for people."`
	Summary  string           `yaml:"summary" help:"One sentence about what is there when the lab is done."`
	Requires Text             `yaml:"requires" help:"The least version of labcheck, such as \">=0.3\"."`
	Region   string           `yaml:"region" help:"The AWS Region of the lab; the student's own if it is left out."`
	Params   map[string]param `yaml:"params" help:"Parameters that several steps share; a student changes one with --set."`
	Pass     int              `yaml:"pass" need:"true" help:"The least percentage that passes."`
	Scale    map[string]int   `yaml:"scale" help:"Letters and the least percentage that earns each."`
	Sections []section        `yaml:"sections" need:"true" help:"The steps, in groups."`
}

type param struct {
	At      Pos
	Default Value  `yaml:"default" need:"true" help:"The value when nothing else is said."`
	Help    string `yaml:"help" need:"true" help:"One line for people."`
}

type section struct {
	Title string `yaml:"title" need:"true" help:"The heading of the group."`
	Steps []step `yaml:"steps" need:"true" help:"The steps of the group, in the order of doing."`
}

type step struct {
	At       Pos
	ID       string           `yaml:"id" help:"The step's name; the check's if it is left out."`
	Check    string           `yaml:"check" need:"true" help:"The check that looks (labcheck checks lists them)."`
	Points   int              `yaml:"points" need:"true" help:"What the step is worth."`
	Required bool             `yaml:"required" help:"The lab is not passed without it."`
	Given    bool             `yaml:"given" help:"True of a fresh account already."`
	Needs    []string         `yaml:"needs" help:"Steps that must be right first."`
	With     map[string]Value `yaml:"with" help:"Parameters of the check; $name stands for the lab's parameter."`
	Hints    []string         `yaml:"hints" help:"A ladder: a question, a place to look, the exact setting."`
}

func (f *file) lab() *Lab {
	l := &Lab{
		ID: f.ID, Title: f.Title, Summary: f.Summary, Region: f.Region, Requires: f.Requires, Pass: f.Pass,
		Params: make(map[string]Param, len(f.Params)),
	}
	for name, p := range f.Params {
		l.Params[name] = Param(p)
	}
	for letter, percent := range f.Scale {
		l.Scale = append(l.Scale, grade.Band{Letter: letter, Percent: percent})
	}
	slices.SortFunc(l.Scale, func(a, b grade.Band) int {
		return cmp.Or(cmp.Compare(b.Percent, a.Percent), cmp.Compare(a.Letter, b.Letter))
	})
	for _, sec := range f.Sections {
		for _, s := range sec.Steps {
			l.Steps = append(l.Steps, Step{
				At: s.At, ID: cmp.Or(s.ID, s.Check), Section: sec.Title, Check: s.Check,
				Points: s.Points, Required: s.Required, Given: s.Given, Needs: s.Needs, With: s.With, Hints: s.Hints,
			})
		}
	}
	return l
}
