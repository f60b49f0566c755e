package terminal

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShorten(t *testing.T) {
	cases := map[string]struct {
		text    string
		columns int
		want    string
	}{
		"fits":                     {"docker-api", 10, "docker-api"},
		"keeps both ends":          {"arn:aws:iam::123456789012:user/alice", 15, "arn:aws…r/alice"},
		"wide letters":             {"日本語の名前です", 9, "日本…です"},
		"a wide letter on the cut": {"日本語の名前です", 8, "日本…す"},
		"marks stay on theirs":     {"ae\u0301\u0301\u0301bcdefghij", 5, "ae\u0301\u0301\u0301…ij"},
		"no room":                  {"docker-api", 1, "…"},
		"no room at all":           {"docker-api", 0, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := shorten(c.text, c.columns, "…")
			require.Equal(t, c.want, got)
			require.LessOrEqual(t, Width(got), c.columns)
		})
	}
}

func TestWrap(t *testing.T) {
	require.Equal(t, []string{"a b", "c"}, wrap("a b c", 3, "…"))
	require.Equal(t, []string{"a", "xx…xx", "b"}, wrap("a xxxxxxxxxx b", 5, "…"))
	require.Empty(t, wrap("", 5, "…"))
}
