package cmd

import (
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

// classOutputs reads the values of --report.
func classOutputs(values []string) ([]classOutput, error) {
	wishes, err := readReportFlag(values, classNames(), " of a class")
	outs := make([]classOutput, len(wishes))
	for i, w := range wishes {
		outs[i] = classOutput{format: classFormats()[w.format], path: w.path}
	}
	return outs, err
}
