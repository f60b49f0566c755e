package gradebook

import (
	"regexp"
	"strings"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// Blackboard is the file that Blackboard Learn uploads into its gradebook.
var Blackboard = class.Format{
	Name:   "blackboard",
	Help:   "a gradebook file for Blackboard; give the gradebook that Blackboard downloads as --roster",
	Render: blackboardSheet().render,
}

// blackboardSheet follows what Blackboard says of working offline: tabs between quoted cells, in UTF-16 as it downloads
// them. A row belongs to the student of its Username, and a column to the one of the number behind its bar. A column
// without one is made anew, with points of Blackboard's own choice.
func blackboardSheet() sheet {
	return sheet{
		platform: "Blackboard", items: blackboardItems, split: blackboardSplit, encode: asUTF16,
		created: "with points of its own choice, which have to be set there",
		columns: func(g *grades) ([]column, error) {
			names := []column{
				{"Last Name", func(p *class.Person) string {
					last, _, _ := strings.Cut(p.ID.SortName, ", ")
					return reports.Cell(last)
				}},
				{"First Name", func(p *class.Person) string {
					_, first, _ := strings.Cut(p.ID.SortName, ", ")
					return reports.Cell(first)
				}},
			}
			user, err := g.identity(column{"Username", func(p *class.Person) string { return reports.Cell(p.ID.SISLogin) }})
			return append(append(names, user...), column{g.head, g.score}), err
		},
	}
}

// blackboardItem is the head of a column of grades: Lab 1.2 [Total Pts: 100 Score] |534283. Where the points are "up
// to" so many, Blackboard computes the column.
var blackboardItem = regexp.MustCompile(`^(.+?)(?: \[([^\]]*)\])? \|(\d+)$`)

// blackboardMost finds the points.
var blackboardMost = regexp.MustCompile(`[0-9][0-9.,]*`)

func blackboardItems(o class.Options) (items []item, export bool) {
	for _, head := range o.Header {
		head = strings.TrimSpace(head)
		if m := blackboardItem.FindStringSubmatch(head); m != nil && !strings.Contains(m[2], "up to") {
			items = append(items, item{head: head, title: m[1], id: m[3], most: blackboardMost.FindString(m[2])})
		}
	}
	return items, len(items) > 0 && rosterColumn(o, "Username") >= 0
}

// blackboardSplit reads a title, a title with its number, or a whole head.
func blackboardSplit(name string) (title, id string) {
	if m := blackboardItem.FindStringSubmatch(strings.TrimSpace(name)); m != nil {
		return m[1], m[3]
	}
	return strings.TrimSpace(name), ""
}
