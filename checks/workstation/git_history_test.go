package workstation_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/checks/workstation"
)

// repository is a real git repository in a temporary folder.
type repository struct {
	t      *testing.T
	folder string
	env    []string
}

func newRepository(t *testing.T) repository {
	t.Helper()
	r := repository{t: t, folder: filepath.Join(t.TempDir(), "app")}
	require.NoError(t, os.Mkdir(r.folder, 0o700))
	r.env = append(
		os.Environ(),
		"HOME="+t.TempDir(),
		"XDG_CONFIG_HOME=",
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_AUTHOR_NAME=a",
		"GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=a",
		"GIT_COMMITTER_EMAIL=a@example.com",
		"GIT_DIR=",
		"GIT_WORK_TREE=",
	)
	r.git("init", "-q", "-b", "main")
	return r
}

func (r repository) git(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = r.folder, r.cleanEnv()
	out, err := cmd.CombinedOutput()
	require.NoError(r.t, err, string(out))
	return strings.TrimSpace(string(out))
}

// cleanEnv has no empty GIT_DIR, which git takes for a folder.
func (r repository) cleanEnv() []string {
	var kept []string
	for _, pair := range r.env {
		if !strings.HasPrefix(pair, "GIT_DIR=") && !strings.HasPrefix(pair, "GIT_WORK_TREE=") {
			kept = append(kept, pair)
		}
	}
	return kept
}

func (r repository) write(name, text string) {
	r.t.Helper()
	file := filepath.Join(r.folder, filepath.FromSlash(name))
	require.NoError(r.t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(r.t, os.WriteFile(file, []byte(text), 0o600))
}

func (r repository) commit(name, text, message string) {
	r.t.Helper()
	r.write(name, text)
	r.git("add", "-A")
	r.git("commit", "-q", "-m", message)
}

func (r repository) head() string { return r.git("rev-parse", "--short", "HEAD") }

func (r repository) scan() (workstation.GitHistory, error) {
	r.t.Helper()
	return look(
		r.t,
		workstation.GitKeys,
		workstation.GitKey{},
		workstation.Local(workstation.LocalOptions{Environ: r.env, Folder: r.folder}),
	)
}

func (r repository) keys() []workstation.KeyHit {
	r.t.Helper()
	got, err := r.scan()
	require.NoError(r.t, err)
	require.Empty(r.t, got.Incomplete)
	return got.Keys
}

const clean = "name = app\n"

func TestGitCleanRepository(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("main.py", clean, "first")
	r.commit(".gitignore", ".env\n*.tfvars\n", "ignore")
	got, err := r.scan()
	require.NoError(t, err)
	require.Equal(t, workstation.GitHistory{
		Repository: "app", Commits: 2, Files: 2, Keys: []workstation.KeyHit{},
		NotIgnored: []string{"terraform.tfstate", ".terraform/terraform.tfstate"},
	}, got)
}

func TestGitFindsAKeyInATrackedFile(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("deploy/up.sh", "set -e\nexport AWS_ACCESS_KEY_ID="+canaryID+"\n", "deploy")
	require.Equal(t, []workstation.KeyHit{
		{Kind: workstation.AccessKeyID, Last4: "C5D6", Path: "deploy/up.sh", Line: 2, Commit: r.head()},
	}, r.keys())
}

func TestGitFindsTheSecretNearItsName(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("before.txt", canarySecret+"\n\n\nAWS_SECRET_ACCESS_KEY above\n", "x")
	r.commit("after.json", "\"SecretAccessKey\":\n\n\n\""+canarySecret+"\"\n", "x")
	r.commit("far.txt", "aws_secret\n\n\n\n"+canarySecret+"\n", "x")
	var paths []string
	for _, key := range r.keys() {
		require.Equal(t, workstation.SecretAccessKey, key.Kind)
		require.Empty(t, key.Last4, "no part of a secret is kept")
		paths = append(paths, fmt.Sprint(key.Path, ":", key.Line))
	}
	require.Equal(t, []string{"after.json:4", "before.txt:1"}, paths)
}

func TestGitFindsAKeyThatWasRemoved(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("config.py", "id = '"+canaryID+"'\n", "oops")
	added := r.head()
	r.commit("config.py", "id = ''\n", "remove it")
	require.Equal(t, []workstation.KeyHit{
		{Kind: workstation.AccessKeyID, Last4: "C5D6", Path: "config.py", Commit: added},
	}, r.keys())
}

func TestGitFindsAKeyWherever(t *testing.T) {
	t.Parallel()
	for name, hide := range map[string]func(r repository){
		"on another branch": func(r repository) {
			r.git("checkout", "-q", "-b", "side")
			r.commit("k", canaryID, "x")
			r.git("checkout", "-q", "main")
		},
		"in a tag": func(r repository) {
			r.git("checkout", "-q", "--detach")
			r.commit("k", canaryID, "x")
			r.git("tag", "v1")
			r.git("checkout", "-q", "main")
		},
		"in the stash":        func(r repository) { r.write("main.py", canaryID); r.git("stash", "-q") },
		"staged":              func(r repository) { r.write("k", canaryID); r.git("add", "k"); r.write("k", "") },
		"changed, not staged": func(r repository) { r.write("main.py", canaryID) },
		"in a commit's message": func(r repository) {
			r.commit("k", "x", "use "+canaryID+"\n\ndiff --git a/x b/x\n@@@@@@@@@ -1 +1 @@@@@@@@@\n")
		},
		"in a merge alone": func(r repository) {
			r.git("checkout", "-q", "-b", "side")
			r.commit("k", "x", "x")
			r.git("checkout", "-q", "main")
			r.git("merge", "-q", "--no-ff", "--no-commit", "side")
			r.commit("main.py", canaryID, "merge")
			r.commit("main.py", clean, "remove it")
		},
		"in a file that git takes for binary": func(r repository) {
			r.commit(".gitattributes", "* binary\n", "x")
			r.commit("k", "\x00\x01"+canaryID+"\n", "x")
		},
		"in UTF-16, which PowerShell writes": func(r repository) {
			var text strings.Builder
			for _, unit := range utf16.Encode([]rune("\ufeffone\r\n" + canaryID + "\r\n")) {
				text.Write([]byte{byte(unit), byte(unit >> 8)})
			}
			r.commit("k", text.String(), "x")
		},
		"in a file with a strange name": func(r repository) { r.commit("a\tb\n\"ü\" -- c", canaryID, "x") },
		"behind a replacement": func(r repository) {
			r.commit("k", canaryID, "x")
			bad := r.git("rev-parse", "HEAD")
			r.git("rm", "-q", "k")
			r.git("commit", "-q", "--amend", "--allow-empty", "-m", "clean")
			good := r.git("rev-parse", "HEAD")
			r.git("replace", bad, good)
			r.git("update-ref", "refs/heads/main", bad)
		},
		"two on one line": func(r repository) { r.commit("k", canaryID+" "+canaryID, "x") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			r.commit("main.py", clean, "first")
			hide(r)
			keys := r.keys()
			require.NotEmpty(t, keys)
			for _, key := range keys {
				require.Equal(t, workstation.AccessKeyID, key.Kind)
			}
		})
	}
}

