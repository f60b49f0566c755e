package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/labcheck/labcheck/checks/facts"
)

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
