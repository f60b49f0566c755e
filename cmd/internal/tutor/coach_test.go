package tutor

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/gdamore/tcell/v2"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/cmd/internal/files"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// coached is a coach before a terminal that the test plays.
type coached struct {
	*Coach
	screen tcell.SimulationScreen
	ended  error // why it was quit
}

func coach(t *testing.T, columns, rows int, o reports.Options) *coached {
	t.Helper()
	screen := tcell.NewSimulationScreen("UTF-8")
	require.NoError(t, screen.Init())
	screen.SetSize(columns, rows)
	c := &coached{screen: screen}
	c.Coach = NewCoach(screen, o, Recall(files.OS{}, in(nil), "linux"), func(err error) { c.ended = err })
	go c.Run()
	t.Cleanup(func() { c.Close() })
	return c
}

// press types keys, one after the other.
func (c *coached) press(keys string) {
	for _, key := range keys {
		c.screen.InjectKey(tcell.KeyRune, key, tcell.ModNone)
	}
	synctest.Wait()
}

// text is what stands on the screen.
func (c *coached) text() string {
	cells, columns, _ := c.screen.GetContents()
	var b strings.Builder
	for i, cell := range cells {
		b.WriteString(string(cell.Runes))
		if i%columns == columns-1 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func step(id string, v checks.Verdict, earned, points int) reports.Step {
	return reports.Step{
		ID: id, Title: "The step " + id, Step: grade.Step{Verdict: v, Earned: earned, Points: points}, Why: "It matters.",
		Hints:    []string{"A question?", "A place.", "The setting."},
		Findings: []checks.Finding{{Verdict: v, Found: "it is " + v.String(), Expected: "it is pass"}},
		Fix: checks.Fix{
			Commands: []checks.Command{checks.Sh("aws", "make", id), checks.Sh("aws", "name", "it's")}, Console: "Here",
		},
		Pages: checks.Pages{Docs: "AmazonECR/latest/userguide/repository-create.html", Console: "ecr/home"},
	}
}

func report(steps ...reports.Step) *reports.Report {
	r := &reports.Report{Source: reports.AWS, Lab: reports.Lab{ID: "lab", Title: "The Lab"}, Steps: steps}
	r.Grade = grade.Of(reports.Graded(steps), 80, nil)
	for _, s := range steps {
		if s.Verdict == checks.Fail {
			r.Next = append(r.Next, s.ID)
		}
	}
	return r
}

func TestCoach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := coach(t, 80, 24, reports.Options{Color: true})
		require.Contains(t, c.text(), "Looking at the account")
		first := report(step("a", checks.Pass, 2, 2), step("b", checks.Fail, 0, 4), step("c", checks.Blocked, 0, 4))
		c.Show(first, nil)
		shown := c.text()
		for _, want := range []string{
			"The Lab: 2 of 10 points, 1 of 3 steps done, 80% passes", "┃", "Step 2 of 3: The step b",
			"✗ fail  0 of 4 points (b)", "Found      it is fail", "Hint 1     A question?", "h hint   s command",
		} {
			require.Contains(t, shown, want)
		}
		require.NotContains(t, shown, "Hint 2")
		require.NotContains(t, shown, "aws make")

		c.press("h")
		require.Contains(t, c.text(), "Hint 2     A place.")
		c.press("hh")
		require.Contains(t, c.text(), "There is no further hint")
		c.press("s")
		require.Contains(t, c.text(), "Command    aws make b")
		c.press("c")
		require.Equal(t, "aws make b", string(c.screen.GetClipboardData()))
		require.Contains(t, c.text(), "Copied command 1 of 2")
		c.press("c")
		require.Equal(t, `aws name 'it'"'"'s'`, string(c.screen.GetClipboardData()))
		c.press("l")
		require.Contains(t, c.text(), "> ✗ fail")
		c.press("o")
		require.Contains(t, c.text(), "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-create.html")
		require.Contains(t, c.text(), "https://console.aws.amazon.com/ecr/home")

		next := report(step("a", checks.Pass, 2, 2), step("b", checks.Pass, 4, 4), step("c", checks.Fail, 0, 4))
		c.Show(next, Changes(first, next))
		c.press("o")
		shown = c.text()
		require.Contains(t, shown, "✓ b: it is pass (+4, 6 of 10)")
		require.Contains(t, shown, "→ Can be done now: c.")
		require.Contains(t, shown, "Step 3 of 3: The step c")
		require.Contains(t, shown, "Hint 1")
		require.NotContains(t, shown, "aws make", "the next task begins without its command")

		c.Wait("no credentials are configured.")
		require.Contains(t, c.text(), "Waiting: no credentials are configured.")
		require.NoError(t, c.ended)
		c.press("q")
		require.ErrorIs(t, c.ended, ErrSeenEnough)
	})
}

func TestCoachIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := coach(t, 80, 24, reports.Options{})
		c.screen.InjectKey(tcell.KeyCtrlC, 0, tcell.ModCtrl)
		synctest.Wait()
		require.ErrorIs(t, c.ended, facts.ErrInterrupted)
	})
}

// On any terminal the head and the keys stay, and nothing is drawn beside it.
func TestCoachFits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := coach(t, 80, 24, reports.Options{ASCII: true})
		hostile := step("b", checks.Fail, 0, 4)
		hostile.Title = "\x1b[31m\x1b]52;c;eA==\a 名前 e\u0301 " + strings.Repeat("long ", 30)
		simulated := report(hostile)
		simulated.Source = reports.Sandbox
		c.Show(simulated, nil)
		for _, size := range [][2]int{{120, 50}, {50, 16}, {30, 10}, {20, 5}, {8, 2}, {1, 1}} {
			c.screen.SetSize(size[0], size[1])
			c.screen.InjectKey(tcell.KeyDown, 0, tcell.ModNone)
			synctest.Wait()
			require.NotContains(t, c.text(), "\x1b")
			if size[0] >= 20 && size[1] >= 5 {
				require.Regexp(t, "h s c l o q|h hint", c.text())
			}
			if size[0] >= 50 {
				require.Contains(t, c.text(), "SIMULATED")
			}
		}
		require.Empty(t, c.screen.GetClipboardData())
	})
}
