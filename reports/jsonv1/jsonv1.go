// Package jsonv1 writes and reads reports as JSON, schema labcheck.report/v1: the form that every other program reads,
// and the one that the Markdown report carries inside.
package jsonv1

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/labcheck/labcheck/reports"
)

// Format is this format.
var Format = reports.Format{
	Name:   "json",
	Help:   "the whole report for programs (" + reports.Schema + ")",
	Render: render,
}

func render(w io.Writer, r *reports.Report, _ reports.Options) error { return Write(w, r.Normal()) }

// Marshal returns the report as indented JSON in UTF-8 with a line end, the same bytes for the same report. Lists are
// never null. Characters that a person cannot see are escaped, so that the text can be shown on a terminal.
func Marshal(r *reports.Report) ([]byte, error) { return encode(r.Normal(), "") }

// Write writes any value in the same form, in one piece, so that nothing is written where it fails. A list that is nil
// is null there: see [reports.Normal].
func Write(w io.Writer, v any) error {
	return WriteWithin(w, v, 0)
}

// WriteWithin writes a value as Write does, so many levels deep in another one: all of its lines but the first begin
// with the blanks of its depth.
func WriteWithin(w io.Writer, v any, depth int) error {
	data, err := encode(v, strings.Repeat(indent, depth))
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

const indent = "  "

func encode(v any, prefix string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, indent)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write the report as JSON: %w", err)
	}
	return escapeHidden(b.Bytes()), nil
}

// escapeHidden escapes what a person cannot see. Outside strings JSON is ASCII and line ends, which stay.
func escapeHidden(data []byte) []byte {
	if bytes.IndexFunc(data, escaped) < 0 {
		return data
	}
	out := make([]byte, 0, len(data)+64)
	for _, r := range string(data) {
		switch {
		case !escaped(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

func escaped(r rune) bool { return r >= 0x7f && reports.Hidden(r) }
