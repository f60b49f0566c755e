package submissions

import (
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/labcheck/labcheck/reports/class"
)

var (
	// canvasName is how Canvas names the files of a bulk download: doejane_LATE_1001_20002_report.md.
	canvasName = regexp.MustCompile(`^([^_/]+)_(LATE_)?(\d+)_(\d+)_.+$`)
	// moodleName is how Moodle names a folder of a bulk download, or a file without folders.
	moodleName = regexp.MustCompile(`^(.+)_\d+_assignsubmission_(?:file|onlinetext)_?.*$`)
	// gradescopeName is a folder of Gradescope's export.
	gradescopeName = regexp.MustCompile(`^submission_\d+$`)
	// ownName is how labcheck itself names a report: it says nothing of a student.
	ownName = regexp.MustCompile(`^(labcheck-.*|report(-\d+)?)$`)
)

// sender reads the student from the path of a file within what was handed in. The metadata is that of Gradescope's
// export.
func sender(file string, metadata map[string]handed) (class.Sender, *time.Time) {
	parts := strings.Split(file, "/")
	base := parts[len(parts)-1]
	s := class.Sender{Path: pathName(parts)}
	for _, part := range parts {
		if gradescopeName.MatchString(part) {
			h, known := metadata[part]
			s.Path = part
			if known {
				s.Name, s.Email, s.SISID = h.name, h.email, h.sid
			}
			return s, h.created
		}
		if m := moodleName.FindStringSubmatch(part); m != nil {
			s.Name = strings.TrimSpace(m[1])
			return s, nil
		}
	}
	if m := canvasName.FindStringSubmatch(base); m != nil {
		s.Name, s.Late, s.CanvasID = m[1], m[2] != "", m[3]
	}
	return s, nil
}

// pathName is the name of the folder of a file, or of the file itself where it has no folder.
func pathName(parts []string) string {
	base := parts[len(parts)-1]
	if len(parts) > 1 {
		return parts[len(parts)-2]
	}
	if stem := strings.TrimSuffix(base, path.Ext(base)); !ownName.MatchString(stem) {
		return stem
	}
	return ""
}
