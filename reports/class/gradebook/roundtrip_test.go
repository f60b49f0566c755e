package gradebook_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/classtest"
	"github.com/labcheck/labcheck/reports/class/gradebook"
	"github.com/labcheck/labcheck/reports/class/roster"
	"github.com/labcheck/labcheck/reports/class/submissions"
	"github.com/labcheck/labcheck/reports/markdown"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// What the platforms export as the list of a course.
const (
	canvasRoster = "Student,ID,SIS User ID,SIS Login ID,Section,Lab 1.2 (7)\n,,,,,Manual Posting\n" +
		"    Points Possible,,,,,10.00\n\"Lovelace, Ada\",11,S1,ada,A,\n\"Hopper, Grace\",12,S2,grace,A,\n" +
		"\"Student, Test\",14,,0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a,A,\n"
	moodleRoster = "First name,Last name,ID number,Email address,Group\n" +
		"Ada,Lovelace,M1,ada@x.edu,Team_1\nGrace,Hopper,M2,grace@x.edu,\n"
	worksheetRoster = "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Last modified (grade)\n" +
		"Participant 12345,Ada Lovelace,M1,ada@x.edu,-,,10.00,-\nParticipant 12346,Grace Hopper,M2,grace@x.edu,-,,10.00,-\n"
	brightspaceRoster = "OrgDefinedId,Username,Last Name,First Name,Lab 1.2 Points Grade <Numeric MaxPoints:10>," +
		"End-of-Line Indicator\n#01,#ada,Lovelace,Ada,,#\n#02,#grace,Hopper,Grace,,#\n"
	blackboardRoster = "\"Last Name\",\"First Name\",\"Username\",\"Lab 1.2 [Total Pts: 10 Score] |534283\"\n" +
		"Lovelace,Ada,c444,\nHopper,Grace,c445,\n"
	ownRoster = "student,email,github\nAda Lovelace,ada@x.edu,ada-l\nGrace Hopper,grace@x.edu,ghopper\n"
)

// TestPlatforms goes the whole way for every platform: the list as it exports it, the archive as it names the files of
// Ada and Grace, and the file that it imports. Each report has 20 of 46 points, which no column holds exactly.
func TestPlatforms(t *testing.T) {
	canvasFile := "Student,ID,SIS User ID,SIS Login ID,Section,Lab 1.2 (7)\n" +
		"\"Hopper, Grace\",12,S2,grace,A,4.34\n\"Lovelace, Ada\",11,S1,ada,A,4.34\n"
	moodleFile := "ID number,Email address,Lab 1.2,Lab 1.2 (feedback)\nM2,grace@x.edu,43.47,…\nM1,ada@x.edu,43.47,…\n"
	own := "email,Lab\ngrace@x.edu,43.47\nada@x.edu,43.47\n"
	cases := map[string]struct {
		roster string
		files  []string
		groups string
		format class.Format
		want   string // without the comments
	}{
		"Canvas": {
			canvasRoster,
			[]string{"lovelaceada_11_20001_report.md", "hoppergrace_LATE_12_20002_report-1.md"},
			"",
			gradebook.Canvas, canvasFile,
		},
		"Canvas's group": {
			canvasRoster,
			[]string{"team1_11_20001_report.md"},
			"name,canvas_user_id,group_name\nAda,11,Team 1\nGrace,12,Team 1\n", gradebook.Canvas, canvasFile,
		},
		"Canvas hides names": {
			"student,email,handle\nAda Lovelace,ada@x.edu,anon_Xy12a\nGrace Hopper,grace@x.edu,b9QqZ\n",
			[]string{"anon_Xy12a_20001_report.md", "LATE_anon_b9QqZ_20002_report.md"},
			"", gradebook.CSV, own,
		},
		"Moodle": {
			moodleRoster, []string{
				"Ada Lovelace_12345_assignsubmission_file/report.md", "Grace Hopper_12346_assignsubmission_file_/report.md",
				"Ada Lovelace_12345_assignsubmission_onlinetext/onlinetext.html",
			}, "", gradebook.Moodle, moodleFile,
		},
		"Moodle without folders": {
			moodleRoster, []string{
				"Ada Lovelace_12345_assignsubmission_file_report.md", "Grace Hopper_12346_assignsubmission_file_report.md",
			}, "", gradebook.Moodle, moodleFile,
		},
		"Moodle hides names": {
			worksheetRoster,
			[]string{
				"Participant_12345_assignsubmission_file/report.md", "Participant_12346_assignsubmission_file/report.md",
			},
			"", gradebook.MoodleWorksheet,
			"Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Last modified (grade)\n" +
				"Participant 12346,Grace Hopper,M2,grace@x.edu,-,4.34,10.00,-\n" +
				"Participant 12345,Ada Lovelace,M1,ada@x.edu,-,4.34,10.00,-\n",
		},
		"Moodle's teams": {
			moodleRoster, []string{
				"Team 1_77_assignsubmission_file/report.md", "Default group_assignsubmission_file/report.md",
			}, "", gradebook.Moodle, moodleFile,
		},
		"Brightspace": {
			brightspaceRoster,
			[]string{
				"397063-2557369 - Ada Lovelace - Sep 24, 2026 926 PM/report.md",
				"397064-2557369 - Grace Hopper - Nov 24, 2026 926 PM/report.md", "index.html",
			},
			"", gradebook.Brightspace,
			"OrgDefinedId,Username,Lab 1.2 Points Grade,End-of-Line Indicator\n#02,#grace,4.34,#\n#01,#ada,4.34,#\n",
		},
		"Blackboard": {
			blackboardRoster,
			[]string{
				"Lab 1.2_c444_attempt_2026-11-24-21-26-00_report.md", "Lab 1.2_c444_attempt_2026-11-24-21-26-00.txt",
				"Lab 1.2_c445_attempt_2026-11-24-21-26-01_report.md", "Lab 1.2_c445_attempt_2026-11-24-21-26-01.txt",
			},
			"", gradebook.Blackboard,
			"\"Last Name\"\t\"First Name\"\t\"Username\"\t\"Lab 1.2 [Total Pts: 10 Score] |534283\"\n" +
				"\"Hopper\"\t\"Grace\"\t\"c445\"\t\"4.34\"\n\"Lovelace\"\t\"Ada\"\t\"c444\"\t\"4.34\"\n",
		},
		"Gradescope, two submitters": {
			"First Name,Last Name,SID,Email\nAda,Lovelace,1,ada@x.edu\nGrace,Hopper,2,grace@x.edu\n",
			[]string{"assignment_7_export/submission_1/report.md", "assignment_7_export/submission_metadata.yml"},
			"",
			gradebook.CSV, own,
		},
		"a folder each": {
			ownRoster,
			[]string{"ada-l/report.md", "grace@x.edu/labcheck-sample-1.0.md", "ghopper/report-1.md"},
			"",
			gradebook.CSV, own,
		},
		"a file each": {ownRoster, []string{"Ada Lovelace.txt", "ghopper.markdown"}, "", gradebook.CSV, own},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			list, err := roster.Read([]byte(c.roster))
			require.NoError(t, err)
			terms := class.Terms{Lab: labOf(reporttest.Verdicts()), Roster: list.Students}
			if c.groups != "" {
				terms.Groups, err = roster.ReadGroups("groups.csv", []byte(c.groups))
				require.NoError(t, err)
			}
			in, err := (&submissions.Reader{Labs: []class.Lab{terms.Lab}}).Read(t.Context(), archiveOf(t, c.files))
			require.NoError(t, err)
			require.Empty(t, in.Refused, "what a platform adds is no refusal")
			graded, err := class.Collect(in, terms)
			require.NoError(t, err)
			require.Equal(t, 2, graded.Summary.Graded)
			require.Zero(t, graded.Summary.NotInRoster)
			out, err := classtest.Render(t, c.format, graded, class.Options{
				Header: list.Header, Possible: list.Possible, Assignment: "Lab 1.2", Columns: "email,Lab=score/100",
			})
			require.NoError(t, err)
			require.Equal(t, c.want, withoutComments(t, c.format, out))
		})
	}
}

// labOf is a lab whose terms are those of a report.
func labOf(r *reports.Report) class.Lab {
	l := class.Lab{Lab: r.Lab, PassMark: r.Grade.PassMark, Params: r.Params}
	for _, s := range r.Steps {
		l.Steps = append(l.Steps, class.Step{ID: s.ID, Title: s.Title, Points: s.Points, Required: s.Required})
	}
	return l
}

// archiveOf is a zip archive with files of these names, each of which holds a report that says of nobody that it is
// his. The files of platforms hold what these write.
func archiveOf(t *testing.T, names []string) string {
	t.Helper()
	r := reporttest.Verdicts()
	r.Student, r.Grade.Letter = "", nil
	var report, archive bytes.Buffer
	require.NoError(t, markdown.Format.Render(&report, r, reports.Options{}))
	z := zip.NewWriter(&archive)
	for _, name := range names {
		data := report.Bytes()
		if strings.HasSuffix(name, ".yml") {
			data = []byte("submission_1: {:submitters: [{:name: Ada Lovelace, :email: ada@x.edu, :sid: '1'}, " +
				"{:name: G. Hopper, :email: grace@x.edu, :sid: '2'}]}\n")
		}
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	path := filepath.Join(t.TempDir(), "all.zip")
	require.NoError(t, os.WriteFile(path, archive.Bytes(), 0o600))
	return path
}

// withoutComments is a file as text, with "…" for what a student reads.
func withoutComments(t *testing.T, f class.Format, out []byte) string {
	t.Helper()
	if f.Name == gradebook.Blackboard.Name {
		return strings.ReplaceAll(decoded(t, out), "\r\n", "\n")
	}
	rows := records(t, out)
	comment := slices.Index(rows[0], "Lab 1.2 (feedback)")
	if comment < 0 {
		return string(out)
	}
	var b strings.Builder
	for i, row := range rows {
		if i > 0 {
			require.NotEmpty(t, row[comment])
			row[comment] = "…"
		}
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	return b.String()
}
