package gradebook

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks/nearest"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Canvas is the file that Canvas imports into its gradebook.
var Canvas = class.Format{
	Name:   "canvas",
	Help:   "a gradebook file for Canvas; give the gradebook that Canvas exports as --roster",
	Render: canvas,
}

// canvas writes one column. The rules are those of Canvas's gradebook importer:
//   - The header begins with Student and ID and its identity block ends with Section. The cells of an exported
//     gradebook are copied as they are, or Canvas would not find the student.
//   - A row without a score takes a score away that Canvas has. So only students with a grade have a row, and those who
//     are excused, whose cell is EX.
//   - Without the row of points possible, Canvas keeps the assignment's. The exported gradebook says how many
//     those are, and the grades are out of as many.
func canvas(w io.Writer, c *class.Class, o class.Options) error {
	name := columnTitle(c, o)
	if word := canvasIgnores.FindString(name); word != "" {
		return fmt.Errorf("the column %q holds %q, and Canvas leaves out such columns: choose another --assignment", name,
			word)
	}
	list, err := studentsOfRoster(c, func(p *class.Person) bool { return hasGrade(p) || p.Status == class.Excused })
	if err != nil {
		return err
	}
	header, cells := canvasIdentity(o.Header)
	name, most, err := canvasColumn(c, name, o)
	if err != nil {
		return err
	}
	column := scale{most: most}
	if err := canvasFinds(list, cells); err != nil {
		return err
	}
	rows := [][]string{append(slices.Clone(header), name)}
	for _, p := range list {
		cell := "EX"
		if hasGrade(p) {
			score, err := column.score(p)
			if err != nil {
				return err
			}
			cell = score.String()
		}
		rows = append(rows, append(cells(p), cell))
	}
	column.tell(o)
	return writeCSV(w, rows)
}

// canvasIgnores are the titles of columns that Canvas takes for its own.
var canvasIgnores = regexp.MustCompile(
	`(?i)(current|final) (score|points|grade)|override (score|grade|status)|read only`)

// canvasIdentity is the identity block of the header, and the cells of a student below it.
func canvasIdentity(header []string) ([]string, func(p *class.Person) []string) {
	last := canvasExport(header)
	if last < 0 {
		own := []string{"Student", "ID", "SIS User ID", "SIS Login ID", "Section"}
		return own, func(p *class.Person) []string {
			return []string{
				reports.Cell(p.ID.SortName), p.ID.CanvasID, p.ID.SISID, p.ID.SISLogin, reports.Cell(p.ID.Section),
			}
		}
	}
	return header[:last+1], func(p *class.Person) []string {
		cells := make([]string, last+1)
		copy(cells, p.ID.Row)
		return cells
	}
}

// canvasExport is the column with which the identity block of an export of Canvas ends; -1 for another header.
func canvasExport(header []string) int {
	last := slices.IndexFunc(header, func(h string) bool { return strings.Contains(h, "Section") })
	if last < 2 || !strings.Contains(header[0], "Student") || !strings.Contains(header[1], "ID") {
		return -1
	}
	return last
}

// canvasAssignment is the header of an assignment: its title and its id.
var canvasAssignment = regexp.MustCompile(`^(.*)\s\((\d+)\)$`)

// titleAndID are the parts of the header of an assignment. The id is "" where the header has none.
func titleAndID(header string) (title, id string) {
	header = strings.TrimSpace(header)
	if m := canvasAssignment.FindStringSubmatch(header); m != nil {
		return m[1], m[2]
	}
	return header, ""
}

