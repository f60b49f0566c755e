package facts

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// RecordingSchema names the format of a facts file.
const RecordingSchema = "labcheck.facts/v1"

// maxRecording is the largest facts file that is read, in bytes.
const maxRecording = 64 << 20

// Recording is what a session learned, as a file: it can be graded again without an account.
type Recording struct {
	Schema  string    `json:"schema"`
	Started time.Time `json:"started"`
	Site    Site      `json:"site"`
	Profile string    `json:"profile,omitempty"`
	Source  string    `json:"source"` // where the facts came from: aws, sandbox or endpoint
	Facts   []Fact    `json:"facts"`
}

// Fact is how one read ended: with a value or with an error, both as JSON.
type Fact struct {
	Read string `json:"read"`
	// Version is that of the read; see Read.
	Version int             `json:"version,omitempty"`
	Key     json.RawMessage `json:"key"`
	Value   json.RawMessage `json:"value,omitempty"`
	Error   *FactError      `json:"error,omitempty"`
	Calls   []Call          `json:"calls,omitempty"`
}

// FactError is why a read could not learn its fact; see Error.
type FactError struct {
	Reason        Reason `json:"reason"`
	Operation     string `json:"operation,omitempty"`
	Region        string `json:"region,omitempty"`
	MissingAction string `json:"missingAction,omitempty"`
	Detail        string `json:"detail,omitempty"`
}

// Record returns what the session has learned so far, sorted. Reads that are still under way are left out.
func (s *Session) Record(site Site, source string) (*Recording, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &Recording{Schema: RecordingSchema, Started: s.now, Site: site, Source: source, Facts: []Fact{}}
	for _, e := range s.entries {
		select {
		case <-e.done:
		default:
			continue
		}
		fact, err := e.record()
		if err != nil {
			return nil, err
		}
		r.Facts = append(r.Facts, fact)
	}
	slices.SortFunc(r.Facts, func(a, b Fact) int {
		return cmp.Or(cmp.Compare(a.Read, b.Read), bytes.Compare(a.Key, b.Key))
	})
	return r, nil
}

func (e *entry) record() (Fact, error) {
	fact := Fact{Read: e.name, Version: e.version, Key: e.encodedKey(), Calls: callsOf([]*entry{e})}
	if e.err != nil {
		err := AsError(e.err)
		fact.Error = &FactError{err.Reason, err.Operation, err.Region, err.MissingAction, err.Detail}
		return fact, nil
	}
	value, err := json.Marshal(e.value)
	if err != nil {
		return fact, fmt.Errorf("record the read %s: %w", e.name, err)
	}
	fact.Value = value
	return fact, nil
}

// encodedKey is the key as JSON: keys are flat structs of text and numbers, which always encode.
func (e *entry) encodedKey() json.RawMessage {
	key, err := json.Marshal(e.key)
	if err != nil {
		return json.RawMessage("null")
	}
	return key
}

func compareEntries(a, b *entry) int {
	return cmp.Or(cmp.Compare(a.name, b.name), bytes.Compare(a.encodedKey(), b.encodedKey()))
}

// Write writes the recording as indented JSON.
func (r *Recording) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	if err := enc.Encode(r); err != nil {
		return fmt.Errorf("write the facts: %w", err)
	}
	return nil
}

// ReadRecording reads a facts file strictly: an unknown field, another schema or a text after its end is an error.
func ReadRecording(r io.Reader) (*Recording, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxRecording+1))
	if err != nil {
		return nil, fmt.Errorf("read the facts file: %w", err)
	}
	if len(data) > maxRecording {
		return nil, fmt.Errorf("the facts file is larger than %d MiB", maxRecording>>20)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var rec Recording
	if err := dec.Decode(&rec); err != nil {
		return nil, fmt.Errorf("this is not a facts file of --save-facts: %w", withoutValue(err))
	}
	if err := rec.Check(); err != nil {
		return nil, err
	}
	if dec.More() {
		return nil, fmt.Errorf("the facts file goes on after its end at byte %d", dec.InputOffset())
	}
	return &rec, nil
}

// withoutValue is an error of the JSON decoder without what the file holds there.
func withoutValue(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		wrong.Value, _, _ = strings.Cut(wrong.Value, " ") // "number 123"
	}
	if _, ok := errors.AsType[*time.ParseError](err); ok {
		return errors.New("a time in it is none such as 2026-11-30T12:00:00Z")
	}
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fmt.Errorf("unknown field %q", NameOf(strings.Trim(field, `"`)))
	}
	return err
}

// Check says what makes a recording one that this version does not understand.
func (r *Recording) Check() error {
	if r.Schema != RecordingSchema {
		return fmt.Errorf("the schema of the facts is %q; this version reads %q", NameOf(r.Schema), RecordingSchema)
	}
	seen := make(map[string]bool, len(r.Facts))
	for _, f := range r.Facts {
		id := factID(f.Read, f.Key)
		switch {
		case len(f.Key) == 0 || string(f.Key) == "null":
			return fmt.Errorf("the fact %s does not say what was asked", NameOf(f.Read))
		case seen[id]:
			return fmt.Errorf("the fact %s is there twice with the same question", NameOf(f.Read))
		case f.Error != nil && f.Value != nil:
			return fmt.Errorf("the fact %s has both a value and an error", NameOf(f.Read))
		case f.Error != nil && !slices.Contains(Reasons(), f.Error.Reason):
			return fmt.Errorf("%q is no reason of a fact", NameOf(string(f.Error.Reason)))
		}
		seen[id] = true
	}
	return nil
}

func (r *Recording) index() map[string]Fact {
	index := make(map[string]Fact, len(r.Facts))
	for _, f := range r.Facts {
		index[factID(f.Read, f.Key)] = f
	}
	return index
}

// factID tells a question from every other, however its key is written.
func factID(read string, key json.RawMessage) string {
	dec := json.NewDecoder(bytes.NewReader(key))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return read
	}
	canonical, err := json.Marshal(value)
	if err != nil {
		return read
	}
	return read + " " + string(canonical)
}

// fromRecording answers a question from the recording. What was not recorded was not looked at.
func (s *Session) fromRecording(asked *entry, source Source) (any, []Call, error) {
	f, ok := s.recorded[factID(asked.name, asked.encodedKey())]
	if !ok {
		return nil, nil, Errorf(NotLooked, "the recorded facts do not hold %s", asked.name)
	}
	if f.Version != asked.version {
		return nil, nil, Errorf(NotLooked,
			"the recorded fact %s means something else to this version of labcheck", asked.name)
	}
	if f.Error != nil {
		return nil, f.Calls, &Error{
			Reason: f.Error.Reason, Operation: f.Error.Operation, Region: f.Error.Region,
			MissingAction: f.Error.MissingAction, Detail: f.Error.Detail,
		}
	}
	value, err := source.decode(f.Value)
	if err != nil {
		return nil, f.Calls, Errorf(InvalidResponse, "the recorded fact %s cannot be read: %w", f.Read, err)
	}
	return value, f.Calls, nil
}
