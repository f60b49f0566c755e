package class

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/labcheck/labcheck/reports"
)

// KeyOf is what tells a student of the roster from the others: the first of its ids that is not empty.
func KeyOf(id Identity) string {
	for _, key := range []string{
		id.Handle, id.Email, id.GitHub, id.SISLogin, id.SISID, id.CanvasID, id.MoodleID,
		id.Account, id.Name,
	} {
		if key != "" {
			return key
		}
	}
	return ""
}

// SortName is a name as it is sorted: "Doe, Jane" for "Jane Doe". The last word is usedKeys for the family's name.
func SortName(name string) string {
	i := strings.LastIndexByte(name, ' ')
	if i < 0 || strings.Contains(name, ",") {
		return name
	}
	return name[i+1:] + ", " + strings.TrimSpace(name[:i])
}

// people finds students by whatever names them.
type people struct {
	list     []*Person
	roster   int              // how many of them the roster has: they come first
	index    map[string][]int // by a kind and a value, without capitals
	usedKeys map[string]bool  // the keys
}

func newPeople(roster []Identity) *people {
	p := &people{index: map[string][]int{}, usedKeys: map[string]bool{}}
	for _, id := range roster {
		p.add(KeyOf(id), id, true)
	}
	p.roster = len(roster)
	return p
}

func (p *people) add(key string, id Identity, inRoster bool) int {
	i := len(p.list)
	p.list = append(p.list, &Person{
		Key: p.freeKey(key), ID: id, InRoster: inRoster, Taken: -1, Status: NoReport, Attempts: []Attempt{}, Flags: []int{},
	})
	names := []studentName{
		{"id", key},
		{"id", id.Handle},
		{"id", id.Email},
		{"id", id.GitHub},
		{"id", id.SISLogin},
		{"id", id.SISID},
		{"id", id.MoodleID},
		{"id", id.CanvasID},
		{"canvas", id.CanvasID},
		{"account", id.Account},
		{"name", Letters(id.Name)},
		{"name", Letters(id.SortName)},
	}
	for _, alias := range id.Aliases {
		names = append(names, studentName{"id", alias})
	}
	for _, n := range names {
		if k := n.key(); n.value != "" && !slices.Contains(p.index[k], i) {
			p.index[k] = append(p.index[k], i)
		}
	}
	return i
}

// freeKey is a key that nobody has: a stranger may have chosen the name of somebody else.
func (p *people) freeKey(key string) string {
	free := key
	for n := 2; p.usedKeys[free]; n++ {
		free = fmt.Sprintf("%s (%d)", key, n)
	}
	p.usedKeys[free] = true
	return free
}

// studentName is one way to name a student.
type studentName struct{ kind, value string }

func (n studentName) key() string { return n.kind + " " + strings.ToLower(norm.NFC.String(n.value)) }

// find returns the one student whom the first of these names that names anybody stands for. A name that two share
// stands for nobody.
func (p *people) find(names ...studentName) (int, bool) {
	for _, n := range names {
		if found := p.index[n.key()]; n.value != "" && len(found) == 1 {
			return found[0], true
		}
	}
	return 0, false
}

// ofAccount are all students whose account it is: the grader reads an account that several share once. It is the
// owner's where nobody is known by it.
func (p *people) ofAccount(account string, owner int) []int {
	if all := p.index[studentName{"account", account}.key()]; len(all) > 0 {
		return all
	}
	return []int{owner}
}

// findTyped finds a student by what an instructor typed.
func (p *people) findTyped(text string) (int, bool) {
	return p.find(studentName{"id", text}, studentName{"name", Letters(text)}, studentName{"account", text})
}

// ownerOf finds the student who handed something in, or adds one. What the platform says comes before what the report
// says, for anybody can write a handle. Where the two name different students of the roster, claimed is the one of the
// report; -1 else.
func (p *people) ownerOf(s *Submission, g *groups) (owner, claimed int, ok bool) {
	from := s.From
	if s.ObservedBy != "" {
		if its := p.index[studentName{"account", s.Account}.key()]; len(its) > 0 {
			return its[0], -1, true
		}
	}
	owner, byPath := p.find(from.names()...)
	said, byHandle := p.find(studentName{"id", s.Student}, studentName{"name", Letters(s.Student)})
	claimed = -1
	if byHandle && p.list[said].InRoster {
		claimed = said
	}
	switch {
	case byPath:
		return owner, claimed, true
	case from.unnamed() && byHandle:
		return said, -1, true
	}
	if same := p.namesakes(s); len(same) > 0 {
		// The report may say which of them it is, and nobody else.
		return said, -1, byHandle && slices.Contains(same, said)
	}
	if from.unnamed() {
		if byLastResort, found := p.find(studentName{"account", s.Account}, studentName{"id", from.Path},
			studentName{"name", Letters(from.Path)}); found {
			return byLastResort, -1, true
		}
	}
	if its := g.sender(from); its != nil {
		return its.members[0], claimed, true
	}
	owner, ok = p.addStranger(s)
	return owner, -1, ok
}

