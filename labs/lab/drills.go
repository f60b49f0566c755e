package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/declared/strict"
	"github.com/labcheck/labcheck/checks/nearest"
)

const drillsFile = "drills.yaml"

// DrillsSchema names the format of the drills of a lab.
const DrillsSchema = "labcheck.drills/v1"

// A Drill is one thing that breaks in the finished account: something to find and to fix.
type Drill struct {
	At Pos
	// Step is the step that is not right any more. Those that need it suffer with it, and no others.
	Step string `yaml:"step" need:"true"`
	// Symptom is what somebody who works with the account would see, one or two sentences. It does not tell the cause.
	Symptom string `yaml:"symptom" need:"true"`
	// Patch breaks the finished account.
	Patch Patch `yaml:"patch" need:"true"`
}

// Drills are the drills of a lab, in the order of its steps.
type Drills struct {
	File   string
	Drills []Drill
	// Without says of every other step why nothing can break it.
	Without map[string]string
}

type drillsOfFile struct {
	Schema  string            `yaml:"schema" need:"true"`
	Drills  []Drill           `yaml:"drills" need:"true"`
	Without map[string]string `yaml:"without"`
}

// Drills reads the drills of the lab; a lab without the file has none. The error is of type Problems.
func (l *Lab) Drills() (*Drills, error) {
	var f drillsOfFile
	d, err := l.decode(drillsFile, "a list of drills", DrillsSchema, &f)
	if err != nil || d == nil {
		return &Drills{}, err
	}
	seen := map[string]bool{}
	for _, drill := range f.Drills {
		d.step(l, drill.At, drill.Step)
		if seen[drill.Step] {
			d.At(drill.At, "there is a drill for the step %q already; keep one of them", drill.Step)
		}
		if seen[drill.Step] = true; drill.Step != "" && strings.Contains(drill.Symptom, drill.Step) {
			d.At(drill.At, "the symptom names the step %q; say only what somebody would see", drill.Step)
		}
		d.patch(drill.Patch, nil)
	}
	for _, s := range l.Steps {
		if _, excused := f.Without[s.ID]; excused == seen[s.ID] {
			d.At(Pos{Line: 1, Column: 1}, "the step %q needs a drill, or a reason under without why it has none", s.ID)
		}
	}
	for _, step := range keysOf(f.Without) {
		d.step(l, Pos{Line: 1, Column: 1}, step)
	}
	if len(d.Problems) > 0 {
		return nil, d.Problems.Sorted()
	}
	slices.SortStableFunc(f.Drills, func(a, b Drill) int { return l.position(a.Step) - l.position(b.Step) })
	return &Drills{d.File, f.Drills, f.Without}, nil
}

// Find finds the drill of a step.
func (d *Drills) Find(step string) (Drill, bool) {
	i := slices.IndexFunc(d.Drills, func(drill Drill) bool { return drill.Step == step })
	if i < 0 {
		return Drill{}, false
	}
	return d.Drills[i], true
}

// Steps are the steps that have a drill.
func (d *Drills) Steps() []string {
	steps := make([]string, len(d.Drills))
	for i, drill := range d.Drills {
		steps[i] = drill.Step
	}
	return steps
}

// Break breaks the finished account of the lab.
func (d Drill) Break(finished []byte) ([]byte, error) {
	broken, err := d.Patch.Apply(finished)
	if err != nil {
		return nil, fmt.Errorf("the drill of %s: %w", d.Step, err)
	}
	return broken, nil
}

// decode reads a YAML file of the lab's folder into a struct. The decoder is nil where there is no such file; it holds
// the problems of the file, but for those of size and syntax, which are told alone.
func (l *Lab) decode(name, what, schema string, into any) (*decoder, error) {
	if l.folder == nil {
		return nil, nil
	}
	file := l.folder.join(name)
	data, err := l.folder.read(name, MaxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, unreadable(file, err)
	}
	root, err := strict.Parse(file, data, what, schema)
	if err != nil {
		return nil, err
	}
	d := &decoder{strict.Decoder{File: file}}
	value := reflect.ValueOf(into).Elem()
	d.Into(root, value, what)
	d.Schema(root, value.FieldByName("Schema").String(), schema)
	return d, nil
}

// step refuses what is no step of the lab. A missing name is told already.
func (d *decoder) step(l *Lab, at Pos, id string) {
	if id != "" && l.position(id) < 0 {
		ids := make([]string, len(l.Steps))
		for i, s := range l.Steps {
			ids[i] = s.ID
		}
		d.At(at, "%q is no step of the lab %s%s", id, l.ID, nearest.DidYouMean(id, ids))
	}
}

// position is the place of a step in the lab's order; -1 for none.
func (l *Lab) position(step string) int {
	return slices.IndexFunc(l.Steps, func(s Step) bool { return s.ID == step })
}
