package webpage_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Text must stand out from what is behind it by 4.5 to 1, and shapes by 3 to 1, on every medium (WCAG 2.2, 1.4.3 and
// 1.4.11).
func TestContrast(t *testing.T) {
	schemes := readSchemes(t)
	require.Len(t, schemes, 3, "light, dark and print")
	for _, colors := range schemes {
		for _, name := range []string{
			"text", "soft", "link", "pass", "partial", "fail", "blocked", "unknown", "skipped",
		} {
			for _, behind := range []string{"page", "card"} {
				require.GreaterOrEqual(t, contrast(t, colors[name], colors[behind]), 4.5, "%s on %s", name, behind)
			}
		}
		require.GreaterOrEqual(t, contrast(t, colors["notice-text"], colors["notice"]), 4.5)
		require.GreaterOrEqual(t, contrast(t, colors["earned"], colors["empty"]), 3.0)
		require.GreaterOrEqual(t, contrast(t, colors["text"], colors["empty"]), 3.0, "the pass mark")
	}
}

func TestContrastIsThatOfTheStandard(t *testing.T) {
	require.InDelta(t, 21, contrast(t, "#000000", "#ffffff"), 0.001)
	require.InDelta(t, 4.54, contrast(t, "#767676", "#ffffff"), 0.01)
	require.InDelta(t, 1, contrast(t, "#123456", "#123456"), 0.001)
}

// The page asks nothing of the network, and a browser would refuse it.
func TestStyleFetchesNothing(t *testing.T) {
	require.NotRegexp(t, `(?i)url\(|@import|@font-face|https?:`, readStyle(t))
}

func readStyle(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("base.css")
	require.NoError(t, err)
	return string(data)
}

var custom = regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`)

// readSchemes are the colours of each :root rule, by their names.
func readSchemes(t *testing.T) []map[string]string {
	t.Helper()
	var schemes []map[string]string
	for _, rule := range strings.Split(readStyle(t), ":root {")[1:] {
		rule, _, _ = strings.Cut(rule, "}")
		colors := map[string]string{}
		for _, found := range custom.FindAllStringSubmatch(rule, -1) {
			colors[found[1]] = found[2]
		}
		schemes = append(schemes, colors)
	}
	return schemes
}

// contrast is the ratio of two colours as WCAG 2.2 defines it, from 1 to 21.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light, dark := luminance(t, a), luminance(t, b)
	return (math.Max(light, dark) + 0.05) / (math.Min(light, dark) + 0.05)
}

func luminance(t *testing.T, color string) float64 {
	t.Helper()
	require.Len(t, color, len("#rrggbb"))
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		require.NoError(t, err)
		part := float64(n) / 255
		if part <= 0.04045 {
			part /= 12.92
		} else {
			part = math.Pow((part+0.055)/1.055, 2.4)
		}
		sum += weight * part
	}
	return sum
}