// names are what a platform says of who handed something in, the surest first.
func (s Sender) names() []studentName {
	names := []studentName{{"canvas", s.CanvasID}, {"id", s.Email}, {"id", s.SISID}}
	for _, login := range s.Logins {
		names = append(names, studentName{"id", login})
	}
	return append(names, studentName{"name", Letters(s.Name)})
}

// unnamed says that no platform names the sender.
func (s Sender) unnamed() bool {
	return s.Hidden || s.Name == "" && s.Email == "" && len(s.Logins) == 0
}

// partner finds, or adds, somebody who handed something in with others.
func (p *people) partner(s Sender) (int, bool) {
	if i, ok := p.find(s.names()...); ok {
		return i, true
	}
	return p.addStranger(&Submission{From: s})
}

// namesakes are the students of the roster who share the name under which something was handed in, if there are
// several.
func (p *people) namesakes(s *Submission) []int {
	same := slices.DeleteFunc(slices.Clone(p.index[studentName{"name", Letters(s.From.Name)}.key()]),
		func(i int) bool { return !p.list[i].InRoster })
	if Letters(s.From.Name) == "" || len(same) < 2 {
		return nil
	}
	return same
}

// addStranger adds somebody whom nobody knew.
func (p *people) addStranger(s *Submission) (owner int, ok bool) {
	from := s.From
	id := Identity{Name: from.Name, Email: from.Email, SISID: from.SISID, CanvasID: from.CanvasID}
	if len(from.Logins) > 0 {
		id.SISLogin = from.Logins[0]
	}
	if KeyOf(id) == "" || from.Hidden && s.Student != "" {
		id.Handle = s.Student
	}
	if KeyOf(id) == "" {
		id.Name = from.Path
	}
	if id.Name == "" {
		id.Name = cmp.Or(id.Handle, id.SISLogin)
	}
	id.SortName = SortName(id.Name)
	key := KeyOf(id)
	if from.CanvasID != "" {
		key = id.Name + " (" + id.CanvasID + ")" // two students may have the same name
	}
	if key == "" {
		return 0, false
	}
	return p.add(key, id, false), true
}

// sorted are the students by their sort name.
func (p *people) sorted() []Person {
	slices.SortStableFunc(p.list, func(a, b *Person) int {
		if c := strings.Compare(strings.ToLower(a.sortKey()), strings.ToLower(b.sortKey())); c != 0 {
			return c
		}
		return strings.Compare(a.Key, b.Key)
	})
	list := make([]Person, len(p.list))
	bearers := map[string]int{}
	for i, person := range p.list {
		list[i] = *person
		bearers[Letters(person.ID.Name)]++
	}
	for i := range list {
		list[i].Namesake = bearers[Letters(list[i].ID.Name)] > 1
	}
	return list
}

func (p *Person) sortKey() string {
	if p.ID.SortName != "" {
		return p.ID.SortName
	}
	return p.Key
}

// Letters are the letters and digits of a name without capitals: Canvas writes no others into the names of files. An é
// is the same in both of its ways to be written, for macOS packs archives with the one that a roster seldom has.
func Letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFC.String(name))
}

// keysOf are the keys of some students, given by their indexes, sorted, each once.
func (p *people) keysOf(students []int) []string {
	var keys []string
	for _, i := range students {
		keys = append(keys, p.list[i].Key)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// noStudent is the refusal of a report that can be given to nobody.
func (p *people) noStudent(s *Submission) Refusal {
	r := Refusal{File: s.File, Student: s.From.Who(), Kind: NoStudent}
	if same := p.namesakes(s); len(same) > 0 {
		r.Reason = fmt.Sprintf("%d students of the roster are called %s, and it does not say which of them it is: "+
			"put it into a folder that is named after the right one's id or e-mail address", len(same),
			reports.Clean(s.From.Name))
		return r
	}
	r.Reason = fmt.Sprintf("nothing says whose it is: not its name, not its folder, and it was made without --student "+
		"(account %s)", reports.Clean(s.Account))
	return r
}
