package workstation

import (
	"bytes"
	"strconv"
)

// patchReader reads what git log -p or git diff prints, line by line, and gives the added lines to a scanner. Removed
// lines were added before, in a commit that is read too.
type patchReader struct {
	scan    *keyScanner
	commits int
	commit  string // short id; empty in a diff without commits
	path    string // empty in a commit's message
	columns int    // how many characters begin a line of the hunk: one for each parent; 0 outside of a hunk
}

// commitLine begins a commit in the output of git log. A message is indented and every line of a hunk has its mark, so
// that nothing which a person wrote begins a line like that.
const commitLine = "commit "

// maxCommitID is the longest short id that is kept: core.abbrev may ask for whole ones.
const maxCommitID = 12

func (r *patchReader) line(text []byte) {
	if r.columns > 0 && r.inHunk(text) {
		return
	}
	switch {
	case bytes.HasPrefix(text, []byte(commitLine)):
		id := string(text[len(commitLine):])
		r.commits++
		r.commit, r.path = id[:min(len(id), maxCommitID)], ""
		r.begin(0)
	case bytes.HasPrefix(text, []byte("+++ ")):
		r.path = patchPath(string(text[len("+++ "):]))
	case bytes.HasPrefix(text, []byte("@@")):
		marks := len(text) - len(bytes.TrimLeft(text, "@"))
		r.begin(marks - 1)
	case bytes.HasPrefix(text, []byte(" ")):
		r.scan.line(text[1:], 0, true) // a commit's message
	}
}

func (r *patchReader) begin(columns int) {
	r.columns = columns
	r.scan.reset()
}

// inHunk takes a line of a hunk; false means that the hunk is over.
func (r *patchReader) inHunk(text []byte) bool {
	if len(text) == 0 || text[0] == '\\' { // "\ No newline at end of file"
		return len(text) > 0
	}
	marks := text[:min(r.columns, len(text))]
	if len(bytes.Trim(marks, "+- ")) > 0 {
		r.columns = 0
		return false
	}
	if !bytes.Contains(marks, []byte("-")) {
		r.scan.line(text[len(marks):], 0, bytes.Contains(marks, []byte("+")))
	}
	return true
}

// patchPath cuts git's "b/" off a path, and the tab that git puts behind a path with spaces. Git quotes like C, which
// for its escapes is like Go.
func patchPath(name string) string {
	name = string(bytes.TrimSuffix([]byte(name), []byte("\t")))
	if plain, err := strconv.Unquote(name); err == nil {
		name = plain
	}
	if len(name) > 2 && name[:2] == "b/" {
		return name[2:]
	}
	return name
}
