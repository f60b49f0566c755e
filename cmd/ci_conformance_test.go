//go:build conformance

package cmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs"
)

// requireNoFinding runs a program that is not ours over files of pipelines.
func requireNoFinding(t *testing.T, program string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(program)
	require.NoError(t, err, "make conformance installs it")
	output, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	require.NoError(t, err, "%s %s\n%s", program, strings.Join(args, " "), output)
}

// requireShell has shellcheck read a script.
func requireShell(t *testing.T, shell, script string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script")
	require.NoError(t, os.WriteFile(file, []byte(script), 0o600))
	requireNoFinding(t, "shellcheck", "--shell", shell, file)
}

// The recipes are valid files of their services, and their scripts have no slip.
func TestConformanceRecipes(t *testing.T) {
	blocks := regexp.MustCompile("(?ms)^```(yaml|sh)\n(.*?)^```$").FindAllStringSubmatch(recipes(t), -1)
	require.Len(t, blocks, 5)
	schemas := map[string][]string{ // by the first line
		"# azure-pipelines.yml":     {"azure-pipelines", "--regex-variant", "nonunicode"},
		"# .buildkite/pipeline.yml": {"buildkite"},
		"# .circleci/config.yml":    {"circle-ci"},
	}
	// Azure's schema knows the tasks of Azure alone, and this one is of an extension.
	extension := regexp.MustCompile(`(?m)^  - task: AWSShellScript@1\n(    .*\n)+`)
	for _, block := range blocks {
		if block[1] == "sh" {
			requireShell(t, "sh", block[2])
			continue
		}
		file := filepath.Join(t.TempDir(), "pipeline.yml")
		require.NoError(t, os.WriteFile(file, []byte(extension.ReplaceAllString(block[2], "")), 0o600))
		first, _, _ := strings.Cut(block[2], "\n")
		schema := schemas[first]
		require.NotEmpty(t, schema, first)
		args := append([]string{"--builtin-schema", "vendor." + schema[0]}, schema[1:]...)
		requireNoFinding(t, "check-jsonschema", append(args, file)...)
	}
}

// TestConformancePipelines has the files of pipelines read by those who know their services: actionlint and zizmor for
// GitHub, the schemas of GitHub, Dependabot and GitLab, and shellcheck for every script in them.
func TestConformancePipelines(t *testing.T) {
	const workflow, action = "../.github/workflows/ci.yml", "../.github/actions/labcheck/action.yml"
	const dependabot, template = "../.github/dependabot.yml", "../.gitlab/labcheck.yml"
	// What init writes, as the binary of a release does: with the commit of its action.
	starter := map[string]string{}
	for _, p := range pipelines() {
		data, err := starters.ReadFile("starter/" + p.name + ".yml")
		require.NoError(t, err)
		text := strings.ReplaceAll(string(data), "LAB_ID", labs.First())
		text = strings.ReplaceAll(text, "/actions/labcheck@v", "/actions/labcheck@"+strings.Repeat("a", 40)+" # v")
		starter[p.name] = filepath.Join(t.TempDir(), p.name+".yml")
		require.NoError(t, os.WriteFile(starter[p.name], []byte(text), 0o600))
	}
	requireNoFinding(t, "actionlint", workflow, starter["github"]) // with shellcheck, which it finds by itself
	requireNoFinding(t, "zizmor", "--offline", "--no-progress", workflow, action, dependabot, starter["github"])
	for schema, files := range map[string][]string{
		"github-workflows": {workflow, starter["github"]},
		"github-actions":   {action},
		"dependabot":       {dependabot},
		"gitlab-ci":        {"--data-transform", "gitlab-ci", template, starter["gitlab"]},
	} {
		requireNoFinding(t, "check-jsonschema", append([]string{"--builtin-schema", "vendor." + schema}, files...)...)
	}
	requireNoFinding(t, "shellcheck", "../.ci/run")
	_, scripts := theAction(t)
	for _, script := range scripts {
		requireShell(t, "bash", script)
	}
	requireShell(t, "sh", gitlabScript(theTemplate(t)))
}
