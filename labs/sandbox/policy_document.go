package sandbox

import (
	"encoding/json"
	"strings"
)

// oneOrMore is a list that a policy may write without its brackets when it has one element.
type oneOrMore[T any] []T

// UnmarshalJSON reads either form.
func (l *oneOrMore[T]) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, (*[]T)(l))
	}
	var one T
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*l = oneOrMore[T]{one}
	return nil
}

// readPolicy reads a stored policy. Text that is no policy, which only a state file can hold, grants nothing.
func readPolicy(text json.RawMessage) *policyDocument {
	d := &policyDocument{}
	if err := json.Unmarshal(text, d); err != nil {
		return &policyDocument{}
	}
	for _, s := range d.Statement {
		for _, patterns := range [][]string{s.Action, s.NotAction} {
			for i := range patterns {
				patterns[i] = strings.ToLower(patterns[i])
			}
		}
	}
	return d
}
