package roster_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/roster"
)

// shown is a roster as a test compares it: a student a line, with the ids, and the warnings below.
func shown(t *testing.T, data string) string {
	t.Helper()
	r, err := roster.Read([]byte(data))
	require.NoError(t, err)
	var lines []string
	for _, s := range r.Students {
		parts := []string{s.Name}
		for _, id := range append([]string{
			s.Handle, s.Email, s.GitHub, s.SISLogin, s.SISID, s.CanvasID, s.MoodleID, s.Account, s.Section,
		}, s.Aliases...) {
			if id != "" {
				parts = append(parts, id)
			}
		}
		lines = append(lines, strings.Join(parts, " "))
	}
	return strings.Join(append(lines, r.Warnings...), "\n")
}

// Rows that a platform writes are no students, and rows that cannot be used are warnings.
func TestRowsAreForgiven(t *testing.T) {
	canvas := "Student,ID,SIS User ID,SIS Login ID,Section,Lab (1)\n"
	cases := map[string]struct{ data, want string }{
		"Canvas hides an assignment": {
			canvas + ",,,,,Manual Posting\n    Points Possible,,,,,10.00\n\"Doe, Jane\",7,S7,jdoe,A,\n",
			"Jane Doe jdoe S7 7 A",
		},
		"Canvas as it was": {canvas + ",,,,,Muted\n\"Doe, Jane\",7,S7,jdoe,A,\n", "Jane Doe jdoe S7 7 A"},
		"Canvas's test student": {
			canvas + "\"Doe, Jane\",7,S7,jdoe,A,\n\"Student, Test\",9,," + strings.Repeat("0a", 20) + ",A,\n",
			"Jane Doe jdoe S7 7 A",
		},
		"somebody called Test Student": {
			canvas + "\"Student, Test\",9,S9,tstudent,A,\n", "Test Student tstudent S9 9 A",
		},
		"Google Classroom": {
			"Last Name,First Name,Email Address,Lab\nDate,,,2026-11-24\nPoints,,,100\nDoe,Jane,j@x.edu,\n",
			"Jane Doe j@x.edu",
		},
		"somebody called Date": {"Last Name,First Name,Email Address\nDate,Jane,j@x.edu\n", "Jane Date j@x.edu"},
		"two sections":         {"name,email,section\nJane,j@x.edu,A\nJane,J@x.edu,B\n", "Jane j@x.edu A, B"},
		"twice": {
			"name,email,section\nJane,j@x.edu,A\nJane,j@x.edu,A\n",
			"Jane j@x.edu A\nline 3: the same student as in line 2",
		},
		"twice, the second time with more": {
			"name,email,github\n,j@x.edu,\nJane,j@x.edu,jane-d\n",
			"Jane j@x.edu jane-d\nline 3: the same student as in line 2",
		},
		"GitHub Classroom, a row a section": {
			"identifier,github_username,github_id,name\ni01-jd,jane-d,5,\ni02-jr,,,\ni02-jd,jane-d,5,\n",
			" i01-jd jane-d i02-jd\n i02-jr\nline 4: the same student as in line 2",
		},
		"an id of two": {
			"name,id,email\nJane,1001,j@x.edu\nJohn,1001,k@x.edu\nJim,1001,\n",
			"Jane j@x.edu\nJohn k@x.edu\nJim\n" +
				`line 3: "1001" is already the id of the student in line 2: nobody is known by it` + "\n" +
				`line 4: "1001" is already the id of the student in line 2: nobody is known by it`,
		},
		"an address of two, in capitals": {
			"name,email\nJane,j@x.edu\nJohn,J@X.EDU\n",
			"Jane\nJohn\n" + `line 3: "…" is already the email of the student in line 2: nobody is known by it`,
		},
		"an account of two": {
			"name,aws_account\nJane,123456789012\nJohn,123456789012\n", "Jane 123456789012\nJohn 123456789012\n" +
				`line 3: the account "123456789012" is that of the student in line 2 too`,
		},
		"words for nothing": {
			"name,id,email,github\nJane,-,NULL,N/A\nJohn,-,null,#N/A\nJim,—,none,\\N\n", "Jane\nJohn\nJim",
		},
		"nobody in a line": {
			"name,section\nJane,1\n,2\n", "Jane 1\nline 3: left out: nothing in it names a student",
		},
		"line ends of old Macs": {"name,email\rJane,j@x.edu\rJohn,k@x.edu\r", "Jane j@x.edu\nJohn k@x.edu"},
		"blanks before quotes":  {"name, \"email\"\n \"Doe, Jane\", \"j@x.edu\"\n", "Jane Doe j@x.edu"},
		"Brightspace": {
			"OrgDefinedId,Username,Last Name,First Name,Email,Lab Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator\n" +
				"#0007,#jdoe,Doe,Jane,j@x.edu,,#\n",
			"Jane Doe j@x.edu jdoe 0007",
		},
		"Blackboard": {
			utf16Text(
				"\"Last Name\"\t\"First Name\"\t\"Username\"\t\"Student ID\"\n\"Doe\"\t\"Jane\"\t\"c4\"\t\"500\"\n",
			),
			"Jane Doe 500 c4",
		},
		"Blackboard without a mark": {
			utf16Text("Last Name\tFirst Name\tUsername\nDoe\tJane\tc4\n")[2:], "Jane Doe c4",
		},
		"Blackboard Ultra": {
			"\ufeff\"Last Name\",\"First Name\",\"Username\",\"Student ID\",\"Last Access\",\"Lab [Total Pts: 10 Score] |5\"\n" +
				"\"Doe\",\"Jane\",\"jdoe\",\"0442474\",\"2026-09-01 20:20:47\",\"\"\n",
			"Jane Doe 0442474 jdoe",
		},
		"Canvas, two columns of names": {
			"LastName,FirstName,ID,SIS Login ID,Section,Lab (1)\n,,,,,Manual Posting\n    Points Possible,,,,,10\n" +
				"Doe,Jane,7,jdoe,A and B,\n", "Jane Doe jdoe 7 A and B",
		},
		"Canvas's groups": {
			"name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n" +
				"Jane Doe,7,S7,jdoe,A,Team 1,3,\n", "Jane Doe 7 A",
		},
		"Gradescope": {
			"First Name,Last Name,SID,Email,Sections,Total Score,Max Points,Status,Submission ID,Submission Time\n" +
				"Jane,Doe,101,j@x.edu,A,8.0,12.0,Graded,128746829,2022-06-25 13:16:26 -0600\n", "Jane Doe j@x.edu 101 A",
		},
		"Moodle's worksheet": {
			"\ufeffIdentifier,\"Full name\",\"ID number\",\"Email address\",Status,Grade,\"Maximum Grade\"\n" +
				"\"Participant 12345\",\"Jane Doe\",A1,j@x.edu,\"No submission - \",,100.00\n",
			"Jane Doe Participant 12345 j@x.edu A1",
		},
		"Moodle's worksheet without names": {
			"Identifier,Status,Grade,\"Maximum Grade\"\n\"Participant 12345\",\"No submission - \",,100.00\n",
			" Participant 12345",
		},
		"Canvas with a decimal comma": {
			"\ufeffStudent;ID;SIS User ID;SIS Login ID;Section;Lab (1)\n;;;;;Manual Posting\n" +
				"    Points Possible;;;;;10,00\nDoe, Jane;7;S7;jdoe;A;8,50\n", "Jane Doe jdoe S7 7 A",
		},
		"Canvas hides an assignment in German": {
			canvas + ",,,,,Manuelles Veröffentlichen\n    Points Possible,,,,,10\n\"Doe, Jane\",7,S7,jdoe,A,\n",
			"Jane Doe jdoe S7 7 A",
		},
		"Canvas's test student in German": {
			canvas + "\"Doe, Jane\",7,S7,jdoe,A,\nTest-Teilnehmer,9,," + strings.Repeat("0a", 20) + ",A,\n",
			"Jane Doe jdoe S7 7 A",
		},
		"Canvas with all that it may show": {
			"Student,ID,SIS User ID,SIS Login ID,Integration ID,Root Account,Section,Notes,Lab (1),Current Score\n" +
				"    Points Possible,,,,,,,(read only),10,(read only)\n" +
				"\"Doe, Jane\",7,S7,jdoe,i7,x.instructure.com,\"A, B, and C\",sits in front,9,90\n",
			"Jane Doe jdoe S7 7 A, B, and C",
		},
		"Gradescope's list of a course": {
			"First Name,Last Name,SID,Email,Role,Sections\nJane,Doe,101,j@x.edu,Student,A\nTom,Low,,t@x.edu,Instructor,\n" +
				"Ann,Ash,,a@x.edu,TA,A\nRob,Roe,,r@x.edu,Reader,\n",
			"Jane Doe j@x.edu 101 A\nline 3: left out: Instructor\nline 4: left out: TA\nline 5: left out: Reader",
		},
		"Moodle's participants": {
			"\"First name\",\"Last name\",\"ID number\",\"Email address\",Roles,Groups\nJane,Doe,A1,j@x.edu,Student,T1\n" +
				"Tom,Low,,t@x.edu,\"Teacher, Manager\",\n",
			"Jane Doe j@x.edu A1\nline 3: left out: Teacher, Manager",
		},
		"Brightspace by user names": {
			"Username,Last Name,First Name,Lab Points Grade <Numeric MaxPoints:10>,End-of-Line Indicator\n#jdoe,Doe,Jane,,#\n",
			"Jane Doe jdoe",
		},
		"Blackboard of two courses": {
			utf16Text(
				"\"Last Name\"\t\"First Name\"\t\"Username\"\t\"Student ID\"\t\"Last Access\"\t\"Availability\"\t" +
					"\"Lab [Total Pts: 10 Score] |5\"\t\"Child Course ID\"\n" +
					"\"Doe\"\t\"Jane\"\t\"c4\"\t\"\"\t\"\"\t\"Yes\"\t\"\"\t\"X\"\n",
			),
			"Jane Doe c4",
		},
		"Excel says the separator": {"sep=;\r\nname;email\r\nJane;j@x.edu\r\n", "Jane j@x.edu"},
		"blanks that do not break": {"Name,Email\u00a0address\nJane,\u00a0j@x.edu\u00a0\n", "Jane j@x.edu"},
		"UTF-16 with the other end first": {
			"\xfe\xff\x00n\x00a\x00m\x00e\x00\n\x00J\x00o\x00\n", "Jo",
		},
		"lines to be filled in": {
			"name,email,section\nJane,j@x.edu,A\n,,A\n,,A\n,,A\n",
			"Jane j@x.edu A\nlines 3 to 5: 3 left out: nothing in them names a student",
		},
		"quotes around a name over two lines": {"name,email\n\"Jane\nDoe\",j@x.edu\n", "Jane Doe j@x.edu"},
		"a comma at the end of each line":     {"name,email,\nJane,j@x.edu,\n", "Jane j@x.edu"},
		"lines of different lengths": {
			"name,email,section\nJane,j@x.edu\nJohn,k@x.edu,A,x\n",
			"Jane j@x.edu\nJohn k@x.edu A",
		},
		"Google Classroom, exported": {
			"Last Name,First Name,Email Address,Lab 1.2\nDate,,,\"Nov 24, 2026\"\nPoints,,,100\nClass Average,,,88\n" +
				"Doe,Jane,j@x.edu,95\n", "Jane Doe j@x.edu",
		},
		"Moodle in Dutch": {
			"Voornaam,Achternaam,ID-nummer,E-mailadres\nJane,Doe,A1,j@x.edu\n", "Jane Doe j@x.edu A1",
		},
		"Moodle in Portuguese": {
			"Nome,Sobrenome,Número de identificação,Endereço de email\nJane,Doe,A1,j@x.edu\n", "Jane Doe j@x.edu A1",
		},
		"Moodle in Italian": {
			"Nome,Cognome,Codice identificativo,Indirizzo email\nJane,Doe,A1,j@x.edu\n", "Jane Doe j@x.edu A1",
		},
		"Moodle in German": {
			"Vorname,Nachname,ID-Nummer,E-Mail-Adresse,\"Aufgabe: Lab (Punkte)\"\nJane,Doe,A1,j@x.edu,-\n",
			"Jane Doe j@x.edu A1",
		},
		"Moodle in French": {
			"Prénom,Nom,Numéro d'identification,Adresse de courriel\nJane,Doe,A1,j@x.edu\n", "Jane Doe j@x.edu A1",
		},
		"Moodle in Spanish": {
			"Nombre,Apellido(s),Número de ID,Dirección de correo\nJane,Doe,A1,j@x.edu\n", "Jane Doe j@x.edu A1",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, shown(t, c.data)) })
	}
}

// Whoever is listed twice keeps the cells of the first row, for an importer finds them there.
func TestMergedRowKeepsItsCells(t *testing.T) {
	r, err := roster.Read([]byte("name,email,section\nJane,j@x.edu,A\nJane,j@x.edu,B\n"))
	require.NoError(t, err)
	require.Equal(t, []class.Identity{{
		Name: "Jane", SortName: "Jane", Email: "j@x.edu", Section: "A, B", Row: []string{"Jane", "j@x.edu", "A"},
	}}, r.Students)
}
