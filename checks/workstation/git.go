package workstation

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
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

// stderrOf is what a failed program said.
func stderrOf(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(exit.Stderr)
	}
	return ""
}
