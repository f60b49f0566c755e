package policy

// template is a CloudFormation template:
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
type template struct {
	AWSTemplateFormatVersion string
	Description              string
	Parameters               map[string]any `json:",omitempty"`
	Conditions               map[string]any `json:",omitempty"`
	Resources                map[string]resource
	Outputs                  map[string]any
}

type resource struct {
	Type       string
	Condition  string `json:",omitempty"`
	Properties any
}

func renderCloudFormation(g Grant) ([]byte, error) {
	t := template{
		AWSTemplateFormatVersion: "2010-09-09", Description: g.description(), Resources: map[string]resource{},
	}
	if g.Trust == nil {
		t.Resources["Policy"] = resource{Type: "AWS::IAM::ManagedPolicy", Properties: map[string]any{
			"Description": g.description(), "PolicyDocument": Allow(g.Actions),
		}}
		t.Outputs = map[string]any{"PolicyArn": map[string]any{"Value": call("Ref", "Policy")}}
		return encode(t)
	}
	provider := t.addProvider(g.Trust.issuer)
	t.Resources["Role"] = resource{Type: "AWS::IAM::Role", Properties: g.role(provider)}
	t.Outputs = map[string]any{"RoleArn": map[string]any{"Value": call("Fn::GetAtt", []string{"Role", "Arn"})}}
	return encode(t)
}

// addProvider adds the OIDC provider of an issuer and returns its ARN. An account can have only one of a host, so that
// the owner of an account that has it already says so with the parameter.
func (t *template) addProvider(from *issuer) any {
	if from == nil {
		return nil
	}
	id := from.name + "Provider"
	parameter, condition := "Create"+id, "Creates"+id
	t.Parameters = map[string]any{parameter: map[string]any{
		"Type": "String", "Default": "true", "AllowedValues": []string{"true", "false"},
		"Description": "false if the account has the identity provider " + from.host + " already",
	}}
	t.Conditions = map[string]any{condition: call("Fn::Equals", []any{call("Ref", parameter), "true"})}
	t.Resources[id] = resource{
		Type: "AWS::IAM::OIDCProvider", Condition: condition,
		Properties: map[string]any{"Url": "https://" + from.host, "ClientIdList": []string{from.audience}},
	}
	there := "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/" + from.host
	return call("Fn::If", []any{condition, call("Ref", id), call("Fn::Sub", there)})
}

// call is a function of a template.
func call(function string, argument any) map[string]any { return map[string]any{function: argument} }
