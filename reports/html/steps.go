package html

import (
	"maps"
	"slices"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/webpage"
)

// table lists all steps, a table for each section of the lab.
func (p *page) table() g.Node {
	inDetail := map[int]bool{}
	for _, numbers := range [][]int{p.next, p.rest} {
		for _, i := range numbers {
			inDetail[i] = true
		}
	}
	var parts, rows []g.Node
	sections := 0
	for i, s := range p.steps {
		rows = append(rows, p.row(i, s, inDetail[i]))
		if i+1 < len(p.steps) && p.steps[i+1].Section == s.Section {
			continue
		}
		id := numbered("section", sections)
		parts = append(parts, h.H3(h.ID(id), webpage.Text(s.Section)), stepsTable(id, rows))
		sections++
		rows = nil
	}
	if sections == 0 {
		parts = append(parts, h.P(g.Text("There are none.")))
	}
	return webpage.Section("steps", "Steps", parts...)
}

func stepsTable(labelledBy string, rows []g.Node) g.Node {
	return h.Table(
		h.Class("steps"), h.Aria("labelledby", labelledBy),
		h.THead(h.Tr(webpage.Column("Step"), webpage.Column("Result"), webpage.Column("Points"))),
		h.TBody(webpage.Lines(rows...)...),
	)
}

// row is a step in one row. Its title leads to the details where they are.
func (p *page) row(i int, s reports.Step, inDetail bool) g.Node {
	title := webpage.Text(s.Title)
	if inDetail {
		title = h.A(h.Href("#"+numbered("step", i)), title)
	}
	name := []g.Node{h.Span(h.Class("title"), title), g.Text(" "), webpage.Code(s.ID)}
	if s.Required {
		name = append(name, g.Text(" "), h.Strong(g.Text("required")))
	}
	result := []g.Node{webpage.Verdict(s.Verdict)}
	if line := s.Line(); line != "" {
		result = append(result, g.Text(" "), h.Span(h.Class("line"), webpage.Text(line)))
	}
	if waiver := s.WaiverText(); waiver != "" {
		result = append(result, g.Text(" "), h.Span(h.Class("waiver"), webpage.Text(waiver)))
	}
	return h.Tr(g.If(p.isAside(s), h.Class("aside")), h.Th(h.Scope("row"), g.Group(name)), h.Td(g.Group(result)),
		h.Td(h.Class("number"), g.Text(s.PointsCell())))
}

// isAside says of a failed step that the decision does not need it. It is not red.
func (p *page) isAside(s reports.Step) bool {
	return s.Verdict == checks.Fail && p.r.Standing(s) != reports.Deciding
}

// details tell of every step that is not green what was looked at and what to do: those to do next come first.
func (p *page) details() g.Node { return p.cards("details", "Details", slices.Concat(p.next, p.rest)) }

func (p *page) cards(id, heading string, numbers []int) g.Node {
	if len(numbers) == 0 {
		return nil
	}
	var parts []g.Node
	denied := false
	for _, i := range numbers {
		parts = append(parts, p.card(i))
		denied = denied || p.steps[i].Reason == facts.AccessDenied
	}
	if command, ok := p.r.PolicyCommand(p.o); denied && ok {
		parts = append(parts, h.P(g.Text("The permissions that this lab needs:")), webpage.Commands(command))
	}
	return webpage.Section(id, heading, parts...)
}

// card tells all about one step.
func (p *page) card(i int) g.Node {
	s := p.steps[i]
	about := []g.Node{
		webpage.Verdict(s.Verdict), g.Text(", "), webpage.Text(s.PointsText()), g.Text(", "), webpage.Code(s.ID),
	}
	if s.Required {
		about = append(about, g.Text(", "), h.Strong(g.Text("required")))
	}
	parts := []g.Node{h.H3(h.ID(numbered("step", i)), webpage.Text(s.Title)), h.P(g.Group(about))}
	for _, sentence := range []string{s.Explanation(), s.WaiverText()} {
		if sentence != "" {
			parts = append(parts, h.P(webpage.Text(sentence)))
		}
	}
	for _, f := range s.ShownFindings(p.o.All) {
		parts = append(parts, finding(f))
	}
	if s.Why != "" {
		parts = append(parts, labelled("Why", webpage.Text(s.Why)))
	}
	if pages := p.r.Links(s); len(pages) > 0 {
		var links g.Group
		for _, page := range pages {
			links = append(links, h.A(h.Href(page.URL), g.Text(page.Label)), g.Text(" "))
		}
		parts = append(parts, h.P(h.Class("links"), links))
	}
	if !s.Green() {
		parts = append(parts, p.help(s)...)
	}
	class := "card " + s.Verdict.String()
	if p.isAside(s) {
		class = "card aside"
	}
	return h.Article(
		h.Class(class), h.Aria("labelledby", numbered("step", i)), webpage.Lines(parts...),
	)
}

