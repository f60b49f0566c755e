package lab_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/lab"
)

// goodDrills are drills of the lab that is good; the cases below spoil them.
const goodDrills = `schema: labcheck.drills/v1
drills:
  - step: again
    symptom: It does not go.
    patch:
      - { op: replace, path: /a, value: { b: [1, 0.5, -2h, null, 2026-11-23, true] } }
      - { op: add, path: /a/b/-, value: x/y }
      - { op: remove, path: /a/b/0 }
      - { op: move, from: /c~1d, path: /e }
      - { op: copy, from: /e, path: /f }
      - { op: replace-text, path: /e, old: o, new: "0" }
without:
  probe-name: nobody breaks it
`

// withFile is the lab that is good with one more file in its folder.
func withFile(t *testing.T, name, text string) *lab.Lab {
	t.Helper()
	_, folder := labFolder(t)
	require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	l, err := lab.Catalogue{}.Find(folder)
	require.NoError(t, err)
	return l
}

func TestDrills(t *testing.T) {
	drills, err := withFile(t, "drills.yaml", goodDrills).Drills()
	require.NoError(t, err)
	assert.Equal(t, []string{"again"}, drills.Steps())
	drill, ok := drills.Find("again")
	require.True(t, ok)
	broken, err := drill.Break([]byte(`{"a": 1, "c/d": "good", "n": 12345678901234567890}`))
	require.NoError(t, err)
	assert.JSONEq(t, `{"a": {"b": [0.5, "-2h", null, "2026-11-23", true, "x/y"]}, "e": "g00d", "f": "good",
		"n": 12345678901234567890}`, string(broken))
	assert.Contains(t, string(broken), "12345678901234567890", "no number loses a digit")

	for account, want := range map[string]string{
		`{"c/d": "good"}`:           "the drill of again: line 6: replace /a: ",
		`{"a": 1}`:                  "line 9: move /e: ",
		`{"a": 1, "c/d": "bad"}`:    `line 11: replace-text /e: there is no "o" in "bad"`,
		`{"a": 1, "c/d": ["good"]}`: "line 11: replace-text /e: there is no text",
	} {
		_, err := drill.Break([]byte(account))
		require.ErrorContains(t, err, want)
	}
}

func TestDrillProblems(t *testing.T) {
	cases := map[string]struct{ old, spoilt, want string }{
		"an unknown key": {
			"symptom:", "symptoms:", `drills.yaml:4:5: "symptoms" is not a key of item 1 of drills; did you mean "symptom"?`,
		},
		"an unknown step": {
			"step: again", "step: agai", `drills.yaml:3:5: "agai" is no step of the lab tiny; did you mean "again"?`,
		},
		"a step that is told": {"does not go", "is again so", `drills.yaml:3:5: the symptom names the step "again"`},
		"an unknown operation": {
			"op: replace,", "op: replac,", `drills.yaml:6:9: there is no operation "replac"; did you mean "replace"?`,
		},
		"no value":              {", value: x/y", "", `drills.yaml:7:9: the operation add needs the key "value"`},
		"no place to move from": {"from: /c~1d, ", "", `drills.yaml:9:9: the operation move needs the key "from"`},
		"no text to replace":    {"old: o, ", "", `drills.yaml:11:9: the operation replace-text needs the key "old"`},
		"no pointer":            {"path: /a,", "path: a,", `drills.yaml:6:9: the place "a" must begin with a slash`},
		"an unknown place":      {"path: /a,", "path: $a,", `drills.yaml:6:9: there is no place "a"`},
		"a step without both": {
			"without:\n  probe-name: nobody breaks it\n", "",
			`drills.yaml:1:1: the step "probe-name" needs a drill, or a reason under without`,
		},
		"a step with both": {
			"probe-name: nobody", "again: nobody", `drills.yaml:1:1: the step "again" needs a drill, or a reason`,
		},
		"an alias": {
			"value: x/y", "value: [&a x, *a]", "drills.yaml:7:42: item 1 of value: anchors and aliases are not allowed here",
		},
		"a key twice":    {"{ b: [1", "{ b: 1, b: [1", `drills.yaml:6:49: the key "b" stands twice`},
		"no number":      {"0.5", ".nan", "drills.yaml:6:50: item 2 of b cannot be read as a value"},
		"another schema": {"drills/v1", "drills/v2", `drills.yaml:1:9: the schema is "labcheck.drills/v2"`},
		"no YAML":        {"symptom: It", "symptom: 'It", "drills.yaml:14:1: this is not YAML"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, goodDrills, c.old)
			_, err := withFile(t, "drills.yaml", strings.Replace(goodDrills, c.old, c.spoilt, 1)).Drills()
			require.ErrorAs(t, err, new(lab.Problems))
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

const goodClass = `schema: labcheck.class/v1
students:
  - name: Alice
    attempts:
      - { before: 3, like: fresh }
      - { after: 1, broken: [again] }
  - name: Bob
    attached: Alice
`

func TestSampleClass(t *testing.T) {
	l := withFile(t, "drills.yaml", goodDrills)
	folder := filepath.Dir(l.File)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "class.yaml"), []byte(goodClass), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "accounts", "finished.json"),
		[]byte(`{"account": "123456789012", "a": 1, "c/d": "good"}`), 0o600))
	sample, err := l.SampleClass()
	require.NoError(t, err)
	require.Len(t, sample.Students, 2)
	alice := sample.Students[0]
	assert.Equal(t, []string{"student01", "123456789001", "student01@example.com"}, []string{
		alice.Handle, alice.Account, alice.Email(),
	})
	assert.Equal(t, "Alice", sample.Students[1].Attached)
	fresh, err := sample.Account(alice, alice.Attempts[0])
	require.NoError(t, err)
	assert.Equal(t, "[]", string(fresh))
	late, err := sample.Account(alice, alice.Attempts[1])
	require.NoError(t, err)
	assert.Contains(t, string(late), `"123456789001"`)
	assert.Contains(t, string(late), `"e":"g00d"`)

	for spoilt, want := range map[string]string{
		strings.Replace(goodClass, "[again]", "[agai]",
			1): `class.yaml:6:9: nothing breaks the step "agai"; did you mean "again"?`,
		strings.Replace(goodClass, "like: fresh", "like: fresh, broken: [again]", 1): "class.yaml:5:9: only the account " +
			"finished can be broken",
		strings.Replace(goodClass, "attached: Alice", "attached: Alic",
			1): `class.yaml:7:5: there is no student "Alic"; did you mean "Alice"?`,
		strings.Replace(goodClass, "name: Bob\n    attached: Alice", "name: Alice",
			1): `class.yaml:7:5: the student "Alice" stands twice`,
		strings.Replace(goodClass, "before: 3", "day: 3", 1):  `class.yaml:5:11: "day" is not a key of item 1 of attempts`,
		strings.Replace(goodClass, "students:", "pupils:", 1): `class.yaml:2:1: "pupils" is not a key of a class`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "class.yaml"), []byte(spoilt), 0o600))
		_, err := l.SampleClass()
		require.ErrorAs(t, err, new(lab.Problems))
		assert.Contains(t, err.Error(), want)
	}
}

// A lab without the files has no drills and no class.
func TestNoDrillsAndNoClass(t *testing.T) {
	l, err := lab.Load("tiny.yaml", []byte(good))
	require.NoError(t, err)
	drills, err := l.Drills()
	require.NoError(t, err)
	assert.Empty(t, drills.Steps())
	sample, err := l.SampleClass()
	require.NoError(t, err)
	assert.Empty(t, sample.Students)
}
