package labs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs"
	"github.com/labcheck/labcheck/labs/lab"
)

// No Go file outside a lab's own folder knows a lab that is shipped, so that a lab is changed, and a new one added,
// without Go. What this test holds:
//   - no Go file holds the id of a shipped lab, in code or in a comment; one that is a plain word only where it cannot
//     be anything else: as a whole text, or as the folder of the lab;
//   - no Go file holds a text that is the id of a step, unless the lab of the tests has such a step too, but where it
//     is the name of a check: in the folders of the checks, and in the made-up reports with which the formats are
//     tested (reports: its tests, reporttest and classtest).
//
// The conformance tests are no part of it: they say a second time what the lab asks for, so that a mistake in the lab
// file does not judge itself. Sums of points cannot be told from other numbers: the laws compute them.
func TestLawNoGoFileKnowsALab(t *testing.T) {
	entries, err := lab.Catalogue{Builtin: labs.Files}.List()
	require.NoError(t, err)
	fixture, err := lab.Catalogue{Builtin: os.DirFS("../cmd/testdata/labs")}.List()
	require.NoError(t, err)
	var tested []string
	for _, e := range fixture {
		require.NoError(t, e.Err)
		for _, s := range e.Lab.Steps {
			tested = append(tested, s.ID)
		}
	}
	var steps, ids []string
	plainWord := regexp.MustCompile(`^[a-z]+$`)
	for _, e := range entries {
		require.NoError(t, e.Err)
		id := regexp.QuoteMeta(e.Lab.ID)
		if plainWord.MatchString(id) {
			id = "labs/" + id + `|"` + id + `"`
		} else {
			id = `\b` + id + `\b`
		}
		ids = append(ids, id)
		for _, s := range e.Lab.Steps {
			if !slices.Contains(tested, s.ID) {
				steps = append(steps, s.ID)
			}
		}
	}
	anyLab := regexp.MustCompile(strings.Join(ids, "|"))
	looked := 0
	require.NoError(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path = filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator)))
		switch {
		case entry.IsDir() && (path == "cmd/conformance" || path != ".." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		looked++
		source, err := os.ReadFile(filepath.Join("..", path))
		require.NoError(t, err)
		assert.Empty(t, anyLab.FindString(string(source)), "%s names a lab that is shipped: labs.First() is one", path)
		if !namesChecks(path) {
			assert.Empty(t, textsAmong(t, path, source, steps), "%s names steps of a lab that is shipped", path)
		}
		return nil
	}))
	require.Greater(t, looked, 100)
}

// namesChecks says whether a Go file may name checks, whose ids are those of steps too.
func namesChecks(path string) bool {
	return strings.HasPrefix(path, "checks/") || strings.HasPrefix(path, "reports/reporttest/") ||
		strings.HasPrefix(path, "reports/class/classtest/") ||
		strings.HasPrefix(path, "reports/") && strings.HasSuffix(path, "_test.go")
}

// textsAmong are the texts in the code of a Go file that are in the list.
func textsAmong(t *testing.T, path string, source []byte, list []string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
	require.NoError(t, err)
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil && slices.Contains(list, text) {
				found = append(found, text)
			}
		}
		return true
	})
	return found
}
