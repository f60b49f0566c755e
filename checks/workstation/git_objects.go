package workstation

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"iter"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// stashRef is the reference of the stash. Its earlier entries are in its reflog alone.
const stashRef = "refs/stash"

// scanObjects scans all that the references, the stash and the index lead to: commits, tags, the names in folders, and
// contents. Each is read once, however many commits have it.
func (s *gitScan) scanObjects(ctx context.Context) error {
	refs, err := s.listRefs(ctx)
	if err != nil {
		return err
	}
	var stashed []byte
	if slices.Contains(refs, stashRef) {
		if stashed, err = s.list(ctx, nil, "rev-list", "--walk-reflogs", stashRef); err != nil {
			return err
		}
	}
	list, listErr := s.listObjects(ctx, stashed)
	list = list[:bytes.LastIndexByte(list, '\n')+1]
	if listErr == nil && len(list) == 0 && len(refs) > 0 {
		return incompletef("git lists no commit though there is a %s", maskedPath(refs[0]))
	}
	stash := map[string]bool{}
	for id := range strings.FieldsSeq(string(stashed)) {
		stash[id] = true
	}
	err = s.readObjects(ctx, list, stash)
	s.finishHits(stash)
	switch {
	case listErr != nil:
		return listErr
	case err != nil:
		return err
	case s.commits > s.limits.commits:
		return incompletef("the history has more than %d commits", s.limits.commits)
	}
	return nil
}

// finishHits says of every key what the ids of commits mean for a person.
func (s *gitScan) finishHits(stash map[string]bool) {
	for _, hit := range s.order {
		hit.Stashed = stash[hit.Commit]
		hit.Commit = shortID(hit.Commit)
	}
}

// listRefs lists the names of all references, HEAD among them, and scans them.
func (s *gitScan) listRefs(ctx context.Context) ([]string, error) {
	list, err := s.list(ctx, nil, "show-ref", "--head")
	if exitCode(err) == 1 {
		return nil, nil // there is none
	}
	if err != nil {
		return nil, err
	}
	var refs []string
	for line := range strings.Lines(string(list)) {
		id, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if !isObjectID(id) {
			return nil, errGitAnswer
		}
		refs = append(refs, name)
		keyScanner{func(k foundKey) { s.hitOf(k, InRef, name).Commit = id }}.scan([]byte(name), "")
	}
	return refs, nil
}

// list is an output of a line for each of many things.
func (s *gitScan) list(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	var list bytes.Buffer
	err := s.door.git(ctx, stdin, func(out io.Reader) error {
		n, err := io.Copy(&list, io.LimitReader(out, s.limits.list))
		if err == nil && n == s.limits.list {
			err = incompletef("the repository has more than %d MiB of names of files and commits", s.limits.list>>20)
		}
		return err
	}, args...)
	return list.Bytes(), err
}

// listObjects lists every commit from the oldest to the newest, behind each what it brought: an id, and the path under
// which it was first seen. A content that is too large to be read has a mark.
//
// At the limit of commits the newest are listed, and what they lead to.
func (s *gitScan) listObjects(ctx context.Context, stashed []byte) ([]byte, error) {
	return s.list(ctx, bytes.NewReader(stashed), "rev-list", "--all", "--stdin", "--reverse",
		"--max-count="+strconv.Itoa(s.limits.commits+1), "--objects", "--in-commit-order",
		"--filter=blob:limit="+strconv.FormatInt(s.limits.object+1, 10), "--filter-print-omitted")
}

// listedObject is a line of the list of objects.
type listedObject struct {
	id, path string
	commit   bool
}

// omittedMark stands before the id of a content that is too large.
const omittedMark = "~"

func eachObject(list []byte) iter.Seq[listedObject] {
	return func(yield func(listedObject) bool) {
		for line := range bytes.Lines(list) {
			id, path, hasPath := strings.Cut(strings.TrimSuffix(string(line), "\n"), " ")
			if !yield(listedObject{id, path, !hasPath && !strings.HasPrefix(id, omittedMark)}) {
				return
			}
		}
	}
}

// isObjectID says whether a text is the name of an object, of SHA-1 or SHA-256.
func isObjectID(text string) bool {
	return (len(text) == 40 || len(text) == 64) && strings.Trim(text, "0123456789abcdef") == ""
}

// shortID is how a person is told about a commit.
func shortID(id string) string { return id[:min(len(id), 7)] }

// readObjects asks for every object of the list, and for what is staged, and scans them in that order.
func (s *gitScan) readObjects(ctx context.Context, list []byte, stash map[string]bool) error {
	walk := &objectWalk{gitScan: s, stash: stash}
	staged, tooLarge := maps.Clone(s.tracked), 0
	var ids bytes.Buffer
	for object := range eachObject(list) {
		id, isTooLarge := strings.CutPrefix(object.id, omittedMark)
		if !isObjectID(id) {
			return errGitAnswer
		}
		delete(staged, id)
		if isTooLarge {
			tooLarge++
		} else {
			ids.WriteString(id + "\n")
		}
	}
	notCommitted := slices.SortedFunc(maps.Keys(staged), func(a, b string) int {
		return strings.Compare(staged[a][0], staged[b][0])
	})
	for _, id := range notCommitted {
		ids.WriteString(id + "\n")
	}
	if tooLarge > 0 {
		s.skip("%s in the history larger than %d MiB", countFiles(tooLarge), s.limits.object>>20)
	}
	if ids.Len() == 0 {
		return nil
	}
	return s.door.git(ctx, &ids, func(out io.Reader) error {
		walk.from = bufio.NewReaderSize(out, 1<<16) // as much as a pipe holds
		for object := range eachObject(list) {
			if strings.HasPrefix(object.id, omittedMark) {
				continue
			}
			if object.commit {
				walk.commit = object.id
			}
			if err := walk.next(object); err != nil {
				return err
			}
		}
		walk.commit = ""
		for _, id := range notCommitted {
			if err := walk.next(listedObject{id: id, path: staged[id][0]}); err != nil {
				return err
			}
		}
		return nil
	}, "cat-file", "--batch", "--buffer")
}

