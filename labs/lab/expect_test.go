package lab_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/lab"
)

// goodExpect is what the lab that is good must show; the cases below spoil it.
const goodExpect = `schema: labcheck.expect/v1
calls: 3
chain: 2
waits: [again]
set: [name=other]
inseparable:
  probe-name: nothing breaks it alone
places:
  list: /a/list
base:
  - { op: add, path: /a, value: { list: [1] } }
parts:
  two: [{ op: add, path: $list/-, value: 2 }]
accounts:
  - name: $number there
    each: { number: [3, four] }
    with: [two]
    patch: [{ op: add, path: $list/-, value: $number }]
    changes: { probe-name: fail }
  - name: a text
    patch:
      - { op: add, path: $list/-, value: good }
      - { op: replace-text, path: $list/1, old: g, new: f }
    changes: { probe-name: partial 50, again: unknown access_denied }
  - name: denied
    denied: [iam]
  - name: nothing else
    survives: { step: again, says: hm, why: it is free }
deny: [{ op: add, path: /a/deny, value: { Action: $action } }]
crowd: [{ op: add, path: $list/-, value: 5 }]
pages:
  - list: $list
    count: 2
    item: { n: "%03d" }
    with: [two]
    spoil: [{ op: replace, path: $list, value: [] }]
    changes: { again: fail }
answers:
  - operation: GetName
    asking: name
    steps: [again]
    decides: ["names[].value"]
    absent: [names emptied]
    changes: { probe-name: fail, again: pass }
`

func TestExpect(t *testing.T) {
	e, err := withFile(t, "expect.yaml", goodExpect).Expect()
	require.NoError(t, err)
	var names, accounts []string
	for _, a := range e.Accounts {
		names = append(names, a.Name)
		account, err := e.Make([]byte(`{}`), a.With, a.Patch)
		require.NoError(t, err)
		accounts = append(accounts, string(account))
	}
	assert.Equal(t, []string{"3 there", "four there", "a text", "denied", "nothing else"}, names)
	assert.Equal(t, []string{
		`{"a":{"list":[1,2,3]}}`, `{"a":{"list":[1,2,"four"]}}`, `{"a":{"list":[1,"food"]}}`, `{"a":{"list":[1]}}`,
		`{"a":{"list":[1]}}`,
	}, accounts)
	assert.Equal(t, map[string]string{"probe-name": "fail", "again": "blocked by probe-name"}, e.Accounts[0].Changes,
		"what needs a failed step is blocked")
	assert.Equal(t, map[string]string{"probe-name": "partial 50", "again": "unknown access_denied"}, e.Accounts[2].Changes)
	assert.Equal(t, map[string]string{"probe-name": "fail"}, e.Answers[0].Changes, "again stands on its own evidence")

	patch, err := e.Denying("iam:*")
	require.NoError(t, err)
	denying, err := e.Make([]byte(`{}`), nil, patch)
	require.NoError(t, err)
	assert.JSONEq(t, `{"a": {"list": [1], "deny": {"Action": "iam:*"}}}`, string(denying))

	before, err := e.Pages[0].Fill([]byte(`{"a": {"list": [1.50]}}`), true)
	require.NoError(t, err)
	assert.Equal(t, `{"a":{"list":[{"n":"000"},{"n":"001"},1.50]}}`, string(before))
	after, err := e.Pages[0].Fill([]byte(`{"a": {}}`), false)
	require.NoError(t, err)
	assert.Equal(t, `{"a":{"list":[{"n":"000"},{"n":"001"}]}}`, string(after))

	l, err := lab.Load("tiny.yaml", []byte(good))
	require.NoError(t, err)
	e, err = l.Expect()
	require.NoError(t, err)
	assert.Nil(t, e, "a single file expects nothing")
}

