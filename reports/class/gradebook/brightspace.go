package gradebook

import (
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Brightspace is the file that D2L Brightspace imports into its grades.
var Brightspace = class.Format{
	Name:   "brightspace",
	Help:   "a grade import for Brightspace; give the grades that Brightspace exports as --roster",
	Render: brightspaceSheet().render,
}

// brightspaceSheet follows what D2L says of importing grades:
//   - Students are found by OrgDefinedId or Username. In an export a number sign stands before both, and stays.
//   - A column of points is called as the grade item, then "Points Grade"; what an export writes in angle brackets
//     behind it is left out, as in D2L's sample file. A grade over the item's points is cut off at them.
//   - Each row ends with a number sign in the column "End-of-Line Indicator". Other columns do not belong into the
//     file.
func brightspaceSheet() sheet {
	return sheet{
		platform: "Brightspace", items: brightspaceItems, encode: asCSV,
		split: func(name string) (title, id string) {
			title, _, _ = strings.Cut(name, brightspacePoints)
			return title, ""
		},
		columns: func(g *grades) ([]column, error) {
			columns, err := g.identity(
				column{"OrgDefinedId", func(p *class.Person) string { return reports.Cell(p.ID.SISID) }},
				column{"Username", func(p *class.Person) string { return reports.Cell(p.ID.SISLogin) }},
			)
			title, _, _ := strings.Cut(g.head, brightspacePoints)
			return append(columns, column{title + brightspacePoints, g.score},
				column{"End-of-Line Indicator", func(*class.Person) string { return "#" }}), err
		},
	}
}

// brightspacePoints ends the name of a column of points.
const brightspacePoints = " Points Grade"

// brightspaceMost finds the points of a grade item in what an export says of it.
var brightspaceMost = regexp.MustCompile(`\bMaxPoints:([0-9.,]+)`)

func brightspaceItems(o class.Options) (items []item, export bool) {
	for _, head := range o.Header {
		title, more, ok := strings.Cut(strings.TrimSpace(head), brightspacePoints)
		if !ok {
			continue
		}
		it := item{head: title, title: title}
		if m := brightspaceMost.FindStringSubmatch(more); m != nil {
			it.most = m[1]
		}
		items = append(items, it)
	}
	return items, rosterColumn(o, "OrgDefinedId") >= 0 || rosterColumn(o, "End-of-Line Indicator") >= 0
}
