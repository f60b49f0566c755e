package policy

// languageVersion is the version of the policy language, and not a date of ours.
const languageVersion = "2012-10-17"

// Document is a policy:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type Document struct {
	Version   string
	Statement []Statement
}

// Statement allows something. A permission has a resource and no principal; a trust has a principal and no resource.
type Statement struct {
	Sid    string
	Effect string
	// Principal is who is trusted: a kind (AWS or Federated) and who. A template may compute who.
	Principal map[string]any `json:",omitempty"`
	Action    []string
	Resource  string `json:",omitempty"`
	// Condition is an operator (such as StringEquals), a key and the value that the key must have.
	Condition map[string]map[string]string `json:",omitempty"`
}

// Allow is the policy that allows these IAM actions and nothing else. Most operations that list things know no
// resource, so the resource is every one.
func Allow(actions []string) Document {
	return Document{languageVersion, []Statement{{
		Sid: "LabcheckReadOnly", Effect: "Allow", Action: actions, Resource: "*",
	}}}
}
