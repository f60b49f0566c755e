package jsonv1

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// Read reads a report that Marshal wrote. The file may come from a stranger: an unknown field (also one that only
// differs in capitals), a field named twice, a word that the schema does not know, a text that is not UTF-8, or
// anything after the report is an error, and so is what does not fit.
func Read(data []byte) (*reports.Report, error) {
	if err := Fits(data); err != nil {
		return nil, err
	}
	var r reports.Report
	err := json.Unmarshal(data, &r, json.RejectUnknownMembers(true), json.WithUnmarshalers(json.UnmarshalFunc(readTime)))
	if err != nil {
		return nil, refusal(data, err)
	}
	if err := knownSchema(r.Schema); err != nil {
		return nil, err
	}
	if err := knownWords(&r); err != nil {
		return nil, err
	}
	if g := r.Grade; (g.Percent == nil) != (g.PercentHigh == nil) {
		return nil, errors.New("percent and percentHigh are both numbers or both null")
	}
	return r.Normal(), nil
}

// readTime refuses a time that could not be written again: in UTC it may be in another year.
func readTime(text []byte, t *time.Time) error {
	if t.UnmarshalJSON(text) != nil {
		return errors.New("it is no time such as 2026-11-30T12:00:00Z")
	}
	if year := t.UTC().Year(); year < 0 || year > 9999 {
		return fmt.Errorf("the year of %s is out of range", text)
	}
	return nil
}

// refusal says why a report could not be decoded. Of a report of another version the schema is the only thing worth
// saying.
func refusal(data []byte, err error) error {
	var head struct {
		Schema string `json:"schema"`
	}
	if other := json.Unmarshal(data, &head, jsontext.AllowDuplicateNames(true)); other != nil {
		return fmt.Errorf("this is not a report in JSON: %w", other)
	}
	if other := knownSchema(head.Schema); other != nil {
		return other
	}
	if twice, ok := errors.AsType[*jsontext.SyntacticError](err); ok && errors.Is(err, jsontext.ErrDuplicateName) {
		// Two programs would read two different reports in it.
		return fmt.Errorf("the field %q is there twice", shown(twice.JSONPointer))
	}
	field, ok := errors.AsType[*json.SemanticError](err)
	switch {
	case ok && errors.Is(err, json.ErrUnknownName):
		err = fmt.Errorf("unknown field %q", shown(field.JSONPointer))
	case ok && field.Err != nil:
		err = fmt.Errorf("the field %q: %w", shown(field.JSONPointer), field.Err)
	}
	return fmt.Errorf("the report is not one that this version of labcheck writes: %w", err)
}

// shown is the place of a field for a message.
func shown(place jsontext.Pointer) string {
	var b strings.Builder
	for name := range place.Tokens() {
		b.WriteString("/" + facts.NameOf(name))
	}
	return b.String()
}

func knownSchema(schema string) error {
	switch schema {
	case reports.Schema:
		return nil
	case "":
		return errors.New("this is no report of labcheck: it does not say which schema it has")
	}
	return fmt.Errorf("the schema is %q, and this version of labcheck reads %q", facts.NameOf(schema), reports.Schema)
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
			errs = append(errs, known("waiver state", s.Waiver.State, []grade.WaiverState{grade.WaiverApplied}))
		}
	}
	for _, w := range r.Waivers {
		errs = append(errs, known("waiver state", w.State, grade.WaiverStates()))
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
	return fmt.Errorf("%q is no %s of a report", facts.NameOf(string(word)), field)
}

// The limits of a report that is read.
const (
	// MaxSize is its size, in bytes.
	MaxSize = 8 << 20
	// MaxParts is how many objects, lists and nulls it may hold. Three bytes of JSON make an empty step, which takes
	// some hundred bytes of memory: the size alone bounds nothing. A report of a real lab has some hundred parts.
	MaxParts = 20_000
)

// Fits says why a report in JSON is too large to be read.
func Fits(data []byte) error {
	if len(data) > MaxSize {
		return fmt.Errorf("the report is larger than %d MiB", MaxSize>>20)
	}
	parts := 0 // those within a text count too: there are few
	for _, begin := range []string{"{", "[", "null"} {
		parts += bytes.Count(data, []byte(begin))
	}
	if parts > MaxParts {
		return fmt.Errorf("the report has more than %d parts", MaxParts)
	}
	return nil
}
