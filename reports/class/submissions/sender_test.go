package submissions_test

import (
	"bytes"
	"compress/gzip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/submissions"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// The names that platforms give to what students hand in.
func TestNamesOfPlatforms(t *testing.T) {
	report := asMarkdown(t, reporttest.Verdicts())
	cases := map[string]struct {
		file string
		want class.Sender
	}{
		"Brightspace": {"12-34 - Ada Lovelace - Sep 24, 2024 926 PM/report.md", class.Sender{
			Name: "Ada Lovelace", Path: "12-34 - Ada Lovelace - Sep 24, 2024 926 PM",
		}},
		"Brightspace, a double name": {"12-34 - Ada King-Noel - Nov 4, 2026 1026 AM/report.md", class.Sender{
			Name: "Ada King-Noel", Path: "12-34 - Ada King-Noel - Nov 4, 2026 1026 AM",
		}},
		"Blackboard": {"Lab 1.2_c444_attempt_2026-11-24-21-26-00_report.md", class.Sender{
			Logins: []string{"c444"}, Path: "Lab 1.2_c444_attempt_2026-11-24-21-26-00_report",
		}},
		"Blackboard, with underscores": {"Lab_ada_l_attempt_2026-11-24-21-26-00_my_report.md", class.Sender{
			Logins: []string{"ada_l", "l"}, Path: "Lab_ada_l_attempt_2026-11-24-21-26-00_my_report",
		}},
		"Brightspace, a narrow dash": {"12-34 - Ada Lovelace- Sep 26, 2026 1117 PM/report.md", class.Sender{
			Name: "Ada Lovelace", Path: "12-34 - Ada Lovelace- Sep 26, 2026 1117 PM",
		}},
		"Brightspace in one folder": {"12-34 - Ada Lovelace - Sep 24, 2026 926 PM - report.md", class.Sender{
			Name: "Ada Lovelace", Path: "12-34 - Ada Lovelace - Sep 24, 2026 926 PM - report",
		}},
		"Brightspace in one folder, without a time": {"12-34 - Ada King-Noel - report.md", class.Sender{
			Name: "Ada King-Noel", Path: "12-34 - Ada King-Noel - report",
		}},
		"Brightspace with ids": {
			"12-34 - N0123456 - Ada Lovelace- 3 March 2026 926 PM - report.md",
			class.Sender{
				Name:   "Ada Lovelace",
				Logins: []string{"N0123456"},
				Path:   "12-34 - N0123456 - Ada Lovelace- 3 March 2026 926 PM - report",
			},
		},
		"Blackboard, a title with dates": {"Lab_2026-11-24_c444_attempt_2026-11-24-21-26-00_r.md", class.Sender{
			Logins: []string{"2026-11-24_c444", "c444"}, Path: "Lab_2026-11-24_c444_attempt_2026-11-24-21-26-00_r",
		}},
		"Blackboard, another attempt in the name": {
			"Lab_c4_attempt_2026-11-24-21-26-00_my_attempt_2026.md",
			class.Sender{
				Logins: []string{"c4"}, Path: "Lab_c4_attempt_2026-11-24-21-26-00_my_attempt_2026",
			},
		},
		"Moodle's team, with each member": {"Team 1-Ada King-Noel_77_assignsubmission_file/report.md", class.Sender{
			Name: "Ada King-Noel", Path: "Team 1-Ada King-Noel_77_assignsubmission_file",
		}},
		"Moodle hides the members of a team": {"Team 1-Participant_77_assignsubmission_file/report.md", class.Sender{
			Name: "Participant 77", Hidden: true, Logins: []string{"Participant 77"},
			Path: "Team 1-Participant_77_assignsubmission_file",
		}},
		"Moodle, a double name": {"Ada King-Noel_77_assignsubmission_file/sub/report.md", class.Sender{
			Name: "Ada King-Noel", Path: "sub",
		}},
		"Canvas, letters of all languages": {"søñaülé_11_20001_report.md", class.Sender{
			Name: "søñaülé", CanvasID: "11", Path: "søñaülé_11_20001_report",
		}},
		"Canvas, a name of digits": {"4711_11_20001_report.md", class.Sender{
			Name: "4711", CanvasID: "11", Path: "4711_11_20001_report",
		}},
		"Canvas, no letter in the name": {"_11_20001_report.md", class.Sender{
			CanvasID: "11", Path: "_11_20001_report",
		}},
		"Canvas, the same file twice": {"doejane_11_20001_report (1)-1.md", class.Sender{
			Name: "doejane", CanvasID: "11", Path: "doejane_11_20001_report (1)-1",
		}},
		"Moodle hides names": {"Participant_12345_assignsubmission_file/report.md", class.Sender{
			Name: "Participant 12345", Hidden: true, Logins: []string{"Participant 12345"},
			Path: "Participant_12345_assignsubmission_file",
		}},
		"Moodle's teams": {"Default group_assignsubmission_file/report.md", class.Sender{
			Name: "Default group", Rest: true, Path: "Default group_assignsubmission_file",
		}},
		"Moodle's team": {"Team 1_77_assignsubmission_file/report.md", class.Sender{
			Name: "Team 1", Path: "Team 1_77_assignsubmission_file",
		}},
		"Canvas's group": {"my_team_11_20001_report.md", class.Sender{
			Name: "my_team", CanvasID: "11", Path: "my_team_11_20001_report",
		}},
		"a date in a folder": {"jane/my_report_2026_11_24_final.md", class.Sender{Path: "jane"}},
		"Canvas hides names": {"anon_Xy12a_20001_report.md", class.Sender{
			Hidden: true, Logins: []string{"anon_Xy12a", "Xy12a"}, Path: "anon_Xy12a",
		}},
		"Canvas hides names, late": {"LATE_anon_12345_20001_report.md", class.Sender{
			Hidden: true, Logins: []string{"anon_12345", "12345"}, Late: true, Path: "anon_12345",
		}},
		"Canvas hides names, late in another order": {"anon_LATE_12345_20001_report.md", class.Sender{
			Hidden: true, Logins: []string{"anon_12345", "12345"}, Late: true, Path: "anon_12345",
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := read(t, write(t, map[string][]byte{c.file: report}))
			require.Empty(t, in.Refused)
			require.Len(t, in.Submissions, 1)
			require.Equal(t, c.want, in.Submissions[0].From)
		})
	}
}

// What students pack is theirs by the name that the platform gave to the archive, whatever they write into it.
func TestArchivesOfStudents(t *testing.T) {
	report := asMarkdown(t, reporttest.Verdicts())
	packed := func(names ...string) []byte {
		files := map[string][]byte{}
		for _, name := range names {
			files[name] = report
		}
		return pack(t, files)
	}
	cases := map[string]struct {
		file string
		data []byte
		want class.Sender
	}{
		"Moodle": {
			"Ada Low_7_assignsubmission_file/r.zip", packed("Bob Bond_8_assignsubmission_file/report.md"),
			class.Sender{Name: "Ada Low", Path: "Ada Low_7_assignsubmission_file"},
		},
		"Canvas": {"adalow_LATE_11_20001_work.zip", packed("sub/r.md"), class.Sender{
			Name: "adalow", CanvasID: "11", Late: true, Path: "adalow_LATE_11_20001_work",
		}},
		"Gradescope": {"submission_7/work.zip", packed("report.md"), class.Sender{
			Name: "Ada Low", Email: "a@x.edu", Path: "submission_7",
		}},
		"a folder each":        {"ada/work.zip", packed("my.md"), class.Sender{Path: "ada"}},
		"a file in an archive": {"all.zip", packed("ada.md"), class.Sender{Path: "ada"}},
		"one folder in a class": {"week/all.zip", packed("Ada Low_7_assignsubmission_file/r.md"), class.Sender{
			Name: "Ada Low", Path: "Ada Low_7_assignsubmission_file",
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			in := read(t, write(t, map[string][]byte{
				c.file:                    c.data,
				"submission_metadata.yml": []byte("submission_7: {:submitters: [{:name: Ada Low, :email: a@x.edu}]}\n"),
			}))
			require.Empty(t, in.Refused)
			require.Len(t, in.Submissions, 1)
			require.Equal(t, c.want, in.Submissions[0].From)
		})
	}
}

// The times in names are those of a zone that somebody has to say.
func TestTimesInNames(t *testing.T) {
	report := asMarkdown(t, reporttest.Verdicts())
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for file, want := range map[string]string{
		"12-34 - Ada - Sep 24, 2026 926 PM/report.md":        "2026-09-24T19:26:00Z",
		"12-34 - Ada - Nov 4, 2026 1206 AM/report.md":        "2026-11-03T23:06:00Z",
		"12-34 - Ada - 24 sept. 2026 2126/report.md":         "",
		"Lab 1.2_c444_attempt_2026-11-24-21-26-00_report.md": "2026-11-24T20:26:00Z",
		"Lab 1.2_c444_attempt_2026-13-24-21-26-00_report.md": "",
		"doejane_1001_20002_report.md":                       "",
	} {
		dir := write(t, map[string][]byte{file: report})
		require.Nil(t, read(t, dir).Submissions[0].Submitted)
		reader := submissions.Reader{Labs: []class.Lab{labOf(reporttest.Verdicts())}, Zone: berlin}
		in, err := reader.Read(t.Context(), dir)
		require.NoError(t, err)
		if at := in.Submissions[0].Submitted; want == "" {
			require.Nil(t, at, file)
		} else {
			require.Equal(t, want, at.Format(time.RFC3339))
		}
	}
}

// What a platform adds is neither a file that was handed in nor a refusal; what a student adds is.
func TestCompanionsOfPlatforms(t *testing.T) {
	files := map[string][]byte{
		"index.html": []byte("<html>"),
		"Lab 1.2_c444_attempt_2026-11-24-21-26-00.txt":           []byte("Name: Ada Lovelace"),
		"Jane Doe_7_assignsubmission_onlinetext/onlinetext.html": []byte("<p>here it is"),
		"Jane Doe_7_assignsubmission_onlinetext_onlinetext.html": []byte("<p>here it is"),
		"jane/index.html": []byte("<html>"),
	}
	dir := write(t, files)
	archive := write(t, map[string][]byte{"all.zip": pack(t, files)})
	for _, in := range []class.HandedIn{read(t, dir), read(t, filepath.Join(archive, "all.zip"))} {
		require.Equal(t, 1, in.Files)
		require.Len(t, in.Refused, 1)
		require.Contains(t, in.Refused[0].File, "jane/index.html")
	}
}

func TestSeveralSubmitters(t *testing.T) {
	in := read(t, write(t, map[string][]byte{
		"submission_1/report.md": asMarkdown(t, reporttest.Verdicts()),
		"submission_metadata.yml": []byte("submission_1: {:submitters: [{:name: Ada, :email: a@x.edu}, " +
			"{:name: Bob, :sid: 7}, {:name: Cid}]}\n"),
	}))
	require.Len(t, in.Submissions, 1)
	require.Equal(t, "Ada", in.Submissions[0].From.Name)
	require.Equal(t, []class.Sender{
		{Name: "Bob", SISID: "7", Path: "submission_1"}, {Name: "Cid", Path: "submission_1"},
	}, in.Submissions[0].With)
}

// A note around the report, or a text that says something else than the data, is seen and changes nothing.
func TestATextThatWasChanged(t *testing.T) {
	report := string(asMarkdown(t, reporttest.Verdicts()))
	for want, text := range map[string]string{
		"line 1 was added: “Jane Doe, section 2”":                    "Jane Doe, section 2\n\n" + report,
		"stands below the end of the report: “Sent from my phone”":   report + "\n--\nSent from my phone\n",
		"reads “| ✅ pass | [Images are scanned when they are pushed": strings.Replace(report, "❌ fail", "✅ pass", 1),
		"": strings.NewReplacer("'", "’", "**", "__").Replace(report),
	} {
		in := read(t, write(t, map[string][]byte{"jane.md": []byte(text)}))
		require.Empty(t, in.Refused)
		require.Len(t, in.Submissions, 1)
		require.Equal(t, reporttest.Verdicts().Grade, in.Submissions[0].Grade)
		require.Contains(t, in.Submissions[0].TextChanged, want)
		require.Equal(t, want == "", in.Submissions[0].TextChanged == "")
	}
}

// However a shell, an editor or a platform stored a report: its data is whole.
func TestReportsAsTheyArrive(t *testing.T) {
	gzipped := func(data []byte) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := z.Write(data)
		require.NoError(t, err)
		require.NoError(t, z.Close())
		return b.Bytes()
	}
	utf16 := func(order unicode.Endianness) func([]byte) []byte {
		return func(data []byte) []byte {
			data = bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
			out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().Bytes(data)
			require.NoError(t, err)
			return out
		}
	}
	marked := func(data []byte) []byte { return append([]byte("\xef\xbb\xbf"), data...) }
	for _, report := range [][]byte{asMarkdown(t, reporttest.Verdicts()), asJSON(t, reporttest.Verdicts())} {
		for name, data := range map[string][]byte{
			"jane.txt": report, "jane.markdown": report, "jane": report, "jane.md.gz": gzipped(report),
			"jane.json": marked(report),
			"jane.md":   utf16(unicode.LittleEndian)(report), "jane.TXT": utf16(unicode.BigEndian)(report),
			"unmarked/jane.md": utf16(unicode.LittleEndian)(report)[2:],
			"old/jane.md":      bytes.ReplaceAll(report, []byte("\n"), []byte("\r")),
			"jane.gz":          gzipped(marked(report)),
		} {
			in := read(t, write(t, map[string][]byte{name: data}))
			require.Empty(t, in.Refused, name)
			require.Len(t, in.Submissions, 1)
			if !strings.Contains(name, "/") {
				require.Equal(t, class.Sender{Path: "jane"}, in.Submissions[0].From)
			}
		}
		for name, data := range map[string][]byte{
			"cut.md.gz": gzipped(report)[:100], "cut.txt": report[:len(report)/2],
			"large.gz": gzipped(make([]byte, 33<<20)), "half.md": slices.Concat([]byte("\xff\xfe"), report[:len(report)/2]),
		} {
			in := read(t, write(t, map[string][]byte{name: data}))
			require.Empty(t, in.Submissions, name)
			require.Len(t, in.Refused, 1)
		}
	}
}
