package sarif_test

import (
	"testing"

	"github.com/labcheck/labcheck/reports/reporttest"
	"github.com/labcheck/labcheck/reports/sarif"
)

func TestFormat(t *testing.T) { reporttest.Run(t, sarif.Format, ".sarif", nil) }
