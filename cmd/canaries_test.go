package cmd_test

import (
	"io/fs"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/markdown"
)

// anyCanary finds a canary, also one that was cut short or whose letters were changed.
func anyCanary() *regexp.Regexp {
	return regexp.MustCompile(`(?i)canary|` + regexp.QuoteMeta(dockerAuth()[:16]))
}

// Never a credential, token or secret in a report, a log, an error or a facts file.
func TestLawNoCanary(t *testing.T) {
	t.Parallel()
	planted := plantedHome(t)
	for _, w := range ways(t) {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, w, planted)
			code, printed := m.run("fixture", "--all",
				"--report", "markdown=../out/report.md", "--report", "json=../out/report.json",
				"--save-facts", "../out/facts.json")
			require.Equal(t, w.code, code)
			require.Contains(t, printed, w.says)
			_, narrow := m.run("fixture", "--only", "cli", "--hints", "4")
			_, doctor := m.run("doctor")

			for name, text := range m.outputs() {
				requireNoCanary(t, name, text)
			}
			requireNoCanary(t, "what was printed", printed+narrow+doctor)
		})
	}
}

// plantedHome is a home folder with secrets, a work folder in it that is a git repository, and an empty folder for
// reports.
func plantedHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	for name, text := range plantedFiles() {
		path := filepath.Join(home, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	for _, name := range []string{"out", "tmp"} {
		require.NoError(t, os.Mkdir(filepath.Join(home, name), 0o700))
	}
	for _, args := range [][]string{
		{"init", "--quiet"},
		{"add", "app.py"},
		{
			"-c", "user.name=alice", "-c", "user.email=alice@example.com", "commit", "--quiet", "-m",
			"Add " + canary("message"),
		},
	} {
		git := exec.Command("git", args...)
		git.Dir = filepath.Join(home, "work")
		git.Env = append(os.Environ(), "HOME="+home, "GIT_CONFIG_NOSYSTEM=1")
		out, err := git.CombinedOutput()
		require.NoError(t, err, "%s: %s", git, out)
	}
	return home
}

// machine is a machine with a copy of the planted home folder, on which a run goes one of the ways.
type machine struct {
	t        *testing.T
	way      way
	home     string
	endpoint string
	labs     string
}

func newMachine(t *testing.T, w way, planted string) machine {
	t.Helper()
	labs, err := filepath.Abs("testdata/labs")
	require.NoError(t, err)
	m := machine{t: t, way: w, home: t.TempDir(), labs: labs}
	require.NoError(t, os.CopyFS(m.home, os.DirFS(planted)))
	if w.answers != nil {
		server := httptest.NewServer(w.answers)
		t.Cleanup(server.Close)
		m.endpoint = server.URL
	}
	return m
}

// run runs labcheck in the work folder, with nothing of the real environment but the PATH.
func (m machine) run(args ...string) (code, printed string) {
	m.t.Helper()
	stand := strings.NewReplacer("{endpoint}", m.endpoint, "{home}", m.home).Replace
	for _, arg := range m.way.args {
		args = append(args, stand(arg))
	}
	c := exec.Command("labcheck", args...)
	c.Dir = filepath.Join(m.home, "work")
	c.Env = []string{
		"PATH=" + foldersOf(m.t, "labcheck", "git", "sh"), "LABCHECK_LABS=" + m.labs,
		"HOME=" + m.home, "USERPROFILE=" + m.home, "TMPDIR=" + filepath.Join(m.home, "tmp"),
		"AWS_CONTAINER_AUTHORIZATION_TOKEN=" + canary("container"), "GITHUB_TOKEN=" + canary("github"),
	}
	for _, pair := range m.way.env {
		c.Env = append(c.Env, stand(pair))
	}
	out, err := c.CombinedOutput()
	return codeOfRun(err), string(out)
}

// foldersOf is a PATH with the folders of these programs alone.
func foldersOf(t *testing.T, programs ...string) string {
	t.Helper()
	var folders []string
	for _, name := range programs {
		path, err := exec.LookPath(name)
		if err == nil || name != "sh" { // Windows may have none
			require.NoError(t, err)
			folders = append(folders, filepath.Dir(path))
		}
	}
	return strings.Join(folders, string(filepath.ListSeparator))
}

// outputs are the files that were written, and what is packed in the Markdown.
func (m machine) outputs() map[string]string {
	m.t.Helper()
	written := map[string]string{}
	require.NoError(m.t, filepath.WalkDir(m.home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(m.home, path)
		require.NoError(m.t, err)
		name = filepath.ToSlash(name)
		if _, planted := plantedFiles()[name]; planted || strings.HasPrefix(name, "work/.git/") {
			return nil
		}
		text, err := os.ReadFile(path)
		written[name] = string(text)
		return err
	}))
	for _, name := range []string{"out/report.md", "out/report.json", "out/facts.json"} {
		require.NotEmpty(m.t, written[name], name)
	}
	r, _, err := markdown.Read([]byte(written["out/report.md"]))
	require.NoError(m.t, err)
	packed, err := jsonv1.Marshal(r)
	require.NoError(m.t, err)
	written["the report for programs"] = string(packed)
	return written
}

func requireNoCanary(t *testing.T, name, text string) {
	t.Helper()
	if at := anyCanary().FindStringIndex(text); at != nil {
		t.Errorf("a secret is in %s: …%s…", name, text[max(at[0]-120, 0):min(at[1]+60, len(text))])
	}
}
