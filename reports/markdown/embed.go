package markdown

import (
	"bytes"
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

// ChangedError says that the text that people read is not the one that was written with the report for programs.
type ChangedError struct{}

// Error implements error.
func (*ChangedError) Error() string {
	return "the text of this report was changed after labcheck wrote it; take the file as labcheck wrote it, and put " +
		"remarks into another one"
}

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

// ReadEither reads a report of either format: JSON begins with a brace. The errors are those of Read and jsonv1.Read.
func ReadEither(data []byte) (*reports.Report, error) {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		return jsonv1.Read(data)
	}
	return Read(data)
}

// Read finds the report for programs in a Markdown report. The file may come from a stranger: anything but exactly one
// whole report at its end is an error that says what is wrong and what to do. It is a *ChangedError where the text
// above the report is another one; no text at all is none that misleads, and the first reports had no digest.
func Read(data []byte) (*reports.Report, error) {
	packed, err := find(data)
	if err != nil {
		return nil, err
	}
	plain, want, err := unpack(packed)
	if err != nil {
		return nil, err
	}
	r, err := jsonv1.Read(plain)
	if err != nil {
		return nil, err
	}
	// The comment begins a line; within one, a name may be written like it.
	visible, _, _ := bytes.Cut(append([]byte("\n"), bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))...),
		[]byte("\n"+opening))
	if got := digest(visible); want != "" && got != want && got != digest(nil) {
		return nil, new(ChangedError)
	}
	return r, nil
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
		return nil, errors.New("this is no report of labcheck, or the end of it is missing; attach the file that labcheck " +
			"wrote, do not paste it")
	case found > 1:
		return nil, fmt.Errorf("there are %d reports in this file; there must be one", found)
	case open:
		return nil, errors.New("the end of the report is cut off; attach the whole file that labcheck wrote")
	case len(rest) > 0:
		return nil, errors.New("there is text after the end of the report; attach the file as labcheck wrote it")
	}
	return packed, nil
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
