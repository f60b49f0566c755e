package gradebook_test

import (
	"testing"

	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/gradebook"
)

func TestGolden(t *testing.T) {
	classtest.Run(t, gradebook.CSV, ".csv")
	classtest.Run(t, gradebook.Canvas, ".csv")
	classtest.Run(t, gradebook.Moodle, ".csv")
	classtest.Run(t, gradebook.Gradescope, ".json")
	classtest.Run(t, gradebook.GitHubClassroom, ".txt")
	classtest.Run(t, gradebook.Classroom50, ".json")
	classtest.Run(t, gradebook.JSON, ".json")
	classtest.Run(t, gradebook.Markdown, ".md")
}