func TestGitIsNotFooled(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("README.md", strings.Join([]string{
		"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
		"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"X" + canaryID, canaryID + "7", strings.ToLower(canaryID), "AKIA" + "EXAMPLE018901890",
		canarySecret + "=",
	}, "\n"), "examples")
	r.commit(".github/workflows/ci.yml", strings.Join([]string{
		"- uses: aws-actions/configure-aws-credentials@0123456789abcdef0123456789abcdef01234567",
		"  aws-secret-access-key: ${{ secrets.AWS_SECRET_ACCESS_KEY }}",
		"  path: /home/runner/work/some/path/of/40/charss",
	}, "\n"), "workflow")
	require.Empty(t, r.keys())
}

// A repository can name programs in its configuration. None of them may run.
func TestGitRunsNoProgramOfTheRepository(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("main.py", clean, "first")
	r.commit(".gitattributes", "*.py diff=evil filter=evil\n", "attributes")
	r.write("main.py", "staged\n")
	r.git("add", "main.py")
	trap := filepath.Join(t.TempDir(), "trap")
	evil := "touch " + filepath.ToSlash(trap) + "; false"
	for _, setting := range []string{
		"core.fsmonitor", "core.pager", "pager.log", "pager.diff", "pager.grep", "diff.external", "diff.evil.command",
		"diff.evil.textconv",
		"filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "gpg.program", "core.sshCommand", "core.editor",
	} {
		r.git("config", setting, evil)
	}
	r.git("config", "log.showSignature", "true")
	hook := filepath.Join(r.folder, ".git", "hooks", "post-index-change")
	require.NoError(t, os.WriteFile(hook, []byte("#!/bin/sh\n"+evil+"\n"), 0o700))
	r.write("main.py", "changed = "+canaryID+"\n")
	r.env = append(r.env, "GIT_EXTERNAL_DIFF="+evil, "GIT_PAGER="+evil, "GIT_TRACE="+trap)
	require.Len(t, r.keys(), 1)
	require.NoFileExists(t, trap)
}

