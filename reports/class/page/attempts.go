package page

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/reports/webpage"
)

// attempts shows when the work was done: a chart, and the same as a sentence and a table.
func (p *page) attempts() g.Node {
	times := p.times()
	t := newTimeline(times)
	if t.total == 0 {
		return nil
	}
	return g.Group{
		h.P(g.Text(t.text() + p.inTime(times))),
		webpage.Scroll("Chart of the attempts over time", t.chart(p.c.Policy.Due)),
		webpage.Fold("The numbers", t.table()),
	}
}

// times are the times of all attempts, as they count for being late.
func (p *page) times() []time.Time {
	var times []time.Time
	for i := range p.c.Students {
		for j := range p.c.Students[i].Attempts {
			times = append(times, p.c.Students[i].Attempts[j].When().UTC())
		}
	}
	return times
}

// inTime says how many attempts came after the due time.
func (p *page) inTime(times []time.Time) string {
	if p.c.Policy.Due == nil {
		return ""
	}
	late := 0
	for _, moment := range times {
		if moment.After(*p.c.Policy.Due) {
			late++
		}
	}
	return fmt.Sprintf(" %d came after the due time.", late)
}

// timeline counts attempts by spans of the same length.
type timeline struct {
	span   span
	first  time.Time // the begin of the first span
	counts []int
	total  int
	most   int // the index of the fullest span
}

// span is a length of time that people count in.
type span struct {
	length time.Duration
	word   string
	layout string // of its begin
}

// newTimeline counts in the shortest spans of which there are not too many for a chart. No times make an empty one.
func newTimeline(times []time.Time) *timeline {
	const most, day = 60, 24 * time.Hour
	t := &timeline{total: len(times)}
	if t.total == 0 {
		return t
	}
	first, last := slices.MinFunc(times, time.Time.Compare), slices.MaxFunc(times, time.Time.Compare)
	spans := []span{
		{5 * time.Minute, "span of five minutes", "2006-01-02 15:04"},
		{time.Hour, "hour", "2006-01-02 15:04"},
		{day, "day", time.DateOnly},
		{7 * day, "week", time.DateOnly},
		{28 * day, "four weeks", time.DateOnly},
		{3640 * day, "ten years", time.DateOnly}, // enough for all that a time.Duration can hold
	}
	if all := last.Sub(first); all == 0 || all > time.Hour {
		spans = spans[1:] // minutes are for what came within one hour
	}
	for _, t.span = range spans {
		t.first = first.Truncate(t.span.length)
		if last.Sub(t.first)/t.span.length < most {
			break
		}
	}
	t.counts = make([]int, last.Sub(t.first)/t.span.length+1)
	for _, moment := range times {
		t.counts[moment.Sub(t.first)/t.span.length]++
	}
	t.most = slices.Index(t.counts, slices.Max(t.counts))
	return t
}

func (t *timeline) name(i int) string {
	return t.first.Add(time.Duration(i) * t.span.length).Format(t.span.layout)
}

// text is the chart in a sentence.
func (t *timeline) text() string {
	return fmt.Sprintf("%s from %s to %s (UTC), most in one %s: %d (%s).", checks.Count(t.total, "attempt"),
		t.name(0), t.name(len(t.counts)-1), t.span.word, t.counts[t.most], t.name(t.most))
}

// table is the chart in numbers, without the spans in which nothing happened.
func (t *timeline) table() g.Node {
	var rows []g.Node
	for i, n := range t.counts {
		if n > 0 {
			rows = append(rows, h.Tr(
				h.Th(h.Scope("row"), g.Text(t.name(i))), h.Td(h.Class("number"), g.Text(strconv.Itoa(n))),
			))
		}
	}
	return h.Table(
		h.Class("counts"), h.Caption(g.Text("Attempts, by "+t.span.word)),
		h.THead(h.Tr(webpage.Column("From (UTC)"), webpage.Column("Attempts"))), h.TBody(webpage.Lines(rows...)),
	)
}

// The chart's measures, in its own units. The bars stand between left and right, top and bottom.
const (
	chartWidth, chartHeight  = 640.0, 200.0
	left, right, top, bottom = 34.0, 634.0, 44.0, 170.0
	under                    = 20.0 // from the bars to the line of writing below them
	roomForNumber            = 14.0 // the width of a bar over which its number can stand
)

// chart draws a bar for each span. It says nothing that the sentence above it and the table below it do not.
func (t *timeline) chart(due *time.Time) g.Node {
	most := t.counts[t.most]
	parts := []g.Node{
		label(left-6, top+4, "end", strconv.Itoa(most)), label(left-6, bottom+4, "end", "0"),
		line("grid", left, top, right, top),
	}
	width := (right - left) / float64(len(t.counts))
	for i, n := range t.counts {
		if n == 0 {
			continue
		}
		x, height := left+float64(i)*width, (bottom-top)*float64(n)/float64(most)
		parts = append(parts, g.El(
			"rect", coordinate("x", x+width/10), coordinate("y", bottom-height), coordinate("width", width*8/10),
			coordinate("height", height),
		))
		if width >= roomForNumber {
			parts = append(parts, label(x+width/2, bottom-height-4, "middle", strconv.Itoa(n)))
		}
	}
	parts = append(parts, line("axis", left, bottom, right, bottom), label(left, bottom+under, "start", t.name(0)))
	if last := len(t.counts) - 1; last > 0 {
		parts = append(parts, label(right, bottom+under, "end", t.name(last)))
	}
	if due != nil {
		parts = append(parts, t.due(*due)...)
	}
	return h.SVG(
		h.Class("chart"), g.Attr("viewBox", "0 0 "+decimal(chartWidth)+" "+decimal(chartHeight)), h.Role("img"),
		h.Aria("label", "Attempts over time as bars; the numbers are in the table below"), g.Group(parts),
	)
}

// due draws the line between what was in time and what was late, where the chart reaches so far.
func (t *timeline) due(due time.Time) []g.Node {
	from, all := due.Sub(t.first), time.Duration(len(t.counts))*t.span.length
	if from < 0 || from > all {
		return nil
	}
	x := left + (right-left)*float64(from)/float64(all)
	anchor, gap := "start", 4.0
	if x > (left+right)/2 {
		anchor, gap = "end", -4.0
	}
	return []g.Node{line("due", x, 2, x, bottom), label(x+gap, 14, anchor, "due "+due.UTC().Format(time.DateOnly))}
}

func line(class string, x1, y1, x2, y2 float64) g.Node {
	return g.El("line", h.Class(class), coordinate("x1", x1), coordinate("y1", y1), coordinate("x2", x2),
		coordinate("y2", y2))
}

func label(x, y float64, anchor, text string) g.Node {
	return g.El("text", coordinate("x", x), coordinate("y", y), g.Attr("text-anchor", anchor), g.Text(text))
}

// coordinate is an attribute that holds a length, in the units of the chart.
func coordinate(name string, n float64) g.Node { return g.Attr(name, decimal(n)) }

func decimal(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }
