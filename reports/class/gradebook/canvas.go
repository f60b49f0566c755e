package gradebook

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

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
//   - Without the row of points possible, Canvas keeps the assignment's.
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
	if err := canvasFinds(list, cells); err != nil {
		return err
	}
	rows := [][]string{append(slices.Clone(header), name)}
	for _, p := range list {
		cell := "EX"
		if hasGrade(p) {
			score, err := scoreOutOf(p, class.TotalPoints(c.Steps))
			if err != nil {
				return err
			}
			cell = score.String()
		}
		rows = append(rows, append(cells(p), cell))
	}
	return writeCSV(w, rows)
}

// canvasIgnores are the titles of columns that Canvas takes for its own.
var canvasIgnores = regexp.MustCompile(
	`(?i)(current|final) (score|points|grade)|override (score|grade|status)|read only`)

// canvasIdentity is the identity block of the header, and the cells of a student below it.
func canvasIdentity(header []string) ([]string, func(p *class.Person) []string) {
	last := slices.IndexFunc(header, func(h string) bool { return strings.Contains(h, "Section") })
	if last < 2 || !strings.Contains(header[0], "Student") || !strings.Contains(header[1], "ID") {
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
