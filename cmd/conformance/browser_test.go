//go:build conformance

package conformance

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	web "github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// tab is a page of ours in a real browser. Its own scripts run under its own policy; what the test evaluates does not.
type tab struct {
	t   *testing.T
	ctx context.Context
	// asked are the addresses that the browser asked for, and said is what the page or the browser complained about.
	asked, said []string
}

// open starts Chromium and opens a page from a file, as a person does who was sent it.
func open(t *testing.T, page []byte) *tab {
	t.Helper()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("Chromium is not installed: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox) // root has no sandbox
	limited, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(stop)
	allocator, end := chromedp.NewExecAllocator(limited, options...)
	t.Cleanup(end)
	ctx, closed := chromedp.NewContext(allocator)
	t.Cleanup(closed)

	b := &tab{t: t, ctx: ctx}
	require.NoError(t, chromedp.Listen(ctx, b.listen))
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, web.Enable, web.EnableParams{})
		return err
	}))
	path := filepath.Join(t.TempDir(), "page.html")
	require.NoError(t, os.WriteFile(path, page, 0o600))
	b.do(chromedp.EmulateViewport(1280, 800), chromedp.Navigate("file://"+path))
	return b
}

func (b *tab) listen(event any) {
	switch e := event.(type) {
	case *web.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.said = append(b.said, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.said = append(b.said, fmt.Sprintf("%s: %s", e.Type, e.Args[0].Value))
	case *log.EventEntryAdded:
		b.said = append(b.said, e.Entry.Text)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

// evaluate is the value of an expression of JavaScript in the page.
func evaluate[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err, expression)
	return value
}

func (b *tab) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// press types a key into an element.
func (b *tab) press(selector, keys string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(selector), keys))
}

// media shows the page as on paper or on a screen, in dark or in light.
func (b *tab) media(medium, scheme string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: medium, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	}))
}

// paper prints the page and counts the sheets.
func (b *tab) paper() int {
	b.t.Helper()
	pdf, err := chromedp.Run(b.ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	require.NoError(b.t, err)
	return strings.Count(string(pdf), "/Type /Page\n")
}

// requireQuiet says that the page asked for nothing but itself, and that nobody complained.
func (b *tab) requireQuiet() {
	b.t.Helper()
	require.Len(b.t, b.asked, 1, "%v", b.asked)
	require.Empty(b.t, b.said)
}

// requireAccessible holds the page against axe-core, in light and in dark: contrast, names, landmarks, headings,
// tables.
func (b *tab) requireAccessible() {
	b.t.Helper()
	axe, err := exec.CommandContext(b.t.Context(), "python3", "-c",
		"import importlib.util as u; "+
			"print(u.find_spec('axe_playwright_python').submodule_search_locations[0], end='')").Output()
	require.NoError(b.t, err)
	source, err := os.ReadFile(filepath.Join(string(axe), "axe.min.js"))
	require.NoError(b.t, err)
	evaluate[any](b, string(source)+"; null")
	for _, scheme := range []string{"light", "dark"} {
		b.media("screen", scheme)
		require.Empty(b.t, evaluate[[]string](b, `axe.run(document, { resultTypes: ["violations"] }).then((result) =>
			result.violations.map((v) => v.id + ": " +
				v.nodes.map((n) => n.html).slice(0, 3).join(" ").slice(0, 400)))`), scheme)
	}
	b.media("", "light")
}

// requireNarrow says that the page fits a narrow screen: parts of it may scroll, but not the page.
func (b *tab) requireNarrow() {
	b.t.Helper()
	for _, width := range []int64{360, 320} {
		b.do(chromedp.EmulateViewport(width, 800))
		require.Equal(b.t, width, evaluate[int64](b, "document.documentElement.scrollWidth"))
	}
	b.do(chromedp.EmulateViewport(1280, 800))
}
