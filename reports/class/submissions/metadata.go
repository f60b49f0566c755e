package submissions

import (
	"bufio"
	"bytes"
	"strings"
	"time"
)

// metadataName is the file in which Gradescope says whose submissions its export holds.
const metadataName = "submission_metadata.yml"

// handed is what Gradescope says of one submission.
type handed struct {
	name, email, sid string
	created          *time.Time
}

// readMetadata reads Gradescope's metadata by its indentation, which is always the same: a submission begins at the
// margin, its time stands two columns in, its first submitter four. Whatever else is there is passed over.
func readMetadata(data []byte) map[string]handed {
	all := map[string]handed{}
	current := ""
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		line := strings.TrimRight(lines.Text(), " \r")
		if !strings.HasPrefix(line, " ") {
			current = strings.TrimSuffix(line, ":")
			if gradescopeName.MatchString(current) {
				all[current] = handed{}
			}
			continue
		}
		h, ok := all[current]
		if !ok {
			continue
		}
		h.take(line)
		all[current] = h
	}
	return all
}

func (h *handed) take(line string) {
	key, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimLeft(line, " "), "- "), ": ")
	value = strings.Trim(value, `'"`)
	indent := len(line) - len(strings.TrimLeft(line, " "))
	first := func(field *string) {
		if *field == "" && indent <= 4 {
			*field = value
		}
	}
	switch key {
	case ":name":
		first(&h.name)
	case ":email":
		first(&h.email)
	case ":sid":
		first(&h.sid)
	case ":created_at":
		if at, err := time.Parse("2006-01-02 15:04:05 Z07:00", value); err == nil && indent == 2 {
			at = at.UTC()
			h.created = &at
		}
	}
}
