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
	Render: oneRoster,
}

// oneRosterFiles are the files that OneRoster 1.2 knows. The manifest has a line for each.
var oneRosterFiles = []string{
	"academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
	"enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources",
	"resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles",
	"userResources", "users",
}

// The columns of results.csv; the order counts.
var oneRosterResults = []string{
	"sourcedId", "status", "dateLastModified", "lineItemSourcedId", "studentSourcedId", "scoreStatus", "score",
	"scoreDate", "comment", "textScore", "classSourcedId", "inProgress", "incomplete", "late", "missing",
}

// guid is what identifies anything in OneRoster; shorter than 256 characters, see sourcedID.
var guid = regexp.MustCompile(`^[0-9A-Za-z._/@-]+$`)

// inBrackets is the id at the end of a title such as "Module 1.2 Lab (123456)".
var inBrackets = regexp.MustCompile(`\(([0-9A-Za-z._/@-]+)\)$`)

// oneRoster writes a delta: in bulk mode every result that is not in the file would be deleted.
func oneRoster(w io.Writer, c *class.Class, o class.Options) error {
	item, err := lineItem(c, o)
	if err != nil {
		return err
	}
	list, err := studentsOfRoster(c, func(*class.Person) bool { return true })
	if err != nil {
		return err
	}
	if names := namesWithout(list, oneRosterStudent); len(names) == len(list) {
		return fmt.Errorf("the roster gives no SIS id that OneRoster takes for %s: complete the column", firstFew(names))
	} else if len(names) > 0 {
		o.Tell("left out, for the roster gives no SIS id that OneRoster takes: %s", firstFew(names))
	}
	list = slices.DeleteFunc(list, func(p *class.Person) bool { return oneRosterStudent(p) == "" })
	if err := refuseSameID(list, "SIS id", oneRosterStudent); err != nil {
		return err
	}
	rows := [][]string{oneRosterResults}
	for _, p := range list {
		row, err := oneRosterRow(c, p, item)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	manifest := [][]string{
		{"propertyName", "value"}, {"manifest.version", "1.0"}, {"oneroster.version", "1.2"},
	}
	for _, name := range oneRosterFiles {
		mode := "absent"
		if name == "results" {
			mode = "delta"
		}
		manifest = append(manifest, []string{"file." + name, mode})
	}
	manifest = append(manifest, []string{"source.systemName", "labcheck"})
	return archive(w, c, []file{{"manifest.csv", manifest}, {"results.csv", rows}})
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

func oneRosterRow(c *class.Class, p *class.Person, item string) ([]string, error) {
	student := oneRosterStudent(p)
	id := "labcheck-" + item + "-" + student
	if err := sourcedID(id); err != nil {
		return nil, err
	}
	score, comment := "", p.Worked
	if hasGrade(p) {
		points, err := scoreOutOf(p, class.Whole(class.TotalPoints(c.Steps)))
		if err != nil {
			return nil, err
		}
		score, comment = points.String(), gradeFeedback(p)
	}
	day, moment := c.Graded.UTC().Format("2006-01-02"), c.Graded.UTC().Format("2006-01-02T15:04:05.000Z")
	return []string{
		id, "active", moment, item, student, oneRosterStatus(p), score, day, reports.Cell(comment), "", "", "false",
		strconv.FormatBool(p.Status == class.Open), strconv.FormatBool(p.Late > 0),
		strconv.FormatBool(p.Status == class.NoReport),
	}, nil
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

type file struct {
	name string
	rows [][]string
}

// archive writes the files in one piece.
func archive(w io.Writer, c *class.Class, files []file) error {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		part, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: c.Graded.UTC()})
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
