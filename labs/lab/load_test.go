package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/lab"
)

// good is a lab that loads; the cases below spoil it.
const good = `schema: labcheck.lab/v1
id: tiny
title: A tiny lab
region: us-east-1
params:
  name: { default: docker-api, help: the name }
pass: 80
scale: { A: 90, B: 80 }
sections:
  - title: First
    steps:
      - check: probe-name
        points: 8
        required: true
        hints: [Where does it go?]
      - id: again
        check: probe-name
        needs: [probe-name]
        with: { name: other, tags: [a, b] }
        points: 2
`

func TestLoad(t *testing.T) {
	l, err := lab.Load("tiny.yaml", []byte(good))
	require.NoError(t, err)
	assert.Equal(t, "tiny", l.ID)
	assert.Equal(t, 80, l.Pass)
	assert.Equal(t, "A", l.Scale[0].Letter)
	require.Len(t, l.Steps, 2)
	assert.Equal(t, "probe-name", l.Steps[0].ID, "a step is named after its check")
	assert.Equal(t, "First", l.Steps[1].Section)
	assert.JSONEq(t, `["a","b"]`, string(l.Steps[1].With["tags"].JSON))
	assert.Len(t, l.SHA256, 64)
}

func TestLoadProblems(t *testing.T) {
	cases := map[string]struct {
		spoil [2]string // what is replaced, and by what
		file  string    // or the whole file
		want  []string  // one for each problem
	}{
		"unknown key with the nearest": {
			[2]string{"pass: 80", "pas: 80"},
			"",
			[]string{"1:1: a lab needs the key \"pass\"", `7:1: "pas" is not a key of a lab; did you mean "pass"?`},
		},
		"unknown key of a step": {
			[2]string{"points: 8", "point: 8"},
			"",
			[]string{
				`12:9: item 1 of steps needs the key "points"`,
				`13:9: "point" is not a key of item 1 of steps; did you mean "points"?`,
			},
		},
		"wrong type": {
			[2]string{"points: 8", "points: many"}, "", []string{`13:17: points must be a whole number, not a text`},
		},
		"negative points": {
			[2]string{"points: 8", "points: -8"}, "", []string{"13:17: points is -8; it must be 0 to 1000000"},
		},
		"too many points": {
			[2]string{"points: 8", "points: 99999999"}, "", []string{"13:17: points is 99999999; it must be 0 to 1000000"},
		},
		"a number as text": {
			[2]string{"title: A tiny lab", "title: 12"}, "", []string{"3:8: title must be text, not a number; put it in quotes"},
		},
		"a list for a mapping": {
			[2]string{"scale: { A: 90, B: 80 }", "scale: [A]"},
			"",
			[]string{"8:8: scale must be a mapping of keys to values, not a list"},
		},
		"nothing": {
			[2]string{"title: A tiny lab", "title:"}, "", []string{"3:7: title must be text, not nothing"},
		},
		"duplicate step id": {
			[2]string{"id: again", "id: probe-name"},
			"",
			[]string{
				"12:9: the needs go in a circle: probe-name → probe-name",
				`16:9: the step id "probe-name" stands twice, first on line 12; give one of them an id of its own`,
			},
		},
		"duplicate key": {
			[2]string{"title: A tiny lab", "title: A\ntitle: B"},
			"",
			[]string{`4:1: the key "title" stands twice; the first is on line 3`},
		},
		"needs a step that is not": {
			[2]string{"needs: [probe-name]", "needs: [probe-nam]"},
			"",
			[]string{`16:9: step "again" needs "probe-nam", which is no step of this lab; did you mean "probe-name"?`},
		},
		"needs in a circle": {
			[2]string{"required: true", "needs: [again]"},
			"",
			[]string{"12:9: the needs go in a circle: probe-name → again → probe-name"},
		},
		"anchors": {
			[2]string{"title: A tiny lab", "title: &t A"},
			"",
			[]string{"3:8: title: anchors and aliases are not allowed here; write the value out"},
		},
		"a YAML bomb": {file: bomb(), want: []string{"5:3: summary must be text, not a list"}},
		"another schema": {
			[2]string{"lab/v1", "lab/v9"},
			"",
			[]string{`1:9: the schema is "labcheck.lab/v9"; this version reads "labcheck.lab/v1"`},
		},
		"an id that is a command": {
			[2]string{"id: tiny", "id: list"}, "", []string{`2:5: the id "list" is the name of a command; choose another`},
		},
		"an id with a slash": {
			[2]string{"id: tiny", "id: ../tiny"}, "", []string{`2:5: the id "…" must match`},
		},
		"no Region": {
			[2]string{"us-east-1", "us-east-1a"}, "", []string{`4:9: "us-east-1a" is not an AWS Region such as us-east-1`},
		},
		"a pass mark over 100": {
			[2]string{"pass: 80", "pass: 101"}, "", []string{"7:7: pass is 101; it is a percentage from 0 to 100"},
		},
		"a nested parameter": {
			[2]string{"name: other", "name: { a: b }"},
			"",
			[]string{"19:23: name must be a text, a number, true, false or a list of these, not a mapping"},
		},
		"syntax": {
			[2]string{"title: A tiny lab", "title: [A"}, "", []string{": this is not YAML: did not find expected ',' or ']'"},
		},
		"a second document": {
			[2]string{"        points: 2\n", "        points: 2\n---\nid: x\n"},
			"",
			[]string{"a second document begins here; a file holds a lab"},
		},
		"an empty file": {
			file: " \n", want: []string{"1:1: the file is empty; a lab begins with: schema: labcheck.lab/v1"},
		},
		"only a comment": {file: "# nothing\n", want: []string{"1:1: the file is empty"}},
		"not a mapping": {
			file: "hello\n", want: []string{`1:1: a lab must be a mapping of keys to values, not a text`},
		},
		"too large": {
			file: strings.Repeat("#", 1<<20+1), want: []string{"bad.yaml: the file is larger than 1024 KiB"},
		},
		"no points at all": {
			file: strings.NewReplacer("points: 8", "points: 0", "points: 2", "points: 0").Replace(good),
			want: []string{"no step gives a point"},
		},
		"several problems are all told": {
			file: strings.NewReplacer("pass: 80", "pass: 101", "points: 8", "points: -1").Replace(good),
			want: []string{"7:7: pass is 101", "13:17: points is -1"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			file := c.file
			if file == "" {
				require.Contains(t, good, c.spoil[0])
				file = strings.Replace(good, c.spoil[0], c.spoil[1], 1)
			}
			err := problemsOf("bad.yaml", file)
			var problems lab.Problems
			require.ErrorAs(t, err, &problems)
			require.Len(t, problems, len(c.want), "%v", err)
			for i, want := range c.want {
				assert.Contains(t, problems[i].Error(), want)
				assert.True(t, strings.HasPrefix(problems[i].Error(), "bad.yaml:"))
			}
		})
	}
}

