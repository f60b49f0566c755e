package workstation

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// trackedFile is a file of git's index.
type trackedFile struct {
	mode, id, path string
}

// Modes of what git tracks: a folder of another repository, and the target of a link.
const (
	submoduleMode = "160000"
	linkMode      = "120000"
)

// listFiles lists the tracked files, with what is staged.
func (s *gitScan) listFiles(ctx context.Context) ([]trackedFile, error) {
	var files []trackedFile
	err := s.door.git(ctx, nil, func(out io.Reader) error {
		entries := bufio.NewScanner(out)
		entries.Split(splitAtZero)
		for entries.Scan() {
			head, name, _ := strings.Cut(entries.Text(), "\t")
			words := strings.Fields(head)
			if len(words) != 3 || !isObjectID(words[1]) {
				return errGitAnswer
			}
			if len(files) == s.limits.files {
				return incompletef("the repository has more than %d files", s.limits.files)
			}
			files = append(files, trackedFile{mode: words[0], id: words[1], path: name})
		}
		if errors.Is(entries.Err(), bufio.ErrTooLong) {
			return errGitAnswer
		}
		return entries.Err()
	}, "ls-files", "--stage", "--full-name", "-z", "--", ":/")
	return files, err
}

// errGitAnswer is an answer of git that is not what git gives.
var errGitAnswer = incompletef("git's answer cannot be read: the program git may not be git")

// splitAtZero splits at zero bytes.
func splitAtZero(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// scanFiles scans the tracked files as they are now, and keeps which content they have in the index.
func (s *gitScan) scanFiles(ctx context.Context, tree workTree, files []trackedFile) error {
	for _, f := range files {
		if f.mode == submoduleMode {
			s.closed = append(s.closed, maskedPath(f.path)+" (submodule)")
			continue
		}
		s.files++
		s.tracked[f.id] = append(s.tracked[f.id], f.path)
	}
	if s.door.machine.WorkTree == nil {
		return facts.Errorf(facts.NotLooked, "this run opens no folder")
	}
	return s.door.machine.WorkTree(tree.top, func(folder fs.FS) error {
		seen := ""
		for _, f := range files {
			if f.path == seen || f.mode == submoduleMode || f.mode == linkMode {
				continue // a file that was merged with a conflict stands there three times
			}
			seen = f.path
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := s.scanFile(folder, f.path); err != nil {
				return err
			}
		}
		return nil
	})
}

// scanFile scans a file as it is now. One that is gone, that is no file, or whose name this system cannot have is
// scanned as it was committed or staged.
func (s *gitScan) scanFile(folder fs.FS, name string) error {
	info, err := fs.Lstat(folder, name)
	if err == nil && !info.Mode().IsRegular() {
		return nil
	}
	if err == nil && info.Size() > s.limits.object {
		s.skip("%s is larger than %d MiB", maskedPath(name), s.limits.object>>20)
		return nil
	}
	var data []byte
	if err == nil {
		data, err = readFile(folder, name, s.limits.object)
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		s.skip("%s cannot be read: permission denied", maskedPath(name))
		return nil
	case err != nil:
		return nil //nolint:nilerr // see above
	}
	if what := closedKind(data); what != "" {
		s.closed = append(s.closed, maskedPath(name)+" ("+what+")")
	}
	keyScanner{func(k foundKey) { s.hitOf(k, InFile, name).Line = k.line }}.scan(data, name)
	if s.content != nil {
		s.content(name, true, "", data)
	}
	return s.spend(int64(len(data)))
}

func readFile(folder fs.FS, name string, limit int64) ([]byte, error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

// closedKind says why a file cannot be looked into; "" if it can.
func closedKind(data []byte) string {
	if bytes.HasPrefix(data, []byte("version https://git-lfs.github.com/spec/")) {
		return "Git LFS"
	}
	compressed := []string{
		"\x1f\x8b", "PK\x03\x04", "BZh", "\xfd7zXZ\x00", "\x28\xb5\x2f\xfd", "7z\xbc\xaf\x27\x1c", "Rar!",
	}
	isCompressed := func(magic string) bool { return bytes.HasPrefix(data, []byte(magic)) }
	if slices.ContainsFunc(compressed, isCompressed) {
		return "compressed"
	}
	return ""
}
