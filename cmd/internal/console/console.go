// Package console is the terminal that a person looks at, or what stands in its place: text on standard output or in a
// file, sentences on standard error, and one line that says what goes on.
package console

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/terminal"
)

const (
	// DefaultWidth is the width of what is not drawn on a terminal, in columns.
	DefaultWidth = 80
	// widestText is the widest text that is easy to read along, in columns.
	widestText = 120
)

// Console is where the words of a command go.
type Console struct {
	Stdout, Stderr io.Writer
	// Width is the terminal's width in columns; 0 if standard output is no terminal.
	Width int
	// StderrTerminal says whether standard error is a terminal.
	StderrTerminal bool
	// Dumb is a terminal that cannot take a line back (TERM=dumb): it shows no progress.
	Dumb bool
	// Now is the clock, which says when it is time to show progress.
	Now func() time.Time
	// Files is the file system that reports are written to.
	Files files.System
}

// Tell writes sentences for the person to standard error. On a terminal, lines that are too long for it are broken
// between words; elsewhere they stay whole, so that a program can look for them. A line that begins with a name which a
// stranger chose is no workflow command: the runner of GitHub Actions obeys those on standard error too.
func (c Console) Tell(text string) {
	lines := strings.Split(Clean(text), "\n")
	columns := cmp.Or(c.Width, DefaultWidth)
	for i, line := range lines {
		if strings.HasPrefix(strings.TrimSpace(line), "::") {
			lines[i] = "labcheck: " + line
		}
		if c.StderrTerminal && terminal.Width(line) > columns {
			margin := line[:len(line)-len(strings.TrimLeft(line, " "))]
			lines[i] = Fold(line, margin, columns)
		}
	}
	fmt.Fprintln(c.Stderr, strings.Join(lines, "\n"))
}

// Print writes to standard output in one go.
func (c Console) Print(write func(*bufio.Writer)) error {
	w := bufio.NewWriter(c.Stdout)
	write(w)
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write to standard output: %w", err)
	}
	return nil
}

// Write writes to a file, or to standard output for the empty path.
func (c Console) Write(path string, write func(io.Writer) error) error {
	switch path {
	case "", "/dev/stdout":
		// Opened by its name, a redirected standard output would be a second file at the same place.
		return writeStream(c.Stdout, write)
	case "/dev/stderr":
		return writeStream(c.Stderr, write)
	}
	return files.Write(c.Files, path, write)
}

// CheckWrite finds out what Write would refuse a path for.
func (c Console) CheckWrite(path string) error {
	switch path {
	case "", "/dev/stdout", "/dev/stderr":
		return nil
	}
	return files.CheckWrite(c.Files, path)
}

func writeStream(stream io.Writer, write func(io.Writer) error) error {
	w := bufio.NewWriter(stream)
	if err := write(w); err != nil {
		return fmt.Errorf("cannot be written: %w", err)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("cannot be written to the screen or to where it is led: %w", err)
	}
	return nil
}

// TextWidth is how wide a text on standard output may be, in columns.
func (c Console) TextWidth() int { return min(cmp.Or(c.Width, DefaultWidth), widestText) }

// Columns lays out cells on standard output, each ended by a tab, in columns. It is to be flushed.
func (c Console) Columns() *tabwriter.Writer { return tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0) }

// Clean makes a text from a stranger safe for a terminal: line breaks stay, every other control character and mark
// that shows nothing becomes a question mark.
func Clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !reports.Hidden(r) {
			return r
		}
		return '?'
	}, text)
	return strings.ReplaceAll(text, "##[", "#?[") // which the runner of GitHub Actions obeys wherever it stands
}

// Fold breaks a text between words into lines of at most so many columns, each behind the margin. A word that is longer
// stays whole: it may be a path or an address to copy.
func Fold(text, margin string, columns int) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = margin + word
		case terminal.Width(line)+1+terminal.Width(word) > columns:
			lines = append(lines, line)
			line = margin + word
		default:
			line += " " + word
		}
	}
	return strings.Join(append(lines, line), "\n")
}
