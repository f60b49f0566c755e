package reports_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestClean(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"plain text stays":                 {"docker-api", "docker-api"},
		"letters of all scripts stay":      {"日本語 é ñ Ж", "日本語 é ñ Ж"},
		"line ends are one blank":          {"a\r\n\t b\u2028c", "a b c"},
		"blanks at the ends go":            {"  a ", "a"},
		"a blank that does not break":      {"a\u00a0b", "a b"},
		"an escape sequence loses its ESC": {"\x1b[31mred", "�[31mred"},
		"the one-character form of it too": {"\u009b31mred", "�31mred"},
		"a mark that turns the direction":  {"a\u202eb", "a�b"},
		"a character without width":        {"docker\u200b-api", "docker�-api"},
		"a soft hyphen":                    {"a\u00adb", "a�b"},
		"a variation selector":             {"a\ufe0fb", "a�b"},
		"a filler that looks like nothing": {"a\u3164b", "a�b"},
		"a tag character":                  {"a\U000e0041b", "a�b"},
		"a character of private use":       {"a\ue000b", "a�b"},
		"what is not UTF-8":                {"a\xffb", "a�b"},
		"a few marks on a letter stay":     {"e\u0301", "e\u0301"},
		"many marks on a letter do not":    {"e" + strings.Repeat("\u0301", 50), "e" + strings.Repeat("\u0301", 4)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, reports.Clean(c.text)) })
	}
}

func FuzzClean(f *testing.F) {
	for _, name := range reporttest.HostileNames() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean := reports.Clean(text)
		require.True(t, utf8.ValidString(clean))
		require.Equal(t, -1, strings.IndexFunc(clean, reports.Hidden))
		require.Equal(t, clean, reports.Clean(clean), "cleaning twice changes nothing")
		require.Equal(t, strings.TrimSpace(clean), clean)
	})
}

func TestClip(t *testing.T) {
	require.Equal(t, "as it is", reports.Clip(" as\n it  is", 8))
	require.Equal(t, "as … (cut)", reports.Clip("as it is, and more than that", 12))
	for _, huge := range []string{strings.Repeat("é", 1<<20), strings.Repeat("x", 1<<20), strings.Repeat("\xff", 1<<20)} {
		got := reports.Clip(huge, 100)
		require.LessOrEqual(t, len(got), 100)
		require.True(t, utf8.ValidString(got))
		require.Contains(t, got, "(cut)")
	}
	require.Equal(t, "x … (cut)", reports.Clip("x"+strings.Repeat(" ", 1000)+"y", 100), "what is left out is said")
}

func TestCell(t *testing.T) {
	for untrusted, want := range map[string]string{
		"": "", "Jane Doe": "Jane Doe", "a=b": "a=b", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@sum": "'@sum",
		"\t=1": "'=1", "\r\n=1": "'=1", "a\nb": "a b",
		"＝1+1": "'＝1+1", "＋1": "'＋1", "－1": "'－1", "＠sum": "'＠sum", "﹦1": "'﹦1", "﹢1": "'﹢1", "﹣1": "'﹣1",
		"﹫sum": "'﹫sum", "\u3000＝1": "'＝1", "a＝1": "a＝1", "ー": "ー", "‐": "‐",
	} {
		require.Equal(t, want, reports.Cell(untrusted), "%q", untrusted)
	}
}
