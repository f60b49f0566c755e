package markdown

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
)

// The report for programs is one comment at the end of the document.
const (
	opening = "<!-- " + reports.Schema
	closing = "-->"
	columns = 76
)

// embed writes the report for programs. The alphabet is the standard one: that of URLs has "-", and "--" may end a
// comment.
func embed(r *reports.Report) (string, error) {
	data, err := jsonv1.Marshal(r)
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return "", fmt.Errorf("pack the report: %w", err)
	}
	if _, err := z.Write(data); err != nil {
		return "", fmt.Errorf("pack the report: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("pack the report: %w", err)
	}
	var b strings.Builder
	b.WriteString(opening + "\n")
	for text := base64.StdEncoding.EncodeToString(packed.Bytes()); text != ""; {
		n := min(columns, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	b.WriteString(closing + "\n")
	return b.String(), nil
}

// Read finds the report for programs in a Markdown report. The file may come from a stranger: anything but exactly one
// whole report at its end is an error that says what is wrong and what to do.
func Read(data []byte) (*reports.Report, error) {
	packed, err := find(data)
	if err != nil {
		return nil, err
	}
	plain, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	return jsonv1.Read(plain)
}

// find returns what the one comment holds, with its line ends.
func find(data []byte) ([]byte, error) {
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, errors.New("this file is not UTF-8 text; write it with --report markdown=FILE, not with “>”")
	}
	var packed, rest []byte
	found, open := 0, false
	for line := range bytes.Lines(data) {
		trimmed := bytes.TrimRight(line, " \t\r\n")
		switch {
		case bytes.HasPrefix(line, []byte(opening)):
			if !bytes.Equal(trimmed, []byte(opening)) {
				return nil, fmt.Errorf("this file has a report of another kind than %s", reports.Schema)
			}
			found++
			open = true
		case open && bytes.Equal(trimmed, []byte(closing)):
			open = false
		case open:
			packed = append(append(packed, trimmed...), '\n')
		case found > 0:
			rest = append(rest, trimmed...)
		}
	}
	switch {
	case found == 0:
		return nil, fmt.Errorf("no report for programs is in this file; attach the file that labcheck wrote, do not paste it")
	case found > 1:
		return nil, fmt.Errorf("%d reports for programs are in this file; there must be one", found)
	case open:
		return nil, errors.New("the report for programs is cut off; attach the whole file that labcheck wrote")
	case len(rest) > 0:
		return nil, errors.New("there is text after the report for programs; attach the file as labcheck wrote it")
	}
	return packed, nil
}

// unpack undoes embed. It never makes more than one byte above jsonv1.MaxSize, whatever a stranger packed.
func unpack(packed []byte) ([]byte, error) {
	// The decoder passes over line ends.
	compressed, err := base64.StdEncoding.Strict().DecodeString(string(packed))
	if err != nil {
		return nil, fmt.Errorf("the report for programs was changed: %w", err)
	}
	from := bytes.NewReader(compressed)
	z, err := gzip.NewReader(from)
	if err != nil {
		return nil, fmt.Errorf("the report for programs was changed: %w", err)
	}
	z.Multistream(false)
	plain, err := io.ReadAll(io.LimitReader(z, jsonv1.MaxSize+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the report for programs was changed: %w", err)
	case len(plain) > jsonv1.MaxSize:
		return nil, fmt.Errorf("the report for programs is larger than %d MiB", jsonv1.MaxSize>>20)
	case from.Len() > 0:
		return nil, errors.New("the report for programs was changed: something follows it")
	}
	return plain, nil
}
