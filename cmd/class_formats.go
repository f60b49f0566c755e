package cmd

import (
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/lab"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/gradebook"
	"github.com/labcheck/labcheck/reports/class/page"
	"github.com/labcheck/labcheck/reports/class/table"
	"github.com/labcheck/labcheck/reports/class/xlsx"
)

// classFormats lists every format of a class; the first one is that of the terminal. Help texts and errors are derived
// from it.
func classFormats() []class.Format {
	return []class.Format{
		table.Format, gradebook.CSV, xlsx.Format, gradebook.Canvas, gradebook.Moodle, gradebook.Gradescope,
		gradebook.GitHubClassroom, gradebook.Classroom50, gradebook.OneRoster, gradebook.JSON, gradebook.Markdown,
		page.Format,
	}
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
		outs = append(outs, classOutput{format: classFormats()[i], path: path})
	}
	if onStdout == "" {
		outs = append(outs, classOutput{format: classFormats()[0]})
	}
	return outs, nil
}
