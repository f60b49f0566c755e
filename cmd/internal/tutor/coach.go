package tutor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/terminal"
)

// Coach shows the task that a person works at on the whole of a terminal, what has changed, and answers keys. All that
// it draws is text of a terminal.Page, in which nothing of a stranger's is obeyed, put into the terminal's cells.
//
// Its methods may be called from several goroutines.
type Coach struct {
	screen tcell.Screen
	render reports.Options
	memory *Memory
	quit   context.CancelCauseFunc

	mu      sync.Mutex
	report  *reports.Report // nil until the first look
	waits   string          // why nothing could be asked; "" when it could
	changes []string        // what has changed, a line each, the newest last
	latest  []Change        // what has changed last
	note    string          // what the last key did
	view    view
	step    string // the task that is shown
	fix     bool   // whether its command is
	copied  int    // how many of its commands were copied
	top     int    // the first line of the body that is shown
}

// ErrSeenEnough is why a watch ends when its person quits it.
var ErrSeenEnough = errors.New("the person quit")

// view is what stands between the head of the screen and its foot.
type view int

const (
	viewTask view = iota
	viewList
	viewLinks
)

// NewCoach begins to draw on a screen, which must be begun itself. quit is called when the person has seen
// enough, or interrupts.
func NewCoach(screen tcell.Screen, o reports.Options, memory *Memory, quit context.CancelCauseFunc) *Coach {
	c := &Coach{screen: screen, render: o, memory: memory, quit: quit, note: "Looking at the account ..."}
	c.draw()
	return c
}

// Run answers keys until the screen is closed.
func (c *Coach) Run() {
	for {
		switch event := c.screen.PollEvent().(type) {
		case nil:
			return
		case *tcell.EventResize:
			c.screen.Sync()
			c.draw()
		case *tcell.EventKey:
			c.key(event)
			c.draw()
		}
	}
}

// Show shows a report, with what has changed since the last one.
func (c *Coach) Show(r *reports.Report, changes []Change) {
	c.mu.Lock()
	c.report, c.waits, c.note = reports.Redact(r, false), "", ""
	if s, ok := r.NextStep(); !ok || s.ID != c.step {
		c.step, c.fix, c.copied, c.top = "", false, 0, 0
		if ok {
			c.step = s.ID
		}
	}
	p := c.page()
	for _, change := range changes {
		c.changes = append(c.changes, change.Line(p))
	}
	if len(changes) > 0 {
		c.latest = changes
	}
	c.mu.Unlock()
	c.draw()
}

// Wait says why nothing can be asked for now.
func (c *Coach) Wait(sentence string) {
	c.mu.Lock()
	c.waits, c.note = sentence, ""
	c.mu.Unlock()
	c.draw()
}

// key does what a key is for.
func (c *Coach) key(event *tcell.EventKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, page := c.screen.Size()
	switch event.Key() {
	case tcell.KeyCtrlC:
		c.quit(facts.ErrInterrupted)
	case tcell.KeyEscape:
		c.view, c.top = viewTask, 0
	case tcell.KeyUp:
		c.top--
	case tcell.KeyDown:
		c.top++
	case tcell.KeyPgUp:
		c.top -= page / 2
	case tcell.KeyPgDn:
		c.top += page / 2
	case tcell.KeyRune:
		c.rune(event.Rune())
	default: // a key that is for nothing
	}
	c.top = max(0, c.top)
}

func (c *Coach) rune(key rune) {
	s := c.task()
	c.note = ""
	switch {
	case key == 'q':
		c.quit(ErrSeenEnough)
	case key == 'l' && c.report != nil:
		c.toggle(viewList)
	case s == nil:
	case key == 'o':
		c.toggle(viewLinks)
	case key == 'h':
		c.hint(s)
		c.showEnd()
	case key == 's':
		c.fix = !c.fix
		c.showEnd()
	case key == 'c':
		c.copyCommand(s)
		c.showEnd()
	}
}

// showEnd shows the end of the task, where hints and commands are.
func (c *Coach) showEnd() { c.view, c.top = viewTask, math.MaxInt }

func (c *Coach) toggle(to view) {
	if c.view == to {
		to = viewTask
	}
	c.view, c.top = to, 0
}

// task is the step that the person works at; nil where there is none.
func (c *Coach) task() *reports.Step {
	if c.report == nil {
		return nil
	}
	s, _ := c.report.NextStep()
	return s
}

