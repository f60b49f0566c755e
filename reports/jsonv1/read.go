package jsonv1

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Read reads a report that Marshal wrote. The file may come from a stranger: an unknown field, a field named twice, a
// word that the schema does not know, or anything after the report is an error, and so is more than MaxSize.
func Read(data []byte) (*reports.Report, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("the report is larger than %d MiB", MaxSize>>20)
	}
	if err := knownSchema(data); err != nil {
		return nil, err
	}
	if err := eachKeyOnce(data); err != nil {
		return nil, err
	}
	var r reports.Report
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, fmt.Errorf("the report is not one that this version of labcheck writes: %w", err)
	}
	if err := knownWords(&r); err != nil {
		return nil, err
	}
	if g := r.Grade; (g.Percent == nil) != (g.PercentHigh == nil) {
		return nil, errors.New("percent and percentHigh are both numbers or both null")
	}
	read := r.Normal()
	if _, err := Marshal(read); err != nil { // such as a time that is beyond the year 9999 in UTC
		return nil, err
	}
	return read, nil
}

// knownSchema comes first: of a report of another version the schema is the only thing worth saying.
func knownSchema(data []byte) error {
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return fmt.Errorf("this is not a report in JSON: %w", err)
	}
	if head.Schema != reports.Schema {
		return fmt.Errorf("the schema is %q, and this version of labcheck reads %q", head.Schema, reports.Schema)
	}
	return nil
}

// eachKeyOnce refuses an object that names a field twice, also with other capitals: two programs would read two
// different reports in it.
func eachKeyOnce(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	if err := walk(d, strings.ToLower); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something after the report")
	}
	return nil
}

// factValue is the field below which the names are data: those that differ in capitals are two there.
const factValue = "value"

func walk(d *json.Decoder, fold func(string) string) error {
	token, err := d.Token()
	if err != nil {
		return fmt.Errorf("this is not a report in JSON: %w", err)
	}
	switch token {
	case json.Delim('['):
		for d.More() {
			if err := walk(d, fold); err != nil {
				return err
			}
		}
	case json.Delim('{'):
		seen := map[string]bool{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return fmt.Errorf("this is not a report in JSON: %w", err)
			}
			name := fold(fmt.Sprint(key))
			if seen[name] {
				return fmt.Errorf("the field %q is there twice", key)
			}
			seen[name] = true
			below := fold
			if name == factValue {
				below = func(name string) string { return name }
			}
			if err := walk(d, below); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	_, err = d.Token() // the closing bracket
	return err
}

// knownWords refuses words that are not the schema's. Verdicts are refused where they are decoded.
func knownWords(r *reports.Report) error {
	reasons := append(facts.Reasons(), "")
	outcomes := []grade.Outcome{grade.Passed, grade.NotPassed, grade.Inconclusive}
	errs := []error{
		known("source", r.Source, []reports.Source{reports.AWS, reports.Sandbox, reports.Facts, reports.Endpoint}),
		known("outcome", r.Grade.Outcome, outcomes),
	}
	if r.Problem != nil {
		errs = append(errs, known("reason", r.Problem.Reason, reasons))
	}
	for _, s := range r.Steps {
		errs = append(errs, known("reason", s.Reason, reasons))
		if s.Waiver != nil {
			errs = append(errs, known("waiver state", s.Waiver.State, []reports.WaiverState{reports.WaiverApplied}))
		}
	}
	for _, w := range r.Waivers {
		errs = append(errs, known("waiver state", w.State, reports.WaiverStates()))
	}
	if r.Facts != nil {
		errs = append(errs, r.Facts.Check())
	}
	if r.Gate != nil {
		errs = append(errs, known("gate outcome", r.Gate.Outcome, outcomes))
	}
	return errors.Join(errs...)
}

func known[T ~string](field string, word T, words []T) error {
	if slices.Contains(words, word) {
		return nil
	}
	return fmt.Errorf("%q is no %s of a report", word, field)
}
