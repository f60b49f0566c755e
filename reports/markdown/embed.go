package markdown

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
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

// embed writes the report for programs. Its gzip comment holds the digest of the text that stands above it, so that a
// change of either shows. The alphabet is the standard one: that of URLs has "-", and "--" may end a comment.
func embed(r *reports.Report, visible string) (string, error) {
	data, err := jsonv1.Marshal(r)
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return "", fmt.Errorf("pack the report: %w", err)
	}
	z.Comment = digest([]byte(visible))
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

// ReadEither reads a report of either format: JSON begins with a brace. See [Read] and [jsonv1.Read].
func ReadEither(data []byte) (r *reports.Report, changed string, err error) {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		r, err = jsonv1.Read(data)
		return r, "", err
	}
	return Read(data)
}

// Read finds the report for programs in a Markdown report. The file may come from a stranger: anything but exactly one
// whole report is an error that says what is wrong and what to do.
//
// Only the report for programs counts. Where the text around it is not the one that was written with it, changed says
// so with the line that differs; it is "" where nothing that a person reads differs, and where there is no text at all,
// which misleads nobody. Whoever changes the text and its digest alike is not seen.
func Read(data []byte) (r *reports.Report, changed string, err error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	found, err := find(data)
	if err != nil {
		return nil, "", err
	}
	plain, written, err := unpack(found.packed)
	if err != nil {
		return nil, "", err
	}
	if r, err = jsonv1.Read(plain); err != nil {
		return nil, "", err
	}
	// The first reports had no digest.
	if got := digest(found.above); written != "" && got != written && got != digest(nil) {
		changed = difference(r, string(found.above), written)
	}
	return r, cmp.Or(changed, found.below), nil
}

// digest is the hash of a text, in hex. Line ends, blanks at the ends of lines and empty lines do not count: mail,
// editors and Git change them.
func digest(text []byte) string {
	h := sha256.New()
	for line := range bytes.Lines(text) {
		if line = bytes.TrimRight(line, " \t\r\n"); len(line) > 0 {
			h.Write(line)
			h.Write([]byte("\n"))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// parts are those of a Markdown report.
type parts struct {
	above  []byte // the text
	packed []byte // what the one comment holds, with its line ends
	below  string // that there is text after the comment, and what it says; "" for none
}

// find finds the one comment of a Markdown report.
func find(data []byte) (p parts, err error) {
	if bytes.IndexByte(data, 0) >= 0 {
		return p, errors.New("this file is not UTF-8 text; write it with --report markdown=FILE, not with “>”")
	}
	found, open, number, read := 0, false, 0, 0
	for line := range bytes.Lines(data) {
		number++
		trimmed := bytes.TrimRight(line, " \t\r\n")
		switch {
		case bytes.HasPrefix(line, []byte(opening)):
			if !bytes.Equal(trimmed, []byte(opening)) {
				return p, fmt.Errorf("this file has a report of another kind than %s", reports.Schema)
			}
			if found++; found == 1 {
				p.above = data[:read]
			}
			open = true
		case open && bytes.Equal(trimmed, []byte(closing)):
			open = false
		case open:
			p.packed = append(append(p.packed, trimmed...), '\n')
		case found > 0 && p.below == "" && len(words(string(trimmed))) > 0:
			p.below = fmt.Sprintf("line %d stands below the end of the report: %s", number, quoted(string(trimmed)))
		}
		read += len(line)
	}
	switch {
	case found == 0:
		return p, errors.New("this is no report of labcheck, or the end of it is missing; attach the file that labcheck " +
			"wrote, do not paste it")
	case found > 1:
		return p, fmt.Errorf("there are %d reports in this file; there must be one", found)
	case open:
		return p, errors.New("the end of the report is cut off; attach the whole file that labcheck wrote")
	}
	return p, nil
}

// unpack undoes embed: it returns the report and the digest of the text. It never makes more than one byte above
// jsonv1.MaxSize, whatever a stranger packed.
func unpack(packed []byte) (plain []byte, visible string, err error) {
	// The decoder passes over line ends.
	compressed, err := base64.StdEncoding.Strict().DecodeString(string(packed))
	if err != nil {
		return nil, "", fmt.Errorf("the data at the end of the report was changed: %w", err)
	}
	from := bytes.NewReader(compressed)
	z, err := gzip.NewReader(from)
	if err != nil {
		return nil, "", fmt.Errorf("the data at the end of the report was changed: %w", err)
	}
	z.Multistream(false)
	plain, err = io.ReadAll(io.LimitReader(z, jsonv1.MaxSize+1))
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("the data at the end of the report was changed: %w", err)
	case len(plain) > jsonv1.MaxSize:
		return nil, "", fmt.Errorf("the data at the end of the report is larger than %d MiB", jsonv1.MaxSize>>20)
	case from.Len() > 0:
		return nil, "", errors.New("the data at the end of the report was changed: something follows it")
	}
	return plain, z.Comment, nil
}
