//go:build unix

package cmd

import (
	"context"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/standard"
)

// A stranger's repository can hold links, pipes and sockets. These tests go into such a folder, so that they are not
// parallel.

// secret is what stands in the file of the person that nobody may see or change, in a form that no format has.
const secret = "https://me:made-up-token@example.com"

// strangersFolder goes into an empty repository beside the home folder of the person, whose file is returned.
func strangersFolder(t *testing.T) (persons string) {
	t.Helper()
	top := t.TempDir()
	repository, home := filepath.Join(top, "clone"), filepath.Join(top, "home")
	require.NoError(t, os.MkdirAll(filepath.Join(repository, ".git"), 0o700))
	require.NoError(t, os.Mkdir(home, 0o700))
	persons = filepath.Join(home, "credentials")
	require.NoError(t, os.WriteFile(persons, []byte(secret), 0o600))
	t.Chdir(repository)
	return persons
}

// labcheck runs the command, which is interrupted as soon as it serves something.
func labcheck(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if args[0] == "sandbox" {
		cancel()
	}
	env, out, told := inProcess(ctx, args...)
	code = Main(env, standard.Checks()...)
	return code, out.String(), told.String()
}

func requireUnchanged(t *testing.T, persons string) {
	t.Helper()
	data, err := os.ReadFile(persons)
	require.NoError(t, err)
	require.Equal(t, secret, string(data))
	require.Equal(t, []string{"credentials"}, names(t, filepath.Dir(persons)))
}

func requireRegular(t *testing.T, path string) {
	t.Helper()
	info, err := os.Lstat(path)
	require.NoError(t, err)
	require.True(t, info.Mode().IsRegular(), "%s is %s", path, info.Mode())
}

// A link in the place of a file that is written is replaced, and what it leads to stays: however it is named, and
// whether or not it leads anywhere.
func TestLinkInPlaceOfOutput(t *testing.T) {
	persons := strangersFolder(t)
	require.NoError(t, os.Mkdir("sub", 0o700))
	here, err := os.Getwd()
	require.NoError(t, err)
	outputs := map[string][]string{
		"labcheck-fixture.sandbox.md":    {"fixture", "--sandbox"},
		"r.json":                         {"fixture", "--sandbox", "--report", "json=r.json"},
		"j.xml":                          {"fixture", "--sandbox", "--report", "junit=sub/../j.xml"},
		"a.xml":                          {"fixture", "--sandbox", "--report", "junit=" + filepath.Join(here, "a.xml")},
		"facts.json":                     {"fixture", "--sandbox", "--save-facts", "facts.json"},
		".labcheck/fixture.yaml":         {"init", "fixture", "--force"},
		".github/workflows/labcheck.yml": {"init", "fixture", "--force", "--ci", "github"},
		"class.csv":                      {"grade", "--demo", "--report", "csv=class.csv"},
	}
	for _, target := range []string{persons, filepath.Join(filepath.Dir(persons), "nothing")} {
		for output, args := range outputs {
			require.NoError(t, os.MkdirAll(filepath.Dir(output), 0o700))
			_ = os.Remove(output)
			require.NoError(t, os.Symlink(target, output))
			code, _, told := labcheck(t, args...)
			require.Less(t, code, exitUsage, "%s: %s", output, told)
			requireRegular(t, output)
			requireUnchanged(t, persons)
		}
	}
}

// From a folder below the root of the repository, its files are no less protected.
func TestLinkAboveWorkingFolder(t *testing.T) {
	persons := strangersFolder(t)
	require.NoError(t, os.Mkdir("sub", 0o700))
	require.NoError(t, os.Symlink(persons, "r.json"))
	require.NoError(t, os.Symlink(filepath.Dir(persons), "reports"))
	t.Chdir("sub")
	code, _, told := labcheck(t, "fixture", "--sandbox", "--report", "json=../r.json")
	require.Less(t, code, exitUsage, told)
	requireRegular(t, "../r.json")
	code, _, told = labcheck(t, "fixture", "--sandbox", "--report", "json=../reports/r.json")
	require.Equal(t, exitUsage, code, told)
	requireUnchanged(t, persons)
}

// A hard link is another name of the person's file: it is replaced as well.
func TestHardLinkInPlaceOfOutput(t *testing.T) {
	persons := strangersFolder(t)
	require.NoError(t, os.Link(persons, "r.json"))
	code, _, told := labcheck(t, "fixture", "--sandbox", "--report", "json=r.json")
	require.Less(t, code, exitUsage, told)
	requireUnchanged(t, persons)
}

