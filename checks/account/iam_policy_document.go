package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/labcheck/labcheck/checks/facts"
)

// The effects of a PolicyStatement.
const (
	EffectAllow = "Allow"
	EffectDeny  = "Deny"
)

// PolicyDocument is an IAM policy, as far as it matters to who may do what:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type PolicyDocument struct {
	Statements []PolicyStatement `json:"statements"`
}

// PolicyStatement allows or denies actions on resources. Patterns are as written, with "*" and "?".
type PolicyStatement struct {
	Effect       string   `json:"effect"` // EffectAllow or EffectDeny
	Actions      []string `json:"actions,omitempty"`
	NotActions   []string `json:"notActions,omitempty"` // every action but these
	Resources    []string `json:"resources,omitempty"`
	NotResources []string `json:"notResources,omitempty"` // every resource but these
	// Conditional says that the statement counts only under conditions.
	Conditional bool `json:"conditional,omitempty"`
}

// ParsePolicyDocument reads a policy as the IAM API returns it: JSON, percent-encoded by RFC 3986 (a plus sign is a plus
// sign). A statement, an action and a resource may each be one or a list. The error's reason is invalid_response.
func ParsePolicyDocument(encoded string) (PolicyDocument, error) {
	document, err := parsePolicyDocument(encoded)
	if err != nil {
		return PolicyDocument{}, facts.Errorf(facts.InvalidResponse, "the policy document cannot be read: %w", err)
	}
	return document, nil
}

func parsePolicyDocument(encoded string) (PolicyDocument, error) {
	text, err := url.PathUnescape(encoded)
	if err != nil {
		return PolicyDocument{}, err
	}
	var document map[string]json.RawMessage // a map, because the names of elements are case-sensitive
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		return PolicyDocument{}, err
	}
	elements, err := oneOrMany[map[string]json.RawMessage](document["Statement"])
	if err != nil {
		return PolicyDocument{}, fmt.Errorf("its Statement: %w", err)
	}
	statements := make([]PolicyStatement, len(elements))
	for i, element := range elements {
		if statements[i], err = parseStatement(element); err != nil {
			return PolicyDocument{}, fmt.Errorf("statement %d: %w", i+1, err)
		}
	}
	return PolicyDocument{statements}, nil
}

func parseStatement(element map[string]json.RawMessage) (PolicyStatement, error) {
	var s PolicyStatement
	if err := json.Unmarshal(element["Effect"], &s.Effect); err != nil || s.Effect != EffectAllow && s.Effect != EffectDeny {
		return s, fmt.Errorf("its Effect is neither %s nor %s", EffectAllow, EffectDeny)
	}
	for _, either := range []struct {
		name, not   string
		list, nList *[]string
	}{
		{"Action", "NotAction", &s.Actions, &s.NotActions},
		{"Resource", "NotResource", &s.Resources, &s.NotResources},
	} {
		name, list := either.name, either.list
		if _, given := element[name]; !given {
			name, list = either.not, either.nList
		}
		patterns, err := oneOrMany[string](element[name])
		if err != nil {
			return s, fmt.Errorf("its %s: %w", either.name, err)
		}
		if name == either.not && len(patterns) == 0 { // all but none
			list, patterns = either.list, []string{"*"}
		}
		*list = patterns
	}
	condition, given := element["Condition"]
	if !given {
		return s, nil
	}
	var operators map[string]map[string]json.RawMessage
	if err := json.Unmarshal(condition, &operators); err != nil {
		return s, fmt.Errorf("its Condition: %w", err)
	}
	for _, keys := range operators { // AWS accepts an empty condition, which limits nothing
		s.Conditional = s.Conditional || len(keys) > 0
	}
	return s, nil
}

// oneOrMany reads one T or a list of T. The console accepts an empty list; an element that is missing or null is an error.
func oneOrMany[T any](raw json.RawMessage) ([]T, error) {
	if raw == nil {
		return nil, errors.New("it is missing")
	}
	var many []*T
	if err := json.Unmarshal(raw, &many); err != nil {
		many = make([]*T, 1)
		if err := json.Unmarshal(raw, &many[0]); err != nil {
			return nil, err
		}
	} else if many == nil {
		return nil, errors.New("it is null")
	}
	list := make([]T, len(many))
	for i, one := range many {
		if one == nil {
			return nil, errors.New("it holds null")
		}
		list[i] = *one
	}
	return list, nil
}
