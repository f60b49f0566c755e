package cmd

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// patience is how long a person waits without asking whether anything goes on.
const patience = time.Second

// progress shows on a terminal how much of something is done, once it lasts for longer than a person's patience. The
// first function is told how much that is; the second leaves nothing of it on the terminal.
func (a *app) progress(what string, total int) (done func(int), end func()) {
	bar := progressbar.NewOptions(total,
		progressbar.OptionSetWriter(later{a.env.Stderr, a.env.Now, a.env.Now().Add(patience)}),
		progressbar.OptionSetDescription(what),
		progressbar.OptionSetTheme(progressbar.ThemeASCII),
		progressbar.OptionSetWidth(20), // of 80 columns the words and numbers need up to 60
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(patience/10),
		progressbar.OptionUseANSICodes(true),
		progressbar.OptionClearOnFinish(),
	)
	// A bar that cannot be drawn is no reason to stop.
	return func(n int) { _ = bar.Set(n) }, func() { _ = bar.Clear() }
}

// later passes on what is written after a time, and nothing before.
type later struct {
	to  io.Writer
	now func() time.Time
	at  time.Time
}

// Write implements io.Writer.
func (l later) Write(p []byte) (int, error) {
	if l.now().Before(l.at) {
		return len(p), nil
	}
	return l.to.Write(p)
}
