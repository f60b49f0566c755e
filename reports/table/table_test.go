package table_test

import (
	"testing"

	"github.com/labcheck/labcheck/reports/reporttest"
	"github.com/labcheck/labcheck/reports/table"
)

func TestFormat(t *testing.T) {
	reporttest.Run(t, table.Format, ".txt", nil)
}
