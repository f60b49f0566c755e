package roster_test

import (
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/roster"
)

func TestRead(t *testing.T) {
	canvas := "Student,ID,SIS User ID,SIS Login ID,Section,Lab (123)\n\"    Points Possible\",,,,,100\n" +
		"\"Doe, Jane\",1001,S-77,jdoe,Sec 1,\n"
	cases := map[string]struct {
		data string
		want class.Identity
	}{
		"Canvas": {
			canvas,
			class.Identity{
				Name:     "Jane Doe",
				SortName: "Doe, Jane",
				CanvasID: "1001",
				SISID:    "S-77",
				SISLogin: "jdoe",
				Section:  "Sec 1",
				Row:      []string{"Doe, Jane", "1001", "S-77", "jdoe", "Sec 1", ""},
			},
		},
		"Moodle": {"First name;Surname;ID number;Email address\nJane;Doe;S-77;jane@example.edu\n", class.Identity{
			Name: "Jane Doe", SortName: "Doe, Jane", MoodleID: "S-77", Email: "jane@example.edu",
			Row: []string{"Jane", "Doe", "S-77", "jane@example.edu"},
		}},
		"names alone": {"First name,Last name\nJane,Doe\n", class.Identity{
			Name: "Jane Doe", SortName: "Doe, Jane", Row: []string{"Jane", "Doe"},
		}},
		"our own, with tabs": {
			"labcheck id\tname\tgithub\taws_account\r\njane\tJane van Doe\tjane-d\t123456789012\r\n" +
				"\r\n",
			class.Identity{
				Handle:   "jane",
				Name:     "Jane van Doe",
				SortName: "Doe, Jane van",
				GitHub:   "jane-d",
				Account:  "123456789012",
				Row:      []string{"jane", "Jane van Doe", "jane-d", "123456789012"},
			},
		},
		"a UTF-8 mark": {
			"\xef\xbb\xbfname\nJosé\n",
			class.Identity{Name: "José", SortName: "José", Row: []string{"José"}},
		},
		"Latin-1": {"name\nJos\xe9\n", class.Identity{Name: "José", SortName: "José", Row: []string{"José"}}},
		"UTF-16": {
			utf16Text("name\nJosé\n"),
			class.Identity{Name: "José", SortName: "José", Row: []string{"José"}},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r, err := roster.Read([]byte(c.data))
			require.NoError(t, err)
			require.Equal(t, []class.Identity{c.want}, r.Students)
		})
	}
}

func utf16Text(text string) string {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}

func TestReadRefuses(t *testing.T) {
	cases := map[string]struct{ data, want string }{
		"nothing":          {"", "no first line"},
		"other columns":    {"colour,size\nred,1\n", "none of its columns is known"},
		"nobody":           {"name,section\n,1\n,2\n", "nobody is in it"},
		"nobody, with why": {"name,section\n,1\n,2\n", "lines 2 to 3: 2 left out: nothing in them names a student"},
		"a spreadsheet":    {"PK\x03\x04\x00\x00", "save it as CSV"},
		"an open quote":    {"name\n\"Jane\n", "no CSV file"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := roster.Read([]byte(c.data))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestReadOverrides(t *testing.T) {
	list, err := roster.ReadOverrides("o.csv", []byte("student,score,reason\njane,87.5,shown in person\njohn,EX,ill\n"))
	require.NoError(t, err)
	score := class.Points(8750)
	require.Equal(t, []class.Override{
		{Key: "jane", Score: &score, Reason: "shown in person", Position: "o.csv:2"},
		{Key: "john", Excuse: true, Reason: "ill", Position: "o.csv:3"},
	}, list)
	for _, bad := range []string{"NaN", "-1", "+1", "1e3", "1.234", "", ".5", "1,5x", "99999999999"} {
		_, err := roster.ReadOverrides("o.csv", []byte("student;score;reason\njane;"+bad+";ill\n"))
		require.ErrorContains(t, err, "line 2", bad)
	}
	_, err = roster.ReadOverrides("o.csv", []byte("student,score,reason\njane,5,\n"))
	require.ErrorContains(t, err, "the reason is missing")
	_, err = roster.ReadOverrides("o.csv", []byte("student,score\njane,5\n"))
	require.ErrorContains(t, err, "needs the columns")
}

func TestReadPairs(t *testing.T) {
	pairs, err := roster.ReadPairs("p.csv", []byte("student,partner\njane,john\n\nann,ben,cid\n"))
	require.NoError(t, err)
	require.Equal(t, []class.Pair{
		{Students: []string{"jane", "john"}, Position: "p.csv:2"},
		{Students: []string{"ann", "ben", "cid"}, Position: "p.csv:4"},
	}, pairs)
	_, err = roster.ReadPairs("p.csv", []byte("student,partner\njane,\n"))
	require.ErrorContains(t, err, "line 2: a pair needs two")
	_, err = roster.ReadPairs("p.csv", []byte("jane,john\n"))
	require.ErrorContains(t, err, "must be student and partner")
}

// Whatever a roster holds: who is in it has a name, and no two share an e-mail.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"name,id\nJane,1\n", "a;b\n\"\n", "\xff\xfen\x00", utf16Text("name\temail\nJ\tj@x\n")} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := roster.Read(data)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, id := range r.Students {
			require.NotEmpty(t, class.KeyOf(id))
			require.False(t, id.Email != "" && seen[id.Email])
			seen[id.Email] = true
		}
	})
}

