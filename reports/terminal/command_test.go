package terminal

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
)

func TestBreakCommand(t *testing.T) {
	cases := map[string]struct {
		command string
		want    []string
	}{
		"one that fits": {"aws ecr describe-repositories", []string{"aws ecr describe-repositories"}},
		"before an option": {
			"aws logs put-retention-policy --log-group-name /ecs/docker-api --retention-in-days 7",
			[]string{`aws logs put-retention-policy \`, `  --log-group-name /ecs/docker-api \`, "  --retention-in-days 7"},
		},
		"not within quotes": {
			"aws x y --name 'a long name with blanks' --other 'and one more'",
			[]string{`aws x y \`, `  --name 'a long name with blanks' \`, "  --other 'and one more'"},
		},
		"before a pipe": {
			"aws ecr get-login-password --region us-east-1 | docker login --username AWS --password-stdin",
			[]string{
				`aws ecr get-login-password \`, `  --region us-east-1 | docker login \`, `  --username AWS --password-stdin`,
			},
		},
		"before an argument": {
			"docker tag LOCAL_IMAGE registry.example/docker-api:latest",
			[]string{`docker tag LOCAL_IMAGE \`, "  registry.example/docker-api:latest"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, breakCommand(c.command, 40, reports.POSIX)) })
	}
}

func TestBreakCommandKeepsWholeWhatItDoesNotUnderstand(t *testing.T) {
	for name, command := range map[string]string{
		"a substitution":  "echo $(aws sts get-caller-identity --query Account)",
		"a comment":       "aws sts get-caller-identity # who am I in this account",
		"a here-document": "docker login --password-stdin <<END and what follows",
		"an open quote":   "aws ecr create-repository --repository-name 'docker-api",
		"one word":        strings.Repeat("x", 60),
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, []string{command}, breakCommand(command, 40, reports.POSIX)) })
	}
}

// Each shell has its own sign for a line that goes on, and its own quotes.
func TestBreakCommandForOtherShells(t *testing.T) {
	for name, c := range map[string]struct {
		shell   reports.Shell
		command string
		want    []string
	}{
		"powershell": {
			reports.PowerShell, `aws x y --name 'it''s \' --other 'and one more of them'`,
			[]string{"aws x y --name 'it''s \\' `", "  --other 'and one more of them'"},
		},
		"a block of PowerShell's": {
			reports.PowerShell, `& { $A = 'Legacy'; aws x y --name '{\"a b\":1}' --other and-one-more-of-them }`,
			[]string{`& { $A = 'Legacy'; aws x y --name '{\"a b\":1}' --other and-one-more-of-them }`},
		},
		"fish": {
			reports.Fish, `aws x y --name 'it\'s a name' --other 'and one more'`,
			[]string{`aws x y --name 'it\'s a name' \`, "  --other 'and one more'"},
		},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, breakCommand(c.command, 40, c.shell)) })
	}
}

// FuzzBreakCommand pastes the lines into a real shell: it must see the same arguments as in the whole command.
func FuzzBreakCommand(f *testing.F) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		f.Skip("there is no sh on this machine")
	}
	arguments := func(t *testing.T, command string) string {
		out, err := exec.Command(shell, "-c", `printf '<%s>' `+command).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	for _, argument := range []string{
		"docker-api", `it's "quoted"`, `{"Name": "monthly", "Unit": "USD"}`, `back\slash \`, "$(touch x)", "`x`", "a  b",
		"#x", "",
	} {
		f.Add(argument, "second value", 40)
	}
	f.Fuzz(func(t *testing.T, first, second string, columns int) {
		if strings.ContainsAny(first+second, "\x00\n\r") {
			return
		}
		command := "--first " + quote(first) + " --second " + quote(second) + " word --last"
		broken := strings.Join(breakCommand(command, columns, reports.POSIX), "\n")
		require.Equal(t, arguments(t, command), arguments(t, broken))
	})
}

func quote(argument string) string {
	return "'" + strings.ReplaceAll(argument, "'", `'"'"'`) + "'"
}
