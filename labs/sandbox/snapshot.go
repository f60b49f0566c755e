package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Snapshot copies the state as it is now. The copy shares nothing with the account, has times and no ages, and is what [Parse] gives for
// what [State.Write] writes.
func (a *Account) Snapshot() *State {
	a.mu.Lock()
	text, err := a.state.text()
	a.mu.Unlock()
	if err != nil {
		panic(err) // operations take nothing that cannot be written
	}
	s, err := Parse(text, time.Time{}) // there are no ages to count back
	if err != nil {
		panic(err) // nor what cannot be read again
	}
	return s
}

// Write writes the state as a state file that [Parse] reads. The workstation's files and the secrets of access keys are in it: they open
// nothing but this practice account.
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

// text is the state as JSON. Documents in it keep their letters.
func (s *State) text() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(s); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Renumber makes the same state of another account: its number stands wherever the old one stood, and its access keys have ids and secrets
// of its own. number has twelve digits.
func (s *State) Renumber(number string) (*State, error) {
	text, err := s.text()
	if err != nil {
		return nil, fmt.Errorf("renumber the practice state: %w", err)
	}
	pairs := []string{s.Account, number}
	for i, id := range s.keyIDs() {
		pairs = append(pairs, id, keyID(id[:min(len(id), len(longTermKey))], draw("key", number, i)))
	}
	for i, secret := range s.secrets() {
		pairs = append(pairs, secret, keySecret(draw("secret", number, i)))
	}
	return Parse([]byte(strings.NewReplacer(pairs...).Replace(string(text))), time.Time{})
}

// accessKeys are the long-term access keys of root and of all users.
func (s *State) accessKeys() []*AccessKey {
	keys := append([]*AccessKey{}, s.Root.AccessKeys...)
	for _, u := range s.IAM.Users {
		keys = append(keys, u.AccessKeys...)
	}
	return keys
}

// keyIDs are the ids of all access keys of the account, each once.
func (s *State) keyIDs() []string {
	ids := []string{s.Caller.AccessKeyID}
	for _, session := range s.Sessions {
		ids = append(ids, session.AccessKeyID)
	}
	for _, key := range s.accessKeys() {
		ids = append(ids, key.ID)
	}
	return distinct(ids)
}

// secrets are what signs requests or goes with them, each once.
func (s *State) secrets() []string {
	all := []string{s.Caller.SecretAccessKey}
	for _, session := range s.Sessions {
		all = append(all, session.SecretAccessKey)
	}
	for _, key := range s.accessKeys() {
		all = append(all, key.Secret)
	}
	return distinct(all)
}

// distinct sorts texts and leaves out what is there twice or empty.
func distinct(texts []string) []string {
	slices.Sort(texts)
	return slices.DeleteFunc(slices.Compact(texts), func(text string) bool { return text == "" })
}
