//go:build conformance

package conformance

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/page"
)

// names are the students whom the matrix shows, in its order.
const names = `Array.from(document.querySelectorAll("#matrix tbody tr:not([hidden]) th"), (cell) => cell.textContent)`

func TestConformanceOfTheClassPage(t *testing.T) {
	b := open(t, classPage(t, classtest.Class()))
	hostile := reports.Clean(classtest.Hostile)
	byName := []string{"Ann Berg", "Jane Doe", "Chi Ito", "Max Kahn", "Kim Lee", "Lu Mora", "Noa Nagy", "ghost", hostile}
	bySortName := []string{
		hostile, "Ann Berg", "Jane Doe", "ghost", "Chi Ito", "Max Kahn", "Kim Lee", "Lu Mora", "Noa Nagy",
	}
	shown := func() []string { return evaluate[[]string](b, names) }
	said := func() string { return evaluate[string](b, `document.querySelector("[role=status]").textContent`) }
	require.Equal(t, byName, shown())
	require.Equal(t, "9 of 9 students", said(), "the script ran under its policy")

	t.Run("sort", func(t *testing.T) {
		const head = "#matrix thead tr:first-child th:nth-child(2)"
		sorted := func() string { return evaluate[string](b, `document.querySelector("`+head+`").ariaSort`) }
		none := []string{"Max Kahn", "Kim Lee", "Lu Mora"} // have no points, and so come last
		up := []string{hostile, "Chi Ito", "Noa Nagy", "Jane Doe", "ghost", "Ann Berg"}
		b.click(head + " button")
		require.Equal(t, "ascending", sorted())
		require.Equal(t, slices.Concat(up, none), shown())
		require.Equal(t, "9 of 9 students, by Points, ascending", said())
		b.press(head+" button", "\r")
		require.Equal(t, "descending", sorted())
		down := []string{"Ann Berg", "ghost", "Jane Doe", "Chi Ito", "Noa Nagy", hostile}
		require.Equal(t, slices.Concat(down, none), shown())
		require.Equal(t, 1, evaluate[int](b, `document.querySelectorAll("#matrix [aria-sort]").length`))

		b.click("#matrix thead tr:last-child th:nth-child(3) button")
		require.Equal(t, []string{hostile, "Jane Doe", "ghost"}, shown()[:3], "the verdicts of a step, the worst first")
		b.click("#matrix thead th:first-child button")
		require.Equal(t, bySortName, shown())
	})

	t.Run("filter", func(t *testing.T) {
		b.press("#find", "JANE")
		require.Equal(t, []string{"Jane Doe"}, shown())
		require.Equal(t, "1 of 9 students, by Student, ascending", said())
		b.press("#find", strings.Repeat("\b", len("JANE"))+"octo-1002")
		require.Equal(t, []string{"Jane Doe"}, shown(), "also by the name at GitHub")
		b.press("#find", strings.Repeat("\b", len("octo-1002")))
		b.press("#outcome", "not p")
		require.Equal(t, []string{hostile, "Jane Doe", "Noa Nagy"}, shown())
		choose := func(field, value string) {
			evaluate[any](b, `(() => { const field = document.querySelector("`+field+`"); field.value = "`+value+`";
				field.dispatchEvent(new Event("input")); })()`)
		}
		choose("#flag", "*")
		require.Equal(t, []string{hostile, "Jane Doe"}, shown())
		choose("#flag", "name_disagrees")
		require.Equal(t, []string{hostile}, shown())
		choose("#flag", "")
		choose("#outcome", "")
		choose("#step", "0")
		require.Equal(t, []string{"Chi Ito"}, shown(), "who did not pass a step")
		choose("#step", "")
		require.Equal(t, bySortName, shown())
	})

	t.Run("a student's page", func(t *testing.T) {
		b.click("#matrix tbody tr:nth-child(3) a")
		require.Equal(t, "Jane Doe", evaluate[string](b, `document.querySelector(".student h3").textContent`))
		require.Equal(t, []string{"◐ partial, 10 of 20 points, logs-retention"},
			evaluate[[]string](b, `Array.from(document.querySelectorAll(".card p:first-of-type"), (p) => p.textContent)`))
		b.click("#matrix tbody tr:first-child a")
		require.Equal(t, hostile, evaluate[string](b, `document.querySelector(".student h3").textContent`))
		require.Equal(t, 1, evaluate[int](b, `document.querySelectorAll(".student").length`))
		b.requireAccessible() // as drawn by the script
		b.click("#matrix tbody tr:nth-child(3) a")
	})

	t.Run("print", func(t *testing.T) {
		b.media("print", "light")
		require.False(t, evaluate[bool](b, `document.querySelector("#controls").checkVisibility()`))
		require.False(t, evaluate[bool](b, `document.querySelector(".student").checkVisibility()`), "nobody asked for it")
		b.media("", "light")
		overview := b.paper()
		require.LessOrEqual(t, overview, 6)
		evaluate[any](b, `window.print = () => {}; null`) // its dialog would wait for a person
		b.click(`.student [data-print="one"]`)
		require.Equal(t, "one", evaluate[string](b, `document.documentElement.dataset.print`))
		require.Less(t, b.paper(), 3)
		evaluate[any](b, `dispatchEvent(new Event("afterprint")); null`)
		b.click(`[data-print="students"]`)
		require.GreaterOrEqual(t, b.paper(), len(byName), "a sheet for each")
		evaluate[any](b, `dispatchEvent(new Event("afterprint")); null`)
		require.Equal(t, overview, b.paper(), "the choice is for once")
	})

	b.requireNarrow()
	b.requireQuiet()
	b.requireAccessible()
}

// The class page stays usable with a thousand students. The times are for a person to read: a busy machine proves
// nothing.
func TestConformanceOfALargeClassPage(t *testing.T) {
	const students, steps = 1000, 22
	out := classPage(t, classtest.Many(students, steps))
	b := open(t, out)
	require.Equal(t, students, len(evaluate[[]string](b, names)))
	t.Logf("%d students, %d KiB, loaded after %.0f ms", students, len(out)>>10,
		evaluate[float64](b, `performance.getEntriesByType("navigation")[0].loadEventEnd`))
	for name, action := range map[string]string{
		"sort": `document.querySelectorAll("#matrix thead button")[1].click()`,
		"filter": `document.getElementById("find").value = "ann";
			document.getElementById("find").dispatchEvent(new Event("input"))`,
	} {
		t.Logf("%s: %.0f ms until the next frame", name, evaluate[float64](b, `new Promise((done) => {
			const began = performance.now();
			`+action+`;
			document.body.offsetHeight;
			requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
		})`))
	}
	require.Len(t, evaluate[[]string](b, names), 112, "Ann Berg is every ninth")
}

func classPage(t *testing.T, c *class.Class) []byte {
	t.Helper()
	out, err := classtest.Render(t, page.Format, c, classtest.Options())
	require.NoError(t, err)
	return out
}
