package cmd

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4" //nolint:depguard // these are the files of pipelines, no labs

	"github.com/labcheck/labcheck/reports"
)

// The pipelines' shell steps run here as a runner runs them: the same scripts, the same environment and files. Only
// the download is another one: from a folder.

// fakeProgram stands for labcheck in these tests: it says how it was called, writes the reports that were asked for,
// and exits as it is told.
const fakeProgram = `#!/bin/sh
for arg in "$@"; do
  printf '<%s>' "$arg"
  case "$arg" in *=labcheck-reports/*) echo '::error::a name' > "${arg#*=}" ;; esac
done
echo
exit "$FAKE_CODE"
`

// runner is a fake of the machine on which a pipeline runs.
type runner struct {
	t       *testing.T
	folder  string
	environ []string
}

// newRunner makes a runner whose curl and wget find this release only.
func newRunner(t *testing.T, archive string) *runner {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the runner's shell is not on every Windows")
	}
	r := &runner{t: t, folder: t.TempDir()}
	release := filepath.Join(r.folder, "release")
	bin := filepath.Join(r.folder, "bin")
	for _, folder := range []string{release, bin, filepath.Join(r.folder, "work"), filepath.Join(r.folder, "temp")} {
		require.NoError(t, os.Mkdir(folder, 0o755))
	}
	sum := pack(t, filepath.Join(release, archive))
	checksums := fmt.Sprintf("%s  other.tar.gz\n%s  %s\n", strings.Repeat("0", 64), sum, archive)
	r.write("release/checksums.txt", checksums, 0o644)
	// The last argument is the address, and the one after -O or --output is the file.
	fetch := `#!/bin/sh
for arg in "$@"; do case "$last" in -O|--output) out=$arg ;; esac; last=$arg; done
case "$last" in
  https://github.com/labcheck/labcheck/releases/download/v0.1.0/*) cp "` + release + `/${last##*/}" "$out" ;;
  *) exit 22 ;;
esac
`
	r.write("bin/curl", fetch, 0o755)
	r.write("bin/wget", fetch, 0o755)
	r.environ = []string{
		"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + r.folder, "TMPDIR=" + filepath.Join(r.folder, "temp"),
	}
	return r
}

func (r *runner) path(name string) string { return filepath.Join(r.folder, name) }

func (r *runner) write(name, text string, mode os.FileMode) {
	r.t.Helper()
	require.NoError(r.t, os.WriteFile(r.path(name), []byte(text), mode))
}

func (r *runner) read(name string) string {
	r.t.Helper()
	data, err := os.ReadFile(r.path(name))
	require.NoError(r.t, err)
	return string(data)
}

// run runs a script and returns what it printed and its exit code.
func (r *runner) run(shell []string, script string, environ ...string) (string, int) {
	r.t.Helper()
	c := exec.Command(shell[0], append(shell[1:], script)...)
	c.Dir = r.path("work")
	c.Env = append(append([]string{}, r.environ...), environ...)
	out, err := c.CombinedOutput()
	if c.ProcessState == nil {
		require.NoError(r.t, err)
	}
	return string(out), c.ProcessState.ExitCode()
}

// pack writes an archive with the fake program, as a release has it, and returns its checksum.
func pack(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Create(path)
	require.NoError(t, err)
	zipped := gzip.NewWriter(f)
	archive := tar.NewWriter(zipped)
	require.NoError(t, archive.WriteHeader(&tar.Header{Name: "labcheck", Mode: 0o755, Size: int64(len(fakeProgram))}))
	_, err = archive.Write([]byte(fakeProgram))
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	require.NoError(t, zipped.Close())
	require.NoError(t, f.Close())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func decodeYAML(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(data, into), path)
}

// action is the part of an action.yml that is looked at here.
type action struct {
	Inputs  map[string]struct{ Default string }
	Outputs map[string]struct{ Value string }
	Runs    struct {
		Using string
		Steps []struct {
			ID, If, Uses, Run string
			Env, With         map[string]string
		}
	}
}

