package workstation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
)

// GitKey asks about the git repository of the current folder.
type GitKey struct{}

// GitHistory says which AWS keys are in a git repository. It holds no key.
type GitHistory struct {
	// Repository is the name of the repository's folder.
	Repository string `json:"repository"`
	// Commits and Files are how many commits and tracked files were scanned.
	Commits int `json:"commits"`
	Files   int `json:"files"`
	// Keys are where keys were found, at most 20 places; MoreKeys is how many places were left out.
	Keys     []KeyHit `json:"keys"`
	MoreKeys int      `json:"moreKeys,omitempty"`
	// Shallow says that the clone has only the last part of its history.
	Shallow bool `json:"shallow,omitempty"`
	// Incomplete says why not everything was scanned; "" means that everything was.
	Incomplete string `json:"incomplete,omitempty"`
	// Closed are tracked files and folders that cannot be looked into, at most 5, each with what it is: a submodule, a
	// compressed file, a file in Git LFS. MoreClosed is how many were left out.
	Closed     []string `json:"closed,omitempty"`
	MoreClosed int      `json:"moreClosed,omitempty"`
	// NotIgnored are names of files that usually hold secrets and that git would take in.
	NotIgnored []string `json:"notIgnored"`
}

// KeyPlace says in which part of a repository a key is.
type KeyPlace string

// The parts of a repository besides its files.
const (
	InFile    KeyPlace = ""
	InName    KeyPlace = "file name"
	InMessage KeyPlace = "commit message"
	InAuthor  KeyPlace = "commit author"
	InTag     KeyPlace = "tag"
	InRef     KeyPlace = "ref name" // of a branch, a tag or another reference
)

// KeyHit is one place of one key.
type KeyHit struct {
	Kind KeyKind `json:"kind"`
	// Last4 are the last characters of an access key id, as IAM's console shows them; empty for a secret.
	Last4 string `json:"last4,omitempty"`
	// In is the part of the repository.
	In KeyPlace `json:"in,omitempty"`
	// Path is the file, from the repository's top, or the name of the tag or reference; empty for a commit. A key in it
	// is hidden.
	Path string `json:"path,omitempty"`
	// Line is where the key is in the tracked file as it is now; 0 if it is no longer there.
	Line int `json:"line,omitempty"`
	// Commit is the short id of the first commit with the key in this file; empty if it is not committed.
	Commit string `json:"commit,omitempty"`
	// Stashed says that the commit is an entry of the stash, which is on this machine alone.
	Stashed bool `json:"stashed,omitempty"`
}

// GitKeys scans the tracked files, what is staged, and all that every branch, tag and stash entry leads to for AWS
// keys. It runs git and nothing else, and writes nothing. A folder that is in no repository was not looked at.
//
// git gives the objects of the repository as they are stored. Its settings and attributes decide how it shows a change,
// and can hide a part of it; how an object is stored they cannot change. What is shown to people, such as diffs and
// logs, is never asked for.
var GitKeys = &facts.Read[GitKey, GitHistory]{
	Name: "workstation.git-keys",
	Fetch: func(ctx context.Context, a *facts.Access, _ GitKey) (GitHistory, error) {
		door, err := facts.Through[*Door](a)
		if err != nil {
			return GitHistory{}, err
		}
		return door.scanGit(ctx, usualGitLimits())
	},
}

// gitLimits end a scan that would take too long for a run. They count what is read and not how long that takes, so that
// a busy machine gives the same answer as an idle one.
type gitLimits struct {
	commits int
	files   int   // tracked files
	list    int64 // bytes of the list of objects: some 60 for each
	object  int64 // bytes of the largest object and file that are read
	bytes   int64 // bytes of all objects and files together
}

func usualGitLimits() gitLimits {
	return gitLimits{commits: 50_000, files: 100_000, list: 32 << 20, object: 32 << 20, bytes: 1 << 30}
}

const (
	// maxKeys is how many places of keys are kept: one is enough to fail, and a person fixes one after the other.
	maxKeys = 20
	// maxHits is how many places are counted.
	maxHits = 10_000
	// maxClosed is how many files that cannot be looked into are named.
	maxClosed = 5
)

func (d *Door) scanGit(ctx context.Context, limits gitLimits) (GitHistory, error) {
	return d.scanGitWith(ctx, limits, nil)
}

// scanGitWith is scanGit for a content that is looked at in another way too; nil: it is not.
func (d *Door) scanGitWith(
	ctx context.Context, limits gitLimits, content func(name string, now bool, commit string, data []byte),
) (GitHistory, error) {
	tree, err := d.openRepository(ctx)
	if err != nil {
		return GitHistory{}, err
	}
	scan := &gitScan{
		door: d, limits: limits, room: limits.bytes, hits: map[foundIn]*KeyHit{}, tracked: map[string][]string{},
		content: content,
	}
	err = scan.run(ctx, tree)
	if ctx.Err() != nil {
		return GitHistory{}, context.Cause(ctx)
	}
	h := GitHistory{
		Repository: tree.name(), Shallow: tree.shallow, Commits: scan.commits, Files: scan.files,
		Incomplete: cmp.Or(whyIncomplete(err), scan.skipped),
		NotIgnored: d.notIgnored(ctx),
	}
	h.Keys, h.MoreKeys = scan.keys()
	h.Closed = scan.closed[:min(len(scan.closed), maxClosed)]
	h.MoreClosed = len(scan.closed) - len(h.Closed)
	return h, nil
}

