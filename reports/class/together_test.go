package class_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/labcheck/labcheck/reports/class"
)

// from makes a report that a platform says this of.
func from(sender class.Sender, with ...class.Sender) func(s *class.Submission) {
	return func(s *class.Submission) { s.From, s.With = sender, with }
}

// gradedKeys are the keys of the students with a grade.
func gradedKeys(c *class.Class) []string {
	var keys []string
	for _, p := range c.Students {
		if p.Status == class.Graded {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

func TestEverybodyOfAGroupIsGraded(t *testing.T) {
	terms := terms()
	terms.Roster = []class.Identity{
		{Name: "Ada", Email: "a@x.edu", SISID: "1"}, {Name: "Bob", Email: "b@x.edu", SISID: "2"}, {Name: "Cid", SISID: "3"},
	}
	c := collect(t, terms, report("", 90, from(class.Sender{Name: "Ada", Email: "a@x.edu"},
		class.Sender{Name: "Robert", SISID: "2"}, class.Sender{Name: "Ada", Email: "a@x.edu"}, class.Sender{Name: "Dan"},
		class.Sender{Name: "Dan"})))
	require.Equal(t, []string{"a@x.edu", "b@x.edu", "Dan"}, gradedKeys(c))
	require.Empty(t, c.Flags, "what a platform says is a group's needs no leave")
	require.Len(t, c.Students[1].Attempts, 1)
}

func TestUserNamesOfAPlatform(t *testing.T) {
	terms := terms()
	terms.Roster = []class.Identity{
		{Name: "Ada", SISLogin: "ada_l"}, {Name: "Lu", SISLogin: "l"}, {Name: "Anne", Handle: "Participant 12345"},
	}
	c := collect(t, terms,
		report("l", 90, from(class.Sender{Logins: []string{"ada_l", "l"}})),
		report("", 80, from(class.Sender{Name: "Participant 12345", Logins: []string{"Participant 12345"}})),
		report("", 70, from(class.Sender{Name: "Participant 7", Logins: []string{"Participant 7"}})),
		report("", 70, from(class.Sender{Name: "Participant 8", Logins: []string{"Participant 8"}})),
	)
	require.Equal(t, []string{"Participant 7", "Participant 8", "ada_l", "Participant 12345"}, gradedKeys(c))
}

// macOS packs names apart, rosters have them together.
func TestNamesInEitherNormalForm(t *testing.T) {
	for _, form := range []norm.Form{norm.NFC, norm.NFD} {
		terms := terms()
		terms.Roster = []class.Identity{{Name: form.String("Jürgen Müller"), MoodleID: "2"}}
		for _, other := range []norm.Form{norm.NFC, norm.NFD} {
			c := collect(t, terms, report("", 90, from(class.Sender{Name: other.String("Jürgen Müller")})))
			require.Equal(t, []string{"2"}, gradedKeys(c))
		}
	}
}
