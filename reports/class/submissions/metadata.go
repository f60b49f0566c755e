package submissions

import (
	"archive/zip"
	"bytes"
	"path"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// metadataName is the file in which Gradescope says whose submissions its export holds.
const metadataName = "submission_metadata.yml"

// maxMetadata is the largest such file that is read, in bytes: that of a thousand submissions with their test results.
const maxMetadata = 16 << 20

// handed is what Gradescope says of one submission.
type handed struct {
	name, email, sid string
	created          *time.Time
}

// gradescopeSubmission is a submission as Gradescope writes it, whose keys are symbols of Ruby. Whatever else is there is
// passed over.
type gradescopeSubmission struct {
	Submitters []struct {
		Name  string `yaml:":name"`
		Email string `yaml:":email"`
		SID   string `yaml:":sid"`
	} `yaml:":submitters"`
	Created string `yaml:":created_at"`
}

// readMetadata reads Gradescope's metadata. A file that is not YAML tells nothing, and an entry of another form nothing
// of its submission: the report may still say whose it is. Of a group the first submitter stands for all.
func readMetadata(data []byte) map[string]handed {
	var entries map[string]yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&entries); err != nil {
		return nil
	}
	all := map[string]handed{}
	for folder, entry := range entries {
		var s gradescopeSubmission
		if !gradescopeName.MatchString(folder) || entry.Decode(&s) != nil {
			continue
		}
		h := handed{created: gradescopeTime(s.Created)}
		if len(s.Submitters) > 0 {
			first := s.Submitters[0]
			h.name, h.email, h.sid = first.Name, first.Email, first.SID
		}
		all[folder] = h
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

// metadataOf is the metadata file of an archive: the one nearest to its top. Further down are the files of students, who
// may choose the same name, and would speak for all others.
func metadataOf(files []*zip.File) (found *zip.File) {
	for _, f := range files {
		if path.Base(f.Name) == metadataName && (found == nil || depth(f) < depth(found)) {
			found = f
		}
	}
	return found
}

func depth(f *zip.File) int { return strings.Count(path.Clean(f.Name), "/") }
