package workstation

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

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
	// NotIgnored are names of files that usually hold secrets and that git would take in.
	NotIgnored []string `json:"notIgnored"`
}

// KeyHit is one place of one key.
type KeyHit struct {
	Kind KeyKind `json:"kind"`
	// Last4 are the last characters of an access key id, as IAM's console shows them; empty for a secret.
	Last4 string `json:"last4,omitempty"`
	// Path is the file, from the repository's top; empty if the key is in a commit's message.
	Path string `json:"path,omitempty"`
	// Line is where the key is in the tracked file as it is now; 0 if it is no longer there.
	Line int `json:"line,omitempty"`
	// Commit is the short id of the first commit with the key in this file; empty if it is not committed.
	Commit string `json:"commit,omitempty"`
}

// GitKeys scans the tracked files, what is staged, and the whole history of every branch for AWS keys. It runs git and
// nothing else, and writes nothing. A folder that is in no repository was not looked at.
var GitKeys = &facts.Read[GitKey, GitHistory]{
	Name: "workstation.git-keys",
	Fetch: func(ctx context.Context, a *facts.Access, _ GitKey) (GitHistory, error) {
		door, err := facts.Through[*Door](a)
		if err != nil {
			return GitHistory{}, err
		}
		return door.scanGit(ctx, gitLimits{bytes: 512 << 20, time: 20 * time.Second})
	},
}

// gitLimits end a scan that would take too long for a run.
type gitLimits struct {
	bytes int64
	time  time.Duration
}

// maxKeys is how many places of keys are kept: one is enough to fail, and a person fixes one after the other.
const maxKeys = 20

// errScanTime is the cause with which a scan that takes too long is ended.
var errScanTime = errors.New("the scan took too long")

func (d *Door) scanGit(ctx context.Context, limits gitLimits) (GitHistory, error) {
	h, err := d.openRepository(ctx)
	if err != nil {
		return GitHistory{}, err
	}
	scanCtx, stop := context.WithTimeoutCause(ctx, limits.time, errScanTime)
	defer stop()
	scan := &gitScan{door: d, room: limits.bytes, hits: map[foundIn]*KeyHit{}}
	err = scan.run(scanCtx)
	if ctx.Err() != nil {
		return GitHistory{}, context.Cause(ctx)
	}
	h.Commits, h.Files = scan.commits, scan.files
	h.Keys, h.MoreKeys = scan.keys()
	h.Incomplete = whyIncomplete(err, context.Cause(scanCtx), limits)
	h.NotIgnored = d.notIgnored(ctx)
	return h, nil
}

// fatalCode is the exit code with which git refuses to go on.
const fatalCode = 128

// openRepository finds the repository of the current folder.
func (d *Door) openRepository(ctx context.Context) (GitHistory, error) {
	text, err := d.gitText(ctx, "rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--show-toplevel")
	if ctx.Err() != nil {
		return GitHistory{}, context.Cause(ctx)
	}
	var known *facts.Error
	switch {
	case errors.As(err, &known):
		return GitHistory{}, err
	case strings.Contains(stderrOf(err), "dubious ownership"):
		return GitHistory{}, facts.Errorf(facts.NotLooked,
			"the repository's folder belongs to another user, and git does not trust it (safe.directory)")
	case exitCode(err) == fatalCode:
		return GitHistory{}, facts.Errorf(facts.NotLooked, "the current folder is not in a git repository")
	case exitCode(err) > 0: // on a Mac without its developer tools git is a program that says so
		return GitHistory{}, facts.Errorf(facts.NotLooked, "git does not work on this machine")
	case err != nil:
		return GitHistory{}, fmt.Errorf("run git: %w", err)
	}
	lines := strings.Split(text, "\n")
	if len(lines) != 3 || lines[0] != "true" {
		return GitHistory{}, facts.Errorf(facts.NotLooked, "the current folder is not in the work tree of a git repository")
	}
	return GitHistory{Repository: maskedPath(path.Base(lines[2])), Shallow: lines[1] == "true"}, nil
}

