// Package submissions reads what a class handed in: files, folders and the zip archives that Canvas, Moodle and
// Gradescope deliver. Everything in them comes from strangers. Only a row is kept of each report, and whatever cannot
// be read is refused with its reason, never dropped.
//
// It reads YAML, which is otherwise for package lab alone: Gradescope says in it who handed what in.
package submissions

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/paths"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
)

// The limits. A report of a real lab has some 100 KiB.
const (
	maxFile    = 32 << 20 // of one report, in bytes
	maxArchive = 8 << 30  // of what an archive unpacks to, in bytes
	maxEntries = 100_000  // of an archive
)

// Reader reads submissions.
type Reader struct {
	// Labs are the labs that reports may be of. Of several versions of one, the first grades.
	Labs []class.Lab
	// Regrade grades a report again from its facts; nil for never. It is asked for reports of another version of a lab
	// than the one that grades, and with RegradeAll for all.
	Regrade    func(r *reports.Report, with *class.Lab) (*reports.Report, error)
	RegradeAll bool
	// Zone is that of the times which platforms write into the names of files; nil where nobody knows it, and then the
	// times are not used.
	Zone *time.Location
	// Replay grades a report again with its own lab, to see whether it follows from its facts; nil for never. Version is
	// that of this labcheck: another one may have graded the same facts otherwise.
	Replay  func(r *reports.Report, with *class.Lab) (*reports.Report, error)
	Version string
	// RequireFacts refuses what does not follow from the facts of an account.
	RequireFacts bool
	// Practised says whether the practice account leaves this trace in a report of an account; nil for nobody knows.
	Practised func(trace, account string) bool
	// Seen is called after each file; nil for none.
	Seen func(files int)

	counting bool // the files are not opened
	in       class.HandedIn
	metadata map[string]gradescopeSender
}

// Read reads files, folders and archives. The error is about a path that does not exist, or the context's own: what is
// wrong with a file that is there is a refusal.
func (r *Reader) Read(ctx context.Context, paths ...string) (class.HandedIn, error) {
	r.in = class.HandedIn{Refused: []class.Refusal{}}
	for _, name := range paths {
		if err := r.path(ctx, name); err != nil {
			return class.HandedIn{}, err
		}
	}
	return r.in, nil
}

// Count counts the files that Read reads, without opening any but the archives. It counts as far as it can: what is
// wrong is for Read to say.
func Count(ctx context.Context, paths ...string) int {
	r := Reader{counting: true}
	_, _ = r.Read(ctx, paths...)
	return r.in.Files
}

func (r *Reader) path(ctx context.Context, name string) error {
	r.metadata = nil
	info, err := os.Stat(name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if info.IsDir() {
		return r.folder(ctx, name)
	}
	r.file(ctx, item{
		shown: filepath.ToSlash(name), inside: filepath.Base(name), mode: info.Mode(), size: info.Size(),
		open: func() (io.ReadCloser, error) { return paths.Open(name) },
	})
	return ctx.Err()
}

// folder reads all that is below a folder, in the order of the names. It never leaves the folder.
func (r *Reader) folder(ctx context.Context, dir string) error {
	root, err := paths.OpenFolder(dir)
	if err != nil {
		return fmt.Errorf("read the folder %s: %w", dir, err)
	}
	defer func() { _ = root.Close() }()
	return r.walk(ctx, paths.Files(root), filepath.ToSlash(dir))
}

// walk reads all files of a file system, which is shown as a folder.
func (r *Reader) walk(ctx context.Context, files fs.FS, dir string) error {
	if f, err := files.Open(metadataName); err == nil {
		r.setMetadata(f)
	}
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		shown := path.Join(dir, name)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			r.refuse(shown, name, class.Unreadable, "it cannot be read: "+withoutPath(err))
			return nil
		}
		if entry.IsDir() {
			if name != "." && passedOver(name) {
				return fs.SkipDir
			}
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			r.refuse(shown, name, class.Unreadable, "it cannot be read: "+withoutPath(err))
			return nil
		}
		r.file(ctx, item{
			shown: shown, inside: name, mode: info.Mode(), size: info.Size(),
			open: func() (io.ReadCloser, error) { return files.Open(name) },
		})
		return ctx.Err()
	})
}