// A folder that is a link leads out of the repository: nothing is written there, and nothing is read from there.
func TestLinkOnTheWay(t *testing.T) {
	persons := strangersFolder(t)
	require.NoError(t, os.Symlink(filepath.Dir(persons), "way"))
	require.NoError(t, os.Symlink(filepath.Dir(persons), ".labcheck"))
	require.NoError(t, os.Symlink(persons, "named.json"))
	for _, args := range [][]string{
		{"fixture", "--sandbox", "--report", "json=way/r.json"},
		{"fixture", "--sandbox", "--save-facts", "way/facts.json"},
		{"init", "fixture", "--force"},
		{"grade", "--demo", "--feedback", "way"},
		{"grade", "--demo", "--feedback", "way/new"},
		{"sandbox", "--state", "way/state.json"},
		{"report", "way/credentials"},
		{"report", "named.json"},
		{"fixture", "--facts", "named.json"},
		{"fixture", "--sandbox", "--baseline", "named.json"},
		{"fixture", "--sandbox", "--waivers", "named.json"},
		{"fixture", "--sandbox=named.json"},
		{"sandbox", "--from", "named.json"},
		{"./named.json", "--sandbox"},
		{"grade", ".", "--roster", "named.json"},
		{"grade", ".", "--overrides", "named.json"},
		{"grade", ".", "--pairs", "named.json"},
		{"grade", "way"},
		{"grade", "named.json"},
		{"list", "--labs", "way"},
	} {
		code, out, told := labcheck(t, args...)
		require.NotZero(t, code, "%v: %s", args, told)
		require.NotContains(t, out+told, "made-up", "%v", args)
		require.Contains(t, out+told, "link", "%v", args)
		requireUnchanged(t, persons)
	}
}

// Who types a full path means what it leads to.
func TestAbsolutePathIsFollowed(t *testing.T) {
	persons := strangersFolder(t)
	elsewhere := filepath.Join(t.TempDir(), "link.json")
	target := filepath.Join(filepath.Dir(persons), "r.json")
	require.NoError(t, os.WriteFile(target, nil, 0o600))
	require.NoError(t, os.Symlink(target, elsewhere))
	code, _, told := labcheck(t, "fixture", "--sandbox=finished", "--report", "json="+elsewhere)
	require.Zero(t, code, told)
	readBack(t, target)
	info, err := os.Lstat(elsewhere)
	require.NoError(t, err)
	require.Equal(t, fs.ModeSymlink, info.Mode().Type())
	code, _, told = labcheck(t, "report", elsewhere)
	require.Zero(t, code, told)
}

// What nobody asked for is read only if it is an ordinary file of the folder, and no message repeats what it holds.
func TestWaiversOfStranger(t *testing.T) {
	persons := strangersFolder(t)
	require.NoError(t, os.Mkdir(".labcheck", 0o700))
	// A key that looks like a name may be repeated; all else may not.
	for _, text := range []string{
		secret, "db.example:5432:app:admin:made-up-password", "//npm.example/:_authToken=made-up-token",
		"machine api.github.com login me password made-up", "token: made-up-token", "- made-up-token", "*made-up-token",
		"&made-up-token a", "!made-up-token a", "%made-up-token", "schema: https://made-up-token", "'made-up-token",
		"{made-up-token: [",
		"schema: labcheck.waivers/v1\nwaivers: made-up-token", "? https://made-up-token\n: a", "'made-up-token 1': a",
		"schema: labcheck.waivers/v1\nwaivers:\n" +
			"- {step: made-up-token!, account: made-up-token, reason: a, who: b, until: made-up-token}",
	} {
		_ = os.Remove(".labcheck/waivers.yaml")
		require.NoError(t, os.WriteFile(persons, []byte(text), 0o600))
		require.NoError(t, os.Symlink(persons, ".labcheck/waivers.yaml"))
		code, out, told := labcheck(t, "fixture", "--sandbox")
		require.Equal(t, exitUsage, code, told)
		require.NotContains(t, out+told, "made-up")

		require.NoError(t, os.Remove(".labcheck/waivers.yaml"))
		require.NoError(t, os.WriteFile(".labcheck/waivers.yaml", []byte(text), 0o600))
		code, out, told = labcheck(t, "fixture", "--sandbox")
		require.Equal(t, exitInvalid, code, told)
		require.NotContains(t, out+told, "made-up", text)
	}
}

// unordinary makes what is no ordinary file in the place of a name.
func unordinary(t *testing.T) map[string]func(name string) {
	t.Helper()
	return map[string]func(string){
		"pipe": func(name string) { require.NoError(t, syscall.Mkfifo(name, 0o600)) },
		"socket": func(name string) {
			l, err := (&net.ListenConfig{}).Listen(context.Background(), "unix", name)
			require.NoError(t, err)
			t.Cleanup(func() { l.Close() })
		},
		"folder": func(name string) { require.NoError(t, os.Mkdir(name, 0o700)) },
		"link to a pipe": func(name string) {
			require.NoError(t, syscall.Mkfifo(name+"-pipe", 0o600))
			require.NoError(t, os.Symlink(filepath.Base(name)+"-pipe", name))
		},
		"link to a device": func(name string) { require.NoError(t, os.Symlink("/dev/zero", name)) },
		"link to itself":   func(name string) { require.NoError(t, os.Symlink(filepath.Base(name), name)) },
	}
}