// finding is its subject and its lines.
func finding(f checks.Finding) g.Node {
	rows := []g.Node{}
	for _, line := range reports.FindingLines(f) {
		rows = append(rows, h.Div(h.Dt(g.Text(line.Label)), h.Dd(webpage.Text(line.Text))))
	}
	parts := []g.Node{}
	if subject := reports.Clean(f.Subject); subject != "" {
		parts = append(parts, h.P(h.Strong(g.Text(subject))))
	}
	if len(rows) > 0 {
		parts = append(parts, h.Dl(webpage.Lines(rows...)))
	}
	return h.Div(h.Class("finding"), webpage.Lines(parts...))
}

// help is what to do: as many hints as were asked for, or all of them and then the solution, folded.
func (p *page) help(s reports.Step) []g.Node {
	var parts []g.Node
	if p.o.Hints > 0 {
		parts = append(parts, hints(s.Hints[:min(p.o.Hints, len(s.Hints))]))
	} else {
		if len(s.Hints) > 0 {
			parts = append(parts, webpage.Fold("Hints", hints(s.Hints)))
		}
		if fix := p.fix(s); len(fix) > 0 {
			parts = append(parts, webpage.Fold("Solution", fix...))
		}
	}
	if again, ok := p.r.RerunCommand(s, p.o); ok {
		parts = append(parts, h.P(h.Strong(g.Text("Then look again:"))), webpage.Commands(again))
	}
	return parts
}

func hints(hints []string) g.Node {
	if len(hints) == 0 {
		return h.P(g.Text("There are no hints for this step."))
	}
	return h.Ol(webpage.Items(hints, webpage.Text))
}

func (p *page) fix(s reports.Step) []g.Node {
	var parts []g.Node
	typeable, instead := p.r.ShownFix(s, p.o)
	if careful := reports.Careful(s.Fix); careful != "" {
		parts = append(parts, labelled("Careful", webpage.Text(careful)))
	}
	if len(typeable) > 0 {
		parts = append(parts, webpage.Commands(typeable...))
	}
	if instead != "" {
		parts = append(parts, h.P(g.Text(instead)))
	}
	if s.Fix.Console != "" {
		parts = append(parts, labelled("Console", webpage.Text(s.Fix.Console)))
	}
	if note := p.r.PracticeNote(s.Fix); note != "" {
		parts = append(parts, labelled("Practice", webpage.Text(note)))
	}
	if command, ok := reports.SimulationCommand(s.Fix, p.o); ok {
		parts = append(parts, h.P(h.Strong(g.Text("In the practice account:"))), webpage.Commands(command))
	}
	return parts
}

func labelled(label string, part g.Node) g.Node {
	return h.P(h.Strong(g.Text(label+":")), g.Text(" "), part)
}

// advice lists what is right but worth changing, of the steps whose details are not shown.
func (p *page) advice() g.Node {
	var advice []g.Node
	for _, s := range p.steps {
		if sentence := s.Advice(); sentence != "" && s.Green() && !p.o.All {
			advice = append(advice, h.Li(webpage.Text(s.Title), g.Text(": "), webpage.Text(sentence)))
		}
	}
	if len(advice) == 0 {
		return nil
	}
	return webpage.Section("advice", "Advice", h.Ul(webpage.Lines(advice...)))
}

// evidence lists the requests that were answered, folded: few readers need it.
func (p *page) evidence() g.Node {
	calls := p.r.Calls
	if calls.Total == 0 {
		return nil
	}
	var counts, requests []g.Node
	for _, operation := range slices.Sorted(maps.Keys(calls.ByOperation)) {
		count := strconv.Itoa(calls.ByOperation[operation])
		counts = append(counts, h.Tr(h.Th(h.Scope("row"), webpage.Code(operation)), h.Td(h.Class("number"), g.Text(count))))
	}
	for _, s := range p.r.Steps {
		for _, c := range s.Evidence {
			requests = append(requests, h.Tr(
				h.Th(h.Scope("row"), webpage.Code(s.ID)), h.Td(webpage.Code(c.Operation)), h.Td(webpage.Code(c.Region)),
				h.Td(webpage.Code(c.RequestID)),
				h.Td(g.Text(c.At.Format(time.TimeOnly))),
			))
		}
	}
	return webpage.Section(
		"evidence", "Evidence",
		webpage.Fold(
			calls.String(),
			webpage.Wide("Requests by operation", []string{"Operation", "Requests"}, counts),
			webpage.Wide("Requests by step", []string{"Step", "Operation", "Region", "Request", "Time (UTC)"}, requests),
		),
	)
}
