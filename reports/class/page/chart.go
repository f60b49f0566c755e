package page

import (
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

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
		write(left-6, top+4, "end", strconv.Itoa(most)), write(left-6, bottom+4, "end", "0"),
		line("grid", left, top, right, top),
	}
	width := (right - left) / float64(len(t.counts))
	for i, n := range t.counts {
		if n == 0 {
			continue
		}
		x, height := left+float64(i)*width, (bottom-top)*float64(n)/float64(most)
		parts = append(parts, g.El(
			"rect", at("x", x+width/10), at("y", bottom-height), at("width", width*8/10), at("height", height),
		))
		if width >= roomForNumber {
			parts = append(parts, write(x+width/2, bottom-height-4, "middle", strconv.Itoa(n)))
		}
	}
	parts = append(parts, line("axis", left, bottom, right, bottom), write(left, bottom+under, "start", t.name(0)))
	if last := len(t.counts) - 1; last > 0 {
		parts = append(parts, write(right, bottom+under, "end", t.name(last)))
	}
	if due != nil {
		parts = append(parts, t.due(*due)...)
	}
	return h.SVG(
		h.Class("chart"), g.Attr("viewBox", "0 0 "+coordinate(chartWidth)+" "+coordinate(chartHeight)), h.Role("img"),
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
	return []g.Node{line("due", x, 2, x, bottom), write(x+gap, 14, anchor, "due "+due.UTC().Format(time.DateOnly))}
}

func line(class string, x1, y1, x2, y2 float64) g.Node {
	return g.El("line", h.Class(class), at("x1", x1), at("y1", y1), at("x2", x2), at("y2", y2))
}

func write(x, y float64, anchor, text string) g.Node {
	return g.El("text", at("x", x), at("y", y), g.Attr("text-anchor", anchor), g.Text(text))
}

func at(name string, n float64) g.Node { return g.Attr(name, coordinate(n)) }

func coordinate(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }
