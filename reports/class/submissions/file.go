package submissions

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/encoding/unicode"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/markdown"
)

// item is one file, on the disk or in an archive.
type item struct {
	shown  string // where it is, for people
	inside string // its path within what was handed in, with slashes
	mode   fs.FileMode
	size   int64 // as it is declared
	open   func() (io.ReadCloser, error)
	budget *int64 // what may still be unpacked of its archive; nil on the disk
	// handedIn is the path of its archive where that says who handed it in; "" where its own path does.
	handedIn string
}

// sent is the path that says who handed the file in.
func (it item) sent() string { return cmp.Or(it.handedIn, it.inside) }

// file reads one file into a submission or a refusal.
func (r *Reader) file(ctx context.Context, it item) {
	if passedOver(it.inside) || companion(it.inside) {
		return
	}
	ext := strings.ToLower(path.Ext(it.inside))
	if ext == ".zip" && it.budget == nil && it.mode.IsRegular() {
		r.archive(ctx, it)
		return
	}
	r.in.Files++
	if r.counting {
		return
	}
	if r.Seen != nil {
		defer func() { r.Seen(r.in.Files) }()
	}
	if reason := whyNotOpened(it, ext); reason != "" {
		r.refuseItem(it, class.Unreadable, reason)
		return
	}
	data, err := it.read()
	if err != nil {
		r.refuseItem(it, class.Unreadable, "it cannot be read: "+withoutPath(err))
		return
	}
	text, err := it.asText(data)
	if err != nil {
		r.refuseItem(it, class.Unreadable, err.Error())
		return
	}
	if what := documentOf(text); what != "" {
		r.refuseItem(it, class.Unreadable, noReport(what))
		return
	}
	report, changed, err := markdown.ReadEither(text)
	if err != nil {
		r.refuseItem(it, class.Unreadable, err.Error())
		return
	}
	r.report(it, data, report, changed)
}

// sweepFailure ends the name of the file in which labcheck sweep says why it could not read an account.
const sweepFailure = ".failed.json"

// whyNotOpened says why a file is not even opened; "" for one that is.
func whyNotOpened(it item, ext string) string {
	switch {
	case it.mode&fs.ModeSymlink != 0:
		return "it is a link, and links are not followed"
	case !it.mode.IsRegular():
		return "it is no ordinary file"
	case ext == ".zip":
		return "it is an archive inside an archive; unpack the outer one first"
	case documents[ext] != "":
		return noReport(documents[ext])
	case strings.HasSuffix(it.inside, sweepFailure):
		return "labcheck sweep could not read this account: the same sweep with --status says why, and without it tries again"
	case !slices.Contains([]string{".md", ".json", ".markdown", ".txt", ".gz", ""}, ext):
		return "it is no report: reports end in .md or .json"
	case it.size > maxFile:
		return tooLarge
	}
	return ""
}

// documents are what students hand in instead of the report: its text, without the data that counts.
var documents = map[string]string{
	".pdf": "a PDF", ".docx": "a Word document", ".doc": "a Word document", ".rtf": "an RTF document",
	".odt": "an OpenDocument text", ".pages": "a document of Pages", ".html": "a web page", ".htm": "a web page",
	".png": "a picture", ".jpg": "a picture", ".jpeg": "a picture", ".heic": "a picture", ".webp": "a picture",
}

// documentOf says what a file is that calls itself a report and holds such a document; "" for another file.
func documentOf(data []byte) string {
	for _, known := range []struct{ begins, ext string }{
		{"%PDF-", ".pdf"},
		{"\xd0\xcf\x11\xe0", ".doc"},
		{`{\rtf`, ".rtf"},
		{"\x89PNG", ".png"},
		{"\xff\xd8\xff", ".jpg"},
		{"<!DOCTYPE html", ".html"},
		{"<html", ".html"},
	} {
		if bytes.HasPrefix(data, []byte(known.begins)) {
			return documents[known.ext]
		}
	}
	switch {
	case !bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return ""
	case bytes.Contains(data, []byte("word/document.xml")):
		return documents[".docx"]
	case bytes.Contains(data, []byte("application/vnd.oasis.opendocument.text")):
		return documents[".odt"]
	}
	return "an archive"
}