// problemsOf is everything that loading finds wrong.
func problemsOf(name, file string) error {
	l, err := lab.Load(name, []byte(file), "list", "run")
	if err != nil {
		return err
	}
	return l.Problems()
}

// bomb is a file whose aliases would unfold to nine to the ninth items.
func bomb() string {
	var b strings.Builder
	b.WriteString(strings.Replace(good, "title: A tiny lab", "title: A\nsummary:\n  - &a0 [x,x,x,x,x,x,x,x,x]", 1))
	for i := range 9 {
		line := fmt.Sprintf("  - &a%d [%s]\n", i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
		text := b.String()
		b.Reset()
		b.WriteString(strings.Replace(text, "region:", line+"region:", 1))
	}
	return b.String()
}

// A file with a problem on each of a hundred thousand lines is told about quickly, and not in full.
func TestLoadCapsProblems(t *testing.T) {
	file := strings.Replace(good, "    steps:\n", "    steps:\n"+strings.Repeat("      - {check: a, point: 1}\n", 30_000),
		1)
	var problems lab.Problems
	require.ErrorAs(t, problemsOf("bad.yaml", file), &problems)
	assert.LessOrEqual(t, len(problems), 100)
}

func TestCatalogue(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("tiny.yaml", good)
	write("broken.yaml", "schema: 7\n")
	write("notes.txt", "no lab")
	c := lab.Catalogue{Builtin: os.DirFS(t.TempDir()), Dirs: []string{dir}}

	l, err := c.Find("tiny")
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(dir, "tiny.yaml"), l.File)
	_, err = c.Find(filepath.Join(dir, "tiny.yaml"))
	require.NoError(t, err)
	_, err = c.Find("tinny")
	var notFound *lab.NotFoundError
	require.ErrorAs(t, err, &notFound)
	broken, err := c.Find("broken")
	require.NoError(t, err, "its problems are told when it is bound")
	require.ErrorContains(t, broken.Problems(), "broken.yaml:1:9")
	assert.Equal(t, []string{"tiny"}, c.IDs())

	write("other.yaml", good)
	_, err = c.Find("tiny")
	require.ErrorContains(t, err, "the lab id \"tiny\" is also that of")

	c.Dirs = []string{filepath.Join(dir, "missing")}
	_, err = c.Find("tiny")
	require.ErrorContains(t, err, "cannot be read as a folder of labs")
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(bomb()))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("? [x]\n: y\n<<: *a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := lab.Load("fuzz.yaml", data, "list")
		if (l == nil) == (err == nil) {
			t.Fatalf("either a lab or an error: %v, %v", l, err)
		}
		if l != nil && l.Problems() == nil && (l.ID == "" || len(l.Steps) == 0) {
			t.Fatalf("a lab without an id or steps was loaded: %+v", l)
		}
	})
}
