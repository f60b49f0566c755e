package cmd

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// classFormats lists every format of a class; the first one is that of the terminal. Help texts and errors are derived
// from it.
func classFormats() []class.Format {
	return []class.Format{classTable}
}

// classTable is the class for people: who, grade, outcome, attempts and flags.
var classTable = class.Format{Name: "table", Help: "the class as a table, for people", Render: renderClass}

func renderClass(w io.Writer, c *class.Class, _ class.Options) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "STUDENT\tGRADE\tOUTCOME\tREPORTS\tHOW")
	for i := range c.Students {
		p := &c.Students[i]
		how := p.Worked
		if a := len(p.Attempts); p.Status == class.NotCounted {
			how = p.Attempts[a-1].Excluded
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\n", p.Who(), p.ScoreText(), p.OutcomeText(), len(p.Attempts), reports.Clean(how))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, f := range c.Flags {
		if _, err := fmt.Fprintf(w, "look at: %s: %s\n", reports.Clean(reports.List(f.Students)), reports.Clean(f.FlagText())); err != nil {
			return err
		}
	}
	return nil
}

func classNames() []string {
	var names []string
	for _, f := range classFormats() {
		names = append(names, f.Name)
	}
	return names
}

// classOutputs reads the values of --report. Without one that goes to standard output, the table does.
func classOutputs(values []string) ([]classOutput, error) {
	var outs []classOutput
	onStdout := ""
	for _, value := range values {
		name, path, hasPath := strings.Cut(value, "=")
		i := slices.Index(classNames(), name)
		switch {
		case i < 0:
			return nil, usagef("--report %s: there is no format %q of a class%s (there are: %s)", value, name,
				lab.DidYouMean(name, classNames()), strings.Join(classNames(), ", "))
		case hasPath && path == "":
			return nil, usagef("--report %s: a file name is missing after the equals sign", value)
		case !hasPath && onStdout != "":
			return nil, usagef("--report %s and --report %s cannot both go to standard output; write one to a file: "+
				"--report %s=FILE", onStdout, name, name)
		case !hasPath:
			onStdout = name
		}
		outs = append(outs, classOutput{classFormats()[i], path})
	}
	if onStdout == "" {
		outs = append(outs, classOutput{format: classFormats()[0]})
	}
	return outs, nil
}