func TestGitWritesNothing(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("main.py", clean, "first")
	index := filepath.Join(r.folder, ".git", "index")
	before, err := os.Stat(index)
	require.NoError(t, err)
	r.write("main.py", clean) // the same content at another time: git would like to note it
	require.Empty(t, r.keys())
	after, err := os.Stat(index)
	require.NoError(t, err)
	require.Equal(t, before.ModTime(), after.ModTime())
}

func TestGitLooksFromASubfolder(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("a/x", clean, "x")
	r.commit("top", canaryID, "x")
	r.git("config", "diff.relative", "true")
	r.git("config", "diff.noprefix", "true")
	r.folder = filepath.Join(r.folder, "a")
	keys := r.keys()
	require.Len(t, keys, 1)
	require.Equal(t, "top", keys[0].Path)
	require.NotEmpty(t, keys[0].Commit)
}

func TestGitWhatCannotBeLookedAt(t *testing.T) {
	t.Parallel()
	bare := newRepository(t)
	bare.folder = filepath.Join(bare.folder, ".git")
	outside := newRepository(t)
	outside.folder = t.TempDir()
	for name, r := range map[string]repository{"inside .git": bare, "no repository": outside} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r.t = t
			_, err := r.scan()
			requireReason(t, facts.NotLooked, err)
		})
	}
	for want, command := range map[string]workstation.Command{
		"git is not installed":     notInstalled(),
		"git does not work":        ends(exitError(1)),
		"belongs to another user":  ends(&exec.ExitError{Stderr: []byte("fatal: detected dubious ownership in repository")}),
		"not in a git repository":  ends(exitError(128)),
		"not in the work tree of ": says("false\nfalse\n"),
	} {
		_, err := look(
			t,
			workstation.GitKeys,
			workstation.GitKey{},
			workstation.New(workstation.Options{Command: command}),
		)
		requireReason(t, facts.NotLooked, err)
		require.ErrorContains(t, err, want)
	}
}

func TestGitShallowAndEmptyRepositories(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	got, err := r.scan()
	require.NoError(t, err)
	require.Zero(t, got.Commits+got.Files)

	r.commit("a", clean, "one")
	r.commit("a", clean+clean, "two")
	r.git("clone", "-q", "--depth=1", "file://"+filepath.ToSlash(r.folder), "../shallow")
	r.folder = filepath.Join(filepath.Dir(r.folder), "shallow")
	got, err = r.scan()
	require.NoError(t, err)
	require.True(t, got.Shallow)
	require.Equal(t, 1, got.Commits)
}

// A partial clone lacks files of its history. git would fetch them from the network.
func TestGitPartialCloneIsNotCompleted(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.git("config", "uploadpack.allowFilter", "true")
	r.commit("a", canaryID, "one")
	r.commit("a", clean, "two")
	r.git("clone", "-q", "--filter=blob:none", "file://"+filepath.ToSlash(r.folder), "../partial")
	r.folder = filepath.Join(filepath.Dir(r.folder), "partial")
	got, err := r.scan()
	require.NoError(t, err)
	require.Contains(t, got.Incomplete, "git failed: ")
	require.NotContains(t, got.Incomplete, "hint")
	require.Empty(t, got.Keys)
}

func TestGitKeepsAtMostTwentyPlaces(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	for i := range 23 {
		r.write(fmt.Sprintf("f%02d", i), canaryID)
	}
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "many")
	got, err := r.scan()
	require.NoError(t, err)
	require.Len(t, got.Keys, 20)
	require.Equal(t, 3, got.MoreKeys)
}

