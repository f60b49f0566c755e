package gradebook

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// sheet is a table of grades as one platform imports it: a row for each student. What differs between the platforms is
// said here, and render is the same for all.
type sheet struct {
	platform string // its name
	// items are the columns of assignments of an export of the platform, false for another roster; nil where the file
	// names none.
	items func(o class.Options) (list []item, export bool)
	// split are the title and the id of what somebody typed for an assignment; nil where there are no ids.
	split func(name string) (title, id string)
	// created says what becomes of a column that the platform does not have; empty for one out of the lab's points.
	created string
	// excused is the cell of somebody who is excused; empty where the platform has no word for it, and then there is
	// no row.
	excused string
	// everybody writes a row for those without a grade, too.
	everybody bool
	// columns are the columns, left to right.
	columns func(g *grades) ([]column, error)
	encode  func(w io.Writer, g *grades, rows [][]string) error
}

// column is one column of a sheet.
type column struct {
	head string
	cell func(p *class.Person) string
}

// item is a column of grades in an export: its whole head, the title, the id if it has one, and its points as written.
type item struct{ head, title, id, most string }

// grades are what the columns of a sheet are made of.
type grades struct {
	sheet
	class    *class.Class
	options  class.Options
	students []*class.Person
	head     string // of the column of the assignment
	scale    scale
	err      error // of the first score that cannot be written
}

// render writes a sheet.
func (s sheet) render(w io.Writer, c *class.Class, o class.Options) error {
	list, err := studentsOfRoster(c, func(p *class.Person) bool {
		return s.everybody || hasGrade(p) || s.excused != "" && p.Status == class.Excused
	})
	if err != nil {
		return err
	}
	g := &grades{sheet: s, class: c, options: o, students: list, head: columnTitle(c, o)}
	g.scale.most = class.Whole(class.TotalPoints(c.Steps))
	if s.items != nil {
		if err := g.chooseItem(); err != nil {
			return err
		}
	}
	columns, err := s.columns(g)
	if err != nil {
		return err
	}
	rows := [][]string{make([]string, len(columns))}
	for i, column := range columns {
		rows[0][i] = column.head
	}
	for _, p := range g.students {
		row := make([]string, len(columns))
		for i, column := range columns {
			row[i] = column.cell(p)
		}
		rows = append(rows, row)
	}
	if g.err != nil {
		return g.err
	}
	g.scale.tell(o)
	g.tellExcused()
	return s.encode(w, g, rows)
}

// score is the cell of a student's grade.
func (g *grades) score(p *class.Person) string {
	if !hasGrade(p) {
		return g.excused
	}
	score, err := g.scale.score(p)
	if g.err == nil {
		g.err = err
	}
	return score.String()
}

// tellExcused names those whom the platform cannot be told to excuse.
func (g *grades) tellExcused() {
	var names []string
	for i := range g.class.Students {
		if p := &g.class.Students[i]; p.InRoster && p.Status == class.Excused && g.excused == "" && !g.everybody {
			names = append(names, nameAndKey(p))
		}
	}
	if len(names) > 0 {
		g.options.Tell("%s cannot be told by a file who is excused: excuse them there: %s", g.platform, firstFew(names))
	}
}

// chooseItem finds the column that the platform would take for the assignment, and its points. A platform goes by the
// id; without one by the whole title; and where nothing has that title, it makes a new column.
func (g *grades) chooseItem() error {
	items, export := g.items(g.options)
	if !export {
		g.options.Tell("the roster is no gradebook that %s exported: the column %q is out of %s points, whatever the "+
			"assignment in %s is out of", g.platform, g.head, g.scale.most, g.platform)
		return nil
	}
	title, id := g.head, ""
	if g.split != nil {
		title, id = g.split(g.head)
	}
	var found []item
	for _, it := range items {
		if id != "" && it.id == id || id == "" && it.title == title {
			found = append(found, it)
		}
	}
	switch {
	case len(found) == 0 && id != "":
		return fmt.Errorf("no column of the roster has the assignment id %s%s", id, nearestItem(title, items))
	case len(found) == 0:
		created := g.created
		if created == "" {
			created = fmt.Sprintf("out of %s points", g.scale.most)
		}
		g.options.Tell("the roster has no column %q: %s would make a new one, %s%s", title, g.platform, created,
			nearestItem(title, items))
		return nil
	case len(found) > 1:
		return fmt.Errorf("%d columns of the roster are called %q: give --assignment with the number behind it",
			len(found), g.head)
	}
	g.head = found[0].head
	return g.outOf(found[0].most)
}