func theAction(t *testing.T) (a action, scripts map[string]string) {
	t.Helper()
	decodeYAML(t, "../.github/actions/labcheck/action.yml", &a)
	scripts = map[string]string{}
	for _, step := range a.Runs.Steps {
		if step.Run != "" {
			require.NotContains(t, step.Run, "${{",
				"what a stranger chose comes by the environment, never into the script")
			scripts[step.ID] = step.Run
		}
	}
	return a, scripts
}

// bash is how GitHub's runner starts the shell bash.
var bash = []string{"bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"}

func TestActionInstallsWhatHasTheChecksum(t *testing.T) {
	_, scripts := theAction(t)
	install := func(environ ...string) (r *runner, out string, code int) {
		r = newRunner(t, "labcheck_0.1.0_linux_amd64.tar.gz")
		out, code = r.run(bash, scripts["install"], append([]string{
			"VERSION=0.1.0", "SHA256=", "RUNNER_OS=Linux", "RUNNER_ARCH=X64", "RUNNER_TEMP=" + r.path("temp"),
			"GITHUB_PATH=" + r.path("path"),
		}, environ...)...)
		return r, out, code
	}
	r, out, code := install()
	require.Zero(t, code, out)
	require.Equal(t, r.path("temp/labcheck/bin")+"\n", r.read("path"))
	require.FileExists(t, r.path("temp/labcheck/bin/labcheck"))

	for name, environ := range map[string]string{
		"another checksum":     "SHA256=" + strings.Repeat("a", 64),
		"a release without it": "RUNNER_ARCH=ARM64",
		"no such release":      "VERSION=9.9.9",
		"a system without any": "RUNNER_OS=Plan9",
		"a processor without":  "RUNNER_ARCH=X86",
	} {
		t.Run(name, func(t *testing.T) {
			r, out, code := install(environ)
			require.NotZero(t, code, out)
			require.NoFileExists(t, r.path("path"), "nothing is put on the path")
		})
	}
}

func TestActionGrades(t *testing.T) {
	a, scripts := theAction(t)
	for _, code := range []string{"0", "1", "3", "77"} {
		r := newRunner(t, "labcheck_0.1.0_linux_amd64.tar.gz")
		r.write("bin/labcheck", fakeProgram, 0o755)
		require.NoError(t, os.Mkdir(r.path("work/labcheck-reports"), 0o755))
		out, got := r.run(bash, scripts["grade"], "LAB=.labcheck/my lab.yaml", "ARGS=--fail-under 90",
			"REPORTS=labcheck-reports", "FAKE_CODE="+code)
		require.Equal(t, code, fmt.Sprint(got), "the gate decides, after everything is written")
		require.Contains(t, out, "<.labcheck/my lab.yaml><--quiet><--no-workstation><--report><github>")
		require.Contains(t, out, "<--fail-under><90>\n", "what the caller typed comes last and wins")
		require.FileExists(t, r.path("work/labcheck-reports/report.sarif"))
		require.Regexp(t, `(?m)^::stop-commands::([0-9a-f]{32})\n::error::a name\n::[0-9a-f]{32}::\n`, out)
		requireFormats(t, out)
	}
	for _, step := range a.Runs.Steps {
		if strings.Contains(step.Uses, "upload-") {
			require.Contains(t, step.If, "always()", "the reports are wanted most when the gate fails")
		}
	}
	require.Equal(t, version, a.Inputs["version"].Default)
	for name := range a.Outputs {
		require.Equal(t, "${{ steps.grade.outputs."+name+" }}", a.Outputs[name].Value)
		require.Contains(t, githubOutputs(t), name+"<<")
	}
}

