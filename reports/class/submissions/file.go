package submissions

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"strings"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/markdown"
)

// item is one file, on the disk or in an archive.
type item struct {
	shown  string // where it is, for people
	inside string // its path within what was handed in, with slashes
	mode   fs.FileMode
	size   int64 // as it is declared
	open   func() (io.ReadCloser, error)
	disk   string // its path on the disk; empty within an archive
	budget *int64 // what may still be unpacked of its archive; nil on the disk
}

// file reads one file into a submission or a refusal.
func (r *Reader) file(ctx context.Context, it item) {
	if passedOver(it.inside) {
		return
	}
	ext := strings.ToLower(path.Ext(it.inside))
	if ext == ".zip" && it.disk != "" && it.mode.IsRegular() {
		r.archive(ctx, it)
		return
	}
	r.in.Files++
	if r.Seen != nil {
		defer func() { r.Seen(r.in.Files) }()
	}
	if reason := refused(it, ext); reason != "" {
		r.refuseItem(it, class.Unreadable, reason)
		return
	}
	data, err := it.read()
	if err != nil {
		r.refuseItem(it, class.Unreadable, "it cannot be read: "+plain(err))
		return
	}
	read := markdown.Read
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		read = jsonv1.Read
	}
	report, err := read(data)
	if err != nil {
		kind := class.Unreadable
		if _, changed := errors.AsType[*markdown.ChangedError](err); changed {
			kind = class.Edited
		}
		r.refuseItem(it, kind, err.Error())
		return
	}
	r.report(it, data, report)
}

// refused says why a file is not even opened; "" for one that is.
func refused(it item, ext string) string {
	switch {
	case it.mode&fs.ModeSymlink != 0:
		return "it is a link, and links are not followed"
	case !it.mode.IsRegular():
		return "it is no ordinary file"
	case ext == ".zip":
		return "it is an archive inside an archive; unpack the outer one first"
	case ext != ".md" && ext != ".json":
		return "it is no report: reports end in .md or .json"
	case it.size > maxFile:
		return tooLarge
	}
	return ""
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
	if it.budget != nil {
		*it.budget -= int64(len(data))
		if *it.budget < 0 {
			return nil, fmt.Errorf("its archive unpacks to more than %d GiB", maxArchive>>30)
		}
	}
	if len(data) > maxFile {
		return nil, errors.New(tooLarge)
	}
	return data, err
}

// report keeps a row of a report that agrees with itself and with a known lab.
func (r *Reader) report(it item, data []byte, report *reports.Report) {
	known, sameID := r.lab(report.Lab)
	switch err := report.Verify(); {
	case err != nil:
		r.refuseItem(it, class.Edited, "it was edited: "+err.Error())
		return
	case known == nil && sameID:
		r.refuseItem(it, class.OtherLab, fmt.Sprintf("it was graded with another version of the lab %s (file %.12s)",
			reports.Clean(report.Lab.ID), report.Lab.SHA256))
		return
	case known == nil:
		r.refuseItem(it, class.OtherLab, fmt.Sprintf("the lab %s is not known", reports.Clean(report.Lab.ID)))
		return
	}
	if err := agrees(report, known); err != nil {
		r.refuseItem(it, class.Edited, "it was edited: "+err.Error())
		return
	}
	from, submitted := sender(it.inside, r.metadata)
	hash := sha256.Sum256(data)
	s := class.Submission{Attempt: Attempt(report), From: from}
	s.File, s.SHA256, s.Submitted = it.shown, hex.EncodeToString(hash[:]), submitted
	s.Changed = len(report.Run.Set) > 0 || !maps.Equal(report.Params, known.Params)
	r.in.Submissions = append(r.in.Submissions, s)
}

// lab finds the lab of a report by its hash; sameID says whether at least its id is known.
func (r *Reader) lab(of reports.Lab) (known *class.Lab, sameID bool) {
	for i := range r.Labs {
		l := &r.Labs[i]
		if l.SHA256 == of.SHA256 && l.ID == of.ID {
			return l, true
		}
		sameID = sameID || l.ID == of.ID
	}
	return nil, sameID
}

// agrees says whether the terms of a report are those of its lab.
func agrees(r *reports.Report, l *class.Lab) error {
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