// outOf takes the points of the column as the roster writes them; "" for none.
func (g *grades) outOf(cell string) error {
	if cell = strings.TrimSpace(cell); cell == "" {
		g.options.Tell("the roster does not say how many points %q has: the grades are out of %s", g.head, g.scale.most)
		return nil
	}
	most, ok := class.ParsePoints(plainNumber(cell))
	if !ok || most == 0 {
		return fmt.Errorf("the roster says of %q that %q points are possible, and no grade can be out of that: "+
			"choose another --assignment, or change its points in %s", g.head, reports.Clean(cell), g.platform)
	}
	g.scale.most = most
	return nil
}

// plainNumber is a number as spreadsheets of any language write it: the last point or comma begins the decimals.
func plainNumber(cell string) string {
	i := strings.LastIndexAny(cell, ".,")
	if i < 0 {
		return cell
	}
	return strings.NewReplacer(".", "", ",", "").Replace(cell[:i]) + "." + cell[i+1:]
}

// nearestItem ends a sentence about an assignment that is not there: with the column of the most similar title, else
// with those that there are.
func nearestItem(title string, items []item) string {
	byTitle, titles := map[string]string{}, make([]string, len(items))
	for i, it := range items {
		titles[i] = strings.ToLower(it.title)
		byTitle[titles[i]] = it.head
	}
	switch near := nearest.Of(title, titles); {
	case near != "":
		return fmt.Sprintf("; did you mean %q?", reports.Clean(byTitle[near]))
	case len(items) == 0:
		return ", which has no columns of assignments"
	}
	shown := make([]string, len(items))
	for i, it := range items {
		shown[i] = strconv.Quote(reports.Clean(it.head))
	}
	return "; it has " + firstFew(shown)
}

// rosterColumn is the index of a column of the roster, whatever its capitals; -1 without it.
func rosterColumn(o class.Options, name string) int {
	return slices.IndexFunc(o.Header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
}

// rosterCell is a cell of a student's row in the roster as it stood; "" where the row is too short.
func rosterCell(p *class.Person, index int) string {
	if index < 0 || index >= len(p.ID.Row) {
		return ""
	}
	return p.ID.Row[index]
}

// identity are the columns by which a platform finds a student: as the roster has them, else of our own. Each student
// needs one of them, and no two may have the same.
func (g *grades) identity(own ...column) ([]column, error) {
	var columns []column
	for _, c := range own {
		if i := rosterColumn(g.options, c.head); i >= 0 {
			columns = append(columns, column{g.options.Header[i], func(p *class.Person) string { return rosterCell(p, i) }})
		} else if slices.ContainsFunc(g.students, func(p *class.Person) bool { return c.cell(p) != "" }) {
			columns = append(columns, c)
		}
	}
	var heads []string
	for _, c := range own {
		heads = append(heads, c.head)
	}
	id := func(p *class.Person) string {
		for _, c := range columns {
			if cell := c.cell(p); cell != "" {
				return cell
			}
		}
		return ""
	}
	if names := namesWithout(g.students, id); len(names) > 0 {
		return nil, fmt.Errorf("%s finds students by %s, and the roster has none of them for %s: give the gradebook that %s "+
			"exports as --roster", g.platform, strings.Join(heads, " or "), firstFew(names), g.platform)
	}
	for _, c := range columns {
		if err := refuseSameID(g.students, c.head, c.cell); err != nil {
			return nil, err
		}
	}
	return columns, nil
}

// asCSV writes rows as RFC 4180 has it.
func asCSV(w io.Writer, _ *grades, rows [][]string) error { return writeCSV(w, rows) }

// asUTF16 writes rows with tabs between the cells, all of them quoted, in UTF-16 with a mark.
func asUTF16(w io.Writer, _ *grades, rows [][]string) error {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(`"` + strings.NewReplacer(`"`, `""`, "\n", " ", "\r", " ", "\t", " ").Replace(cell) + `"`)
		}
		b.WriteString("\r\n")
	}
	data, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(b.String())
	if err != nil {
		return fmt.Errorf("write the rows: %w", err)
	}
	_, err = io.WriteString(w, data)
	return err
}

// writeCSV writes rows as RFC 4180 has it.
func writeCSV(w io.Writer, rows [][]string) error {
	var b strings.Builder
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return fmt.Errorf("write the rows: %w", err)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