// noReport says of a document what to ask the student for.
func noReport(what string) string {
	return "it is " + what + ", which holds the text of a report at most and not its data: ask the student for the file " +
		"labcheck-LAB.md itself, which labcheck wrote into the folder where it ran"
}

const tooLarge = "it is larger than 32 MiB; no report of labcheck is"

// read reads a file, however large it says it is.
func (it item) read() ([]byte, error) {
	f, err := it.open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err := it.spend(len(data)); err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, errors.New(tooLarge)
	}
	return data, err
}

// spend takes what was unpacked from what may still be unpacked of the archive.
func (it item) spend(size int) error {
	if it.budget == nil {
		return nil
	}
	if *it.budget -= int64(size); *it.budget < 0 {
		return fmt.Errorf("its archive unpacks to more than %d GiB", maxArchive>>30)
	}
	return nil
}

// asText is a file as UTF-8 without a mark: unpacked where it was packed with gzip, and from UTF-16, which PowerShell
// writes with “>”.
func (it item) asText(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("it cannot be unpacked: %w", err)
		}
		data, err = io.ReadAll(io.LimitReader(z, maxFile+1))
		if err := it.spend(len(data)); err != nil {
			return nil, err
		}
		switch {
		case err != nil:
			return nil, fmt.Errorf("it cannot be unpacked: %w", err)
		case len(data) > maxFile:
			return nil, errors.New(tooLarge)
		}
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) || isUTF16(data) {
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return nil, fmt.Errorf("it is no UTF-16 text: %w", err)
		}
		data = text
	}
	if bytes.IndexByte(data, '\n') < 0 {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n")) // as old Macs end lines
	}
	return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), nil
}

// isUTF16 says whether a text without a mark begins with two letters of UTF-16, its lower byte first.
func isUTF16(data []byte) bool {
	return len(data) > 3 && data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0
}

// report keeps a row of a report that agrees with itself and with a known lab, and how its text was changed.
func (r *Reader) report(it item, data []byte, report *reports.Report, changed string) {
	known, grading := r.lab(report.Lab)
	if kind, err := r.trusted(report, known, grading); err != nil {
		r.refuseItem(it, kind, err.Error())
		return
	}
	from, submitted := senderOf(it.sent(), r.metadata, r.Zone)
	hash := sha256.Sum256(data)
	row := func(of *reports.Report) class.Attempt {
		a := Attempt(of)
		if it.swept(report) {
			a.ObservedBy = report.Run.ObservedBy
		}
		a.File, a.SHA256, a.Submitted = it.shown, hex.EncodeToString(hash[:]), submitted
		a.MarkedLate = from.Late
		return a
	}
	s := class.Submission{Attempt: row(report), From: from, With: withOf(it.sent(), r.metadata), TextChanged: changed}
	counts := r.weigh(&s, report, known)
	again := r.Regrade != nil && (known != grading || r.RegradeAll)
	if reason := unproven(&s, again); reason != "" && r.RequireFacts {
		r.refuseItem(it, class.Unproven, reason)
		return
	}
	switch {
	case !again:
		if counts != report {
			level, traces := s.Level, s.Traces // of the report that was handed in
			s.Attempt = row(counts)
			s.Level, s.Traces = level, traces
		}
	case report.Facts == nil:
		s.KeptFor = grading.SHA256
	default:
		regraded, err := r.Regrade(report, grading)
		if err != nil {
			r.refuseItem(it, class.OtherLab, err.Error())
			return
		}
		before := s.Attempt
		s.Attempt, s.Before = row(regraded), &before
		s.Level = class.Consistent // with the lab that grades, for it was made of the facts
		if s.ObservedBy != "" {
			s.Level = class.Observed
		}
		report, known = regraded, grading
	}
	s.Changed = len(report.Run.Set) > 0 || !maps.Equal(report.Params, known.Params)
	r.in.Submissions = append(r.in.Submissions, s)
}

