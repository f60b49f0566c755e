package html_test

import (
	"testing"

	"github.com/labcheck/labcheck/reports/html"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestFormat(t *testing.T) { reporttest.Run(t, html.Format, ".html", nil) }
