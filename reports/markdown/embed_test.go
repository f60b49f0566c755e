package markdown_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/reporttest"
)

const opening = "<!-- labcheck.report/v1\n"

// rendered is a Markdown report, and the part of it that stands in the comment.
func rendered(t testing.TB) (document, packed string) {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, markdown.Format.Render(&b, reporttest.Verdicts(), reports.Options{}))
	document = b.String()
	_, packed, ok := strings.Cut(document, "\n"+opening)
	require.True(t, ok)
	return document, strings.TrimSuffix(packed, "-->\n")
}

func comment(t testing.TB, plain []byte) string {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(plain)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return opening + base64.StdEncoding.EncodeToString(packed.Bytes()) + "\n-->\n"
}

func TestReadAccepts(t *testing.T) {
	document, packed := rendered(t)
	cases := map[string]string{
		"the file":                      document,
		"line ends of Windows":          strings.ReplaceAll(document, "\n", "\r\n"),
		"without the last one":          strings.TrimSuffix(document, "\n"),
		"blank lines at the end":        document + "\n \n",
		"nothing but the report":        opening + packed + "-->",
		"a mark of UTF-8":               "\ufeff" + document,
		"blanks that an editor removed": strings.ReplaceAll(document, "**  \n", "**\n"),
		"the first reports":             "# Anything\n" + comment(t, plainReport(t)),
		"smart quotes":                  strings.NewReplacer("'", "’", `"`, "”").Replace(document),
		"what Prettier makes of it": regexp.MustCompile(`(?m)^(#+ .*)\n`).ReplaceAllString(
			strings.NewReplacer("| --- |", "|-----|", "\n- ", "\n* ", "**", "__").Replace(document), "$1\n\n"),
	}
	for name, data := range cases {
		t.Run(name, func(t *testing.T) {
			r, changed, err := markdown.Read([]byte(data))
			require.NoError(t, err)
			require.Empty(t, changed)
			require.Equal(t, reporttest.Verdicts(), r)
		})
	}
}

func plainReport(t testing.TB) []byte {
	t.Helper()
	data, err := jsonv1.Marshal(reporttest.Verdicts())
	require.NoError(t, err)
	return data
}

// Only the data counts: a text that says something else is named with its line.
func TestReadSeesAChangedText(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, markdown.Format.Render(&b, reporttest.Verdicts(), reports.Options{
		All: true, Hints: 2, Command: "./labcheck",
	}))
	document, _ := rendered(t)
	line := strings.Count(document[:strings.Index(document, "❌ fail")], "\n") + 1
	for _, written := range []string{document, b.String()} {
		cases := map[string]struct{ data, want string }{
			"a note on top": {"Jane Doe, section 2\n\n" + written, "line 1 was added: “Jane Doe, section 2”"},
			"another title": {
				strings.Replace(written, "# AWS", "# GCP", 1), "line 1 reads “# GCP", // and what labcheck wrote
			},
			"a verdict": {
				strings.Replace(written, "❌ fail", "✅ pass", 1), fmt.Sprintf("line %d reads “| ✅ pass", line),
			},
			"a verdict, and a note": {
				"\nHello\n" + strings.Replace(written, "❌ fail", "✅ pass", 1),
				fmt.Sprintf("line %d reads “| ✅ pass", line+2),
			},
			"a mark": {strings.Replace(written, "❌ fail", "✅ fail", 1), fmt.Sprintf("line %d reads", line)},
			"a line less": {
				strings.Replace(written, "# AWS Core Services\n", "", 1),
				"is missing: “# AWS Core Services”",
			},
			"a signature":     {written + "\n-- \nJane \x1b[31m\n", "stands below the end of the report: “Jane"},
			"a long line":     {strings.Repeat("x", 200) + "\n" + written, strings.Repeat("x", 80) + "…”"},
			"a novel":         {strings.Repeat("x\n", 1<<19) + written, "it has 1"},
			"more than a few": {"a\nb\nc\n" + written, "(and 2 more lines)"},
		}
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				require.NotEqual(t, written, c.data)
				r, changed, err := markdown.Read([]byte(c.data))
				require.NoError(t, err)
				require.Contains(t, changed, c.want)
				require.Equal(t, reporttest.Verdicts(), r)
			})
		}
	}
}

