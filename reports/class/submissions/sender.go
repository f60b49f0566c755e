package submissions

import (
	"archive/zip"
	"bytes"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/labcheck/labcheck/reports/class"
)

var (
	// canvasName is how Canvas names the files of a bulk download: doejane_LATE_1001_20002_report.md.
	canvasName = onUse(`^([^_/]*)_(LATE_)?(\d+)_(?:\d+_.+|text\.html|link\.html)$`)
	// canvasGroup is the same of a name with underscores, which a group may have. A date must not look like it.
	canvasGroup = onUse(`^([^/]+?)_(LATE_)?(\d+)_\d{4,}_.+$`)
	// moodleName is how Moodle names a folder of a bulk download, or a file without folders.
	// The number is the participant's or the team's; only the team of all who are in none has no number.
	moodleName = onUse(`^(.+?)(?:_(\d+))?_assignsubmission_(?:file|onlinetext)_?.*$`)
	// moodleTeam is what Moodle 3 writes before the name of each member of a team: a number tells it from a name.
	moodleTeam = regexp.MustCompile(`^[^-]*\d[^-]*-`)
	// moodleParticipant is how Moodle calls everybody where names are hidden, with the number.
	moodleParticipant = onUse(
		`(?i)^(participant(e)?|teilnehmer(/?in)?|partecipante|deelnemer|deltagare|deltaker|uczestnik)$`)
	// canvasAnonymous is how Canvas names files where names are hidden. Its id is no student's id elsewhere.
	canvasAnonymous = onUse(`^(LATE_)?anon_(LATE_)?([0-9A-Za-z]+)_(?:\d+_.+|text\.html|link\.html)$`)
	// brightspaceName is a folder of Brightspace's download: 397063-2557369 - Ada Lovelace - Sep 24, 2024 926 PM. Some
	// have an id before the name, and some have files in place of folders, whose own name is then at the end.
	brightspaceName = onUse(`^\d+-\d+ ?- (?:(\w*\d{4,}) - )?(.+?) ?- (?:([^-]*\b\d{4}\b[^-]*?)(?: - .+)?|[^-]+)$`)
	// brightspaceTime is the time in it, which has no colon.
	brightspaceTime = onUse(`^(\w{3} \d{1,2}, \d{4}) (\d{1,2})(\d\d) ([AP]M)$`)
	// blackboardName is a file of Blackboard's download: Lab 1.2_c444_attempt_2026-11-24-21-26-00_report.md. Without a
	// name at its end it is the note that Blackboard adds to each hand-in.
	blackboardName = onUse(`^(.+)_attempt_(\d{4}(?:-\d\d){5})(_.+|\.txt)$`)
	// moodleText is what a student typed beside the files.
	moodleText = onUse(`_assignsubmission_onlinetext_?(/|_)?onlinetext\.html$`)
	// gradescopeName is a folder of Gradescope's export.
	gradescopeName = onUse(`^submission_\d+$`)
	// ownName is how labcheck itself names a report: it says nothing of a student.
	ownName = onUse(`^(labcheck-.*|report(-\d+)?)$`)
)

