package gradebook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// OneRoster is a OneRoster 1.2 archive with the results of one line item.
var OneRoster = class.Format{
	Name:   "oneroster",
	Help:   "a OneRoster 1.2 archive of results (delta); --assignment is the line item's sourcedId",
	Render: oneRosterSheet().render,
}

// oneRosterFiles are the files that OneRoster 1.2 knows. The manifest has a line for each.
var oneRosterFiles = []string{
	"academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
	"enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources",
	"resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles",
	"userResources", "users",
}

// guid is what identifies anything in OneRoster; shorter than 256 characters, see sourcedID.
var guid = regexp.MustCompile(`^[0-9A-Za-z._/@-]+$`)

// inBrackets is the id at the end of a title such as "Module 1.2 Lab (123456)".
var inBrackets = regexp.MustCompile(`\(([0-9A-Za-z._/@-]+)\)$`)

// oneRosterSheet is a delta: in bulk mode every result that is not in the file would be deleted.
func oneRosterSheet() sheet {
	return sheet{
		platform: "OneRoster", everybody: true, encode: archive,
		columns: func(g *grades) ([]column, error) {
			item, err := lineItem(g.class, g.options)
			if err != nil {
				return nil, err
			}
			if names := namesWithout(g.students, oneRosterStudent); len(names) == len(g.students) {
				return nil, fmt.Errorf("the roster gives no SIS id that OneRoster takes for %s: complete the column",
					firstFew(names))
			} else if len(names) > 0 {
				g.options.Tell("left out, for the roster gives no SIS id that OneRoster takes: %s", firstFew(names))
			}
			g.students = slices.DeleteFunc(g.students, func(p *class.Person) bool { return oneRosterStudent(p) == "" })
			resultID := func(p *class.Person) string { return "labcheck-" + item + "-" + oneRosterStudent(p) }
			for _, p := range g.students {
				if err := sourcedID(resultID(p)); err != nil {
					return nil, err
				}
			}
			return oneRosterColumns(g, item, resultID), refuseSameID(g.students, "SIS id", oneRosterStudent)
		},
	}
}

// oneRosterColumns are the columns of results.csv; the order counts.
func oneRosterColumns(g *grades, item string, resultID func(p *class.Person) string) []column {
	always := func(text string) func(*class.Person) string { return func(*class.Person) string { return text } }
	graded := g.class.Graded.UTC()
	status := func(s class.Status) func(p *class.Person) string {
		return func(p *class.Person) string { return strconv.FormatBool(p.Status == s) }
	}
	return []column{
		{"sourcedId", resultID},
		{"status", always("active")},
		{"dateLastModified", always(graded.Format("2006-01-02T15:04:05.000Z"))},
		{"lineItemSourcedId", always(item)},
		{"studentSourcedId", oneRosterStudent},
		{"scoreStatus", oneRosterStatus},
		{"score", g.score},
		{"scoreDate", always(graded.Format("2006-01-02"))},
		{"comment", func(p *class.Person) string {
			if hasGrade(p) {
				return reports.Cell(gradeFeedback(p))
			}
			return reports.Cell(p.Worked)
		}},
		{"textScore", always("")},
		{"classSourcedId", always("")},
		{"inProgress", always("false")},
		{"incomplete", status(class.Open)},
		{"late", func(p *class.Person) string { return strconv.FormatBool(p.Late > 0) }},
		{"missing", status(class.NoReport)},
	}
}

// lineItem is the id of the column in the gradebook. It must exist there.
func lineItem(c *class.Class, o class.Options) (string, error) {
	name := columnTitle(c, o)
	if o.Assignment == "" {
		name = c.Lab.ID
	}
	if match := inBrackets.FindStringSubmatch(name); match != nil {
		name = match[1]
	}
	return name, sourcedID(name)
}

func sourcedID(id string) error {
	const most = 255
	if len(id) > most || !guid.MatchString(id) {
		return fmt.Errorf("%q is no id that OneRoster takes: letters, digits and ._/@- only, at most %d: give the line "+
			"item's sourcedId with --assignment", id, most)
	}
	return nil
}

// oneRosterStudent is a student's id in the school's system; "" for one that OneRoster does not take.
func oneRosterStudent(p *class.Person) string {
	if sourcedID(p.ID.SISID) != nil {
		return ""
	}
	return p.ID.SISID
}

func oneRosterStatus(p *class.Person) string {
	switch {
	case hasGrade(p):
		return "fully graded"
	case p.Status == class.Open:
		return "partially graded"
	case p.Status == class.Excused:
		return "exempt"
	case p.Status == class.NoReport:
		return "not submitted"
	default:
		return "submitted"
	}
}

// archive writes the results and the manifest in one piece.
func archive(w io.Writer, g *grades, results [][]string) error {
	manifest := [][]string{{"propertyName", "value"}, {"manifest.version", "1.0"}, {"oneroster.version", "1.2"}}
	for _, name := range oneRosterFiles {
		mode := "absent"
		if name == "results" {
			mode = "delta"
		}
		manifest = append(manifest, []string{"file." + name, mode})
	}
	manifest = append(manifest, []string{"source.systemName", "labcheck"})
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name string
		rows [][]string
	}{{"manifest.csv", manifest}, {"results.csv", results}} {
		part, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: g.class.Graded.UTC()})
		if err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
		if err := writeCSV(part, f.rows); err != nil {
			return fmt.Errorf("write %s: %w", f.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("end the archive: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}
