package class

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/reports"
)

// Membership says that a student is in a group whose members hand in together.
type Membership struct {
	// Names are what may name the student, the surest first: any cell of a row may.
	Names    []string
	Group    string
	Position string // file:line
}

// groups are the groups of a class: those that the instructor names, and those of the roster. Members of the former
// always share what is handed in; those of the latter only where the platform says that the group handed it in, for a
// column of that name may hold the hours of a tutorial.
type groups struct {
	people *people
	list   []*group // in the order in which they are named
	byName map[string]*group
	// unknown is what students handed in under a name that the roster does not have, or has not for them.
	unknown map[int]arrival
}

// arrival is a file and what the platform says of its sender.
type arrival struct {
	file string
	from Sender
}

// group is one group.
type group struct {
	name    string
	members []int // the students
	named   bool  // by the instructor
	shared  bool  // it handed something in
}

// newGroups gathers the groups. Whoever is in one and not in the roster is an error, and without a roster a student.
func newGroups(everybody *people, t Terms) (*groups, error) {
	g := &groups{people: everybody, byName: map[string]*group{}, unknown: map[int]arrival{}}
	for i, id := range t.Roster {
		for name := range strings.SplitSeq(id.Group, ",") {
			g.join(i, name, false)
		}
	}
	for _, m := range t.Groups {
		student, ok := g.member(m)
		switch {
		case ok:
		case len(t.Roster) > 0:
			return nil, &DecisionError{m.Position, noSuchStudent(m.Names[0])}
		default:
			id := Identity{Handle: m.Names[0], Name: m.Names[0]}
			id.SortName = SortName(id.Name)
			student = everybody.add(KeyOf(id), id, false)
		}
		g.join(student, m.Group, true)
	}
	return g, nil
}

func (g *groups) member(m Membership) (student int, ok bool) {
	for _, name := range m.Names {
		if student, ok = g.people.findTyped(name); ok {
			return student, true
		}
	}
	return 0, false
}

func (g *groups) join(student int, name string, named bool) {
	key := groupKey(name)
	if key == "" {
		return
	}
	if g.byName[key] == nil {
		g.byName[key] = &group{name: strings.TrimSpace(name)}
		g.list = append(g.list, g.byName[key])
	}
	its := g.byName[key]
	its.named = its.named || named
	if !slices.Contains(its.members, student) {
		its.members = append(its.members, student)
	}
}

// groupKey is a name of a group as platforms leave it in the names of files.
func groupKey(name string) string { return cmp.Or(Letters(name), strings.TrimSpace(name)) }

// sender is the group that handed something in by the name that the platform gives; nil for none.
func (g *groups) sender(from Sender) *group {
	if from.Rest {
		return g.rest(from.Name)
	}
	return g.byName[groupKey(cmp.Or(from.Name, from.Path))]
}

// rest is the group of those who are in none: they hand in together, too, where Moodle lets them. Without any group
// nobody knows who they are.
func (g *groups) rest(name string) *group {
	if its := g.byName[groupKey(name)]; its != nil || len(g.list) == 0 {
		return its
	}
	its := &group{name: name}
	for i, p := range g.people.list {
		if p.InRoster && !slices.ContainsFunc(g.list, func(o *group) bool { return slices.Contains(o.members, i) }) {
			its.members = append(its.members, i)
		}
	}
	if len(its.members) == 0 {
		return nil
	}
	return its
}

// together are all who handed something in with its owner, who comes first.
func (g *groups) together(owner int, s *Submission) []int {
	all := []int{owner}
	add := func(students ...int) {
		for _, i := range students {
			if !slices.Contains(all, i) {
				all = append(all, i)
			}
		}
	}
	for _, sender := range s.With {
		if partner, ok := g.people.partner(sender); ok {
			add(partner)
		}
	}
	its := g.sender(s.From)
	for _, other := range g.list {
		if other == its || other.named && slices.Contains(other.members, owner) {
			other.shared = true
			add(other.members...)
		}
	}
	if its != nil {
		add(its.members...) // the rest is on no list
	}
	known := g.people.list[owner].InRoster
	if g.people.roster > 0 && !known || known && len(all) == 1 && its == nil && !g.people.fits(owner, s.From) {
		if first, ok := g.unknown[owner]; !ok || s.File < first.file {
			g.unknown[owner] = arrival{s.File, s.From}
		}
	}
	return all
}

