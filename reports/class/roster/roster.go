// Package roster reads the files that an instructor writes: the list of the class, the decisions about single students
// and the pairs that may work together.
package roster

import (
	_ "embed" // headers.txt
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Roster is the list of a class.
type Roster struct {
	// Header are the names of the columns as they stood; the cells are in Identity.Row.
	Header   []string
	Students []class.Identity
	// Possible is the row of points possible of a gradebook of Canvas, by column; nil without one.
	Possible []string
	// Warnings are about rows that could not be used as they stand, one sentence each with the line.
	Warnings []string
}

// The fields with rules of their own: a course makes handles up, and students may share an account.
const (
	handleName  = "labcheckid"
	accountName = "awsaccount"
)

// field is one thing that a roster may say, with the names of its column without capitals, blanks and dashes.
type field struct {
	value func(*class.Identity) *string
	names []string
	// unique says that two students never share it.
	unique bool
}

// key is what a student's value of a unique field is found by; "" without one.
func (f field) key(id *class.Identity) string {
	value := *f.value(id)
	if !f.unique || value == "" {
		return ""
	}
	return f.names[0] + "\x00" + strings.ToLower(value)
}

// fields are those of our own files and of the exports of Canvas, Moodle, Gradescope and GitHub Classroom.
func fields() []field {
	return []field{
		{
			func(i *class.Identity) *string { return &i.Handle },
			[]string{handleName, "labcheck", "handle", "identifier", "studentid"},
			true,
		},
		{
			func(i *class.Identity) *string { return &i.Name },
			[]string{"student", "name", "fullname", "studentname"},
			false,
		},
		{func(i *class.Identity) *string { return &i.Email }, []string{"email", "emailaddress", "mail"}, true},
		{
			func(i *class.Identity) *string { return &i.GitHub },
			[]string{"github", "githubname", "githubusername", "githubuser", "githublogin"},
			true,
		},
		{func(i *class.Identity) *string { return &i.CanvasID }, []string{"canvasid", "canvasuserid", "id"}, true},
		{
			func(i *class.Identity) *string { return &i.SISID },
			[]string{"sisid", "sisuserid", "sid", orgDefinedID},
			true,
		},
		{
			func(i *class.Identity) *string { return &i.SISLogin },
			[]string{"sisloginid", "sislogin", "login", "username"},
			true,
		},
		{
			func(i *class.Identity) *string { return &i.Section },
			[]string{"section", "sections", "group", "class"},
			false,
		},
		{func(i *class.Identity) *string { return &i.Group }, groupNames(), false},
		{
			func(i *class.Identity) *string { return &i.MoodleID },
			[]string{"moodleid", "moodleidnumber", "idnumber"},
			true,
		},
		{
			func(i *class.Identity) *string { return &i.Account },
			[]string{accountName, "awsaccountid", "account", "accountid"},
			true,
		},
	}
}

// groupNames are the names of the column of the group.
func groupNames() []string { return []string{"group", "groups", "groupname", "team", "teamname"} }

// Read reads a roster. A row that is no student is passed over where a platform writes such rows, and is a warning
// elsewhere. Only a roster without anybody is an error.
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
	for _, row := range t.rows {
		switch {
		case strings.HasPrefix(columnKey(row.cell(0)), "pointspossible"):
			r.Possible = row.cells
		case !r.ofPlatform(row):
			r.student(row)
		}
	}
	r.forgetShared()
	r.tellNameless()
	if len(r.Students) == 0 {
		return nil, errors.Join(errors.New("nobody is in it"), errors.New(strings.Join(r.Warnings, "\n")))
	}
	return &r.Roster, nil
}

// reader reads students from the rows of one file.
type reader struct {
	Roster
	columns     []column
	first, last int              // the columns of the two parts of a name; -1 without one
	role        int              // the column of what somebody is in the course; -1 without one
	lines       []int            // of the students
	nameless    []int            // the lines of nobody
	bearers     map[string][]int // the students with a value of a unique field
	shared      []sharedID
}

// sharedID is an id that a student has in common with another one.
type sharedID struct {
	student int
	field   field
}

// column is where a file has a field.
type column struct {
	field
	index int
	hash  bool // a number sign stands before the values, as Brightspace has it
}