func countFiles(n int) string {
	if n == 1 {
		return "one file is"
	}
	return strconv.Itoa(n) + " files are"
}

// objectWalk reads the objects of a repository from the oldest commit to the newest.
type objectWalk struct {
	*gitScan
	from   *bufio.Reader
	buffer []byte
	commit string // that brought the objects which are read now; empty for what is staged
	stash  map[string]bool
}

// next reads and scans one object. git gives them in the order in which they were asked for.
func (w *objectWalk) next(object listedObject) error {
	kind, content, err := w.read(object.id)
	if err != nil || content == nil {
		return err
	}
	switch kind {
	case "commit":
		w.commits++
		w.scanCommit(object.id, content)
	case "tag":
		w.scanTag(content, object.path)
	case "tree":
		w.scanTree(content, len(object.id)/2, object.path)
	case "blob":
		w.scanBlob(object, content)
	default:
		return errGitAnswer
	}
	return nil
}

// read reads the answer about one object: its id, its type, its size, and on further lines its content. The content is
// nil if it is too large, and belongs to the walk until the next one is read.
func (w *objectWalk) read(id string) (kind string, content []byte, err error) {
	head, err := w.from.ReadString('\n')
	if err != nil {
		return "", nil, err
	}
	words := strings.Fields(head)
	if len(words) == 2 && words[0] == id && words[1] == "missing" {
		return "", nil, incompleteError(missingObjects)
	}
	if len(words) != 3 || words[0] != id {
		return "", nil, errGitAnswer
	}
	size, err := strconv.ParseInt(words[2], 10, 64)
	if err != nil || size < 0 {
		return "", nil, errGitAnswer
	}
	if err := w.spend(size); err != nil {
		return "", nil, err
	}
	if size > w.limits.object {
		w.skip("an object of the repository is larger than %d MiB", w.limits.object>>20)
		_, err := io.CopyN(io.Discard, w.from, size+1)
		return "", nil, err
	}
	if int64(cap(w.buffer)) < size+1 {
		w.buffer = make([]byte, size+size/2+1)
	}
	content = w.buffer[:size+1]
	if _, err := io.ReadFull(w.from, content); err != nil {
		return "", nil, err
	}
	return words[1], content[:size], nil
}

// scanBlob scans the content of a file under each name that it has now, or else under its first one.
func (w *objectWalk) scanBlob(object listedObject, content []byte) {
	paths := w.tracked[object.id]
	if len(paths) == 0 {
		paths = []string{object.path}
	}
	keyScanner{func(k foundKey) {
		for _, path := range paths {
			w.hit(k, InFile, path)
		}
	}}.scan(content, paths[0])
	if w.content != nil {
		for _, path := range paths {
			w.content(path, false, w.commit, content)
		}
	}
}

// hit keeps the first commit with a key in a place.
func (w *objectWalk) hit(k foundKey, in KeyPlace, path string) {
	hit := w.hitOf(k, in, path)
	if hit.Commit == "" {
		hit.Commit = w.commit
	}
}

// scanTree scans the names in a folder.
func (w *objectWalk) scanTree(content []byte, idLength int, folder string) {
	if plain, _ := keyMarks.in(content); !plain {
		return
	}
	for len(content) > 0 {
		mode, rest, _ := bytes.Cut(content, []byte{0})
		_, name, _ := bytes.Cut(mode, []byte{' '})
		keyScanner{func(k foundKey) { w.hit(k, InName, path.Join(folder, string(name))) }}.scan(name, "")
		content = rest[min(idLength, len(rest)):]
	}
}

// ebcdic is an encoding of messages in which no letter is where ASCII has it. All of its kind have them at one place.
var ebcdic = onUse(`(?i)^(?:IBM|CP|EBCDIC)`)

// scanCommit scans the people and the message of a commit, in whatever encoding they are. An entry of the stash has
// commits of its own for what was staged and for what was not tracked.
func (w *objectWalk) scanCommit(id string, content []byte) {
	head, message, _ := bytes.Cut(content, []byte("\n\n"))
	var people, rest []byte
	parents := 0
	for line := range bytes.Lines(head) {
		switch name, value, _ := bytes.Cut(line, []byte{' '}); string(name) {
		case "tree":
		case "parent":
			parents++
			if w.stash[id] && parents > 1 {
				w.stash[string(bytes.TrimSpace(value))] = true
			}
		case "author", "committer":
			people = append(people, line...)
		default:
			if string(name) == "encoding" && ebcdic().Match(value) {
				message, _ = charmap.CodePage037.NewDecoder().Bytes(message) // it takes every byte
			}
			rest = append(rest, line...)
		}
	}
	keyScanner{func(k foundKey) { w.hit(k, InAuthor, "") }}.scan(people, "")
	rest = append(append(rest, '\n'), message...)
	keyScanner{func(k foundKey) { w.hit(k, InMessage, "") }}.scan(rest, "")
}

func (w *objectWalk) scanTag(content []byte, name string) {
	keyScanner{func(k foundKey) { w.hit(k, InTag, name) }}.scan(content, "")
}