// onUse compiles a pattern when it is first used: it takes its time whenever labcheck starts otherwise.
func onUse(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// senderOf reads the student from the path of a file within what was handed in, and when the platform got it. The
// metadata is that of Gradescope's export; the zone that of times in names, nil where nobody knows it.
func senderOf(file string, metadata map[string]gradescopeSender, zone *time.Location) (class.Sender, *time.Time) {
	parts := strings.Split(file, "/")
	base := parts[len(parts)-1]
	s := class.Sender{Path: pathName(parts)}
	for _, part := range parts {
		if gradescopeName().MatchString(part) {
			h, known := metadata[part]
			s.Path = part
			if known && len(h.submitters) > 0 {
				first := h.submitters[0]
				s.Name, s.Email, s.SISID = first.Name, first.Email, first.SISID
			}
			return s, h.created
		}
		if m := moodleName().FindStringSubmatch(part); m != nil {
			s.Name = moodleTeam.ReplaceAllString(strings.TrimSpace(m[1]), "")
			if moodleParticipant().MatchString(s.Name) && m[2] != "" {
				s.Name += " " + m[2]
				s.Hidden, s.Logins = true, []string{s.Name} // as the grading worksheet has it
			}
			s.Rest = m[2] == ""
			return s, nil
		}
		if m := brightspaceName().FindStringSubmatch(part); m != nil {
			s.Name = strings.TrimSpace(m[2])
			if m[1] != "" {
				s.Logins = []string{m[1]}
			}
			at := brightspaceTime().FindStringSubmatch(m[3])
			if at == nil {
				return s, nil
			}
			return s, timeIn(zone, "Jan 2, 2006 3:04 PM", at[1]+" "+at[2]+":"+at[3]+" "+at[4])
		}
	}
	if m := blackboardName().FindStringSubmatch(base); m != nil {
		s.Logins = endsOf(m[1])
		return s, timeIn(zone, "2006-01-02-15-04-05", m[2])
	}
	if m := canvasAnonymous().FindStringSubmatch(base); m != nil {
		s.Hidden, s.Late, s.Path = true, m[1]+m[2] != "", "anon_"+m[3]
		s.Logins = []string{s.Path, m[3]}
		return s, nil
	}
	for _, name := range []*regexp.Regexp{canvasName(), canvasGroup()} {
		if m := name.FindStringSubmatch(base); m != nil {
			s.Name, s.Late, s.CanvasID = m[1], m[2] != "", m[3]
			break
		}
	}
	return s, nil
}

// named says whether a platform names the sender.
func named(s class.Sender) bool {
	return s.Name != "" || s.Email != "" || s.SISID != "" || s.CanvasID != "" || len(s.Logins) > 0
}

// timeIn reads a time of a zone; nil for another form, and where nobody knows the zone.
func timeIn(zone *time.Location, layout, text string) *time.Time {
	if zone == nil {
		return nil
	}
	at, err := time.ParseInLocation(layout, text, zone)
	if err != nil {
		return nil
	}
	return new(at.UTC())
}

// endsOf are what follows each underscore of a text, the longest first: a title seldom has one, a user name may.
func endsOf(text string) []string {
	var ends []string
	for {
		_, end, ok := strings.Cut(text, "_")
		if !ok {
			return ends
		}
		ends, text = append(ends, end), end
	}
}

// withOf are those who handed a file in together with its sender.
func withOf(file string, metadata map[string]gradescopeSender) []class.Sender {
	for part := range strings.SplitSeq(file, "/") {
		if h := metadata[part]; len(h.submitters) > 1 {
			return h.submitters[1:]
		}
	}
	return nil
}

// companion says whether a file is one that a platform adds to what students hand in.
func companion(file string) bool {
	m := blackboardName().FindStringSubmatch(path.Base(file))
	return m != nil && m[3] == ".txt" || file == "index.html" || moodleText().MatchString(file)
}

// pathName is the name of the folder of a file, or of the file itself where it has no folder.
func pathName(parts []string) string {
	base := parts[len(parts)-1]
	if len(parts) > 1 {
		return parts[len(parts)-2]
	}
	base = strings.TrimSuffix(base, ".gz")
	if stem := strings.TrimSuffix(base, path.Ext(base)); !ownName().MatchString(stem) {
		return stem
	}
	return ""
}

// metadataName is the file in which Gradescope says whose submissions its export holds.
const metadataName = "submission_metadata.yml"

// maxMetadata is the largest such file that is read, in bytes: that of a thousand submissions with their test results.
const maxMetadata = 16 << 20

// gradescopeSender is what Gradescope says of one submission.
type gradescopeSender struct {
	submitters []class.Sender
	created    *time.Time
}

// gradescopeSubmission is a submission as Gradescope writes it, whose keys are symbols of Ruby. Whatever else is there
// is passed over.
type gradescopeSubmission struct {
	Submitters []struct {
		Name  string `yaml:":name"`
		Email string `yaml:":email"`
		SID   string `yaml:":sid"`
	} `yaml:":submitters"`
	Created string `yaml:":created_at"`
}

// readMetadata reads Gradescope's metadata. A file that is not YAML tells nothing, and an entry of another form nothing
// of its submission: the report may still say whose it is.
func readMetadata(data []byte) map[string]gradescopeSender {
	var entries map[string]yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&entries); err != nil {
		return nil
	}
	all := map[string]gradescopeSender{}
	for folder, entry := range entries {
		var s gradescopeSubmission
		if !gradescopeName().MatchString(folder) || entry.Decode(&s) != nil {
			continue
		}
		sender := gradescopeSender{created: gradescopeTime(s.Created)}
		for _, one := range s.Submitters {
			sender.submitters = append(sender.submitters, class.Sender{
				Name: one.Name, Email: one.Email, SISID: one.SID, Path: folder,
			})
		}
		all[folder] = sender
	}
	return all
}

// gradescopeTime reads a time as Ruby and as RFC 3339 write it; nil for another one.
func gradescopeTime(text string) *time.Time {
	for _, layout := range []string{"2006-01-02 15:04:05 Z07:00", time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			at = at.UTC()
			return &at
		}
	}
	return nil
}

// metadataOf is the metadata file of an archive: the one nearest to its top. Further down are the files of students,
// who may choose the same name, and would speak for all others.
func metadataOf(files []*zip.File) (found *zip.File) {
	for _, f := range files {
		if path.Base(f.Name) == metadataName && (found == nil || depth(f) < depth(found)) {
			found = f
		}
	}
	return found
}

func depth(f *zip.File) int { return strings.Count(path.Clean(f.Name), "/") }