// clean is the value of a cell; "" for the words that say that there is none.
func (c column) clean(cell string) string {
	if c.hash {
		cell = strings.TrimPrefix(cell, "#")
	}
	switch strings.ToLower(cell) {
	case "-", "--", "–", "—", "null", "n/a", "#n/a", "none", "nil", `\n`:
		return ""
	}
	return cell
}

func newReader(t *table) *reader {
	translated := translations()
	index := func(names ...string) int {
		if i := t.column(names...); i >= 0 {
			return i
		}
		return t.column(translated[names[0]]...)
	}
	r := &reader{
		Roster: Roster{Header: t.header}, bearers: map[string][]int{},
		first: index("firstname", "givenname"), last: index("lastname", "surname", "familyname"),
		role: t.column("role", "roles"),
	}
	switch either := t.column(translated["either"]...); {
	case r.first < 0 && r.last >= 0:
		r.first = either
	case r.last < 0 && r.first >= 0:
		r.last = either
	}
	brightspace := t.column(orgDefinedID, "endoflineindicator") >= 0
	for _, f := range fields() {
		if i := index(f.names...); i >= 0 {
			r.columns = append(r.columns, column{f, i, brightspace && f.unique})
		}
	}
	return r
}

// orgDefinedID is the student's id in an export of Brightspace.
const orgDefinedID = "orgdefinedid"

// headers.txt holds the names of columns in the languages of Moodle: a field, and its names below it.
//
//go:embed headers.txt
var headers string

// translations are names of columns by the first name of their field.
func translations() map[string][]string {
	names := map[string][]string{}
	field := ""
	for line := range strings.Lines(headers) {
		if heading, ok := strings.CutSuffix(strings.TrimSpace(line), ":"); ok {
			field = heading
		} else if strings.HasPrefix(line, " ") {
			names[field] = append(names[field], columnKey(line))
		}
	}
	return names
}

// ofPlatform says whether a row is one that a platform writes under its header, and no student: Canvas says there which
// assignments are hidden, Google Classroom when they are due and how many points they have, and Canvas adds a test
// student, whom it gives no SIS id and a login of 40 digits.
func (r *reader) ofPlatform(row line) bool {
	id, others := class.Identity{}, false
	for _, c := range r.columns {
		*c.value(&id) = c.clean(row.cell(c.index))
		others = others || c.index > 0 && row.cell(c.index) != ""
	}
	canvas := columnKey(r.Header[0]) == "student" ||
		len(r.Header) > 1 && r.Header[0] == "LastName" && r.Header[1] == "FirstName"
	switch columnKey(row.cell(0)) {
	case "points", "date", "classaverage":
		return !others && (r.first <= 0 || row.cell(r.first) == "") && (r.last <= 0 || row.cell(r.last) == "")
	case "student,test":
		return canvas && id.SISID == "" && (id.SISLogin == "" || testLogin.MatchString(id.SISLogin))
	case "":
		return canvas && class.KeyOf(id) == "" && id.Section == "" // "Manual Posting" in the language of the course
	}
	return canvas && id.SISID == "" && testLogin.MatchString(id.SISLogin)
}

// staff are the roles of people who hand nothing in, in the words of Gradescope, Moodle, Canvas and Brightspace.
var staff = regexp.MustCompile(
	`(?i)\b(instructor|ta|teach(er|ing)|assistant|reader|grader|observer|designer|manager)\b`,
)

var learner = regexp.MustCompile(`(?i)\b(student|learner)\b`)

// testLogin is the login that Canvas gives its test student.
var testLogin = regexp.MustCompile(`^[0-9a-f]{40}$`)

// forgetShared takes from the students what they have in common.
func (r *reader) forgetShared() {
	for _, s := range r.shared {
		*s.field.value(&r.Students[s.student]) = ""
	}
	kept := r.Students[:0]
	for i, id := range r.Students {
		if class.KeyOf(id) == "" {
			r.Warnings = append(
				r.Warnings,
				fmt.Sprintf("line %d: left out: nothing else in it names a student", r.lines[i]),
			)
			continue
		}
		kept = append(kept, id)
	}
	r.Students = kept
}