// Two artifacts of a run cannot have one name: two jobs of a matrix and two labs of a job have two.
func TestActionNamesTheArtifact(t *testing.T) {
	_, scripts := theAction(t)
	seen := map[string]bool{}
	for _, c := range []struct{ name, lab, job, index, matrix, want string }{
		{"", "course-1.2", "grade", "", "", "labcheck-grade-course-1.2"},
		{"", ".labcheck/course-1.2.yaml", "grade", "0", "eu-west-1", "labcheck-grade-0-eu-west-1-course-1.2"},
		{"", "course-1.2", "grade", "1", "eu-west-1", "labcheck-grade-1-eu-west-1-course-1.2"},
		{"", "other", "grade", "1", "eu-west-1", "labcheck-grade-1-eu-west-1-other"},
		{"", "a", "g", "2", "arn:aws:iam::1:role/x-/\n* y", "labcheck-g-2-arn-aws-iam--1-role-x-----y-a"},
		{"", "a", "g", "3", strings.Repeat("m", 300), "labcheck-g-3-" + strings.Repeat("m", 187)},
		{"mine", "a", "g", "4", "x", "mine"},
	} {
		r := newRunner(t, "labcheck_0.1.0_linux_amd64.tar.gz")
		require.NoError(t, os.Mkdir(r.path("temp/labcheck"), 0o755))
		out, code := r.run(bash, scripts["reports"], "NAME="+c.name, "LAB="+c.lab, "JOB="+c.job, "INDEX="+c.index,
			"MATRIX="+c.matrix, "RUNNER_TEMP="+r.path("temp"), "GITHUB_OUTPUT="+r.path("outputs"))
		require.Zero(t, code, out)
		require.Regexp(t, "^name<<([0-9a-f]{32})\n"+regexp.QuoteMeta(c.want)+"\n[0-9a-f]{32}\nfolder=(.+)\n$",
			r.read("outputs"))
		require.False(t, seen[c.want], c.want)
		seen[c.want] = true
		_, folder, _ := strings.Cut(strings.TrimSpace(r.read("outputs")), "folder=")
		require.DirExists(t, folder)
		require.Equal(t, r.path("temp/labcheck"), filepath.Dir(folder), "outside of the repository")
	}
}

// pipelineFiles are the files of pipelines that name actions.
func pipelineFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"../.github/workflows/*.yml", "../.github/actions/*/action.yml", "starter/*.yml"} {
		found, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, found, pattern)
		files = append(files, found...)
	}
	return files
}

// Every action is pinned to a commit, with its tag beside it, and everywhere to the same one. Ours is pinned by init.
func TestActionsArePinned(t *testing.T) {
	uses := regexp.MustCompile(`(?m)^.*\buses: *(.*)$`)
	pinned := regexp.MustCompile(`^([a-z-]+/[a-z-]+)(/[a-z-]+)?@([0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+)$`)
	pins := map[string]string{}
	for _, file := range pipelineFiles(t) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range uses.FindAllStringSubmatch(string(data), -1) {
			if m[1] == "labcheck/labcheck/.github/actions/labcheck@v"+version {
				continue
			}
			pin := pinned.FindStringSubmatch(m[1])
			require.NotNil(t, pin, "%s: %s", file, m[1])
			before, ok := pins[pin[1]]
			require.True(t, !ok || before == pin[3], "%s: %s is pinned to %s elsewhere", file, m[1], before)
			pins[pin[1]] = pin[3]
		}
	}
	require.GreaterOrEqual(t, len(pins), 6)
}

// No token stays in the folder that a workflow checks out, and no job has more rights than it names.
func TestWorkflowsHaveTheLeastRights(t *testing.T) {
	allowed := map[string]string{"contents": "read", "id-token": "write"}
	for _, file := range []string{"../.github/workflows/ci.yml", "starter/github.yml"} {
		var w struct {
			Permissions map[string]string
			Jobs        map[string]struct {
				Permissions map[string]string
				Steps       []struct {
					Uses string
					With map[string]string
				}
			}
		}
		decodeYAML(t, file, &w)
		require.NotNil(t, w.Permissions, "%s: without this line a job has the rights that the repository gives", file)
		for _, job := range w.Jobs {
			rights := maps.Clone(w.Permissions)
			maps.Copy(rights, job.Permissions)
			for right, level := range rights {
				require.Equal(t, allowed[right], level, "%s: %s", file, right)
			}
			for _, step := range job.Steps {
				if strings.HasPrefix(step.Uses, "actions/checkout@") {
					require.Equal(t, "false", step.With["persist-credentials"], file)
				}
			}
		}
	}
}

