// Package roster reads the files that an instructor writes: the list of the class, the decisions about single students
// and the pairs that may work together.
package roster

import (
	"errors"
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports/class"
)

// Roster is the list of a class.
type Roster struct {
	// Header are the names of the columns as they stood; the cells are in Identity.Row.
	Header   []string
	Students []class.Identity
	// Possible is the row of points possible of a gradebook of Canvas, by column; nil without one.
	Possible []string
}

// field is one thing that a roster may say, with the names of its column without capitals, blanks and dashes.
type field struct {
	value func(*class.Identity) *string
	names []string
	// unique says that two students never share it.
	unique bool
}

// fields are those of our own files and of the exports of Canvas, Moodle, Gradescope and GitHub Classroom.
func fields() []field {
	return []field{
		{
			func(i *class.Identity) *string { return &i.Handle },
			[]string{"labcheckid", "labcheck", "handle", "identifier", "studentid"},
			true,
		},
		{func(i *class.Identity) *string { return &i.Name }, []string{"student", "name", "fullname", "studentname"}, false},
		{func(i *class.Identity) *string { return &i.Email }, []string{"email", "emailaddress", "mail"}, true},
		{
			func(i *class.Identity) *string { return &i.GitHub },
			[]string{"github", "githubname", "githubusername", "githubuser", "githublogin"},
			true,
		},
		{func(i *class.Identity) *string { return &i.CanvasID }, []string{"canvasid", "canvasuserid", "id"}, true},
		{func(i *class.Identity) *string { return &i.SISID }, []string{"sisid", "sisuserid", "sid"}, true},
		{
			func(i *class.Identity) *string { return &i.SISLogin },
			[]string{"sisloginid", "sislogin", "login", "username"},
			true,
		},
		{func(i *class.Identity) *string { return &i.Section }, []string{"section", "sections", "group", "class"}, false},
		{func(i *class.Identity) *string { return &i.MoodleID }, []string{"moodleid", "moodleidnumber", "idnumber"}, true},
		{
			func(i *class.Identity) *string { return &i.Account },
			[]string{"awsaccount", "awsaccountid", "account", "accountid"},
			true,
		},
	}
}

// Read reads a roster. Two students with the same id, e-mail, GitHub name or account are an error that names both
// lines: a grade could go to the wrong one.
func Read(data []byte) (*Roster, error) {
	t, err := readTable(data)
	if err != nil {
		return nil, err
	}
	r := newReader(t)
	if len(r.columns) == 0 && r.first < 0 && r.last < 0 {
		return nil, errors.New("none of its columns is known; name one student, email, github, canvas_id, sis_id, " +
			"moodle_idnumber or aws_account")
	}
	list := &Roster{Header: t.header}
	for _, row := range t.rows {
		if pointsPossible(row) {
			list.Possible = row.cells
			continue
		}
		id, err := r.student(row)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", row.number, err)
		}
		list.Students = append(list.Students, id)
	}
	return list, nil
}

// reader reads students from the rows of one file.
type reader struct {
	header      []string
	columns     []column
	first, last int            // the columns of the two parts of a name; -1 without one
	lines       map[string]int // of the students, by a unique field and its value
}

// column is where a file has a field.
type column struct {
	field
	index int
}

func newReader(t *table) *reader {
	r := &reader{
		header: t.header, lines: map[string]int{},
		first: t.column("firstname", "givenname"), last: t.column("lastname", "surname", "familyname"),
	}
	for _, f := range fields() {
		if index := t.column(f.names...); index >= 0 {
			r.columns = append(r.columns, column{f, index})
		}
	}
	return r
}

func (r *reader) student(row line) (class.Identity, error) {
	id := class.Identity{Row: row.cells}
	for _, c := range r.columns {
		value := row.cell(c.index)
		*c.value(&id) = value
		if !c.unique || value == "" {
			continue
		}
		key := c.names[0] + "\x00" + strings.ToLower(value)
		if first, twice := r.lines[key]; twice {
			return id, fmt.Errorf("%q is already the %s of the student in line %d", facts.NameOf(value), r.header[c.index], first)
		}
		r.lines[key] = row.number
	}
	id.Name, id.SortName = bothNames(id.Name, row.cell(r.first), row.cell(r.last))
	if class.KeyOf(id) == "" {
		return id, errors.New("nothing in it names a student")
	}
	return id, nil
}

// pointsPossible says whether a row is the second one of Canvas, which is no student.
func pointsPossible(l line) bool { return strings.HasPrefix(columnKey(l.cell(0)), "pointspossible") }

// bothNames are a name as it is written and as it is sorted: "Jane Doe" and "Doe, Jane".
func bothNames(name, first, last string) (written, sorted string) {
	if name == "" {
		name = strings.TrimSpace(first + " " + last)
		if first != "" && last != "" {
			return name, last + ", " + first
		}
	}
	if family, given, ok := strings.Cut(name, ","); ok {
		return strings.TrimSpace(given) + " " + strings.TrimSpace(family), name
	}
	return name, class.SortName(name)
}