// archive reads a zip archive. Nothing of it is ever written to the disk.
func (r *Reader) archive(ctx context.Context, it item) {
	f, err := it.open()
	if err != nil {
		r.refuseItem(it, class.Unreadable, "it cannot be read: "+withoutPath(err))
		return
	}
	defer func() { _ = f.Close() }()
	from, ok := f.(io.ReaderAt)
	if !ok {
		r.refuseItem(it, class.Unreadable, "an archive cannot be read from here; unpack it first")
		return
	}
	z, err := zip.NewReader(from, it.size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		r.refuseItem(it, class.Unreadable, "it is no zip archive that can be read: "+withoutPath(err))
		return
	}
	if reason := whyBomb(z.File); reason != "" {
		r.refuseItem(it, class.Unreadable, reason)
		return
	}
	handedIn, ofStudent := r.handedInAs(it, z.File)
	if !ofStudent { // else it is a student's, who speaks for nobody
		outer := r.metadata
		defer func() { r.metadata = outer }()
		r.metadata = nil
		if f := metadataOf(z.File); f != nil {
			if from, err := f.Open(); err == nil {
				r.setMetadata(from)
			}
		}
	}
	budget := int64(maxArchive)
	for _, f := range z.File {
		if ctx.Err() != nil {
			return
		}
		if f.FileInfo().IsDir() {
			continue
		}
		entry := item{
			shown: it.shown + "/" + f.Name, inside: f.Name, mode: f.Mode(), open: f.Open, budget: &budget,
			size:     int64(min(f.UncompressedSize64, 1<<62)), //nolint:gosec // bounded
			handedIn: handedIn,
		}
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) || strings.Contains(f.Name, `\`) {
			r.in.Files++
			r.refuseItem(entry, class.Unreadable, "its path leads out of the archive")
			continue
		}
		r.file(ctx, entry)
	}
}

// handedInAs is the path of an archive where it says who handed in what is in it: a platform names the sender there, or
// it lies in a folder, and there is only one file in it. "" where the paths in the archive say it.
func (r *Reader) handedInAs(it item, files []*zip.File) (handedIn string, ofStudent bool) {
	if from, _ := senderOf(it.inside, r.metadata, r.Zone); named(from) {
		return it.inside, true
	}
	var only []string
	for _, f := range files {
		if !f.FileInfo().IsDir() && !passedOver(f.Name) {
			only = append(only, f.Name)
		}
	}
	if len(only) != 1 || !strings.Contains(it.inside, "/") {
		return "", false
	}
	if inner, _ := senderOf(only[0], r.metadata, r.Zone); named(inner) {
		return "", false
	}
	return it.inside, false
}

// whyBomb says what makes an archive one that only wants to be unpacked for ever; "" for an ordinary one.
func whyBomb(files []*zip.File) string {
	if len(files) > maxEntries {
		return fmt.Sprintf("it holds %d files, more than %d", len(files), maxEntries)
	}
	var total uint64
	for _, f := range files {
		if total += min(f.UncompressedSize64, maxArchive+1); total > maxArchive {
			return fmt.Sprintf("it would unpack to more than %d GiB", maxArchive>>30)
		}
	}
	return ""
}

func (r *Reader) setMetadata(f io.ReadCloser) {
	defer func() { _ = f.Close() }()
	if data, err := io.ReadAll(io.LimitReader(f, maxMetadata+1)); err == nil && len(data) <= maxMetadata {
		r.metadata = readMetadata(data)
	}
}

func (r *Reader) refuseItem(it item, kind class.RefusalKind, reason string) {
	r.refuse(it.shown, it.sent(), kind, reason)
}

func (r *Reader) refuse(shown, inside string, kind class.RefusalKind, reason string) {
	from, _ := senderOf(inside, r.metadata, r.Zone)
	r.in.Refused = append(r.in.Refused, class.Refusal{File: shown, Student: from.Who(), Kind: kind, Reason: reason})
}

// passedOver says whether a file or folder is one that a system made, not a student.
func passedOver(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") || part == "__MACOSX" || part == "Thumbs.db" || part == metadataName {
			return true
		}
	}
	return false
}

// withoutPath is an error without the path, which is said already.
func withoutPath(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}