// githubOutputs are the outputs that the program writes.
func githubOutputs(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "outputs")
	format, _ := formats().Lookup("github")
	a := newApp(Env{Environ: []string{"GITHUB_OUTPUT=" + path}}, nil)
	require.NoError(t, a.addJobOutputs([]output{{format: format}}, targetResult{report: &reports.Report{}}))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

// requireFormats checks that the formats in a printed command line are there.
func requireFormats(t *testing.T, printed string) {
	t.Helper()
	parts := strings.Split(printed, "<--report><")[1:]
	require.NotEmpty(t, parts)
	for _, part := range parts {
		name, _, _ := strings.Cut(part, ">")
		name, _, _ = strings.Cut(name, "=")
		_, ok := formats().Lookup(name)
		require.True(t, ok, "there is no format %s", name)
	}
}

// template is the part of GitLab's job that is looked at here.
type template struct {
	Image        string
	BeforeScript []string `yaml:"before_script"`
	Script       []string
	Variables    map[string]string
	Artifacts    struct {
		Name    string
		When    string
		Reports map[string]string
	}
}

func theTemplate(t *testing.T) template {
	t.Helper()
	var templates map[string]template
	decodeYAML(t, "../.gitlab/labcheck.yml", &templates)
	return templates[".labcheck"]
}

// gitlabScript is what GitLab's runner puts together.
func gitlabScript(job template) string {
	return strings.Join(append(slices.Clone(job.BeforeScript), job.Script...), "\n")
}

func TestGitLabTemplate(t *testing.T) {
	job := theTemplate(t)
	require.Equal(t, version, job.Variables["LABCHECK_VERSION"])
	require.Regexp(t, `^alpine:\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$`, job.Image)
	require.Equal(t, "always", job.Artifacts.When)
	require.Equal(t, "$LABCHECK_ARTIFACT", job.Artifacts.Name)
	require.Equal(t, "labcheck-$CI_JOB_NAME_SLUG", job.Variables["LABCHECK_ARTIFACT"])
	processor := map[string]string{"amd64": "amd64", "arm64": "arm64"}[runtime.GOARCH]
	archive := "labcheck_0.1.0_linux_" + processor + ".tar.gz"
	script := gitlabScript(job)
	run := func(environ ...string) (*runner, string, int) {
		r := newRunner(t, archive)
		out, code := r.run([]string{"sh", "-c"}, script, append([]string{
			"LABCHECK_VERSION=0.1.0", "LABCHECK_SHA256=", "LABCHECK_ARGS=--fail-under 90 --only *",
			"LABCHECK_LAB=.labcheck/lab.yaml",
			"LABCHECK_ID_TOKEN=token", "LABCHECK_ROLE_ARN=arn:aws:iam::123456789012:role/labcheck", "FAKE_CODE=1",
		}, environ...)...)
		return r, out, code
	}
	r, out, code := run()
	require.Equal(t, 1, code, out)
	require.Contains(t, out, "<.labcheck/lab.yaml><--no-workstation><--report><table>")
	require.Contains(t, out, "<--fail-under><90><--only><*>\n")
	requireFormats(t, out)
	for _, report := range job.Artifacts.Reports {
		files, err := filepath.Glob(r.path("work/" + report))
		require.NoError(t, err)
		require.Len(t, files, 1, report)
	}
	tokens, err := filepath.Glob(r.path("temp/*/token"))
	require.NoError(t, err)
	require.Len(t, tokens, 1)

	_, out, code = run("LABCHECK_SHA256=" + strings.Repeat("a", 64))
	require.Equal(t, 1, code)
	require.Contains(t, out, "nothing was run")
	require.NotContains(t, out, "<--report>")
}

