// Package golden compares what a test made with the file that the repository keeps of it: golden files of the formats,
// manual pages, generated catalogues and schemas. Under -update the test writes the file instead ("make update" does so
// for all of them).
package golden

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden and generated files anew")

// Updating says whether the files are to be written anew: the test ran with -update.
func Updating() bool { return *update }

// Match fails the test unless a file holds what the test made, or writes the file under -update. The failure names the
// file and the first line that differs: two whole files are more than anybody reads. The path is that from the folder
// of the test.
func Match(t testing.TB, path string, made []byte) {
	t.Helper()
	if Updating() {
		write(t, path, made)
		return
	}
	kept, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Errorf("%s is missing; this writes it: make update", inRepository(path))
	case err != nil:
		t.Error(err)
	case !bytes.Equal(kept, made):
		t.Errorf("%s is not what the test makes:\n%s\nIf the change is meant, this writes the file anew: make update",
			inRepository(path), Difference(kept, made))
	}
}

func write(t testing.TB, path string, made []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, made, 0o644); err != nil {
		t.Error(err)
	}
}

// Difference describes the first line in which two texts differ, quoted; "" if they are the same.
func Difference(want, got []byte) string {
	for number := 1; len(want) > 0 || len(got) > 0; number++ {
		wanted, moreWanted, _ := bytes.Cut(want, []byte("\n"))
		found, moreFound, _ := bytes.Cut(got, []byte("\n"))
		if !bytes.Equal(wanted, found) || (len(want) == len(wanted)) != (len(got) == len(found)) {
			start := commonStart(wanted, found)
			return fmt.Sprintf("line %d\n  want %s\n  got  %s", number, shown(want, wanted, start), shown(got, found, start))
		}
		want, got = moreWanted, moreFound
	}
	return ""
}

// commonStart is how many bytes at their beginning two lines have in common.
func commonStart(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// shown is a line as a person can compare it: quoted, and of a long one what stands around the first byte that differs.
// rest is the text that begins with the line.
func shown(rest, line []byte, differs int) string {
	const around = 100 // bytes
	if len(rest) == 0 {
		return "(the end of the text)"
	}
	from, to := max(differs-around, 0), min(differs+around, len(line))
	text := fmt.Sprintf("%q", line[from:to])
	if from > 0 {
		text = "…" + text
	}
	if to < len(line) {
		text += "…"
	}
	if to == len(line) && len(rest) == len(line) {
		text += " (no line break at the end)"
	}
	return text
}

// inRepository is a path as it is from the top of the module, where "make update" runs; the path itself outside of one.
func inRepository(path string) string {
	whole, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	for folder := filepath.Dir(whole); ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			if short, err := filepath.Rel(folder, whole); err == nil {
				return filepath.ToSlash(short)
			}
		}
		if folder == filepath.Dir(folder) {
			return path
		}
	}
}
