package jsonv1_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
	"github.com/labcheck/labcheck/reports/jsonv1"
	"github.com/labcheck/labcheck/reports/reporttest"
)

func TestFormat(t *testing.T) {
	reporttest.Run(t, jsonv1.Format, ".json", func(t *testing.T, n reporttest.Named, out []byte) {
		require.True(t, json.Valid(out))
		got, err := jsonv1.Read(out)
		require.NoError(t, err)
		require.Equal(t, n.Report, got, "what is read is what was written")
	})
}

func TestMarshalWritesNoNullLists(t *testing.T) {
	out, err := jsonv1.Marshal(&reports.Report{Steps: []reports.Step{{}}})
	require.NoError(t, err)
	for _, list := range []string{
		"params", "steps", "findings", "commands", "hints", "evidence", "byOperation", "missing",
	} {
		require.NotContains(t, string(out), `"`+list+`": null`)
	}
}

func TestReadRefuses(t *testing.T) {
	good, err := jsonv1.Marshal(reporttest.Verdicts())
	require.NoError(t, err)
	edit := func(old, changed string) []byte {
		require.Contains(t, string(good), old)
		return bytes.Replace(good, []byte(old), []byte(changed), 1)
	}
	cases := map[string]struct {
		data []byte
		want string
	}{
		"nothing":            {nil, "not a report in JSON"},
		"another thing":      {[]byte(`[1]`), "not a report in JSON"},
		"another version":    {edit(reports.Schema, "labcheck.report/v9"), `the schema is "labcheck.report/v9"`},
		"no schema":          {[]byte(`{}`), "this is no report of labcheck"},
		"an unknown field":   {edit(`"student"`, `"bonus": 1, "student"`), `unknown field "/bonus"`},
		"a field twice":      {edit(`"earned"`, `"earned": 99, "earned"`), `"/grade/earned" is there twice`},
		"other capitals":     {edit(`"earned"`, `"Earned": 99, "earned"`), `unknown field "/grade/Earned"`},
		"an unknown verdict": {edit(`"verdict": "fail"`, `"verdict": "great"`), `"great" is no verdict`},
		"an unknown source":  {edit(`"source": "aws"`, `"source": "AWS"`), `"AWS" is no source`},
		"an unknown outcome": {edit(`"not_passed"`, `"won"`), `"won" is no outcome`},
		"an unknown reason":  {edit(`"access_denied"`, `"moon"`), `"moon" is no reason`},
		"half a percent":     {edit(`"percentHigh": 56`, `"percentHigh": null`), "both null"},
		"a time too late": {
			edit(`"2026-11-23T05:12:00Z"`, `"9999-12-31T23:59:59-01:00"`), `"/started": the year of "9999-12-31T23:59:59-01:00"`,
		},
		"no UTF-8":           {edit(`"student": "`, "\"student\": \"\xff"), "invalid UTF-8"},
		"something after it": {append(bytes.Clone(good), '1'), "not a report in JSON"},
		"half of it":         {good[:len(good)/2], "not a report in JSON"},
		"too many steps": {
			edit(`"steps": [`, `"steps": [`+strings.Repeat("{},", jsonv1.MaxParts)), "more than 20000 parts",
		},
		"too many nulls": {
			edit(`"steps": [`, `"steps": [`+strings.Repeat("null,", jsonv1.MaxParts)), "more than 20000 parts",
		},
		"too deep": {edit(`"steps": [`, `"steps": [`+strings.Repeat("[", 15_000)), "depth"},
		"too much": {[]byte(strings.Repeat(" ", jsonv1.MaxSize+1)), "larger than 8 MiB"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := jsonv1.Read(c.data)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// The words of a gate and of facts are the schema's too: a state or an outcome that nobody knows excuses and opens
// nothing.
func TestReadRefusesOtherWords(t *testing.T) {
	cases := map[string]func(*reports.Report){
		`"open" is no gate outcome`:     func(r *reports.Report) { r.Gate.Outcome = "open" },
		`"forgiven" is no waiver state`: func(r *reports.Report) { r.Waivers[0].State = "forgiven" },
		`the schema of the facts is ""`: func(r *reports.Report) { r.Facts.Schema = "" },
		`"moon" is no reason of a fact`: func(r *reports.Report) { r.Facts.Facts[0].Error.Reason = "moon" },
		`does not say what was asked`:   func(r *reports.Report) { r.Facts.Facts[0].Key = nil },
		`"expired" is no waiver state`:  func(r *reports.Report) { r.Steps[3].Waiver.State = grade.WaiverExpired },
	}
	for want, change := range cases {
		r := reporttest.Gated()
		change(r)
		data, err := jsonv1.Marshal(r)
		require.NoError(t, err)
		_, err = jsonv1.Read(data)
		require.ErrorContains(t, err, want)
	}
}

// In the value of a fact the names are data: those that differ in capitals are two, as they are to AWS.
func TestReadTakesNamesInFactsAsTheyAre(t *testing.T) {
	read := func(value string) (*reports.Report, error) {
		r := reporttest.Gated()
		r.Facts.Facts[0].Value, r.Facts.Facts[0].Error = []byte(value), nil
		data, err := jsonv1.Marshal(r)
		require.NoError(t, err)
		return jsonv1.Read(data)
	}
	r, err := read(`{"team":1,"Team":2}`)
	require.NoError(t, err)
	require.JSONEq(t, `{"team":1,"Team":2}`, string(r.Facts.Facts[0].Value))
	_, err = read(`{"team":1,"team":2}`)
	require.ErrorContains(t, err, `"/facts/facts/0/value/team" is there twice`)
}

func FuzzRead(f *testing.F) {
	for _, n := range reporttest.Set() {
		data, err := jsonv1.Marshal(n.Report)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := jsonv1.Read(data)
		if err != nil {
			return
		}
		again, err := jsonv1.Marshal(r)
		require.NoError(t, err)
		back, err := jsonv1.Read(again)
		require.NoError(t, err)
		require.Equal(t, r, back)
	})
}