// TestStartersNameThisVersion: the workflows that init writes use the templates of this version.
func TestStartersNameThisVersion(t *testing.T) {
	for _, p := range pipelines() {
		data, err := starters.ReadFile("starter/" + p.name + ".yml")
		require.NoError(t, err)
		var decoded map[string]any
		require.NoError(t, yaml.Unmarshal(data, &decoded))
		require.Contains(t, string(data), "v"+version)
		require.Contains(t, string(data), ".labcheck/LAB_ID.yaml")
	}
}

// A pipeline runs no program of a pull request's: Terraform would start the providers that it brings.
func TestPipelinesRunNoTerraform(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"starter", "../.gitlab", "../.github"} {
		require.NoError(t, filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := os.ReadFile(name)
			require.NotContains(t, string(text), "run-terraform", name)
			return err
		}))
	}
}

// GitLab refuses a template that is not the one of this version.
func TestStarterHasTheChecksumOfTheTemplate(t *testing.T) {
	template, err := os.ReadFile("../.gitlab/labcheck.yml")
	require.NoError(t, err)
	starter, err := starters.ReadFile("starter/gitlab.yml")
	require.NoError(t, err)
	sum := sha256.Sum256(template)
	require.Contains(t, string(starter), "    integrity: sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"\n")
}

// The binary of a release, and no other, knows the commit of its action.
func TestReleasePinsItsAction(t *testing.T) {
	const tag = "uses: labcheck/labcheck/.github/actions/labcheck@v" + version
	commit := strings.Repeat("a", 40)
	info := func(version, modified, revision string) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version}, Settings: []debug.BuildSetting{
			{Key: "vcs.modified", Value: modified}, {Key: "vcs.revision", Value: revision},
		}}
	}
	require.Equal(t, "uses: labcheck/labcheck/.github/actions/labcheck@"+commit+" # v"+version+"\n",
		string(pinRelease([]byte(tag+"\n"), info("v"+version, "false", commit))))
	for _, other := range []*debug.BuildInfo{
		info("v"+version, "true", commit), info("v"+version+"-0.20261130-aaa", "false", commit),
		info("v"+version, "false", ""), info("(devel)", "false", commit),
		{Main: debug.Module{Version: "v" + version}},
	} {
		require.Equal(t, tag, string(pinRelease([]byte(tag), other)))
	}
	workflow, err := starters.ReadFile("starter/github.yml")
	require.NoError(t, err)
	require.Contains(t, string(workflow), tag+"\n")
}

// TestReleaseIsWhatThePipelinesDownload: the archive and the checksums have the names that the scripts ask for.
func TestReleaseIsWhatThePipelinesDownload(t *testing.T) {
	var release struct {
		Builds []struct {
			Binary       string
			GOOS, GOARCH []string
		}
		Archives []struct {
			Formats      []string
			NameTemplate string `yaml:"name_template"`
		}
		Checksum struct {
			NameTemplate string `yaml:"name_template"`
		}
	}
	decodeYAML(t, "../.goreleaser.yaml", &release)
	require.Equal(t, "labcheck", release.Builds[0].Binary)
	require.Equal(t, []string{"linux", "darwin", "windows"}, release.Builds[0].GOOS)
	require.Equal(t, []string{"amd64", "arm64"}, release.Builds[0].GOARCH)
	require.Equal(t, []string{"tar.gz"}, release.Archives[0].Formats)
	require.Equal(t, "{{ .ProjectName }}_{{ .Version }}_{{ .Os }}_{{ .Arch }}", release.Archives[0].NameTemplate)
	require.Equal(t, "checksums.txt", release.Checksum.NameTemplate)
	_, scripts := theAction(t)
	require.Contains(t, scripts["install"], "labcheck_${VERSION}_${os}_${arch}.tar.gz")
}
