package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// A State is everything that there is in one practice account and on the workstation that goes with it. It is what a
// state file holds. Use [Parse] to make one: it checks it and turns ages into times.
//
// What a service keeps is in its [wire.Part]s, which wire.Part.From finds in a state.
type State struct {
	// Account is the twelve-digit account number.
	Account string
	// Caller is who the credentials handed out by [Account.Credentials] belong to.
	Caller wire.Caller
	// Drawn counts the unique ids that the account has given away.
	Drawn int
	// Workstation is the student's own machine.
	Workstation WorkstationState

	services []*wire.Service
	form     *form
	parts    map[string]any            // pointers to the parts of the whole account, by key
	regions  map[string]map[string]any // pointers to the regional parts, by Region and key
}

var _ wire.Store = (*State)(nil)

// Part returns a pointer to a part; region is "" for one that belongs to no Region. What is not there yet is made, and
// kept if keep says so. A Region that is not named in a state is as AWS makes it. There is no part of a service that
// the state does not know.
func (s *State) Part(key, region string, keep bool) any {
	parts := s.parts
	if region != "" {
		parts = s.regions[region]
	}
	if part := parts[key]; part != nil {
		return part
	}
	made := reflect.New(s.form.types[key]).Interface()
	if !keep {
		return made
	}
	if parts == nil {
		parts = map[string]any{}
		s.regions[region] = parts
	}
	parts[key] = made
	return made
}

// Regions lists the Regions of which the state says something.
func (s *State) Regions() []string { return slices.Sorted(maps.Keys(s.regions)) }

// Parse reads a state file: one JSON object. Ages in it are counted back from now. A field that neither the state nor
// one of the services knows, and anything else that is not as it should be, is an error that says where. The account
// has the services of [Standard] and own; of two with one id, own counts.
func Parse(data []byte, now time.Time, own ...*wire.Service) (*State, error) {
	services := withStandard(own)
	form, err := formOf(services)
	if err != nil {
		return nil, err
	}
	s, err := form.parse(data, now)
	if err != nil {
		return nil, fmt.Errorf("practice state: %w", err)
	}
	s.services = services
	return s, nil
}

var accountNumber = regexp.MustCompile(`^\d{12}$`)

// validate finds what a state needs and JSON cannot say.
func (s *State) validate() error {
	if !accountNumber.MatchString(s.Account) {
		return fmt.Errorf("account: %.11q is not an account number of twelve digits", s.Account)
	}
	if s.Caller.ARN == "" || s.Caller.AccessKeyID == "" || s.Caller.SecretAccessKey == "" {
		return errors.New("caller: arn, accessKeyId and secretAccessKey are needed")
	}
	for _, region := range s.Regions() {
		if !wire.EnabledRegion(region) {
			return fmt.Errorf("regions: %.20q is not a Region that the account can use", region)
		}
		if err := validateParts(s.regions[region]); err != nil {
			return fmt.Errorf("regions: %s: %w", region, err)
		}
	}
	return errors.Join(validateParts(s.parts), s.Workstation.validate())
}

// validateParts asks the parts that can tell a bad state from a good one.
func validateParts(parts map[string]any) error {
	var problems []error
	for _, key := range slices.Sorted(maps.Keys(parts)) {
		if part, ok := parts[key].(interface{ Validate() error }); ok {
			if err := part.Validate(); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", key, err))
			}
		}
	}
	return errors.Join(problems...)
}

// Snapshot copies the state as it is now. The copy shares nothing with the account, has times and no ages, and is what
// [Parse] gives for what [State.Write] writes.
func (a *Account) Snapshot() *State {
	a.mu.Lock()
	text, err := a.state.text()
	a.mu.Unlock()
	if err != nil {
		panic(err) // operations take nothing that cannot be written
	}
	s, err := a.state.again(text)
	if err != nil {
		panic(err) // nor what cannot be read again
	}
	return s
}

// again reads the text of a state of the same services. There are no ages in it.
func (s *State) again(text []byte) (*State, error) {
	other, err := s.form.parse(text, time.Time{})
	if err != nil {
		return nil, fmt.Errorf("practice state: %w", err)
	}
	other.services = s.services
	return other, nil
}

// Write writes the state as a state file that [Parse] reads. The workstation's files and the secrets of access keys are
// in it: they open nothing but this practice account.
func (s *State) Write(w io.Writer) error {
	text, err := s.text()
	if err == nil {
		_, err = w.Write(text)
	}
	if err != nil {
		return fmt.Errorf("write the practice state: %w", err)
	}
	return nil
}

// MarshalJSON writes the state as [State.Write] does.
func (s *State) MarshalJSON() ([]byte, error) { return s.text() }

// text is the state as JSON. Documents in it keep their letters.
func (s *State) text() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s.form.file(s).Addr().Interface()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Renumber makes the same state of another account: its number stands wherever the old one stood, and its access keys
// have ids and secrets of its own. number has twelve digits.
func (s *State) Renumber(number string) (*State, error) {
	text, err := s.text()
	if err != nil {
		return nil, fmt.Errorf("renumber the practice state: %w", err)
	}
	pairs := []string{s.Account, number}
	var ids, secrets []string
	for key := range (&Account{state: s}).keys() {
		ids, secrets = append(ids, key.AccessKeyID), append(secrets, key.SecretAccessKey)
	}
	for i, id := range distinct(ids) {
		prefix := id[:min(len(id), len(wire.LongTermKey))]
		pairs = append(pairs, id, wire.NewKeyID(prefix, wire.Draw("key", number, i)))
	}
	for i, secret := range distinct(secrets) {
		pairs = append(pairs, secret, wire.NewKeySecret(wire.Draw("secret", number, i)))
	}
	return s.again([]byte(strings.NewReplacer(pairs...).Replace(string(text))))
}

// distinct sorts texts and leaves out what is there twice or empty.
func distinct(texts []string) []string {
	slices.Sort(texts)
	return slices.DeleteFunc(slices.Compact(texts), func(text string) bool { return text == "" })
}
