package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Grant is what is to be written.
type Grant struct {
	Lab     string   // the lab's id
	Actions []string // the IAM actions that grading it needs
	Trust   *Trust   // nil: the policy alone; else a role that has it
}

// name is what the policy and the role are called.
func (g Grant) name() string { return "labcheck-" + g.Lab }

// A Format writes a grant. It ends with a newline.
type Format struct {
	Name   string
	Render func(Grant) ([]byte, error)
}

// Formats lists the formats; the first is the default.
func Formats() []Format {
	return []Format{{"json", renderJSON}, {"cloudformation", renderCloudFormation}, {"terraform", renderTerraform}}
}

// role is a role, in the words that IAM and CloudFormation share.
type role struct {
	Description              string
	AssumeRolePolicyDocument Document
	Policies                 []inlinePolicy
}

type inlinePolicy struct {
	PolicyName     string
	PolicyDocument Document
}

func (g Grant) role(provider any) role {
	return role{g.description(), g.Trust.document(provider), []inlinePolicy{{g.name(), Allow(g.Actions)}}}
}

func (g Grant) description() string { return "Lets labcheck read what grading " + g.Lab + " needs" }

// renderJSON writes the policy, or a role as one object. IAM's API has no word for "this account", so that the ARN of
// the OIDC provider holds AccountPlaceholder.
func renderJSON(g Grant) ([]byte, error) {
	if g.Trust == nil {
		return encode(Allow(g.Actions))
	}
	if g.Trust.issuer == nil {
		return encode(g.role(nil))
	}
	return encode(g.role("arn:aws:iam::" + AccountPlaceholder + ":oidc-provider/" + g.Trust.issuer.host))
}

// AccountPlaceholder stands in the JSON of a role that trusts pipelines for the id of the account that the role is in.
const AccountPlaceholder = "ACCOUNT_ID"

// encode writes indented JSON with every character as it is: "<" is no danger here, and "\u003c" is hard to read.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return nil, fmt.Errorf("write the policy: %w", err)
	}
	return b.Bytes(), nil
}
