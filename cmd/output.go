package cmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/codequality"
	csvfile "github.com/labcheck/labcheck/reports/csv"
	"github.com/labcheck/labcheck/reports/github"
	"github.com/labcheck/labcheck/reports/html"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/junit"
	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/sarif"
	"github.com/labcheck/labcheck/reports/table"
)

// formats lists every format of a report; the first one is that of the terminal. Help texts and errors are derived from
// it.
func formats() reports.Formats {
	return reports.Formats{
		table.Format, markdown.Format, jsonv1.Format, html.Format, sarif.Format, github.Format,
		junit.Format, codequality.Format, csvfile.Format,
	}
}

// output is one place that a report goes to.
type output struct {
	format reports.Format
	path   string // empty: standard output
}

// outputs reads the values of --report.
func outputs(values []string) ([]output, error) {
	places, err := readPlaces(values, formats().Names(), "")
	list := make([]output, len(places))
	for i, p := range places {
		list[i] = output{formats()[p.format], p.path}
	}
	return list, err
}

// place is one value of --report: the index of a format, and where it goes.
type place struct {
	format int
	path   string // empty: standard output
}

// readPlaces reads the values of --report for the formats of these names, which are those of something. Without one that
// goes to standard output, the first format does.
func readPlaces(values, names []string, of string) ([]place, error) {
	var list []place
	onStdout := ""
	for _, value := range values {
		name, path, hasPath := strings.Cut(value, "=")
		format := slices.Index(names, name)
		switch {
		case format < 0:
			return nil, usagef("--report %s: there is no format %q%s%s (there are: %s)", value, name, of,
				lab.DidYouMean(name, names), strings.Join(names, ", "))
		case hasPath && path == "":
			return nil, usagef("--report %s: a file name is missing after the equals sign", value)
		case !hasPath && onStdout != "":
			return nil, usagef("--report %s and --report %s cannot both go to standard output; write one to a file: "+
				"--report %s=FILE", onStdout, name, name)
		case !hasPath:
			onStdout = name
		}
		list = append(list, place{format, path})
	}
	if onStdout == "" {
		list = append(list, place{})
	}
	return list, nil
}

// defaultReport is the name of the Markdown report that is written when no other is asked for. A practice run or a
// replay never takes the place of the report of a real account.
func defaultReport(r *reports.Report) string {
	switch r.Source {
	case reports.Sandbox:
		return "labcheck-" + r.Lab.ID + ".sandbox.md"
	case reports.Facts:
		return "labcheck-" + r.Lab.ID + ".facts.md"
	default:
		return "labcheck-" + r.Lab.ID + ".md"
	}
}

// deliver writes every output, files first. A file that cannot be written does not keep the others from being written;
// the first error is returned.
func (a *app) deliver(r *reports.Report, list []output, o reports.Options) error {
	var first error
	for _, out := range list {
		err := a.deliverOne(r, out, o)
		if first == nil {
			first = err
		}
	}
	return cmp.Or(first, a.addSummary(r, list))
}

func (a *app) deliverOne(r *reports.Report, out output, o reports.Options) error {
	if out.path != "" {
		o.Color, o.Width = false, 0
	}
	if err := a.write(out.path, func(w io.Writer) error { return out.format.Render(w, r, o) }); err != nil {
		return fmt.Errorf("the %s report: %w", out.format.Name, err)
	}
	return nil
}

// renderOptions are how a report looks on this system.
func (a *app) renderOptions(all, noColor bool, hints int) reports.Options {
	terminal := a.env.Width > 0
	width := a.env.Width
	if !terminal {
		width = defaultWidth
	}
	return reports.Options{
		Width: width, Color: terminal && !noColor && a.env.getenv("NO_COLOR") == "" && a.env.getenv("TERM") != "dumb",
		ASCII: a.asciiOnly(), All: all, Hints: hints, Command: a.env.Program,
	}
}

// asciiOnly says whether the locale names a character set that is not UTF-8. Without a locale most terminals of
// today show UTF-8.
func (a *app) asciiOnly() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(a.env.getenv(name)); locale != "" {
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
		}
	}
	return false
}
