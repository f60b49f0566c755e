package gradebook

import (
	"io"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// JSON is the class with all that is known of it. A list is never null; what is null is not known or does not apply.
var JSON = class.Format{
	Name: "json",
	Help: "the whole class for programs (" + class.Schema + ")",
	Render: func(w io.Writer, c *class.Class, _ class.Options) error {
		data, err := jsonv1.Encode(reports.Normal(c))
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	},
}