// Settings, attributes and what lies over the history decide how git shows a repository, not what is stored in it.
func TestGitIsNotBlinded(t *testing.T) {
	t.Parallel()
	for name, hide := range map[string]func(r repository){
		"the encoding of logs": func(r repository) { r.git("config", "i18n.logOutputEncoding", "UTF-16") },
		"all that shows a change": func(r repository) {
			for _, setting := range []string{
				"diff.noprefix=true", "diff.mnemonicPrefix=true", "color.ui=always", "diff.orderFile=/nonexistent",
				"grep.column=true", "grep.fullName=false", "log.diffMerges=off", "log.follow=true", "diff.ignoreSubmodules=all",
				"core.abbrev=4", "core.bigFileThreshold=1", "core.attributesFile=/nonexistent", "log.date=iso",
			} {
				name, value, _ := strings.Cut(setting, "=")
				r.git("config", name, value)
			}
		},
		"attributes": func(r repository) {
			r.write(".git/info/attributes", "* -diff -text binary filter=none working-tree-encoding=UTF-16\n")
		},
		"a graft": func(r repository) {
			root := r.git("rev-list", "--max-parents=0", "HEAD")
			r.write(".git/info/grafts", r.git("rev-parse", "HEAD")+" "+root+"\n")
		},
		"a replaced commit": func(r repository) {
			r.git("replace", r.git("rev-parse", "HEAD~1"), r.git("rev-list", "--max-parents=0", "HEAD"))
		},
		"a hidden file": func(r repository) { r.git("update-index", "--assume-unchanged", "main.py") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			r.commit("main.py", clean, "first")
			r.commit("k", canaryID, "use "+canaryID)
			r.git("rm", "-q", "k")
			r.git("commit", "-q", "-m", "remove it")
			hide(r)
			keys := r.keys()
			require.Len(t, keys, 2)
			require.Equal(t, workstation.InMessage, keys[0].In)
			require.Equal(t, "k", keys[1].Path)
		})
	}
}

func TestGitFindsAKeyInEveryPart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hide func(r repository)
		want workstation.KeyHit
	}{
		"an author": {func(r repository) {
			r.git("-c", "user.name=x", "commit", "-q", "--allow-empty", "-m", "x", "--author", canaryID+" <a@example.com>")
		}, workstation.KeyHit{In: workstation.InAuthor}},
		"a message in EBCDIC": {func(r repository) {
			message, err := charmap.CodePage037.NewEncoder().String("use " + canaryID)
			require.NoError(r.t, err)
			r.write("../message", message)
			r.git("-c", "i18n.commitEncoding=IBM500", "commit", "-q", "--allow-empty", "-F", "../message")
		}, workstation.KeyHit{In: workstation.InMessage}},
		"a file with a tag of its own": {func(r repository) {
			r.write("k", canaryID)
			r.git("tag", "k", strings.TrimSpace(r.git("hash-object", "-w", "k")))
			require.NoError(r.t, os.Remove(filepath.Join(r.folder, "k")))
		}, workstation.KeyHit{}},
		"the message of a tag": {
			func(r repository) { r.git("tag", "-a", "v1", "-m", canaryID) },
			workstation.KeyHit{In: workstation.InTag, Path: "v1"},
		},
		"the name of a branch": {
			func(r repository) { r.git("branch", "use-"+canaryID) },
			workstation.KeyHit{In: workstation.InRef, Path: "refs/heads/use-(hidden)"},
		},
		"the name of an empty file": {func(r repository) {
			r.commit("empty", "", "x") // the same content was seen under another name
			r.commit("keys/"+canaryID+".txt", "", "x")
		}, workstation.KeyHit{In: workstation.InName, Path: "keys/(hidden).txt"}},
		"an earlier stash entry": {func(r repository) {
			r.write("main.py", canaryID)
			r.git("stash", "-q")
			r.write("main.py", "later")
			r.git("stash", "-q")
		}, workstation.KeyHit{Path: "main.py", Stashed: true}},
		"a file of the stash that is not tracked": {func(r repository) {
			r.write("k", canaryID)
			r.git("stash", "-q", "-u")
		}, workstation.KeyHit{Path: "k", Stashed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			r.commit("main.py", clean, "first")
			c.hide(r)
			keys := r.keys()
			require.Len(t, keys, 1)
			if c.want.In != workstation.InTag {
				require.Len(t, keys[0].Commit, 7)
			}
			c.want.Kind, c.want.Last4, c.want.Commit = workstation.AccessKeyID, "C5D6", keys[0].Commit
			require.Equal(t, c.want, keys[0])
		})
	}
}

// A file that was renamed is not said to be new.
func TestGitKnowsTheCommitOfARenamedFile(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("old.sh", canaryID, "first")
	added := r.head()
	r.git("mv", "old.sh", "new.sh")
	r.git("commit", "-q", "-m", "rename")
	require.Equal(t, []workstation.KeyHit{
		{Kind: workstation.AccessKeyID, Last4: "C5D6", Path: "new.sh", Line: 1, Commit: added},
	}, r.keys())
}

