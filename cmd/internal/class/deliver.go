package class

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/labcheck/labcheck/cmd/internal/failure"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/feedback"
)

// Output is the stream, the file or the folder that a class goes to, in a format.
type Output struct {
	Format class.Format
	Path   string // empty: standard output
	Folder bool   // Path is a folder, also for a class of one
}

// String is the flag that asked for the output.
func (o Output) String() string {
	switch {
	case o.Format.Name == feedback.Format.Name:
		return "--feedback " + o.Path
	case o.Path == "":
		return "--report " + o.Format.Name
	}
	return "--report " + o.Format.Name + "=" + o.Path
}

// deliver writes every output. One that cannot be written does not keep the others from being written.
func (g Grader) deliver(c *class.Class, outs []Output, o class.Options) error {
	var failed []error
	for _, out := range outs {
		shown := o
		shown.Note = func(text string) { g.Tell(out.String() + ": " + text) }
		if out.Path != "" {
			shown.Color, shown.Width = false, 0
		}
		if err := g.deliverOne(c, out, shown); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", out, err))
		}
	}
	return errors.Join(failed...)
}

// deliverOne writes one output: a file, or a folder with a file for each student. A student of whom the format can
// say nothing does not keep the others from theirs.
func (g Grader) deliverOne(c *class.Class, out Output, o class.Options) error {
	if !out.Format.Each || len(c.Students) <= 1 && !out.Folder {
		return g.write(c, out.Format, out.Path, o)
	}
	if out.Path == "" {
		return failure.Usagef("it is about one student each: name a folder, --report %s=FOLDER", out.Format.Name)
	}
	folder, err := files.MakeFolder(g.Files, out.Path)
	if err != nil {
		return err
	}
	var failed []error
	names := c.FileNames()
	for i, single := range c.Each() {
		write, err := rendered(single, out.Format, o)
		if err == nil {
			err = folder.Write(names[i]+out.Format.Ext, write)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", single.Students[0].Who(), err))
		}
	}
	return errors.Join(append(failed, folder.Close())...)
}

// write writes one file.
func (g Grader) write(c *class.Class, f class.Format, path string, o class.Options) error {
	if f.Streams {
		return g.Write(path, func(w io.Writer) error {
			buffered := bufio.NewWriter(w)
			return cmp.Or(f.Render(buffered, c, o), buffered.Flush())
		})
	}
	write, err := rendered(c, f, o)
	if err != nil {
		return err
	}
	return g.Write(path, write)
}

// rendered is how a class is written, which is rendered before: nothing is written of what cannot be rendered.
func rendered(c *class.Class, f class.Format, o class.Options) (write func(io.Writer) error, err error) {
	var b bytes.Buffer
	if err := f.Render(&b, c, o); err != nil {
		return nil, failure.OfFile(err)
	}
	return func(w io.Writer) error {
		_, err := w.Write(b.Bytes())
		return err
	}, nil
}
