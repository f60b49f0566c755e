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
	Name: "canvas",
	Help: "a gradebook file for Canvas; give the gradebook that Canvas exports as --roster",
	Render: func(w io.Writer, c *class.Class, o class.Options) error {
		name := columnTitle(c, o)
		if word := canvasIgnores.FindString(name); word != "" {
			return fmt.Errorf("the column %q holds %q, and Canvas leaves out such columns: choose another --assignment", name,
				word)
		}
		return canvasSheet().render(w, c, o)
	},
}

// canvasSheet has one column of grades. The rules are those of Canvas's gradebook importer:
//   - The header begins with Student and ID, whatever the language, or with LastName, FirstName and ID, and its
//     identity block ends with Section. The cells of an exported gradebook are copied as they are, or Canvas would not
//     find the student.
//   - A row without a score takes a score away that Canvas has. So only students with a grade have a row, and those who
//     are excused, whose cell is EX.
//   - Without the row of points possible, Canvas keeps the assignment's. The exported gradebook says how many
//     those are, and the grades are out of as many.
func canvasSheet() sheet {
	return sheet{
		platform: "Canvas", excused: "EX", items: canvasItems, split: titleAndID, encode: asCSV,
		columns: func(g *grades) ([]column, error) {
			columns := canvasIdentity(g.options.Header)
			if err := g.canvasFinds(columns); err != nil {
				return nil, err
			}
			return append(columns, column{g.head, g.score}), nil
		},
	}
}

// canvasIgnores are the titles of columns that Canvas takes for its own.
var canvasIgnores = regexp.MustCompile(
	`(?i)(current|final) (score|points|grade)|override (score|grade|status)|read only`)

// canvasIdentity is the identity block.
func canvasIdentity(header []string) []column {
	_, last := canvasExport(header)
	if last < 0 {
		return []column{
			{"Student", func(p *class.Person) string { return reports.Cell(p.ID.SortName) }},
			{"ID", func(p *class.Person) string { return p.ID.CanvasID }},
			{"SIS User ID", func(p *class.Person) string { return p.ID.SISID }},
			{"SIS Login ID", func(p *class.Person) string { return p.ID.SISLogin }},
			{"Section", func(p *class.Person) string { return reports.Cell(p.ID.Section) }},
		}
	}
	columns := make([]column, last+1)
	for i := range columns {
		columns[i] = column{header[i], func(p *class.Person) string { return rosterCell(p, i) }}
	}
	return columns
}

// canvasExport are the columns with the ID and with the end of the identity block of an export of Canvas; the end is -1
// for another header.
func canvasExport(header []string) (id, last int) {
	id = 1
	if len(header) > 1 && header[0] == "LastName" && header[1] == "FirstName" {
		id = 2
	}
	last = slices.IndexFunc(header, func(h string) bool { return strings.Contains(h, "Section") })
	if last <= id || id == 1 && !strings.Contains(header[0], "Student") || !strings.Contains(header[id], "ID") {
		return 1, -1
	}
	return id, last
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

// canvasItems are the assignments of an export, with their points from the row of that name.
func canvasItems(o class.Options) (items []item, export bool) {
	_, last := canvasExport(o.Header)
	if last < 0 {
		return nil, false
	}
	for i := last + 1; i < len(o.Header); i++ {
		if canvasIgnores.MatchString(o.Header[i]) {
			continue
		}
		it := item{head: strings.TrimSpace(o.Header[i])}
		it.title, it.id = titleAndID(it.head)
		if i < len(o.Possible) {
			it.most = o.Possible[i]
		}
		items = append(items, it)
	}
	return items, true
}

// likeNumber is what Canvas takes for a number in any column: it drops all points and commas of it but the last.
var likeNumber = regexp.MustCompile(`^-?[0-9.,]*[.,][0-9.,]*%?$`)

// canvasFinds refuses students whom Canvas would not find, or take for another one. It looks for the ID first, then for
// the SIS user ID, then for the login.
func (g *grades) canvasFinds(columns []column) error {
	first, _ := canvasExport(g.options.Header)
	id := func(p *class.Person) string {
		for _, c := range columns[first : len(columns)-1] {
			if cell := c.cell(p); cell != "" {
				return cell
			}
		}
		return ""
	}
	if names := namesWithout(g.students, id); len(names) > 0 {
		return fmt.Errorf("the roster gives no Canvas ID, SIS user ID or login for %s: give the gradebook that Canvas "+
			"exports as --roster", firstFew(names))
	}
	for _, p := range g.students {
		if likeNumber.MatchString(id(p)) {
			return fmt.Errorf("canvas would read %q of %s as a number and change it: give the column ID in the roster", id(p),
				nameAndKey(p))
		}
	}
	return refuseSameID(g.students, "Canvas ID", id)
}