// Whatever a file of decisions holds: each is about somebody, has a reason, and is either a number of points or an
// excuse.
func FuzzReadOverrides(f *testing.F) {
	for _, seed := range []string{
		"student,score,reason\njane,87.5,ill\n", "email;points;comment\nj@x;ex;\"a\nb\"\n", "\xff\xfes\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := roster.ReadOverrides("o.csv", data)
		if err != nil {
			return
		}
		for _, o := range list {
			require.NotEmpty(t, o.Key)
			require.NotEmpty(t, o.Reason)
			require.Equal(t, o.Excuse, o.Score == nil)
			require.True(t, o.Excuse || *o.Score >= 0)
		}
	})
}

// Whatever a file of pairs holds: a pair is of two at least.
func FuzzReadPairs(f *testing.F) {
	for _, seed := range []string{
		"student,partner\njane,john\n", "student\tpartner\n,,a,b\n", "student,group\njane,A\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		groups, err := roster.ReadGroups("g.csv", data)
		for _, m := range groups {
			require.NoError(t, err)
			require.NotEmpty(t, m.Names)
			require.NotEmpty(t, m.Group)
		}
		pairs, err := roster.ReadPairs("p.csv", data)
		for _, pair := range pairs {
			require.NoError(t, err)
			require.GreaterOrEqual(t, len(pair.Students), 2)
			require.NotContains(t, pair.Students, "")
		}
	})
}

func TestReadGroups(t *testing.T) {
	canvas := "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n" +
		"Ada Lovelace,11,S-1,adl1,Sec 1,Team 1,7,G\nBob Bond,12,S-2,bb,Sec 1,,,\n"
	got, err := roster.ReadGroups("g.csv", []byte(canvas))
	require.NoError(t, err)
	require.Equal(t, []class.Membership{
		{Names: []string{"S-1", "adl1", "Ada Lovelace", "11"}, Group: "Team 1", Position: "g.csv:2"},
	}, got, "who is in no group is in none")
	got, err = roster.ReadGroups("g.csv", []byte("Team;Student\nA;ann@example.edu\n"))
	require.NoError(t, err)
	require.Equal(t, []class.Membership{{Names: []string{"ann@example.edu"}, Group: "A", Position: "g.csv:2"}}, got)
	for _, text := range []string{"student,section\nann,1\n", "a,group\nann,A\n", "student,group\n,A\n"} {
		_, err := roster.ReadGroups("g.csv", []byte(text))
		require.ErrorContains(t, err, "line 2: it needs the columns student and group")
	}
}

func TestTheGroupOfARoster(t *testing.T) {
	r, err := roster.Read([]byte("Student,ID,Section,Group\nAda,1,S,Team 1\nAda,1,S,Team 2\n"))
	require.NoError(t, err)
	require.Equal(t, "Team 1, Team 2", r.Students[0].Group)
	require.Equal(t, "S", r.Students[0].Section)
}
