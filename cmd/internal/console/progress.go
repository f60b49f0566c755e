package console

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// Patience is how long a person waits without asking whether anything goes on.
const Patience = time.Second

// clearLine takes a terminal back to the beginning of a line, with nothing left on it.
const clearLine = "\r\x1b[K"

// Progress is one line of a terminal that says what goes on, each time in the place of what it said before. Several
// goroutines may use it at once.
type Progress struct {
	mu    sync.Mutex
	w     io.Writer // nil: nothing is ever shown
	now   func() time.Time
	from  time.Time // nothing is shown before
	shown bool

	what        string // is counted
	done, total int
	began       time.Time // counting
	rate        bool      // is shown, with how long the rest will take
}

// Progress begins a line on standard error, which shows nothing before this much time has passed. It never shows
// anything where standard error is no terminal, or one that cannot take a line back.
func (c Console) Progress(after time.Duration) *Progress {
	if !c.StderrTerminal || c.Dumb {
		return &Progress{}
	}
	return &Progress{w: c.Stderr, now: c.Now, from: c.Now().Add(after)}
}

// Say shows what goes on.
func (p *Progress) Say(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.show(what)
}

// Count begins to count how many of a total are done, such as "steps looked at".
func (p *Progress) Count(total int, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what, p.done, p.total, p.rate = what, 0, total, false
}

// CountLong is Count for what may take minutes: how many are done in a second is shown, and how long the rest will
// take.
func (p *Progress) CountLong(total int, what string) {
	p.Count(total, what)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rate = p.w != nil
	if p.rate {
		p.began = p.now()
	}
}

// Done says that one more is done. Of many, only each hundredth part is shown: a terminal is slow.
func (p *Progress) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.total <= 100 || p.done*100/p.total > (p.done-1)*100/p.total {
		p.show(fmt.Sprintf("%d of %d %s%s", p.done, p.total, p.what, p.pace()))
	}
}

// pace says how many are done in a second, and how long the rest will take.
func (p *Progress) pace() string {
	if !p.rate || !p.now().After(p.began) {
		return ""
	}
	perSecond := float64(p.done) / p.now().Sub(p.began).Seconds()
	left := time.Duration(float64(p.total-p.done) / perSecond * float64(time.Second)).Round(time.Second)
	return fmt.Sprintf(", %.1f a second, %s left", perSecond, left)
}

// Clear leaves nothing on the line.
func (p *Progress) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		_, _ = io.WriteString(p.w, clearLine) // that it cannot be drawn is no reason to stop
		p.shown = false
	}
}

func (p *Progress) show(line string) {
	if p.w != nil && !p.now().Before(p.from) {
		_, _ = io.WriteString(p.w, clearLine+line)
		p.shown = true
	}
}
