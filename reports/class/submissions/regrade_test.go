package submissions_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/class"
	"github.com/labcheck/labcheck/reports/class/submissions"
	"github.com/labcheck/labcheck/reports/reporttest"
)

// newer is another version of the lab of a report.
func newer(r *reports.Report) class.Lab {
	l := labOf(r)
	l.SHA256 = strings.Repeat("1", 64)
	return l
}

// TestRegrades reads reports of two versions of a lab, with and without facts.
func TestRegrades(t *testing.T) {
	old := func(withFacts bool, edit func(*reports.Report)) []byte {
		r := reporttest.Verdicts()
		if withFacts {
			r.Facts = reporttest.Gated().Facts
		}
		edit(r)
		return asJSON(t, r)
	}
	as := func(hash string) func(*reports.Report) {
		return func(r *reports.Report) { r.Lab.SHA256 = hash }
	}
	asItWas := func(*reports.Report) {}
	first, second := labOf(reporttest.Verdicts()), newer(reporttest.Verdicts())
	never := func(*reports.Report, *class.Lab) (*reports.Report, error) {
		return nil, errors.New("nothing is graded again")
	}
	again := func(r *reports.Report, with *class.Lab) (*reports.Report, error) {
		changed := *r
		changed.Lab = with.Lab
		changed.Grade.PassMark = 55
		return &changed, nil
	}
	cases := map[string]struct {
		data    []byte
		labs    []class.Lab
		regrade func(*reports.Report, *class.Lab) (*reports.Report, error)
		all     bool
		refused string
		kept    string
		graded  bool // again
	}{
		"the lab that grades": {data: old(true, asItWas), labs: []class.Lab{first, second}, regrade: never},
		"another version": {
			data: old(true, asItWas), labs: []class.Lab{second, first}, regrade: again, graded: true,
		},
		"all": {
			data: old(true, asItWas), labs: []class.Lab{first}, regrade: again, all: true, graded: true,
		},
		"an unknown version": {data: old(true, as("no")), labs: []class.Lab{first}, regrade: again, graded: true},
		"no facts": {
			data: old(false, asItWas), labs: []class.Lab{second, first}, regrade: never, kept: second.SHA256,
		},
		"no facts, unknown version": {
			data: old(false, as("no")), labs: []class.Lab{first}, regrade: never, refused: "carries no facts",
		},
		"nobody grades again": {
			data: old(true, as("no")), labs: []class.Lab{first}, refused: "--regrade grades it again",
		},
		"it cannot be graded again": {
			data: old(true, as("no")), labs: []class.Lab{first}, regrade: never, refused: "nothing is graded again",
		},
		"the terms of the known version": {
			data: old(true, func(r *reports.Report) { r.Grade.PassMark = 0 }), labs: []class.Lab{second, first}, regrade: again,
			refused: "it was edited",
		},
		"the facts of another run": {
			data: old(true, func(r *reports.Report) { r.Facts.Site.Account = "210987654321" }),
			labs: []class.Lab{second, first}, regrade: again, refused: "its facts are of another run",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			reader := submissions.Reader{Labs: c.labs, Regrade: c.regrade, RegradeAll: c.all}
			in, err := reader.Read(t.Context(), write(t, map[string][]byte{"jane.json": c.data}))
			require.NoError(t, err)
			if c.refused != "" {
				require.Len(t, in.Refused, 1)
				require.Contains(t, in.Refused[0].Reason, c.refused)
				return
			}
			require.Empty(t, in.Refused)
			s := in.Submissions[0]
			require.Equal(t, c.kept, s.KeptFor)
			require.Equal(t, c.graded, s.Before != nil)
			if c.graded {
				require.Equal(t, c.labs[0].SHA256, s.LabSHA256)
				require.Equal(t, 55, s.Grade.PassMark)
				require.NotEqual(t, 55, s.Before.Grade.PassMark)
				require.Equal(t, s.File, s.Before.File)
				require.Equal(t, s.SHA256, s.Before.SHA256)
			}
		})
	}
}

// TestAnotherPlan reads a report whose facts make something else of it. With the same plan what they make counts; with
// another one, and one of before there were plans, what was written stays, and is said to differ.
func TestAnotherPlan(t *testing.T) {
	plan := func(digit string) reports.Plan { return reports.Plan{SHA256: strings.Repeat(digit, 64)} }
	cases := map[string]struct {
		of    reports.Plan
		stays bool
	}{
		"the same": {of: plan("1")},
		"another":  {of: plan("2"), stays: true},
		"none":     {stays: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			written := reporttest.Verdicts()
			written.Facts = reporttest.Gated().Facts
			written.Plan = c.of
			reader := submissions.Reader{
				Labs: []class.Lab{labOf(written)}, Version: written.Tool.Version,
				Replay: func(r *reports.Report, _ *class.Lab) (*reports.Report, error) {
					again := *r
					again.Plan = plan("1")
					again.Grade.Earned--
					return &again, nil
				},
			}
			in, err := reader.Read(t.Context(), write(t, map[string][]byte{"jane.json": asJSON(t, written)}))
			require.NoError(t, err)
			s := in.Submissions[0]
			require.Equal(t, c.stays, s.OtherPlan)
			require.Equal(t, c.stays, s.OtherVerdicts != "")
			require.Equal(t, c.stays, len(s.Doubts) == 0)
			require.Equal(t, c.stays, s.Grade.Earned == written.Grade.Earned)
		})
	}
}