func (c *Coach) hint(s *reports.Step) {
	if c.memory.Rungs(c.report.Lab.ID, s.ID, len(s.Hints)) == len(s.Hints) {
		c.note = "There is no further hint: s shows the command."
		return
	}
	c.memory.Take(c.report.Lab.ID, s.ID, len(s.Hints))
	if err := c.memory.Keep(c.report.Lab.ID); err != nil {
		c.note = "Note: " + err.Error()
	}
}

// copyCommand asks the terminal to keep a command, the next one each time. It is a command that labcheck itself made;
// nothing else is ever copied.
func (c *Coach) copyCommand(s *reports.Step) {
	commands, _ := c.report.ShownFix(*s, c.render)
	if practice, ok := reports.SimulationCommand(s.Fix, c.render); ok {
		commands = append(commands, practice)
	}
	if len(commands) == 0 {
		c.note = "There is no command to copy: s shows what to do."
		return
	}
	i := c.copied % len(commands)
	c.screen.SetClipboard([]byte(commands[i]))
	c.copied++
	c.note = fmt.Sprintf("Copied command %d of %d, where the terminal allows it", i+1, len(commands))
	if len(commands) > 1 {
		c.note += "; c copies the next one"
	}
	c.note += "."
	c.fix = true
}

// page is an empty page as wide as the screen.
func (c *Coach) page() *terminal.Page {
	const least = 20
	width, _ := c.screen.Size()
	return terminal.New(terminal.Options{
		Width: width, Color: c.render.Color, ASCII: c.render.ASCII, Shell: c.render.Shell,
	}, least)
}

// draw puts everything on the screen: the head, the body as far as it fits, what has changed, and the keys.
func (c *Coach) draw() {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, height := c.screen.Size()
	head, body, foot := c.head(), c.body(), c.foot()
	foot = foot[max(0, len(foot)-height):] // on a very low screen the keys remain
	head = head[:min(len(head), max(0, height-len(foot)-1))]
	room := max(0, height-len(head)-len(foot))
	last := max(0, len(body)-room)
	c.top = min(c.top, last)
	shown := body[c.top:min(len(body), c.top+room)]
	if last > c.top && len(shown) > 1 {
		shown = append(slices.Clone(shown[:len(shown)-1]),
			link{text: c.page().Paint(terminal.Dim, "... more below: arrow keys")})
	}
	c.screen.Clear()
	y := 0
	for _, l := range slices.Concat(head, shown) {
		c.put(y, l)
		y++
	}
	y = max(y, height-len(foot))
	for _, l := range foot {
		c.put(y, l)
		y++
	}
	c.screen.Show()
}

// link is a line of the screen; with an address it leads there.
type link struct{ text, url string }

func lines(p *terminal.Page) []link {
	var list []link
	for _, text := range strings.Split(strings.TrimSuffix(p.String(), "\n"), "\n") {
		list = append(list, link{text: text})
	}
	return list
}

func (c *Coach) head() []link {
	p := c.page()
	r := c.report
	if r == nil {
		p.Line("labcheck watch")
		return lines(p)
	}
	p.Paragraph("", r.Lab.Title+": "+Points(r))
	p.Line(Bar(p, r, p.Width))
	const low = 20 // lines: there the labels are enough
	_, height := c.screen.Size()
	for _, n := range r.Notices() {
		if height < low {
			p.Line(p.Paint(terminal.Yellow, n.Label))
			continue
		}
		p.Paragraph(p.Paint(terminal.Yellow, n.Label)+"  ", n.Text)
	}
	if left := r.NotCountedText(); left != "" && height >= low {
		p.Paragraph("", left)
	}
	p.Line("")
	return lines(p)
}

func (c *Coach) body() []link {
	p := c.page()
	s := c.task()
	switch {
	case c.waits != "":
		p.Paragraph(p.Paint(terminal.Yellow, "Waiting: "), c.waits)
	case c.report == nil:
	case c.view == viewList:
		c.list(p)
	case s == nil:
		p.Paragraph("", c.report.Closing())
	case c.view == viewLinks:
		return c.links(p, *s)
	default:
		rungs := c.memory.Rungs(c.report.Lab.ID, s.ID, len(s.Hints))
		Task{Report: c.report, Step: *s, Hints: rungs, Fix: c.fix}.Write(p, c.render)
	}
	return lines(p)
}

