package lab

import (
	"bytes"
	"fmt"

	"github.com/labcheck/labcheck/checks/nearest"
)

const classFile = "class.yaml"

// ClassSchema names the format of the demonstration class of a lab.
const ClassSchema = "labcheck.class/v1"

// A SampleStudent is a student of the demonstration class. Nobody of that name took the course: the class is made up,
// to show what a gradebook looks like and to test it.
type SampleStudent struct {
	At   Pos
	Name string `yaml:"name" need:"true"`
	// Attempts are the reports that the student handed in, the earliest first; none for a student who did not.
	Attempts []SampleAttempt `yaml:"attempts"`
	// Attached is whose last report the student handed in too, by mistake; "" for a student who attached the right
	// files.
	Attached string `yaml:"attached"`
	// Handle is what the student's runs say (--student), and the GitHub name. It and the account follow from the place
	// in the list.
	Handle  string
	Account string
}

// Email is an address in a domain that nobody can have.
// https://www.rfc-editor.org/rfc/rfc2606#section-3
func (s SampleStudent) Email() string { return s.Handle + "@example.com" }

// A SampleAttempt is an account as it was when the student graded it.
type SampleAttempt struct {
	At Pos
	// Before is so many days before the work was due. After is so many days late.
	Before int `yaml:"before"`
	After  int `yaml:"after"`
	// Like is the account of the lab that it is like; the finished one if it is left out.
	Like string `yaml:"like"`
	// Broken are the steps of the drills that broke it. Only the finished account can be broken.
	Broken []string `yaml:"broken"`
}

type classOfFile struct {
	Schema   string          `yaml:"schema" need:"true"`
	Students []SampleStudent `yaml:"students" need:"true"`
}

// A SampleClass is the demonstration class of a lab.
type SampleClass struct {
	Students []SampleStudent
	lab      *Lab
	drills   *Drills
}

// SampleClass reads the demonstration class of the lab; a lab without one has no students. The error is of type
// Problems.
func (l *Lab) SampleClass() (*SampleClass, error) {
	var f classOfFile
	d, err := l.decode(classFile, "a class", ClassSchema, &f)
	if err != nil || d == nil {
		return &SampleClass{}, err
	}
	drills, err := l.Drills()
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for i := range f.Students {
		s := &f.Students[i]
		if names[s.Name] {
			d.At(s.At, "the student %q stands twice", s.Name)
		}
		names[s.Name] = true
		s.Handle, s.Account = fmt.Sprintf("student%02d", i+1), fmt.Sprintf("%s%02d", sampleAccount[:10], i+1)
		for j := range s.Attempts {
			d.attempt(&s.Attempts[j], drills)
		}
	}
	for _, s := range f.Students {
		if s.Attached != "" && !names[s.Attached] {
			d.At(s.At, "there is no student %q%s", s.Attached, nearest.DidYouMean(s.Attached, keysOf(names)))
		}
	}
	if len(d.Problems) > 0 {
		return nil, d.Problems.Sorted()
	}
	return &SampleClass{f.Students, l, drills}, nil
}

// sampleAccount is the account of a lab's practice accounts, as in AWS's documentation.
const sampleAccount = "123456789012"

func (d *decoder) attempt(a *SampleAttempt, drills *Drills) {
	if a.Like == "" {
		a.Like = Finished
	}
	if a.Like != Finished && len(a.Broken) > 0 {
		d.At(a.At, "only the account %s can be broken", Finished)
	}
	for _, step := range a.Broken {
		if _, ok := drills.Find(step); !ok {
			d.At(a.At, "nothing breaks the step %q%s", step, nearest.DidYouMean(step, drills.Steps()))
		}
	}
}

// Account makes the account of one of a student's attempts, as JSON.
func (c *SampleClass) Account(s SampleStudent, a SampleAttempt) ([]byte, error) {
	data, _, err := c.lab.Account(a.Like)
	if err != nil {
		return nil, err
	}
	for _, step := range a.Broken {
		drill, _ := c.drills.Find(step)
		if data, err = drill.Break(data); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Handle, err)
		}
	}
	return bytes.ReplaceAll(data, []byte(sampleAccount), []byte(s.Account)), nil
}
