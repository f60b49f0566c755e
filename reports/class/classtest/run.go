package classtest

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// Assignment is the title of the gradebook's column in the tests.
const Assignment = "Module 1.2 Lab (123456)"

// Options are those of the tests.
func Options() class.Options {
	const commit = "https://github.com/example/lab/commit/991936b"
	return class.Options{Assignment: Assignment, Header: Header(), Platform: map[string]string{
		"CLASSROOM": "cloud", "ASSIGNMENT": "module-1-2", "SUBMISSION_TAG": "submit/2026-11-23T10-52-47Z-991936b",
		"COMMIT_URL": commit, "RELEASE_URL": "https://github.com/example/lab/releases/tag/1",
	}}
}

// Render renders a class. The error, if any, is the format's. It fails the test unless the format does so twice in the
// same way and leaves the class as it is.
func Render(t *testing.T, f class.Format, c *class.Class, o class.Options) ([]byte, error) {
	t.Helper()
	require.NotEmpty(t, f.Name)
	require.NotEmpty(t, f.Help)
	require.Equal(t, f.Each, f.Ext != "", "a format about one student has an ending")
	var first, second bytes.Buffer
	before := *c
	err := f.Render(&first, c, o)
	again := f.Render(&second, c, o)
	require.Equal(t, before, *c, "a renderer leaves the class as it is")
	require.Equal(t, first.Bytes(), second.Bytes(), "twice the same")
	require.Equal(t, err, again, "twice the same")
	if err != nil {
		require.Empty(t, first.Bytes(), "nothing is written where it fails")
	}
	return first.Bytes(), err
}

// Run is the test of a format that writes text: the golden file NAME.ext of the whole class, or of each student under
// the student's key. A refusal has the golden file NAME.error.txt. Nothing in it can steer a terminal. It returns the
// outputs by the names of their golden files.
func Run(t *testing.T, f class.Format, ext string) map[string][]byte {
	t.Helper()
	classes := map[string]*class.Class{f.Name: Class()}
	if f.Each {
		classes = map[string]*class.Class{}
		for i, p := range Class().Students {
			classes[f.Name+"/"+p.Key] = One(i)
		}
	}
	outs := map[string][]byte{}
	for name, c := range classes {
		out, err := Render(t, f, c, Options())
		if err != nil {
			reporttest.Golden(t, name+".error.txt", []byte(err.Error()+"\n"))
			continue
		}
		require.Equal(t, -1, bytes.IndexFunc(out, steers), "a control character is in %s: %q", name, out)
		reporttest.Golden(t, name+ext, out)
		outs[name] = out
	}
	return outs
}

func steers(r rune) bool {
	return r != '\n' && r != '\r' && r != '\t' && (r < 0x20 || 0x7f <= r && r < 0xa0 || reports.Hidden(r) && r >= 0x2000)
}