// tellNameless says which lines are left out, in one sentence however many there are: some lists have rows to be filled
// in.
func (r *reader) tellNameless() {
	switch n := len(r.nameless); {
	case n == 1:
		r.warn(line{number: r.nameless[0]}, "left out: nothing in it names a student")
	case n > 1:
		r.Warnings = append(r.Warnings, fmt.Sprintf("lines %d to %d: %d left out: nothing in them names a student",
			r.nameless[0], r.nameless[n-1], n))
	}
}

func (r *reader) warn(row line, format string, values ...any) {
	r.Warnings = append(r.Warnings, fmt.Sprintf("line %d: ", row.number)+fmt.Sprintf(format, values...))
}

// student takes the student of a row into the roster.
func (r *reader) student(row line) {
	if role := row.cell(r.role); staff.MatchString(role) && !learner.MatchString(role) {
		r.warn(row, "left out: %s", reports.Clean(role))
		return
	}
	id := class.Identity{Row: row.cells}
	for _, c := range r.columns {
		*c.value(&id) = c.clean(row.cell(c.index))
	}
	id.Name = strings.Join(strings.Fields(id.Name), " ")
	id.Name, id.SortName = bothNames(id.Name, row.cell(r.first), row.cell(r.last))
	if class.KeyOf(id) == "" {
		r.nameless = append(r.nameless, row.number)
		return
	}
	for _, c := range r.columns {
		for _, earlier := range r.bearers[c.key(&id)] {
			if c.names[0] != accountName && r.merge(row, earlier, id) {
				return
			}
		}
	}
	r.lines, r.Students = append(r.lines, row.number), append(r.Students, id)
	r.keepApart(row)
}

// merge adds a row to the student of an earlier one if it is the same student: no id of one contradicts the other, and
// no name. Only the name under which a course lists somebody may differ: lists of several sections make it up.
func (r *reader) merge(row line, earlier int, id class.Identity) bool {
	known := &r.Students[earlier]
	if known.Name != "" && id.Name != "" && class.Letters(known.Name) != class.Letters(id.Name) {
		return false
	}
	for _, f := range fields() {
		a, b := *f.value(known), *f.value(&id)
		if f.unique && f.names[0] != handleName && a != "" && b != "" && !strings.EqualFold(a, b) {
			return false
		}
	}
	if id.Section == "" || strings.EqualFold(known.Section, id.Section) {
		r.warn(row, "the same student as in line %d", r.lines[earlier])
	} else if known.Section != "" {
		id.Section, known.Section = "", known.Section+", "+id.Section
	}
	if known.Group != "" && id.Group != "" && known.Group != id.Group {
		known.Group += ", " + id.Group
	}
	if known.Handle != "" && id.Handle != "" && !strings.EqualFold(known.Handle, id.Handle) {
		known.Aliases = append(known.Aliases, id.Handle)
	}
	for _, f := range fields() {
		if value := f.value(known); *value == "" {
			*value = *f.value(&id)
		}
	}
	if known.Name != "" && known.SortName == "" {
		known.SortName = id.SortName
	}
	r.remember(earlier)
	return true
}

// keepApart takes an id from the last student and from an earlier one who has it too and is somebody else: a grade
// could go to the wrong one. An account may be shared.
func (r *reader) keepApart(row line) {
	last := len(r.Students) - 1
	r.remember(last)
	for _, c := range r.columns {
		bearers := r.bearers[c.key(&r.Students[last])]
		if len(bearers) < 2 {
			continue
		}
		value := facts.NameOf(*c.value(&r.Students[last]))
		if c.names[0] == accountName {
			r.warn(row, "the account %q is that of the student in line %d too", value, r.lines[bearers[0]])
			continue
		}
		r.warn(row, "%q is already the %s of the student in line %d: nobody is known by it", value, r.Header[c.index],
			r.lines[bearers[0]])
		for _, i := range bearers {
			r.shared = append(r.shared, sharedID{i, c.field})
		}
	}
}

// remember notes by which unique values a student is known.
func (r *reader) remember(student int) {
	for _, c := range r.columns {
		key := c.key(&r.Students[student])
		if key != "" && !slices.Contains(r.bearers[key], student) {
			r.bearers[key] = append(r.bearers[key], student)
		}
	}
}

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
