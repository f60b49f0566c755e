// Package roster reads the files that an instructor writes: the list of the class, the decisions about single students
// and the pairs that may work together.
package roster

import (
	"errors"
	"fmt"
	"strings"

	"github.com/labcheck/labcheck/reports/class"
)

// Roster is the list of a class.
type Roster struct {
	// Header are the names of the columns as they stood; the cells are in Identity.Row.
	Header   []string
	Students []class.Identity
}

// field is one thing that a roster may say, with the names of its column without capitals, blanks and dashes.
type field struct {
	of    func(*class.Identity) *string
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
		{func(i *class.Identity) *string { return &i.SISLogin }, []string{"sisloginid", "sislogin", "login", "username"}, true},
		{func(i *class.Identity) *string { return &i.Section }, []string{"section", "sections", "group", "class"}, false},
		{func(i *class.Identity) *string { return &i.MoodleID }, []string{"moodleid", "moodleidnumber", "idnumber"}, true},
		{func(i *class.Identity) *string { return &i.Account }, []string{"awsaccount", "awsaccountid", "account", "accountid"}, true},
	}
}

// Read reads a roster. Two students with the same id, e-mail, GitHub name or account are an error that names both
// lines: a grade could go to the wrong one.
func Read(data []byte) (*Roster, error) {
	t, err := readTable(data)
	if err != nil {
		return nil, err
	}
	list := fields()
	columns, known := make([]int, len(list)), 0
	for i, f := range list {
		if columns[i] = t.column(f.names...); columns[i] >= 0 {
			known++
		}
	}
	first, last := t.column("firstname", "givenname"), t.column("lastname", "surname", "familyname")
	if known == 0 {
		return nil, errors.New("none of its columns is known; name one student, email, github, canvas_id, sis_id, " +
			"moodle_idnumber or aws_account")
	}
	r := &Roster{Header: t.header}
	seen := map[string]int{}
	for _, row := range t.rows {
		if pointsPossible(row) {
			continue
		}
		id := class.Identity{Row: row.cells}
		for i, f := range list {
			value := row.cell(columns[i])
			*f.of(&id) = value
			if !f.unique || value == "" {
				continue
			}
			key := f.names[0] + "\x00" + strings.ToLower(value)
			if at, twice := seen[key]; twice {
				return nil, fmt.Errorf("line %d: %q is already the %s of the student in line %d",
					row.number, value, t.header[columns[i]], at)
			}
			seen[key] = row.number
		}
		id.Name, id.SortName = names(id.Name, row.cell(first), row.cell(last))
		if class.KeyOf(id) == "" {
			return nil, fmt.Errorf("line %d: nothing in it names a student", row.number)
		}
		r.Students = append(r.Students, id)
	}
	return r, nil
}

// pointsPossible says whether a row is the second one of Canvas, which is no student.
func pointsPossible(l line) bool { return strings.HasPrefix(plain(l.cell(0)), "pointspossible") }

// names are a name as it is written and as it is sorted: "Jane Doe" and "Doe, Jane".
func names(name, first, last string) (written, sorted string) {
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