// canvasColumn is the column that Canvas would take for the one of this name, and its points. Canvas goes by the id;
// without one by the whole title; and where nothing has that title, it makes a new column.
func canvasColumn(c *class.Class, name string, o class.Options) (header string, most class.Points, err error) {
	own := class.Whole(class.TotalPoints(c.Steps))
	last := canvasExport(o.Header)
	if last < 0 {
		o.Tell("the roster is no gradebook that Canvas exported: the column %q is out of %s points, whatever the "+
			"assignment in Canvas is out of", name, own)
		return name, own, nil
	}
	title, id := titleAndID(name)
	var titles []string
	var found []int
	for i := last + 1; i < len(o.Header); i++ {
		if canvasIgnores.MatchString(o.Header[i]) {
			continue
		}
		t, number := titleAndID(o.Header[i])
		titles = append(titles, strings.TrimSpace(o.Header[i]))
		if id != "" && number == id || id == "" && t == title {
			found = append(found, i)
		}
	}
	switch {
	case len(found) == 0 && id != "":
		return "", 0, fmt.Errorf("no column of the roster has the assignment id %s%s", id, nearestColumn(title, titles))
	case len(found) == 0:
		o.Tell("the roster has no column %q: Canvas would make a new one, out of %s points%s", title, own,
			nearestColumn(title, titles))
		return name, own, nil
	case len(found) > 1:
		return "", 0, fmt.Errorf("%d columns of the roster are called %q: give --assignment with the number behind it",
			len(found), name)
	}
	header = strings.TrimSpace(o.Header[found[0]])
	if found[0] >= len(o.Possible) || strings.TrimSpace(o.Possible[found[0]]) == "" {
		o.Tell("the roster does not say how many points %q has: the grades are out of %s", header, own)
		return header, own, nil
	}
	cell := strings.TrimSpace(o.Possible[found[0]])
	most, ok := class.ParsePoints(canvasNumber(cell))
	if !ok || most == 0 {
		return "", 0, fmt.Errorf("the roster says of %q that %q points are possible, and no grade can be out of that: "+
			"choose another --assignment, or change its points in Canvas", header, reports.Clean(cell))
	}
	return header, most, nil
}

// canvasNumber is a number as Canvas reads it: the last point or comma begins the decimals.
func canvasNumber(cell string) string {
	i := strings.LastIndexAny(cell, ".,")
	if i < 0 {
		return cell
	}
	return strings.NewReplacer(".", "", ",", "").Replace(cell[:i]) + "." + cell[i+1:]
}

// nearestColumn ends a sentence about an assignment that is not there: with the column of the most similar title, else
// with those that there are.
func nearestColumn(title string, headers []string) string {
	byTitle, titles := map[string]string{}, make([]string, len(headers))
	for i, h := range headers {
		t, _ := titleAndID(h)
		titles[i] = strings.ToLower(t)
		byTitle[titles[i]] = h
	}
	switch near := nearest.Of(title, titles); {
	case near != "":
		return fmt.Sprintf("; did you mean %q?", reports.Clean(byTitle[near]))
	case len(headers) == 0:
		return ", which has no columns of assignments"
	}
	shown := make([]string, len(headers))
	for i, h := range headers {
		shown[i] = strconv.Quote(reports.Clean(h))
	}
	return "; it has " + firstFew(shown)
}

// likeNumber is what Canvas takes for a number in any column: it drops all points and commas of it but the last.
var likeNumber = regexp.MustCompile(`^-?[0-9.,]*[.,][0-9.,]*%?$`)

// canvasFinds refuses students whom Canvas would not find, or take for another one. It looks for the ID first, then for
// the SIS user ID, then for the login.
func canvasFinds(list []*class.Person, cells func(p *class.Person) []string) error {
	id := func(p *class.Person) string {
		all := cells(p)
		for _, cell := range all[1 : len(all)-1] {
			if cell != "" {
				return cell
			}
		}
		return ""
	}
	if names := namesWithout(list, id); len(names) > 0 {
		return fmt.Errorf("the roster gives no Canvas ID, SIS user ID or login for %s: give the gradebook that Canvas "+
			"exports as --roster", firstFew(names))
	}
	for _, p := range list {
		if likeNumber.MatchString(id(p)) {
			return fmt.Errorf("canvas would read %q of %s as a number and change it: give the column ID in the roster", id(p),
				nameAndKey(p))
		}
	}
	return refuseSameID(list, "Canvas ID", id)
}