func TestReadRefuses(t *testing.T) {
	document, packed := rendered(t)
	lines := strings.SplitAfter(packed, "\n")
	swap := func(at int, letter byte) string {
		changed := []byte(packed)
		changed[at] = letter
		return opening + string(changed) + "-->\n"
	}
	twice, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(packed, "\n", ""))
	require.NoError(t, err)
	twice = append(twice, twice...)

	cases := map[string]struct{ data, want string }{
		"nothing":               {"", "this is no report of labcheck"},
		"no comment":            {"# A report\n", "this is no report of labcheck"},
		"an indented comment":   {" " + opening + packed + "-->\n", "this is no report of labcheck"},
		"a quoted comment":      {"> " + opening, "this is no report of labcheck"},
		"two comments":          {document + opening + packed + "-->\n", "there are 2 reports in this file"},
		"one within the other":  {opening + document, "there are 2 reports in this file"},
		"another version":       {"<!-- labcheck.report/v12\n-->\n", "another kind"},
		"the end is missing":    {opening + packed, "cut off"},
		"a line is missing":     {opening + strings.Join(lines[1:], "") + "-->\n", "was changed"},
		"the last line is cut":  {opening + packed[:len(packed)-40] + "\n-->\n", "was changed"},
		"one letter is another": {swap(200, 'A'^packed[200]^'B'), "was changed"},
		"the alphabet of URLs":  {swap(200, '_'), "was changed"},
		"a blank in a line":     {swap(200, ' '), "was changed"},
		"two packed reports": {
			opening + base64.StdEncoding.EncodeToString(twice) + "\n-->\n",
			"something follows",
		},
		"nothing in it":           {opening + "-->\n", "was changed"},
		"not a report":            {comment(t, []byte(`{"schema": "x"}`)), `the schema is "x"`},
		"not JSON":                {comment(t, []byte("hello")), "not a report in JSON"},
		"a bomb":                  {comment(t, make([]byte, jsonv1.MaxSize+1)), "larger than 8 MiB"},
		"the encoding of Windows": {"#\x00 \x00", "UTF-8"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, _, err := markdown.Read([]byte(c.data))
			require.ErrorContains(t, err, c.want)
		})
	}
}

// What another version of labcheck wrote is known by its digest alone.
func TestAnotherVersionsText(t *testing.T) {
	document, packed := rendered(t)
	data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(packed, "\n", ""))
	require.NoError(t, err)
	z, err := gzip.NewReader(bytes.NewReader(data))
	require.NoError(t, err)
	plain, err := io.ReadAll(z)
	require.NoError(t, err)
	const own = "# Hello\n\n---\n\nfail\n"
	sum := sha256.Sum256([]byte("# Hello\n---\nfail\n"))
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Comment = hex.EncodeToString(sum[:])
	_, err = w.Write(plain)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	part := opening + base64.StdEncoding.EncodeToString(b.Bytes()) + "\n-->\n"
	visible, _, _ := strings.Cut(document, opening)
	for text, want := range map[string]string{
		own: "", visible: "", "": "",
		"Jane Doe\n\n***\n" + own:               "line 1 was added: “Jane Doe” (and 1 more line)",
		own + "Jane\n":                          "line 6 was added: “Jane”",
		strings.Replace(own, "fail", "pass", 1): "it is not what labcheck 0.1.0 wrote",
	} {
		_, changed, err := markdown.Read([]byte(text + part))
		require.NoError(t, err)
		require.Contains(t, changed, want)
		require.Equal(t, want == "", changed == "")
	}
}

var packedLine = regexp.MustCompile(`^[A-Za-z0-9+/=]{1,76}\n$`)

func TestTheCommentHasNoDashes(t *testing.T) {
	for _, n := range reporttest.Set() {
		out := string(reporttest.Render(t, markdown.Format, n.Report, reports.Options{}))
		_, packed, ok := strings.Cut(out, "\n"+opening)
		require.True(t, ok, n.Name)
		for line := range strings.Lines(strings.TrimSuffix(packed, "-->\n")) {
			require.Regexp(t, packedLine, line)
		}
	}
}

func FuzzRead(f *testing.F) {
	document, packed := rendered(f)
	f.Add([]byte(document))
	f.Add([]byte(opening + packed + "-->\n"))
	f.Add([]byte(opening + packed))
	f.Add([]byte(opening))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, _, err := markdown.Read(data)
		if err != nil {
			return
		}
		got, changed, err := markdown.Read(reporttest.Render(t, markdown.Format, r, reports.Options{}))
		require.NoError(t, err)
		require.Empty(t, changed)
		require.Equal(t, r, got)
	})
}