// list shows every step with its verdict, a line each; the task's begins with a mark.
func (c *Coach) list(p *terminal.Page) {
	for _, s := range c.report.Steps {
		mark := "  "
		if s.ID == c.step {
			mark = "> "
		}
		points := s.PointsCell()
		verdict := p.Verdict(c.report, s)
		const column, pointsColumn = 10, 7
		fill := strings.Repeat(" ", max(1, column-terminal.Width(verdict)))
		title := p.Shorten(p.Text(s.Name()), max(10, p.Width-column-pointsColumn-len(mark)))
		p.Line(fmt.Sprintf("%s%s%s%*s %s", mark, verdict, fill, pointsColumn-1, p.Text(points), title))
	}
}

// links shows the pages about a step. Nothing is opened: the terminal makes links of them.
func (c *Coach) links(p *terminal.Page, s reports.Step) []link {
	p.Paragraph(p.Paint(terminal.Bold, "Pages about this step: "), s.Name())
	p.Line("")
	list := lines(p)
	pages := c.report.Links(s)
	for _, page := range pages {
		list = append(list, link{text: page.Label + ":"})
		for part := range slices.Chunk([]byte(page.URL), max(1, p.Width-2)) {
			list = append(list, link{text: "  " + p.Paint(terminal.Cyan, string(part)), url: page.URL})
		}
	}
	if len(pages) == 0 {
		list = append(list, link{text: "There are none."})
	}
	return list
}

// foot is what has changed last, what the last key did, and the keys.
func (c *Coach) foot() []link {
	p := c.page()
	p.Line("")
	c.writeLatest(p)
	if c.note != "" {
		p.Paragraph("", c.note)
	}
	keys := "h hint   s command   c copy   l steps   o links   q quit"
	if p.Width < len(keys) {
		keys = "h s c l o q"
	}
	p.Line(p.Paint(terminal.Dim, keys))
	return lines(p)
}

// writeLatest tells what has changed last: the newest steps, and in one sentence what can be done now.
func (c *Coach) writeLatest(p *terminal.Page) {
	const few = 2
	var opened []string
	var done []Change
	for _, change := range c.latest {
		if change.opened() {
			opened = append(opened, change.Now.ID)
		} else {
			done = append(done, change)
		}
	}
	for _, change := range done[max(0, len(done)-few):] {
		p.Paragraph(change.mark(p), change.text())
	}
	if len(opened) > 0 {
		p.Paragraph(arrow(p), "Can be done now: "+reports.List(opened)+".")
	}
}

// put writes a line into the cells of a row. Of the sequences of colours, which a page writes, it makes styles.
func (c *Coach) put(y int, l link) {
	style, x, width := tcell.StyleDefault, 0, 0
	if l.url != "" {
		style = style.Url(l.url)
	}
	plain := style
	columns, _ := c.screen.Size()
	var cell []rune // the letter at x, with the marks that belong to it
	flush := func() {
		if len(cell) > 0 && x+width <= columns {
			c.screen.SetContent(x, y, cell[0], cell[1:], style)
		}
		if len(cell) > 0 {
			x += width
		}
		cell = nil
	}
	for text := l.text; text != ""; {
		if rest, ok := strings.CutPrefix(text, "\x1b["); ok {
			flush()
			code, after, _ := strings.Cut(rest, "m")
			style, text = styled(plain, terminal.Color(code)), after
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		if w := terminal.Width(string(r)); w > 0 {
			flush()
			cell, width = []rune{r}, w
		} else if len(cell) > 0 {
			cell = append(cell, r)
		}
	}
	flush()
}

// styled is a style with a colour of a page.
func styled(plain tcell.Style, color terminal.Color) tcell.Style {
	switch color {
	case terminal.Bold:
		return plain.Bold(true)
	case terminal.Dim:
		return plain.Dim(true)
	case terminal.Red:
		return plain.Foreground(tcell.ColorMaroon)
	case terminal.Green:
		return plain.Foreground(tcell.ColorGreen)
	case terminal.Yellow:
		return plain.Foreground(tcell.ColorOlive)
	case terminal.Cyan:
		return plain.Foreground(tcell.ColorTeal)
	default:
		return plain
	}
}

// Close gives the terminal back, and returns how wide it is by now and what has changed, a line each.
func (c *Coach) Close() (width int, changes []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	width, _ = c.screen.Size()
	c.screen.Fini()
	return width, c.changes
}