func TestGitSaysWhatItCannotLookInto(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.write("config/x", clean)
	r.write("creds.json.gz", "\x1f\x8bx")
	r.write("big.psd", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
	r.git("init", "-q", "config")
	for _, args := range [][]string{{"add", "x"}, {"commit", "-q", "-m", "x"}} {
		r.git(append([]string{"-C", "config"}, args...)...)
	}
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "x")
	got, err := r.scan()
	require.NoError(t, err)
	require.Equal(t, []string{"config (submodule)", "big.psd (Git LFS)", "creds.json.gz (compressed)"}, got.Closed)
}

// A stranger's repository may name a folder of the person's own as its work tree, or have another repository in it.
func TestGitStaysInTheRepository(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.commit("main.py", clean, "first")
	home := filepath.Dir(r.folder)
	r.git("config", "core.worktree", home)
	got, err := r.scan()
	require.NoError(t, err)
	require.Contains(t, got.Incomplete, "core.worktree")

	bare := newRepository(t)
	bare.git("init", "-q", "--bare", "inner")
	bare.folder = filepath.Join(bare.folder, "inner")
	_, err = bare.scan()
	requireReason(t, facts.NotLooked, err)
	require.ErrorContains(t, err, "not in the work tree")

	link := newRepository(t)
	link.write("../outside/k", canaryID)
	link.commit("dir/k", clean, "first")
	require.NoError(t, os.RemoveAll(filepath.Join(link.folder, "dir")))
	require.NoError(t, os.Symlink("../outside", filepath.Join(link.folder, "dir")))
	require.Empty(t, link.keys(), "a file outside of the repository is not read")
}

// A folder that came as an archive may have pipes where git reads files, and nobody writes to them.
func TestGitWaitsForNoPipe(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("pipes have no place in a folder there")
	}
	r := newRepository(t)
	r.commit("a/k", canaryID, "first")
	r.commit("a/k", clean, "remove it")
	require.NoError(t, os.Remove(filepath.Join(r.folder, "a", "k")))
	folder := filepath.Join(r.folder, "a")
	for _, name := range []string{
		".gitattributes", ".mailmap", "a/k", "a/.gitattributes", ".git/info/attributes", // what is never asked for
		".gitignore", ".git/info/exclude", "a/.gitignore", ".terraform/.gitignore", "global", // each by itself
	} {
		pipe := filepath.Join(r.folder, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(pipe), 0o700))
		require.NoError(t, os.RemoveAll(pipe))
		require.NoError(t, exec.Command("mkfifo", pipe).Run())
		if name == "global" {
			r.git("config", "core.excludesFile", pipe)
		}
		for _, r.folder = range []string{filepath.Dir(folder), folder} {
			require.Len(t, r.keys(), 1, name)
		}
		r.folder = filepath.Dir(folder)
		if strings.Contains(name, "ignore") || strings.Contains(name, "exclude") {
			require.NoError(t, os.Remove(pipe))
		}
	}
}

// A folder of ten equal folders, ten times over, has as many files as nobody can read, and ten objects.
func TestGitReadsATreeBombOnce(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.write("k", canaryID)
	id, kind := r.git("hash-object", "-w", "k"), "100644 blob"
	for range 10 {
		var entries strings.Builder
		for i := range 10 {
			fmt.Fprintf(&entries, "%s %s\tf%d\n", kind, id, i)
		}
		cmd := exec.Command("git", "mktree")
		cmd.Dir, cmd.Env, cmd.Stdin = r.folder, r.cleanEnv(), strings.NewReader(entries.String())
		out, err := cmd.Output()
		require.NoError(t, err)
		id, kind = strings.TrimSpace(string(out)), "040000 tree"
	}
	r.git("update-ref", "refs/heads/main", r.git("commit-tree", "-m", "x", id))
	keys := r.keys()
	require.Len(t, keys, 1)
	require.Equal(t, strings.Repeat("f0/", 9)+"f0", keys[0].Path)
}

