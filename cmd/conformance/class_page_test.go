//go:build conformance

package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/page"
)

// drive clicks and types in the class page, and says in its title which students it then shows.
const drive = `<script>
const by = [...document.querySelectorAll("#students thead button")][2];
const keys = () => [...document.querySelectorAll("#students tbody tr")].filter((r) => !r.hidden).map((r) => r.dataset.key).join(" ");
const set = (id, value, event) => {
  const field = document.getElementById(id);
  field.value = value;
  field.dispatchEvent(new Event(event));
  return keys();
};
by.click();
by.click();
const said = [keys(), set("search", "jane", "input"), (set("search", "", "input"), set("status", "open", "change"))];
document.title = "SAID " + said.join("; ") + ".";
</script></body>`

// The page sorts and filters in a real browser, from a file. The driver is a second script, which the page's policy
// forbids; so the policy is taken out here, and that it allows our own script shows in the unchanged page.
func TestConformanceOfTheClassPage(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("Chromium is not installed: apt-get install chromium")
	}
	out, err := classtest.Render(t, page.Format, classtest.Class(), classtest.Options())
	require.NoError(t, err)
	require.Contains(t, dump(t, browser, string(out)), "9 of 9 students", "the script ran under its policy")

	driven := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`).ReplaceAllString(string(out), "")
	require.NotEqual(t, string(out), driven)
	driven = strings.Replace(driven, "</body>", drive, 1)
	require.Contains(t, dump(t, browser, driven),
		"<title>SAID 1001 ghost 1007 1002 1009 1003 1004 1005 1006; 1002; 1003.</title>")
}

// dump is the page as the browser has it after its scripts ran.
func dump(t *testing.T, browser, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "class.html")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	run := exec.CommandContext(t.Context(), browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "file://"+path)
	out, err := run.Output()
	require.NoError(t, err)
	return string(out)
}
