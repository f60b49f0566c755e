package golden_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/checktest/golden"
)

func TestDifference(t *testing.T) {
	long := strings.Repeat("x", 500)
	cases := map[string]struct{ want, got, says string }{
		"the same":               {"a\nb\n", "a\nb\n", ""},
		"a line":                 {"a\nb\nc\n", "a\nB\nc\n", "line 2\n  want \"b\"\n  got  \"B\""},
		"a line more":            {"a\n", "a\nb\n", "line 2\n  want (the end of the text)\n  got  \"b\""},
		"a line less":            {"a\nb\n", "a\n", "line 2\n  want \"b\"\n  got  (the end of the text)"},
		"nothing":                {"a\n", "", "line 1\n  want \"a\"\n  got  (the end of the text)"},
		"the break at the end":   {"a\n", "a", "line 1\n  want \"a\"\n  got  \"a\" (no line break at the end)"},
		"what nobody sees":       {"a\r\n", "a \n", "line 1\n  want \"a\\r\"\n  got  \"a \""},
		"the middle of long one": {long + "a" + long + "\n", long + "b" + long + "\n", around("a", "b")},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.says, golden.Difference([]byte(c.want), []byte(c.got)))
		})
	}
}

func around(want, got string) string {
	x := strings.Repeat("x", 100)
	return fmt.Sprintf("line 1\n  want …%q…\n  got  …%q…", x+want+x[1:], x+got+x[1:])
}

// failures is a test that only notes what fails.
type failures struct {
	testing.TB
	said []string
}

func (f *failures) Helper()           {}
func (f *failures) Error(args ...any) { f.said = append(f.said, fmt.Sprint(args...)) }
func (f *failures) Errorf(format string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

func TestMatch(t *testing.T) {
	if golden.Updating() {
		t.Skip("-update writes instead of comparing")
	}
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "go.mod"), nil, 0o600))
	t.Chdir(folder)
	require.NoError(t, os.WriteFile("kept.txt", []byte("a\nb\n"), 0o600))

	var noted failures
	golden.Match(&noted, "kept.txt", []byte("a\nb\n"))
	require.Empty(t, noted.said)
	golden.Match(&noted, "kept.txt", []byte("a\nc\n"))
	golden.Match(&noted, "testdata/none.txt", nil)
	require.Equal(t, []string{
		"kept.txt is not what the test makes:\nline 2\n  want \"b\"\n  got  \"c\"\n" +
			"If the change is meant, this writes the file anew: make update",
		"testdata/none.txt is missing; this writes it: make update",
	}, noted.said)
}
