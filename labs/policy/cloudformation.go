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
	if g.Trust.asked {
		return renderAsking(g, t)
	}
	provider := t.addProvider(g.Trust.issuer)
	t.Resources["Role"] = resource{Type: "AWS::IAM::Role", Properties: g.role(provider)}
	t.Outputs = map[string]any{"RoleArn": map[string]any{"Value": call("Fn::GetAtt", []string{"Role", "Arn"})}}
	return encode(t)
}

// GraderRole is the name of the role in a template that a whole class uses.
const GraderRole = "labcheck-grader"

// renderAsking writes a template that asks for the external id. The role has a name, by which a grader finds it in
// every account.
func renderAsking(g Grant, t template) ([]byte, error) {
	trust := map[string]any{
		"Sid": "LabcheckTrust", "Effect": "Allow", "Action": []string{"sts:AssumeRole"},
		"Principal": map[string]any{"AWS": g.Trust.account},
		"Condition": map[string]any{"StringEquals": map[string]any{"sts:ExternalId": call("Ref", "ExternalId")}},
	}
	t.Parameters = map[string]any{"ExternalId": map[string]any{
		"Type": "String", "MinLength": 2, "MaxLength": maxExternalID, "AllowedPattern": `[A-Za-z0-9_+=,.@:/-]+`,
		"Description": "the word that your instructor gave you, and nobody else",
	}}
	t.Resources["Role"] = resource{Type: "AWS::IAM::Role", Properties: map[string]any{
		"RoleName": GraderRole, "Description": g.description(),
		"AssumeRolePolicyDocument": map[string]any{"Version": languageVersion, "Statement": []any{trust}},
		"Policies":                 []inlinePolicy{{g.name(), Allow(g.Actions)}},
	}}
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