// A program that is called git and cannot run is not a fault of labcheck.
func TestGitThatIsNoProgram(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("a program has another form there")
	}
	for _, text := range []string{
		"no program", "#!/nonexistent/sh\n", "#!/bin/sh\nexit 3\n", "#!/bin/sh\necho hello\n", "",
	} {
		folder := t.TempDir()
		git := filepath.Join(folder, "git")
		require.NoError(t, os.WriteFile(git, []byte(text), 0o700))
		command := func(
			ctx context.Context, stdin io.Reader, read func(io.Reader) error, name string, args ...string,
		) error {
			cmd := exec.CommandContext(ctx, git, args...)
			out, err := cmd.Output()
			return errors.Join(read(bytes.NewReader(out)), err)
		}
		_, err := look(
			t,
			workstation.GitKeys,
			workstation.GitKey{},
			workstation.New(workstation.Options{Command: command}),
		)
		requireReason(t, facts.NotLooked, err)
		require.NotContains(t, err.Error(), folder)
	}
}

// repositories is how many are generated: make conformance tries 200.
var repositories = flag.Int("repositories", 24, "how many repositories are generated and scanned")

// In each repository is what was drawn by lot: a key somewhere, or only what looks like one.
func TestGitGeneratedRepositories(t *testing.T) {
	t.Parallel()
	groups := 4 // each runs at the same time as the others
	for group := range groups {
		t.Run(fmt.Sprint(group), func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			for seed := group; seed < *repositories; seed += groups {
				lot := rand.New(rand.NewPCG(uint64(seed), 11))
				fail, stream := generated(lot)
				r.folder = filepath.Join(t.TempDir(), "app")
				require.NoError(t, os.Mkdir(r.folder, 0o700))
				r.git("init", "-q", "-b", "main")
				cmd := exec.Command("git", "fast-import", "--quiet")
				cmd.Dir, cmd.Env, cmd.Stdin = r.folder, r.cleanEnv(), strings.NewReader(stream)
				out, err := cmd.CombinedOutput()
				require.NoError(t, err, string(out))
				got, err := r.scan()
				require.NoError(t, err)
				require.Empty(t, got.Incomplete)
				require.Equal(t, fail, len(got.Keys) > 0, "seed %d: %v\n%s", seed, got.Keys, stream)
			}
		})
	}
}

// generated is a history for git fast-import of some commits on two branches, and whether there is a key in it.
func generated(lot *rand.Rand) (hasKey bool, stream string) {
	letters := func(alphabet string, n int) string {
		text := make([]byte, n)
		for i := range text {
			text[i] = alphabet[lot.IntN(len(alphabet))]
		}
		return string(text)
	}
	const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	good := []string{
		"AKIA" + strings.Repeat(letters(base32, 1), 16), "AKIAIOSFODNN7EXAMPLE",
		"uses: a/b@" + letters("0123456789abcdef", 40),
		"aws_secret_access_key: ${{ secrets.KEY }}", "integrity sha512-" + letters(base64, 86) + "==",
		"token: " + letters(base64, 40), "ASIA" + "PACIFICSOUTHEAST", letters("abcdefghijklmnop ", 60),
	}
	id, secret := "AKIA"+letters(base32, 16), "a1B"+letters(base64, 37)
	keys := []string{
		"key = " + id, "aws_secret_access_key = " + secret, `{"SecretAccessKey": "` + secret + `"}`,
		"AWS_ACCESS_KEY_ID: " + encodedBase64(id), encodedBase64("[default]\naws_secret_access_key = " + secret + "\n"),
	}
	hasKey = lot.IntN(2) == 1
	place := lot.IntN(5)
	at := lot.IntN(6)
	var s strings.Builder
	text := func(t string) { fmt.Fprintf(&s, "data %d\n%s\n", len(t), t) }
	for i := range 6 {
		key := ""
		if hasKey && i == at {
			key = keys[lot.IntN(len(keys))]
		}
		message, author, name, content := "change "+fmt.Sprint(i), "a", fmt.Sprintf("dir/f%d", lot.IntN(3)),
			good[lot.IntN(len(good))]
		switch {
		case key == "":
		case place == 0:
			message += "\n\n" + id
		case place == 1:
			author = id
		case place == 2:
			name = "dir/" + id
		default:
			content += "\n" + key
		}
		fmt.Fprintf(&s, "commit refs/heads/%s\n", []string{"main", "side"}[i%2])
		fmt.Fprintf(
			&s,
			"author %s <a@example.com> %d +0000\ncommitter a <a@example.com> %d +0000\n",
			author,
			1000+i,
			1000+i,
		)
		text(message)
		fmt.Fprintf(&s, "M 100644 inline %s\n", name)
		text(content)
	}
	return hasKey, s.String()
}

func encodedBase64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