// incompleteError ends a scan and is what a person is told of it.
type incompleteError string

func (e incompleteError) Error() string { return string(e) }

func incompletef(format string, args ...any) error {
	return incompleteError(fmt.Sprintf(format, args...))
}

// missingObjects is what a person is told where git lacks a part of what it should have.
const missingObjects = "a part of the history is not in this clone (git fetch --unshallow or a new clone gets it)"

// whyIncomplete says why a scan ended early.
func whyIncomplete(err error) string {
	var incomplete incompleteError
	var known *facts.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &incomplete):
		return string(incomplete)
	case errors.As(err, &known):
		return known.Detail
	}
	if strings.HasPrefix(gitSays(err), "missing ") {
		return missingObjects
	}
	return "git failed: " + cmp.Or(gitSays(err), masked(err.Error()))
}

// gitScan is one scan under way.
type gitScan struct {
	door           *Door
	limits         gitLimits
	room           int64 // bytes that may still be read
	commits, files int
	content        func(name string, now bool, commit string, data []byte) // sees each file as it is now and as it was
	// skipped is why a part was left out, in the words of incompleteError.
	skipped string
	closed  []string
	tracked map[string][]string // paths of the tracked files by the id of their content
	hits    map[foundIn]*KeyHit
	order   []*KeyHit
}

// foundIn is a key in a place. It holds the key, and so never leaves this file.
type foundIn struct {
	kind       KeyKind
	in         KeyPlace
	text, path string
}

// run scans what is there now before what was there once: that is the more urgent half if the scan ends early.
func (s *gitScan) run(ctx context.Context, tree workTree) error {
	files, err := s.listFiles(ctx)
	if err != nil {
		return err
	}
	if err := s.scanFiles(ctx, tree, files); err != nil {
		return err
	}
	return s.scanObjects(ctx)
}

// spend takes bytes from what may be read.
func (s *gitScan) spend(bytes int64) error {
	s.room -= bytes
	if s.room < 0 {
		return incompletef("the scan ends after %d MiB", s.limits.bytes>>20)
	}
	return nil
}

// skip notes that a part is left out while the scan goes on.
func (s *gitScan) skip(format string, args ...any) {
	if s.skipped == "" {
		s.skipped = fmt.Sprintf(format, args...)
	}
}

// hitOf is the place of a key, a new one if it was not known.
func (s *gitScan) hitOf(k foundKey, in KeyPlace, path string) *KeyHit {
	id := foundIn{k.kind, in, k.text, path}
	if hit := s.hits[id]; hit != nil {
		return hit
	}
	hit := &KeyHit{Kind: k.kind, In: in, Path: maskedPath(path)}
	if k.kind == AccessKeyID {
		hit.Last4 = k.text[len(k.text)-4:]
	}
	if len(s.order) < maxHits {
		s.hits[id] = hit
		s.order = append(s.order, hit)
	}
	return hit
}

// keys are the first places and how many more there are: what is in the files as they are, then what is staged, then
// what is in the history.
func (s *gitScan) keys() (kept []KeyHit, more int) {
	rank := func(hit *KeyHit) int {
		switch {
		case hit.Line > 0:
			return 0
		case hit.Commit == "":
			return 1
		}
		return 2
	}
	slices.SortStableFunc(s.order, func(a, b *KeyHit) int { return cmp.Compare(rank(a), rank(b)) })
	kept = []KeyHit{}
	for _, hit := range s.order[:min(len(s.order), maxKeys)] {
		kept = append(kept, *hit)
	}
	return kept, len(s.order) - len(kept)
}

// secretFiles are names under which files with secrets are kept: of dotenv and of Terraform.
func secretFiles() []string {
	return []string{".env", "terraform.tfvars", "terraform.tfstate", ".terraform/terraform.tfstate"}
}

// notIgnored asks git which of the usual files with secrets it would take in. It only serves advice, so a failure gives
// none.
func (d *Door) notIgnored(ctx context.Context) []string {
	if d.ignoresByPipe(ctx) {
		return []string{}
	}
	ignored, err := d.gitText(ctx, slices.Concat([]string{"check-ignore", "--no-index", "--"}, secretFiles())...)
	if err != nil && exitCode(err) != 1 {
		return []string{}
	}
	return slices.DeleteFunc(secretFiles(), func(name string) bool {
		return slices.Contains(strings.Split(ignored, "\n"), name)
	})
}

// ignoresByPipe says whether a list of ignored files is a pipe, as it may be in a stranger's folder: git would wait for
// ever for somebody to write to it.
func (d *Door) ignoresByPipe(ctx context.Context) bool {
	if d.machine.Open == nil {
		return false
	}
	up, _ := d.gitText(ctx, "rev-parse", "--show-cdup") // such as ../../
	setting, _ := d.gitText(ctx, "config", "--type=path", "--get", "core.excludesFile")
	lists := []string{".terraform/.gitignore", up + ".git/info/exclude", setting}
	for folders := strings.Count(up, "../"); folders >= 0; folders-- {
		lists = append(lists, strings.Repeat("../", folders)+".gitignore")
	}
	return slices.ContainsFunc(lists, func(name string) bool {
		if name == "" {
			return false
		}
		f, err := d.machine.Open(name)
		if err == nil {
			f.Close()
		}
		return errors.Is(err, errNotRegular)
	})
}