func TestExpectProblems(t *testing.T) {
	cases := map[string]struct{ old, spoilt, want string }{
		"an unknown key": {
			"calls: 3", "cals: 3", `2:1: "cals" is not a key of an expectation; did you mean "calls"?`,
		},
		"an unknown step": {
			"{ probe-name: fail }", "{ prob-name: fail }",
			`15:5: "prob-name" is no step of the lab tiny; did you mean "probe-name"?`,
		},
		"no verdict": {
			"{ probe-name: fail }", "{ probe-name: failed }", `15:5: probe-name: "failed" is no verdict; write fail, partial 50`,
		},
		"a whole part":      {"partial 50", "partial 100", `"partial 100" is no verdict`},
		"an unknown reason": {"unknown access_denied", "unknown denied", `"unknown denied" is no verdict`},
		"what is derived": {
			"{ probe-name: fail }", "{ again: blocked by probe-name }", `"blocked by probe-name" is no verdict`,
		},
		"an unknown part": {
			"    with: [two]\n    patch", "    with: [to]\n    patch", `15:5: there is no part "to"; did you mean "two"?`,
		},
		"an unknown part of a page": {
			"    with: [two]\n    spoil", "    with: [to]\n    spoil", `32:5: there is no part "to"`,
		},
		"an unknown place": {
			"path: $list/1", "path: $lists/1", `23:9: there is no place "lists"; did you mean "list"?`,
		},
		"an unknown place of a page": {"- list: $list", "- list: $lists", `32:5: there is no place "lists"`},
		"no place": {
			"path: $list/1", "path: list/1", `23:9: the place "list/1" must begin with a slash, or with the $name of a place`,
		},
		"an account twice": {"name: denied", "name: a text", `25:5: two accounts are named "a text"`},
		"two names of values": {
			"each: { number", "each: { more: [1], number", "15:5: each has one name; there is more than one in more, number",
		},
		"a survivor that changes": {
			"name: nothing else", "name: nothing else\n    changes: { again: fail }",
			"27:5: an account that changes a step does not survive",
		},
		"a survivor without a reason": {", why: it is free", "", `28:15: survives needs the key "why"`},
		"a survivor of an odd step":   {"survives: { step: again", "survives: { step: agai", `27:5: "agai" is no step`},
		"an absence without a change": {
			"    changes: { probe-name: fail, again: pass }\n", "",
			`39:5: the absence of names emptied changes something: add the key "changes"`,
		},
		"an unknown step of an answer": {"steps: [again]", "steps: [agai]", `39:5: "agai" is no step`},
		"an unknown check": {
			"  probe-name: nothing", "  probe-nam: nothing", `1:1: no step of the lab tiny uses the check "probe-nam"`,
		},
		"an unknown step that waits": {"waits: [again]", "waits: [agai]", `1:1: "agai" is no step`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, goodExpect, c.old)
			_, err := withFile(t, "expect.yaml", strings.Replace(goodExpect, c.old, c.spoilt, 1)).Expect()
			require.ErrorAs(t, err, new(lab.Problems))
			assert.Contains(t, err.Error(), c.want)
			assert.Contains(t, err.Error(), "expect.yaml:")
		})
	}
}

// What is blocked follows from the needs, also through others, with every cause.
func TestFollow(t *testing.T) {
	l, err := lab.Load("tiny.yaml", []byte(`schema: labcheck.lab/v1
id: tiny
title: Tiny
pass: 50
sections:
  - title: All
    steps:
      - { id: d, check: x, points: 1, needs: [b, c] }
      - { id: a, check: x, points: 1 }
      - { id: b, check: x, points: 1, needs: [a] }
      - { id: c, check: x, points: 1 }
      - { id: e, check: x, points: 1 }
`))
	require.NoError(t, err)
	for _, c := range []struct{ written, want map[string]string }{
		{map[string]string{"a": "fail"}, map[string]string{"a": "fail", "b": "blocked by a", "d": "blocked by a"}},
		{
			map[string]string{"a": "fail", "c": "fail"},
			map[string]string{"a": "fail", "b": "blocked by a", "c": "fail", "d": "blocked by a c"},
		},
		{map[string]string{"a": "fail", "b": "pass"}, map[string]string{"a": "fail"}},
		{map[string]string{"b": "partial 50", "e": "skipped"}, map[string]string{"b": "partial 50", "e": "skipped"}},
		{map[string]string{"a": "unknown timeout"}, map[string]string{"a": "unknown timeout"}},
		{nil, map[string]string{}},
	} {
		assert.Equal(t, c.want, l.Follow(c.written))
	}
}
