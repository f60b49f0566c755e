package page

import (
	"io"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	g "maragu.dev/gomponents"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// data are the students' pages as the script draws them: sentences that are ready to be read. A text is the index of it
// in Texts, where it stands once, however many students have it.
type data struct {
	Title    string            `json:"title"` // what paper says which lab this is
	Marks    map[string]string `json:"marks"` // of the verdicts
	Texts    []string          `json:"texts"`
	Steps    []dataStep        `json:"steps"`
	Flags    []int             `json:"flags"`
	Students []dataStudent     `json:"students"`

	index map[string]int
	step  map[string]int
}

type dataStep struct {
	ID    int `json:"id"`
	Title int `json:"title"`
}

type dataStudent struct {
	Name     int       `json:"name"`
	Standing int       `json:"standing"`
	Said     []int     `json:"said"`  // how the grade came about
	Flags    []int     `json:"flags"` // indexes of Flags
	Tries    [][4]int  `json:"tries"` // when, file, points, what became of it
	Fix      []dataFix `json:"fix"`
	Waits    []int     `json:"waits"` // what waits for another step
	Done     bool      `json:"done"`  // nothing is left to fix
}

type dataFix struct {
	Step      int    `json:"step"`
	Verdict   string `json:"verdict"`
	Earned    int    `json:"earned"`
	Points    int    `json:"points"`
	Required  bool   `json:"required"`
	Sentences []int  `json:"sentences"` // a label and a text by turns
	Hints     []int  `json:"hints"`
	Commands  []int  `json:"commands"`
	Console   int    `json:"console"` // -1 for none
}

// data is the students' pages as JSON that ends no script.
func (p *page) data() g.Node {
	return g.NodeFunc(func(w io.Writer) error {
		return json.MarshalWrite(w, p.studentPages(), jsontext.EscapeForHTML(true), json.Deterministic(true))
	})
}

func (p *page) studentPages() *data {
	d := &data{
		Title: reports.Clean(p.printedHead()), Marks: map[string]string{}, index: map[string]int{}, step: map[string]int{},
		Students: make([]dataStudent, len(p.c.Students)),
	}
	for _, v := range checks.Verdicts() {
		d.Marks[v.String()] = reports.Mark(v)
	}
	for i := range p.c.Flags {
		d.Flags = append(d.Flags, d.text(p.c.Flags[i].FlagText()))
	}
	for i := range p.c.Students {
		d.Students[i] = p.dataOf(d, &p.c.Students[i])
	}
	return d
}

// text is the index of an untrusted text.
func (d *data) text(untrusted string) int { return d.exact(reports.Clean(untrusted)) }

// exact is the index of a text that stays as it is.
func (d *data) exact(text string) int {
	i, ok := d.index[text]
	if !ok {
		i = len(d.Texts)
		d.index[text] = i
		d.Texts = append(d.Texts, text)
	}
	return i
}

func (d *data) textsOf(untrusted []string) []int {
	var list []int
	for _, text := range untrusted {
		list = append(list, d.text(text))
	}
	return list
}

// dataOf is one student's page: how the grade came about, and what to fix.
func (p *page) dataOf(d *data, s *class.Person) dataStudent {
	student := dataStudent{
		Name: d.text(s.Who()), Standing: d.text(standing(s)), Said: d.textsOf(reasons(s)), Flags: s.Flags,
	}
	for i := range s.Attempts {
		a := &s.Attempts[i]
		remark := a.Excluded
		if i == s.Taken {
			remark = "counts"
		}
		student.Tries = append(student.Tries, [4]int{
			d.text(class.Moment(a.When())), d.text(a.File),
			d.text(reports.Span(a.Grade.Low, a.Grade.High) + "/" + strconv.Itoa(a.Grade.Possible)), d.text(remark),
		})
	}
	a, ok := s.Attempt()
	if !ok {
		return student
	}
	for _, r := range a.StepsToFix() {
		student.Fix = append(student.Fix, p.dataFix(d, &r))
	}
	for _, r := range a.Steps {
		if r.Verdict == checks.Blocked {
			student.Waits = append(student.Waits, d.text(r.Title+": "+r.Line))
		}
	}
	student.Done = len(student.Fix)+len(student.Waits) == 0
	return student
}

// dataFix is what to do about one step: hints, and the solution where it may be shown. A changed command is another
// command, so nothing of it is cleaned.
func (p *page) dataFix(d *data, r *class.Row) dataFix {
	f := dataFix{
		Step: d.stepOf(r), Verdict: r.Verdict.String(), Earned: r.Earned, Points: r.Points, Required: r.Required,
		Hints: d.textsOf(r.Hints), Console: -1,
	}
	for _, s := range r.Sentences() {
		f.Sentences = append(f.Sentences, d.text(s.Label), d.text(s.Text))
	}
	if p.o.NoFixes {
		return f
	}
	for _, command := range r.Commands {
		f.Commands = append(f.Commands, d.exact(command))
	}
	if r.Console != "" {
		f.Console = d.text(r.Console)
	}
	return f
}

// stepOf is the index of a step, which another version of the lab may have called otherwise.
func (d *data) stepOf(r *class.Row) int {
	key := r.ID + "\x00" + r.Title
	i, ok := d.step[key]
	if !ok {
		i = len(d.Steps)
		d.step[key] = i
		d.Steps = append(d.Steps, dataStep{ID: d.text(r.ID), Title: d.text(r.Title)})
	}
	return i
}

// printedHead says on paper which lab this is.
func (p *page) printedHead() string {
	head := p.c.Lab.Title + "."
	if notice := p.c.Notice(); notice != "" {
		head += " " + notice
	}
	return head
}

// standing is a student's grade in a line: "67.5/100, 67% D, not passed".
func standing(s *class.Person) string {
	text := s.ResultText()
	if percent := s.PercentText(); percent != "" {
		text = percent + ", " + text
	}
	if score := s.ScoreText(); score != "-" {
		text = score + ", " + text
	}
	return text
}

// reasons say how the grade came about and why it is passed or not.
func reasons(s *class.Person) []string {
	var all []string
	if how := s.HowText(); how != "" {
		all = append(all, "How it came about: "+how)
	}
	a, ok := s.Attempt()
	switch {
	case !ok || s.Override != nil:
	case s.Outcome == a.Grade.Outcome:
		all = append(all, reports.OutcomeText(a.Grade))
	case s.Outcome == grade.NotPassed:
		all = append(all, "Not passed: "+strconv.Itoa(a.Grade.PassMark)+"% is needed, and this was late.")
	}
	if ok && len(a.Grade.Missing) > 0 {
		all = append(all, reports.MissingText(a.Grade))
	}
	return all
}
