package workstation

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"strconv"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// maxLine is the longest line that is scanned, in bytes. A bundle of JavaScript may be one line of megabytes.
const maxLine = 16 << 20

// patchFlags make git log and git diff print every line that was ever added, merges and binary files included, and keep
// attributes and configuration from running programs or hiding a file.
func patchFlags() []string {
	return []string{
		"--patch", "--unified=3", "--text", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-color",
		"--ignore-submodules=all", "--src-prefix=a/", "--dst-prefix=b/",
	}
}

// git runs one git command and gives its output to read.
func (d *Door) git(ctx context.Context, read func(io.Reader) error, args ...string) error {
	if d.machine.Command == nil {
		return facts.Errorf(facts.NotLooked, "this run starts no program")
	}
	err := d.machine.Command(ctx, read, "git", args...)
	if errors.Is(err, exec.ErrNotFound) {
		return facts.Errorf(facts.NotLooked, "git is not installed")
	}
	return err
}

// gitLines gives a command's output to take, line by line, and counts its bytes against room.
func (d *Door) gitLines(ctx context.Context, room *int64, take func(line []byte), args ...string) error {
	return d.git(ctx, func(out io.Reader) error {
		lines := bufio.NewScanner(&budgetReader{out, room})
		lines.Buffer(nil, maxLine)
		for lines.Scan() {
			take(lines.Bytes())
		}
		return lines.Err()
	}, args...)
}

// errTooMuch ends a scan that has read as much as it may.
var errTooMuch = errors.New("too much to read")

// budgetReader reads until there is no room left.
type budgetReader struct {
	from io.Reader
	room *int64
}

func (b *budgetReader) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	*b.room -= int64(n)
	if *b.room < 0 {
		return n, errTooMuch
	}
	return n, err
}

// gitText returns a short output.
func (d *Door) gitText(ctx context.Context, args ...string) (string, error) {
	var text bytes.Buffer
	err := d.git(ctx, func(out io.Reader) error {
		_, err := io.Copy(&text, io.LimitReader(out, maxFile))
		return err
	}, args...)
	return strings.TrimSuffix(text.String(), "\n"), err
}

// exitCode is the code with which a program ended; -1 if that is not what went wrong.
func exitCode(err error) int {
	var exit interface{ ExitCode() int }
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

// stderrOf is the error output of a failed program.
func stderrOf(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(exit.Stderr)
	}
	return ""
}

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
		r.beginText(0)
	case bytes.HasPrefix(text, []byte("+++ ")):
		r.path = patchPath(string(text[len("+++ "):]))
	case bytes.HasPrefix(text, []byte("@@")):
		marks := len(text) - len(bytes.TrimLeft(text, "@"))
		r.beginText(marks - 1)
	case bytes.HasPrefix(text, []byte(" ")):
		r.scan.line(text[1:], 0, true) // a commit's message
	}
}

func (r *patchReader) beginText(columns int) {
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
