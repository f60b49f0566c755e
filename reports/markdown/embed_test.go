package markdown_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
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
	}
	for name, data := range cases {
		t.Run(name, func(t *testing.T) {
			r, err := markdown.Read([]byte(data))
			require.NoError(t, err)
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

func TestReadSeesAChangedText(t *testing.T) {
	document, _ := rendered(t)
	for name, data := range map[string]string{
		"a verdict":     strings.Replace(document, "✗ fail", "✓ pass", 1),
		"a line more":   "Hello\n" + document,
		"another title": strings.Replace(document, "# AWS", "# GCP", 1),
	} {
		t.Run(name, func(t *testing.T) {
			require.NotEqual(t, document, data)
			_, err := markdown.Read([]byte(data))
			require.ErrorAs(t, err, new(*markdown.ChangedError))
		})
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
		"nothing":                 {"", "this is no report of labcheck"},
		"no comment":              {"# A report\n", "this is no report of labcheck"},
		"an indented comment":     {" " + opening + packed + "-->\n", "this is no report of labcheck"},
		"a quoted comment":        {"> " + opening, "this is no report of labcheck"},
		"two comments":            {document + opening + packed + "-->\n", "there are 2 reports in this file"},
		"one within the other":    {opening + document, "there are 2 reports in this file"},
		"another version":         {"<!-- labcheck.report/v12\n-->\n", "another kind"},
		"the end is missing":      {opening + packed, "cut off"},
		"a line is missing":       {opening + strings.Join(lines[1:], "") + "-->\n", "was changed"},
		"the last line is cut":    {opening + packed[:len(packed)-40] + "\n-->\n", "was changed"},
		"one letter is another":   {swap(200, 'A'^packed[200]^'B'), "was changed"},
		"the alphabet of URLs":    {swap(200, '_'), "was changed"},
		"a blank in a line":       {swap(200, ' '), "was changed"},
		"text after it":           {document + "graded: A\n", "text after the end of the report"},
		"two packed reports":      {opening + base64.StdEncoding.EncodeToString(twice) + "\n-->\n", "something follows"},
		"nothing in it":           {opening + "-->\n", "was changed"},
		"not a report":            {comment(t, []byte(`{"schema": "x"}`)), `the schema is "x"`},
		"not JSON":                {comment(t, []byte("hello")), "not a report in JSON"},
		"a bomb":                  {comment(t, make([]byte, jsonv1.MaxSize+1)), "larger than 8 MiB"},
		"the encoding of Windows": {"#\x00 \x00", "UTF-8"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := markdown.Read([]byte(c.data))
			require.ErrorContains(t, err, c.want)
		})
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
		r, err := markdown.Read(data)
		if err != nil {
			return
		}
		got, err := markdown.Read(reporttest.Render(t, markdown.Format, r, reports.Options{}))
		require.NoError(t, err)
		require.Equal(t, r, got)
	})
}
