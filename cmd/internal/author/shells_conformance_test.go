//go:build conformance

package author

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/cmd/internal/practice"
	"github.com/labcheck/labcheck/reports"
)

// Every shell starts the same programs with the same arguments for every fix of every lab: the shells that there are
// run each printed line, with programs in place of aws and the others that tell what they were given. PowerShell is no
// package of Debian or PyPI: what it would do is told by a parser of its language and by its own rules.
func TestConformanceShells(t *testing.T) {
	fixes := printedCommands(t)
	t.Logf("%d commands", len(fixes))
	for shell, programs := range map[reports.Shell][]string{
		reports.POSIX: {"sh", "bash", "zsh"}, reports.Fish: {"fish"},
	} {
		for _, program := range programs {
			t.Run(program, func(t *testing.T) {
				if _, err := exec.LookPath(program); err != nil {
					t.Skip(program + " is not there")
				}
				told := startedBy(t, program, shell, fixes)
				require.Len(t, told, len(fixes))
				for i, c := range fixes {
					require.ElementsMatch(t, wanted(c, told[i].profile), told[i].started, "%s", c)
				}
			})
		}
	}
	t.Run("powershell", func(t *testing.T) {
		var lines []string
		var known []checks.Command
		for _, c := range fixes {
			if line, ok := reports.PowerShell.Command(c); ok {
				lines, known = append(lines, line), append(known, c)
			} else {
				require.Contains(t, c.String(), "/dev/stdin", "what Windows has not")
			}
		}
		for _, word := range []string{
			`it's`, `a\`, `\'`, `"x"`, `x\"`, `{"a": "b\\"}`, "$HOME", "{a,b}", "~", "*", "a b", "#c", "%d", "&", "(e)", "^f",
			"--", "-a.b", "-a:b", "", "’;x", "“y”", "`z", "5gb",
		} {
			c := checks.Sh("aws", "x", word, "y")
			line, ok := reports.PowerShell.Command(c)
			require.True(t, ok, "%s", c)
			known, lines = append(known, c), append(lines, line)
		}
		for i, answer := range judgePowerShell(t, lines) {
			if len(answer["set"]) > 0 {
				require.Contains(t, []string{"export", "unset"}, known[i].Args[0], lines[i])
				continue
			}
			want := wanted(known[i], "")
			for _, version := range []string{"5", "7"} {
				var got [][]string
				require.NoError(t, json.Unmarshal(answer[version], &got))
				for _, words := range got {
					for j := range words {
						words[j] = strings.ReplaceAll(words[j], "$_", piped)
					}
				}
				require.Equal(t, want, got, "PowerShell %s: %s", version, lines[i])
			}
		}
	})
}

// printedCommands are the commands of the fixes of every account of every lab, each once.
func printedCommands(t *testing.T) []checks.Command {
	t.Helper()
	all := map[string]checks.Command{}
	eachLab(t, func(t *testing.T, b *Bench) {
		b = b.onFewer()
		base, err := b.finished(t.Context())
		require.NoError(t, err)
		list, found := b.spoiledAccounts(base)
		require.Empty(t, found)
		starts, err := b.Starts()
		require.NoError(t, err)
		for name, account := range starts {
			list = append(list, spoiled{name: name, account: account})
		}
		for _, s := range list {
			r, err := b.grade(t.Context(), s.account, nil, practice.Grading{})
			require.NoError(t, err)
			for _, step := range r.Steps {
				for _, c := range step.Fix.Commands {
					all[c.String()] = c
				}
			}
		}
	})
	var list []checks.Command
	for _, line := range slices.Sorted(maps.Keys(all)) {
		list = append(list, all[line])
	}
	return list
}

// piped is what each program of the test prints.
const piped = "igw-1"

// wanted are the programs that a command starts with their arguments; none where it sets the profile and that is what
// is set now.
func wanted(c checks.Command, profile string) [][]string {
	switch {
	case c.Args[0] == "export" && c.Args[1] == "AWS_PROFILE="+profile,
		c.Args[0] == "unset" && (profile == "" || c.Args[1] != "AWS_PROFILE"):
		return nil
	case len(c.PipedTo) == 0:
		return [][]string{c.Args}
	case c.PipedTo[0] == "xargs":
		words := slices.Clone(c.PipedTo[3:])
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], c.PipedTo[2], piped)
		}
		return [][]string{c.Args, words}
	}
	return [][]string{c.Args, c.PipedTo}
}

// told is what one line started, and the profile after it.
type told struct {
	started [][]string
	profile string
}

// startedBy runs each line in one shell.
func startedBy(t *testing.T, program string, shell reports.Shell, list []checks.Command) []told {
	t.Helper()
	folder := t.TempDir()
	log := filepath.Join(folder, "log")
	// One write each: two programs of a pipeline tell at the same time.
	tell := "#!/bin/sh\n{ printf '%s\\037' \"${0##*/}\" \"$@\"; printf '\\036'; } >>\"$LOG.$$\"\n" +
		"cat \"$LOG.$$\" >>\"$LOG\"; rm \"$LOG.$$\"; echo " + piped + "\n"
	for _, name := range []string{"aws", "docker", "git", "terraform", "after"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(tell), 0o700)) //nolint:gosec // it is run
	}
	script := []string{}
	for _, c := range list {
		line, ok := shell.Command(c)
		require.True(t, ok, "%s", c)
		script = append(script, line, `after "$AWS_PROFILE"`)
	}
	cmd := exec.CommandContext(t.Context(), program, "-c", strings.Join(script, "\n"))
	cmd.Dir, cmd.Env = folder, []string{"PATH=" + folder + ":/usr/bin:/bin", "HOME=" + folder, "LOG=" + log}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	data, err := os.ReadFile(log)
	require.NoError(t, err)
	var all []told
	now := told{}
	for record := range strings.SplitSeq(strings.TrimSuffix(string(data), "\x1e"), "\x1e") {
		words := strings.Split(strings.TrimSuffix(record, "\x1f"), "\x1f")
		if words[0] == "after" {
			now.profile = words[1]
			all, now = append(all, now), told{}
			continue
		}
		now.started = append(now.started, words)
	}
	return all
}

func judgePowerShell(t *testing.T, lines []string) []map[string]json.RawMessage {
	t.Helper()
	asked, err := json.Marshal(lines)
	require.NoError(t, err)
	judge := exec.CommandContext(t.Context(), "python3", "testdata/powershell.py")
	judge.Stdin = bytes.NewReader(asked)
	var said bytes.Buffer
	judge.Stderr = &said
	out, err := judge.Output()
	require.NoError(t, err, "%s", said.String())
	var answers []map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(out, &answers))
	require.Len(t, answers, len(lines))
	return answers
}
