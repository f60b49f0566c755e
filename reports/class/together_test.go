package class_test

import (
	"slices"
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

// scores are the scores of the students by key, "" for those without one.
func scores(c *class.Class) map[string]string {
	all := map[string]string{}
	for _, p := range c.Students {
		all[p.Key] = ""
		if p.Score != nil {
			all[p.Key] = p.Score.String()
		}
	}
	return all
}

// kindsOf are the kinds of the flags.
func kindsOf(c *class.Class) []class.FlagKind {
	kinds := []class.FlagKind{}
	for _, f := range c.Flags {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

// unsaid makes a report that says of nobody that it is his.
func unsaid(s *class.Submission) { s.Student = "" }

// Everybody in a group gets what it handed in, whatever way the platform names it.
func TestGroups(t *testing.T) {
	trio := []class.Identity{
		{Handle: "ann", Name: "Ann Ames", CanvasID: "11"},
		{Handle: "ben", Name: "Ben Bond"},
		{Handle: "cid", Name: "Cid Cole"},
	}
	byColumn := slices.Clone(trio)
	byColumn[0].Group, byColumn[1].Group = "Tutorial 3, Team_1", "Team_1"
	listed := []class.Membership{
		{Names: []string{"ann"}, Group: "Team_1"},
		{Names: []string{"nobody", "ben@example.edu", "Ben Bond"}, Group: "Team_1"},
	}
	none := map[string]string{"ann": "", "ben": "", "cid": ""}
	both := map[string]string{"ann": "90", "ben": "90", "cid": ""}
	cases := map[string]struct {
		roster []class.Identity
		groups []class.Membership
		from   class.Sender
		want   map[string]string
		flags  []class.FlagKind
	}{
		"Moodle's team, by the list":   {trio, listed, class.Sender{Name: "Team 1"}, both, nil},
		"Moodle's team, by the roster": {byColumn, nil, class.Sender{Name: "Team 1"}, both, nil},
		"Canvas's team":                {byColumn, nil, class.Sender{Name: "team_1", CanvasID: "11"}, both, nil},
		"a folder":                     {trio, listed, class.Sender{Path: "team-1"}, both, nil},
		"one of them":                  {trio, listed, class.Sender{Name: "benbond"}, both, nil},
		"one of them, and no list": {
			byColumn, nil,
			class.Sender{Name: "benbond"},
			map[string]string{"ann": "", "ben": "90", "cid": ""},
			[]class.FlagKind{class.SplitGroup},
		},
		"those of no group": {
			byColumn, nil,
			class.Sender{Name: "Default group", Rest: true},
			map[string]string{"ann": "", "ben": "", "cid": "90"},
			nil,
		},
		"those of no group, and no groups": {
			trio, nil,
			class.Sender{Name: "Default group", Rest: true},
			map[string]string{"ann": "", "ben": "", "cid": "", "Default group": "90"},
			[]class.FlagKind{class.UnknownSender},
		},
		"a team that nobody knows": {
			trio, nil,
			class.Sender{Name: "Team 1"},
			map[string]string{"ann": "", "ben": "", "cid": "", "Team 1": "90"},
			[]class.FlagKind{class.UnknownSender},
		},
		"Canvas's team that nobody knows": {
			trio, nil,
			class.Sender{Name: "team_1", CanvasID: "11"},
			map[string]string{"ann": "90", "ben": "", "cid": ""},
			[]class.FlagKind{class.UnknownSender},
		},
		"several submitters": {
			trio, nil, class.Sender{Name: "Ann Ames"}, both, nil,
		},
		"without a roster": {
			nil, listed, class.Sender{Name: "Team 1"}, map[string]string{"ann": "90", "nobody": "90"}, nil,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			terms := terms()
			terms.Roster, terms.Groups = c.roster, c.groups
			handedIn := report("x", 90, unsaid, from(c.from))
			if name == "several submitters" {
				handedIn.With = []class.Sender{{Name: "Ben Bond"}}
			}
			got := collect(t, terms, handedIn)
			require.Equal(t, c.want, scores(got))
			require.Equal(t, len(c.flags), len(got.Flags), "%v", got.Flags)
			for i, kind := range c.flags {
				require.Equal(t, kind, kindsOf(got)[i])
			}
		})
	}
	t.Run("nobody", func(t *testing.T) {
		terms := terms()
		terms.Roster, terms.Groups = trio, listed
		require.Equal(t, none, scores(collect(t, terms)))
	})
}

// Members of a group may hand in the same file, and each may say that it is another member's.
func TestAGroupIsNoCopy(t *testing.T) {
	terms := terms()
	terms.Roster = []class.Identity{{Handle: "ann"}, {Handle: "ben", Name: "Ben"}, {Handle: "cid"}}
	terms.Groups = []class.Membership{{Names: []string{"ann"}, Group: "A"}, {Names: []string{"ben"}, Group: "A"}}
	same := func(s *class.Submission) { s.SHA256 = "same" }
	c := collect(t, terms, report("ann", 90, same), report("ben", 90, same, func(s *class.Submission) {
		s.From.Name, s.Student = "ben", "ann"
	}))
	require.Len(t, c.Flags, 1)
	require.True(t, c.Flags[0].Declared)
	require.Equal(t, map[string]string{"ann": "90", "ben": "90", "cid": ""}, scores(c))
}

// That one of a group is graded and one is not is said, also where a decision made it so.
func TestASplitGroup(t *testing.T) {
	terms := terms()
	terms.Roster = []class.Identity{{Handle: "ann", Group: "A"}, {Handle: "ben", Group: "A"}, {Handle: "cid", Group: "B"}}
	terms.AllowSimulated = false
	c := collect(t, terms, report("ann", 90), report("cid", 90))
	require.Len(t, c.Flags, 1)
	require.Equal(t, []string{"ann", "ben"}, c.Flags[0].Students)
	require.Equal(t, "are in the group A, in which ann is graded and ben is not; if they hand in together, say so with "+
		"--groups", c.Flags[0].Text)
}

// Where a platform hides names, the report may say whose it is, and so may the roster.
func TestHiddenNames(t *testing.T) {
	terms := terms()
	terms.Roster = []class.Identity{{Handle: "ann"}, {Handle: "Xy12a", Name: "Ben"}}
	hidden := func(id string) func(s *class.Submission) {
		return from(class.Sender{Hidden: true, Logins: []string{"anon_" + id, id}, Path: "anon_" + id})
	}
	c := collect(t, terms, report("ann", 90, hidden("a")), report("b", 80, hidden("Xy12a"), unsaid),
		report("c", 70, hidden("c"), unsaid), report("d", 60, hidden("d"), unsaid))
	require.Equal(t, map[string]string{"ann": "90", "Xy12a": "80", "anon_c": "70", "anon_d": "60"}, scores(c))
	require.Equal(t, []class.FlagKind{class.UnknownSender}, kindsOf(c), "one for all")
	require.Equal(t, []string{"anon_c", "anon_d"}, c.Flags[0].Students)
}

// A roster of another course is said once.
func TestAnotherCourse(t *testing.T) {
	terms := terms()
	terms.Roster = []class.Identity{{Handle: "ann"}}
	var list []class.Submission
	for _, name := range []string{"Ben", "Cid", "Dan", "Eve", "Fay", "Gil"} {
		list = append(list, report(name, 90, unsaid, from(class.Sender{Name: name})))
	}
	require.Len(t, collect(t, terms, list[:5]...).Flags, 5)
	c := collect(t, terms, list...)
	require.Len(t, c.Flags, 1)
	require.Len(t, c.Flags[0].Students, 6)
}

func TestGroupsThatCannotBeFollowed(t *testing.T) {
	terms := terms()
	terms.Roster = []class.Identity{{Handle: "ann"}}
	terms.Groups = []class.Membership{{Names: []string{"ben"}, Group: "A", Position: "groups.csv:2"}}
	_, err := class.Collect(class.HandedIn{}, terms)
	require.EqualError(t, err, `groups.csv:2: there is no student "ben", neither in the roster nor with a report`)
}