// fits says whether what the platform calls the sender may be a name of the student: it holds a word of it, or the
// student's names are not known.
func (p *people) fits(student int, from Sender) bool {
	id, called := p.list[student].ID, Letters(from.Name)
	known := strings.Fields(strings.Join([]string{id.Name, id.SISLogin, id.Email, id.Handle}, " "))
	return called == "" || id.Name == "" || slices.ContainsFunc(known, func(word string) bool {
		return Letters(word) != "" && strings.Contains(called, Letters(word))
	})
}

// flag says of every group in which some are graded and some are not, and of everybody whom nobody knows.
func (g *groups) flag(f *flagger) {
	for _, its := range g.list {
		if its.named || its.shared {
			f.declare(its.members)
		}
		graded, open := []int{}, []int{}
		for _, i := range its.members {
			switch g.people.list[i].Status {
			case Graded, Open:
				graded = append(graded, i)
			case NoReport, NotCounted:
				open = append(open, i)
			case Excused:
			}
		}
		if len(graded) == 0 || len(open) == 0 || !its.named && !its.shared && len(its.members) > mostTeam {
			continue
		}
		text := fmt.Sprintf("are in the group %s, in which %s graded and %s not", reports.Clean(its.name),
			g.people.are(graded), g.people.are(open))
		if !its.named && !its.shared {
			text += "; if they hand in together, say so with --groups"
		}
		f.flagTogether(SplitGroup, its.members, text)
	}
	g.flagUnknown(f)
}

// mostTeam is how many students a group of the roster has at most that is taken for a team, and not for a tutorial.
const mostTeam = 6

// flagUnknown says who handed something in under a name that the roster does not have, each alone where they are few:
// else the roster is of another course, most likely.
func (g *groups) flagUnknown(f *flagger) {
	const few = 5
	var hidden, named []int
	for i, a := range g.unknown {
		switch {
		case g.people.list[i].InRoster:
			f.flagAlone(i, UnknownSender, "the platform calls the sender of %s %q, which is no name of this student; if that "+
				"is a group, say with --groups who is in it", a.file, reports.Clean(a.from.Name))
		case a.from.Hidden:
			hidden = append(hidden, i)
		case a.from.whoMayItBe() != "":
			named = append(named, i)
		}
	}
	if len(hidden) > 0 {
		f.flagTogether(UnknownSender, hidden, "the platform hides names, and the roster knows none of these; let students "+
			"name themselves with --student, or write what the platform calls them into the roster's column handle")
	}
	if len(named) > few {
		f.flagTogether(UnknownSender, named, "the roster has nobody of these names; if they are groups, say with --groups "+
			"who is in them, else it may be the roster of another course")
		return
	}
	for _, i := range named {
		a := g.unknown[i]
		f.flagAlone(i, UnknownSender, "the roster has nobody who handed in %s: %s", a.file, a.from.whoMayItBe())
	}
}

// whoMayItBe says how to find out who somebody is whom the roster does not have; "" where nothing is to be said.
func (s Sender) whoMayItBe() string {
	switch {
	case s.Rest:
		return "it is of all who are in no group; say with --groups who is in one"
	case s.Name != "":
		return "if " + reports.Clean(s.Name) + " is a group, say with --groups who is in it"
	}
	return ""
}

// are names some students with their verb: "Ann and Ben are".
func (p *people) are(students []int) string {
	names := make([]string, len(students))
	for i, student := range students {
		names[i] = reports.Clean(cmp.Or(p.list[student].ID.Name, p.list[student].Key))
	}
	if len(names) == 1 {
		return names[0] + " is"
	}
	return reports.List(names) + " are"
}