// Nothing waits for somebody who writes to a pipe, or reads from it, and nothing is read from a device.
func TestUnordinaryFiles(t *testing.T) {
	for kind, create := range unordinary(t) {
		strangersFolder(t)
		require.NoError(t, os.MkdirAll(".labcheck", 0o700))
		create(".labcheck/waivers.yaml")
		code, _, told := labcheck(t, "fixture", "--sandbox", "--report", "json")
		require.Equal(t, exitUsage, code, "%s: %s", kind, told)
		require.NoError(t, os.RemoveAll(".labcheck"))

		require.NoError(t, os.Mkdir("class", 0o700))
		create("class/submission_metadata.yml")
		create("class/report.md")
		create("class/report.json")
		code, _, told = labcheck(t, "grade", "class")
		require.NotZero(t, code, "%s: %s", kind, told)

		require.NoError(t, os.Mkdir("labs", 0o700))
		create("labs/x.yaml")
		code, _, told = labcheck(t, "list", "--labs", "labs")
		require.Zero(t, code, "%s: %s", kind, told)
		if kind != "folder" {
			require.Contains(t, told, "this lab cannot be used", kind)
		}

		create("f")
		for _, args := range [][]string{
			{"report", "f"},
			{"fixture", "--facts", "f"},
			{"fixture", "--sandbox", "--baseline", "f"},
			{"fixture", "--sandbox", "--waivers", "f"},
			{"fixture", "--sandbox=f"},
			{"sandbox", "--from", "f"},
			{"sandbox", "--state", "f"},
			{"./f", "--sandbox"},
			{"./labs/x.yaml", "--sandbox"},
			{"grade", "class", "--roster", "f"},
			{"grade", "class", "--overrides", "f"},
			{"grade", "class", "--pairs", "f"},
			{"grade", "f"},
			{"grade", "class", "--lab", "./f"},
		} {
			code, _, told := labcheck(t, args...)
			require.NotZero(t, code, "%s: %v: %s", kind, args, told)
			require.NotEmpty(t, told, "%s: %v", kind, args)
			require.NotEqual(t, exitInternal, code, "%s: %v: %s", kind, args, told)
		}
		if strings.HasPrefix(kind, "link") {
			continue // it is replaced
		}
		for args, want := range map[[4]string]int{
			{"fixture", "--sandbox", "--report", "json=f"}: exitUsage, // said beforehand
			{"fixture", "--sandbox", "--save-facts", "f"}:  exitUsage,
			{"grade", "--demo", "--report", "csv=f"}:       exitInternal,
		} {
			before, err := os.Lstat("f")
			require.NoError(t, err)
			code, _, told := labcheck(t, args[:]...)
			require.Equal(t, want, code, "%s: %v: %s", kind, args, told)
			after, err := os.Lstat("f")
			require.NoError(t, err)
			require.True(t, os.SameFile(before, after), kind)
		}
	}
}

// A file that says it is huge is refused before it is read.
func TestHugeFiles(t *testing.T) {
	strangersFolder(t)
	require.NoError(t, os.Mkdir(".labcheck", 0o700))
	for _, name := range []string{"huge.json", "huge.yaml", "huge.csv"} {
		require.NoError(t, os.WriteFile(name, nil, 0o600))
		require.NoError(t, os.Truncate(name, 1<<40))
	}
	for _, args := range [][]string{
		{"report", "huge.json"},
		{"fixture", "--facts", "huge.json"},
		{"fixture", "--sandbox", "--baseline", "huge.json"},
		{"fixture", "--sandbox=huge.json"},
		{"sandbox", "--from", "huge.json"},
		{"./huge.yaml", "--sandbox"},
		{"fixture", "--sandbox", "--waivers", "huge.yaml"},
		{"grade", ".", "--roster", "huge.csv"},
	} {
		code, _, told := labcheck(t, args...)
		require.Equal(t, exitInvalid, code, "%v: %s", args, told)
		require.Contains(t, told, "larger than", args)
	}
}

// What a killed run left beside a file is removed by the next run that writes it, and nothing else is.
func TestLeftovers(t *testing.T) {
	strangersFolder(t)
	stay := []string{
		".r.json.short", ".r.json.abcdefghij", ".other.json.ABCDEFGHIJ", "r.json.ABCDEFGHIJ", ".r.json.ABCDEFGHIJ.txt",
		".r.json.FOLDERAAAA",
	}
	for _, name := range append(stay[:len(stay)-1:len(stay)-1], ".r.json.ABCDEFGHIJ", ".r.json.EMPTYAAAAA") {
		require.NoError(t, os.WriteFile(name, []byte(strings.Repeat("x", len(name)%3)), 0o600))
	}
	require.NoError(t, os.Mkdir(".r.json.FOLDERAAAA", 0o700))
	held, err := os.OpenFile(".r.json.HELDAAAAAA", os.O_RDWR|os.O_CREATE, 0o600)
	require.NoError(t, err)
	defer held.Close()
	require.NoError(t, syscall.Flock(int(held.Fd()), syscall.LOCK_EX))

	code, _, told := labcheck(t, "fixture", "--sandbox=finished", "--report", "json=r.json")
	require.Zero(t, code, told)
	require.ElementsMatch(t, append(stay, ".r.json.HELDAAAAAA", ".git", "r.json"), names(t, "."))
}