// whyIncomplete says why a scan ended early.
func whyIncomplete(err, cause error, limits gitLimits) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(cause, errScanTime):
		return fmt.Sprintf("the scan was ended after %s", limits.time)
	case errors.Is(err, errTooMuch):
		return fmt.Sprintf("the scan was ended after %d MiB", limits.bytes>>20)
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Sprintf("a line is longer than %d MiB", maxLine>>20)
	}
	message, _, _ := strings.Cut(strings.TrimSpace(stderrOf(err)), "\n")
	if message == "" {
		message = err.Error()
	}
	return "git failed: " + maskedPath(message)
}

// gitScan is one scan under way.
type gitScan struct {
	door           *Door
	room           int64
	commits, files int
	hits           map[foundIn]*KeyHit
	order          []*KeyHit
}

// foundIn is a key in a file. It holds the key, and so never leaves this file.
type foundIn struct {
	kind       KeyKind
	text, path string
}

// run scans what is there now before what was there once: that is the more urgent half if the time ends.
func (s *gitScan) run(ctx context.Context) error {
	for _, scan := range []func(context.Context) error{s.trackedFiles, s.staged, s.history} {
		if err := scan(ctx); err != nil {
			return err
		}
	}
	return nil
}

// trackedFiles scans the tracked files as they are now. git grep reads them as they are; git diff would run the filters
// of .gitattributes.
func (s *gitScan) trackedFiles(ctx context.Context) error {
	name := ""
	scan := &keyScanner{found: func(k foundKey) { s.hitOf(k, name).Line = k.line }}
	err := s.door.gitLines(ctx, &s.room, func(record []byte) {
		file, rest, _ := bytes.Cut(record, []byte{0})
		number, text, _ := bytes.Cut(rest, []byte{0})
		if string(file) != name {
			name = string(file)
			s.files++
			scan.reset()
		}
		line, _ := strconv.Atoi(string(number))
		scan.line(text, line, true)
	}, "grep", "--null", "--line-number", "--text", "--full-name", "--no-color", "--no-textconv",
		"--no-recurse-submodules", "-e", "", "--", ":/")
	if exitCode(err) == 1 {
		return nil // no tracked file has a line
	}
	return err
}

// staged scans what the next commit would bring.
func (s *gitScan) staged(ctx context.Context) error {
	return s.patch(ctx, slices.Concat([]string{"diff", "--cached"}, patchFlags())...)
}

// history scans every commit that a branch, a tag or the stash leads to, newest first. A merge shows only the lines
// that none of its parents has; a message is indented by one column: see commitLine.
func (s *gitScan) history(ctx context.Context) error {
	return s.patch(ctx, slices.Concat([]string{"log", "--all", "--cc"}, patchFlags(), []string{
		"--no-notes", "--no-decorate", "--format=" + commitLine + "%h%n%w(0,1,1)%B",
	})...)
}

func (s *gitScan) patch(ctx context.Context, args ...string) error {
	p := &patchReader{}
	p.scan = &keyScanner{found: func(k foundKey) {
		if hit := s.hitOf(k, p.path); p.commit != "" {
			hit.Commit = p.commit // the oldest one comes last
		}
	}}
	err := s.door.gitLines(ctx, &s.room, p.line, args...)
	s.commits += p.commits
	return err
}

// hitOf is the place of a key, a new one if it was not known.
func (s *gitScan) hitOf(k foundKey, file string) *KeyHit {
	id := foundIn{k.kind, k.text, file}
	if s.hits[id] == nil {
		hit := &KeyHit{Kind: k.kind, Path: maskedPath(file)}
		if k.kind == AccessKeyID {
			hit.Last4 = k.text[len(k.text)-4:]
		}
		s.hits[id] = hit
		s.order = append(s.order, hit)
	}
	return s.hits[id]
}

// keys are the first places in the order of their discovery, and how many more there are.
func (s *gitScan) keys() (kept []KeyHit, more int) {
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
	ignored, err := d.gitText(ctx, slices.Concat([]string{"check-ignore", "--no-index", "--"}, secretFiles())...)
	if err != nil && exitCode(err) != 1 {
		return []string{}
	}
	return slices.DeleteFunc(secretFiles(), func(name string) bool {
		return slices.Contains(strings.Split(ignored, "\n"), name)
	})
}