// sweptName is where labcheck sweep keeps a report: in the folder of the account, or in the history there.
var sweptName = onUse(`^([0-9]{12})/(?:history/)?[a-z0-9.-]+\.[0-9a-f]{12}(?:\.[0-9]{8}T[0-9]{6}Z)?\.md$`)

// swept says whether a report is one that the grader made: anybody can write so into a report, and nobody but the
// instructor into the folder of the results. In an archive it is a student's.
func (it item) swept(r *reports.Report) bool {
	place := sweptName().FindStringSubmatch(it.inside)
	return it.budget == nil && place != nil && place[1] == r.Target.Account && r.Run.ObservedBy != ""
}

// trusted says why no grade is made of a report, with the kind of the refusal. The terms of an unknown version of a lab
// cannot be compared: such a report is only graded again.
func (r *Reader) trusted(report *reports.Report, known, grading *class.Lab) (class.RefusalKind, error) {
	if err := report.Verify(); err != nil {
		return class.Edited, fmt.Errorf("it was edited: %w", err)
	}
	switch id := reports.Clean(report.Lab.ID); {
	case grading == nil:
		return class.OtherLab, fmt.Errorf("it is of the lab %s, and there is %s (a new version of a lab keeps its id)", id,
			r.ids())
	case known == nil && r.Regrade == nil:
		return class.OtherLab, fmt.Errorf("it was graded with another version of the lab %s (file %.12s); --regrade "+
			"grades it again",
			id, report.Lab.SHA256)
	case known == nil && report.Facts == nil:
		return class.OtherLab, fmt.Errorf("it was graded with another version of the lab %s (file %.12s), and carries no "+
			"facts to be graded again; put that version into a folder of --labs, and its grade stays", id, report.Lab.SHA256)
	case known != nil:
		if err := Agrees(report, known); err != nil {
			return class.Edited, fmt.Errorf("it was edited: %w", err)
		}
	}
	return "", nil
}

// lab finds the lab of a report by its hash, and the version of it that grades: the first one of its id. Either is nil
// where there is none.
func (r *Reader) lab(of reports.Lab) (known, grading *class.Lab) {
	for i := range r.Labs {
		l := &r.Labs[i]
		if l.ID != of.ID {
			continue
		}
		if grading == nil {
			grading = l
		}
		if l.SHA256 == of.SHA256 {
			return l, grading
		}
	}
	return nil, grading
}

// ids names the labs that reports may be of.
func (r *Reader) ids() string {
	var ids []string
	for _, l := range r.Labs {
		if !slices.Contains(ids, l.ID) {
			ids = append(ids, l.ID)
		}
	}
	if len(ids) == 0 {
		return "no lab"
	}
	return "only " + reports.List(ids)
}

// Agrees says whether the terms of a report are those of its lab.
func Agrees(r *reports.Report, l *class.Lab) error {
	if r.Grade.PassMark != l.PassMark {
		return fmt.Errorf("the pass mark is %d%%, and that of the lab is %d%%", r.Grade.PassMark, l.PassMark)
	}
	if r.Run.Complete && len(r.Steps) != len(l.Steps) {
		return fmt.Errorf("it has %d steps and calls itself complete, and the lab has %d", len(r.Steps), len(l.Steps))
	}
	terms := make(map[string]class.Step, len(l.Steps))
	for _, s := range l.Steps {
		terms[s.ID] = s
	}
	for _, s := range r.Steps {
		term, ok := terms[s.ID]
		switch {
		case !ok:
			return fmt.Errorf("the lab has no step %s", reports.Clean(s.ID))
		case s.Points != term.Points || s.Required != term.Required:
			return fmt.Errorf("the step %s has other points than in the lab", s.ID)
		}
	}
	if g := r.Grade; g.Percent != nil && g.Letter != nil && *g.Letter != l.Letter(*g.Percent) {
		return errors.New("the letter does not follow from the percent")
	}
	return nil
}
