package account

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// The kinds of Principal.
const (
	UserPrincipal  = "user"
	GroupPrincipal = "group"
)

// Principal is an IAM user or group, which policies belong to.
type Principal struct {
	Kind string `json:"kind"` // UserPrincipal or GroupPrincipal
	Name string `json:"name"` // without its path
}

// String says it as a person would: "IAM user alice".
func (p Principal) String() string { return "IAM " + p.Kind + " " + p.Name }

// UserGroups lists the names of the groups that an IAM user is in:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html
var UserGroups = &facts.Read[UserKey, []string]{
	Name:       "iam.user-groups",
	Operations: []string{"iam:ListGroupsForUser"},
	Fetch: func(ctx context.Context, a *facts.Access, key UserKey) ([]string, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return nil, err
		}
		return iamList(func(marker *string) ([]types.Group, bool, *string, error) {
			out, err := client.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: &key.User, Marker: marker})
			if err != nil {
				return nil, false, nil, err
			}
			return out.Groups, out.IsTruncated, out.Marker, nil
		}, func(g types.Group) (string, error) { return nameOf("an IAM group", g.GroupName) })
	},
}

// AttachedPolicy is a managed policy, AWS's or the customer's own.
type AttachedPolicy struct {
	ARN  string `json:"arn"`
	Name string `json:"name"` // free text: a customer's policy may bear the name of one of AWS's
}

// AttachedPolicies lists the managed policies that are attached to a user or group.
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedGroupPolicies.html
var AttachedPolicies = &facts.Read[Principal, []AttachedPolicy]{
	Name:       "iam.attached-policies",
	Operations: []string{"iam:ListAttachedUserPolicies", "iam:ListAttachedGroupPolicies"},
	Fetch: func(ctx context.Context, a *facts.Access, key Principal) ([]AttachedPolicy, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return nil, err
		}
		ask := func(marker *string) ([]types.AttachedPolicy, bool, *string, error) {
			out, err := client.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{
				UserName: &key.Name, Marker: marker,
			})
			if err != nil {
				return nil, false, nil, err
			}
			return out.AttachedPolicies, out.IsTruncated, out.Marker, nil
		}
		if key.Kind == GroupPrincipal {
			ask = func(marker *string) ([]types.AttachedPolicy, bool, *string, error) {
				out, err := client.ListAttachedGroupPolicies(ctx, &iam.ListAttachedGroupPoliciesInput{
					GroupName: &key.Name, Marker: marker,
				})
				if err != nil {
					return nil, false, nil, err
				}
				return out.AttachedPolicies, out.IsTruncated, out.Marker, nil
			}
		}
		return iamList(ask, func(p types.AttachedPolicy) (AttachedPolicy, error) {
			arn, err := nameOf("an attached policy", p.PolicyArn)
			return AttachedPolicy{arn, cmp.Or(aws.ToString(p.PolicyName), path.Base(arn))}, err
		})
	},
}

// InlinePolicies lists the names of the policies that are written into a user or group.
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupPolicies.html
var InlinePolicies = &facts.Read[Principal, []string]{
	Name:       "iam.inline-policies",
	Operations: []string{"iam:ListUserPolicies", "iam:ListGroupPolicies"},
	Fetch: func(ctx context.Context, a *facts.Access, key Principal) ([]string, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return nil, err
		}
		return iamList(func(marker *string) ([]string, bool, *string, error) {
			if key.Kind == GroupPrincipal {
				out, err := client.ListGroupPolicies(ctx, &iam.ListGroupPoliciesInput{GroupName: &key.Name, Marker: marker})
				if err != nil {
					return nil, false, nil, err
				}
				return out.PolicyNames, out.IsTruncated, out.Marker, nil
			}
			out, err := client.ListUserPolicies(ctx, &iam.ListUserPoliciesInput{UserName: &key.Name, Marker: marker})
			if err != nil {
				return nil, false, nil, err
			}
			return out.PolicyNames, out.IsTruncated, out.Marker, nil
		}, func(name string) (string, error) { return nameOf("an inline policy", &name) })
	},
}

// InlinePolicyKey names a policy that is written into a user or group.
type InlinePolicyKey struct {
	Principal
	Policy string `json:"policy"`
}

// InlinePolicy asks what an inline policy says.
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroupPolicy.html
var InlinePolicy = &facts.Read[InlinePolicyKey, PolicyDocument]{
	Name:       "iam.inline-policy",
	Operations: []string{"iam:GetUserPolicy", "iam:GetGroupPolicy"},
	Fetch: func(ctx context.Context, a *facts.Access, key InlinePolicyKey) (PolicyDocument, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return PolicyDocument{}, err
		}
		if key.Kind == GroupPrincipal {
			out, err := client.GetGroupPolicy(ctx, &iam.GetGroupPolicyInput{GroupName: &key.Name, PolicyName: &key.Policy})
			if err != nil {
				return PolicyDocument{}, err
			}
			return ParsePolicyDocument(aws.ToString(out.PolicyDocument))
		}
		out, err := client.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: &key.Name, PolicyName: &key.Policy})
		if err != nil {
			return PolicyDocument{}, err
		}
		return ParsePolicyDocument(aws.ToString(out.PolicyDocument))
	},
}

// PolicyKey names a managed policy.
type PolicyKey struct {
	ARN string `json:"arn"`
}

// ManagedPolicy asks which version of a managed policy is in force, and then what that version says.
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html
//   - https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html
var ManagedPolicy = &facts.Read[PolicyKey, PolicyDocument]{
	Name:       "iam.managed-policy",
	Operations: []string{"iam:GetPolicy", "iam:GetPolicyVersion"},
	Fetch: func(ctx context.Context, a *facts.Access, key PolicyKey) (PolicyDocument, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return PolicyDocument{}, err
		}
		policy, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &key.ARN})
		if err != nil {
			return PolicyDocument{}, err
		}
		if policy.Policy == nil || policy.Policy.DefaultVersionId == nil {
			return PolicyDocument{}, facts.Errorf(facts.InvalidResponse, "the policy came without its version in force")
		}
		version, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{
			PolicyArn: &key.ARN, VersionId: policy.Policy.DefaultVersionId,
		})
		if err != nil {
			return PolicyDocument{}, err
		}
		if version.PolicyVersion == nil {
			return PolicyDocument{}, facts.Errorf(facts.InvalidResponse, "the policy's version came without its document")
		}
		return ParsePolicyDocument(aws.ToString(version.PolicyVersion.Document))
	},
}

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

// ParsePolicyDocument reads a policy as the IAM API returns it: JSON, percent-encoded by RFC 3986 (a plus sign is a
// plus sign). A statement, an action and a resource may each be one or a list. The error's reason is invalid_response.
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
	if !utf8.ValidString(text) {
		return PolicyDocument{}, errors.New("it is not in UTF-8")
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
	err := json.Unmarshal(element["Effect"], &s.Effect)
	if err != nil || s.Effect != EffectAllow && s.Effect != EffectDeny {
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

// oneOrMany reads one T or a list of T. The console accepts an empty list; an element that is missing or null is an
// error.
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
