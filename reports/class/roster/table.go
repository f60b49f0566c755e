package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// table is a file of a spreadsheet.
type table struct {
	header []string
	rows   []line
}

type line struct {
	number int // in the file, from 1
	cells  []string
}

// readTable reads a CSV file as spreadsheets write it: UTF-8 with or without a mark, UTF-16 or Windows-1252, with
// commas, semicolons or tabs.
func readTable(data []byte) (*table, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // as old Macs end lines, and a fixture of Canvas's own
	}
	t, err := parse(text, false)
	if err != nil {
		if forgiven, err := parse(text, true); err == nil {
			return forgiven, nil
		}
	}
	return t, err
}

// separatorLine is a first line in which Excel is told what separates the cells.
var separatorLine = regexp.MustCompile(`^(?i)sep=.$`)

// blanksBeforeQuotes are the blanks that keep a quote from beginning a field.
var blanksBeforeQuotes = regexp.MustCompile(`(?m)(^|[,;\t]) +"`)

// parse parses a CSV file, on demand also one with blanks before its quotes.
func parse(text string, forgiving bool) (*table, error) {
	if said, rest, ok := strings.Cut(text, "\n"); ok && separatorLine.MatchString(strings.TrimSpace(said)) {
		text = rest
	}
	if forgiving {
		text = blanksBeforeQuotes.ReplaceAllString(text, `$1"`)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = separator(text)
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("it has no first line with the names of the columns")
	}
	if err != nil {
		return nil, fmt.Errorf("it is no CSV file: %w", err)
	}
	t := &table{header: header}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, fmt.Errorf("it is no CSV file: %w", err)
		}
		if strings.TrimSpace(strings.Join(cells, "")) == "" {
			continue
		}
		number, _ := r.FieldPos(0)
		t.rows = append(t.rows, line{number, cells})
	}
}

func decode(data []byte) (string, error) {
	marked := bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
	if marked || len(data) > 3 && data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0 {
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", fmt.Errorf("it is no UTF-16 text: %w", err)
		}
		return string(text), nil
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case bytes.IndexByte(data, 0) >= 0:
		return "", errors.New("it is no text: save it as CSV")
	case utf8.Valid(data):
		return string(data), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return "", fmt.Errorf("its characters cannot be read: %w", err)
	}
	return string(text), nil
}

// separator is what stands most often in the first line.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	return slices.MaxFunc([]rune{',', ';', '\t'}, func(a, b rune) int {
		return strings.Count(first, string(a)) - strings.Count(first, string(b))
	})
}

// column is the index of the first column with one of these names; -1 without one.
func (t *table) column(names ...string) int {
	return slices.IndexFunc(t.header, func(h string) bool { return slices.Contains(names, columnKey(h)) })
}

// cell is a cell without the blanks around it; "" where the row is too short or the column is not there.
func (l line) cell(column int) string {
	if column < 0 || column >= len(l.cells) {
		return ""
	}
	return strings.TrimSpace(l.cells[column])
}

// columnKey is the name of a column without capitals, blanks, underscores and dashes.
func columnKey(name string) string {
	return strings.NewReplacer(" ", "", "\u00a0", "", "_", "", "-", "", ".", "", "(s)", "s").
		Replace(strings.ToLower(strings.TrimSpace(norm.NFC.String(name))))
}
