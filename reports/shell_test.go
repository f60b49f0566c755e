package reports_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports"
)

func TestShellCommand(t *testing.T) {
	json := checks.Sh("aws", "ecr", "put-lifecycle-policy", "--text", `{"a":"b c\"}`, "--region", "us-east-1")
	login := checks.Command{
		Args: []string{"aws", "ecr", "login"}, PipedTo: []string{"docker", "login", "--password-stdin", "a.b"},
	}
	for name, test := range map[string]struct {
		command                 checks.Command
		posix, fish, powershell string
	}{
		"plain":    {checks.Sh("aws", "ls", "/a"), "aws ls /a", "aws ls /a", "aws ls /a"},
		"quotes":   {checks.Sh("a", `it's \x`), `a 'it'"'"'s \x'`, `a 'it\'s \\x'`, `a 'it''s \x'`},
		"lists":    {checks.Sh("a", "A=b,C=d"), "a A=b,C=d", "a A=b,C=d", "a 'A=b,C=d'"},
		"options":  {checks.Sh("a", "-x.y", "--b-c"), "a -x.y --b-c", "a -x.y --b-c", "a '-x.y' --b-c"},
		"variable": {checks.Sh("a", "$HOME"), "a '$HOME'", "a '$HOME'", "a '$HOME'"},
		"program":  {checks.Sh("my tool", "b"), "'my tool' b", "'my tool' b", "& 'my tool' b"},
		"set":      {checks.Sh("export", "A=b c"), "export 'A=b c'", "set -gx A 'b c'", "$env:A = 'b c'"},
		"unset":    {checks.Sh("unset", "A", "B"), "unset A B", "set -e A B", "$env:A = $null; $env:B = $null"},
		"pipe": {
			login, "aws ecr login | docker login --password-stdin a.b",
			"aws ecr login | docker login --password-stdin a.b", "aws ecr login | docker login --password-stdin a.b",
		},
		"json": {
			json, `aws ecr put-lifecycle-policy --text '{"a":"b c\"}' --region us-east-1`,
			`aws ecr put-lifecycle-policy --text '{"a":"b c\\"}' --region us-east-1`,
			"",
		},
		"short json": {
			checks.Sh("a", `{"b": "c\"}`, ""), `a '{"b": "c\"}' ''`, `a '{"b": "c\\"}' ''`,
			`& { $PSNativeCommandArgumentPassing = 'Legacy'; a '{\"b\": \"c\\\"}' '""' }`,
		},
		"blank before a quotation mark of its own": {checks.Sh("a", `b c\`), `a 'b c\'`, `a 'b c\\'`, ""},
		"typographic marks":                        {checks.Sh("a", "’; b"), "a '’; b'", "a '’; b'", "a '’’; b'"},
		"xargs": {
			checks.Command{Args: []string{"a", "b"}, PipedTo: []string{"xargs", "-I", "ID", "c", "-d", "ID", "e,f"}},
			"a b | xargs -I ID c -d ID e,f", "a b | xargs -I ID c -d ID e,f",
			"a b | ForEach-Object { c -d $_ 'e,f' }",
		},
		"a text of somebody's": {checks.ReadCommand("a $B > c"), "a $B > c", "a $B > c", "a $B > c"},
	} {
		t.Run(name, func(t *testing.T) {
			for shell, want := range map[reports.Shell]string{
				reports.POSIX: test.posix, reports.Fish: test.fish, reports.PowerShell: test.powershell,
			} {
				line, ok := shell.Command(test.command)
				require.Equal(t, want != "", ok, shell)
				require.Equal(t, want, line, shell)
			}
		})
	}
}

// The shells that are installed give a program the very words.
func TestShellsTakeTheWords(t *testing.T) {
	words := []string{`it's`, `a\`, `\'`, `"x"`, "$HOME", "{a,b}", "~", "*", "a b", "#c", "%d", "&", "(e)", "^f", "!g", ""}
	for shell, programs := range map[reports.Shell][]string{
		reports.POSIX: {"sh", "bash", "zsh"}, reports.Fish: {"fish"},
	} {
		line, ok := shell.Command(checks.Sh(append([]string{"printf", "[%s]"}, words...)...))
		require.True(t, ok)
		for _, program := range programs {
			if _, err := exec.LookPath(program); err != nil {
				continue
			}
			said, err := exec.Command(program, "-c", line).CombinedOutput()
			require.NoError(t, err, "%s: %s", program, said)
			require.Equal(t, "["+strings.Join(words, "][")+"]", string(said), program)
		}
	}
}

func TestShellOf(t *testing.T) {
	for program, want := range map[string]reports.Shell{
		"/usr/bin/fish": reports.Fish, "/bin/zsh": reports.POSIX,
		`C:\Program Files\PowerShell\7\pwsh.exe`: reports.PowerShell,
		"":                                       reports.POSIX, "powershell": reports.PowerShell,
	} {
		require.Equal(t, want, reports.ShellOf(program), program)
	}
}
