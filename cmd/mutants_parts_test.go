package cmd

import (
	"slices"
	"strings"
)

// deciding are parts of an answer without which some steps cannot be right: they are unknown then.
type deciding struct {
	question string
	steps    []string
	parts    []string
}

// decidingParts are all single values that decide about the finished account, by question. Whatever is not here changes
// nothing when it is taken away.
func decidingParts() []deciding {
	storage, image, scan := []string{"ecr-storage"}, []string{"ecr-image"}, []string{"ecr-no-critical-findings"}
	way, alarm := []string{"vpc-internet-route"}, []string{"billing-alarm"}
	root := []string{"iam-root-mfa", "iam-root-no-access-keys"}
	everyStep := []string{
		"iam-root-mfa", "iam-root-no-access-keys", "iam-caller-not-root", "iam-user-mfa", "iam-access-key-age",
		"iam-least-privilege", "ecr-repository", "ecr-image", "ecr-scan-on-push", "ecr-no-critical-findings",
		"ecr-lifecycle-policy", "ecr-storage", "logs-group", "logs-retention", "logs-storage", "vpc-default", "vpc-subnets",
		"vpc-internet-route", "billing-alarm",
	}
	return []deciding{
		{"GetCallerIdentity", everyStep, []string{"Arn", "Account"}},
		{"GetAccountSummary", root[:1], []string{"SummaryMap.entry(AccountMFAEnabled).key"}},
		{"GetAccountSummary", root[1:], []string{"SummaryMap.entry(AccountAccessKeysPresent).key"}},
		{"GetAccountSummary", root, summaryValues()}, // a count that has lost its value could be any count
		{"ListMFADevices", []string{"iam-user-mfa"}, []string{"MFADevices.member.SerialNumber"}},
		{"ListAccessKeys", []string{"iam-access-key-age"}, []string{
			"AccessKeyMetadata.member.AccessKeyId", "AccessKeyMetadata.member.CreateDate", "AccessKeyMetadata.member.Status",
		}},
		{"ListAttachedGroupPolicies", []string{"iam-least-privilege"}, []string{"AttachedPolicies.member.PolicyArn"}},
		{"ListGroupsForUser", []string{"iam-least-privilege"}, []string{"Groups.member.GroupName"}},
		{"ListAttachedUserPolicies", []string{"iam-least-privilege"}, nil},
		{"ListGroupPolicies", []string{"iam-least-privilege"}, nil},
		{"ListUserPolicies", []string{"iam-least-privilege"}, nil},

		{"DescribeRepositories(repositoryNames)", []string{"ecr-repository"}, []string{"repositories[].repositoryName"}},
		{"DescribeImages(imageTag)", image, []string{"imageDetails[].imageDigest", "imageDetails[].imageTags[]"}},
		{"DescribeImages(ACTIVE)", storage, []string{
			"imageDetails[].imageDigest", "imageDetails[].imageManifestMediaType", "imageDetails[].imageSizeInBytes",
		}},
		{"DescribeImages(ARCHIVED)", storage, nil},
		{"DescribeImages(ACTIVATING)", storage, nil},
		{
			"BatchGetRepositoryScanningConfiguration(repositoryNames)",
			[]string{"ecr-scan-on-push"},
			[]string{"scanningConfigurations[].repositoryName"},
		},
		{"BatchGetImage(imageTag)", scan, []string{
			"images[].imageId.imageDigest", "images[].imageId.imageTag", "images[].imageManifest.manifests[].digest",
		}},
		{"DescribeImageScanFindings", scan, []string{"imageScanStatus.status"}},
		{"GetLifecyclePolicy", []string{"ecr-lifecycle-policy"}, []string{
			"lifecyclePolicyText.rules[].action.type", "lifecyclePolicyText.rules[].selection.tagStatus",
		}},

		{"DescribeLogGroups", []string{"logs-group", "logs-retention", "logs-storage"}, []string{"logGroups[].logGroupName"}},
		{"DescribeLogGroups", []string{"logs-storage"}, []string{"logGroups[].storedBytes"}},

		{"DescribeVpcs", []string{"vpc-default", "vpc-subnets", "vpc-internet-route"}, []string{
			"vpcSet.item.isDefault", "vpcSet.item.state", "vpcSet.item.vpcId",
		}},
		{"DescribeSubnets", []string{"vpc-subnets", "vpc-internet-route"}, []string{
			"subnetSet.item.availabilityZone", "subnetSet.item.subnetId", "subnetSet.item.vpcId",
		}},
		{"DescribeInternetGateways", way, []string{
			"internetGatewaySet.item.attachmentSet.item.state", "internetGatewaySet.item.attachmentSet.item.vpcId",
			"internetGatewaySet.item.internetGatewayId",
		}},
		{"DescribeRouteTables", way, []string{
			"routeTableSet.item.associationSet.item.main", "routeTableSet.item.routeSet.item.destinationCidrBlock",
			"routeTableSet.item.routeSet.item.gatewayId", "routeTableSet.item.routeSet.item.state",
			"routeTableSet.item.routeTableId", "routeTableSet.item.vpcId",
		}},

		{"DescribeAlarms", alarm, []string{
			"MetricAlarms[].ActionsEnabled", "MetricAlarms[].ComparisonOperator", "MetricAlarms[].Dimensions[].Name",
			"MetricAlarms[].Dimensions[].Value", "MetricAlarms[].MetricName", "MetricAlarms[].Namespace", "MetricAlarms[].Threshold",
		}},
		{"ListSubscriptionsByTopic", alarm, []string{"Subscriptions.member.SubscriptionArn"}},
	}
}

// summaryValues are the values of all counts in the account summary.
func summaryValues() []string {
	values := []string{
		"AccessKeysPerUserQuota", "AccountAccessKeysPresent", "AccountMFAEnabled", "AccountPasswordPresent",
		"AccountSigningCertificatesPresent", "Groups", "GroupsQuota", "MFADevices", "MFADevicesInUse", "Policies", "PoliciesQuota",
		"Roles", "RolesQuota", "Users", "UsersQuota",
	}
	for i, name := range values {
		values[i] = "SummaryMap.entry(" + name + ").value"
	}
	return values
}

// absence is what an answer says by leaving something out, in AWS's own way.
type absence struct {
	changes changes
	parts   []string // with what happened to them
}

// absences are all of them: an answer without these parts is a whole one, about another account.
func absences() []absence {
	fail := func(step string) changes { return changes{step: "fail"} }
	noGroup := changes{
		"logs-group": "fail", "logs-retention": "blocked by logs-group", "logs-storage": "blocked by logs-group",
	}
	noVPC := changes{
		"vpc-default": "fail", "vpc-subnets": "blocked by vpc-default", "vpc-internet-route": "blocked by vpc-default",
	}
	return []absence{
		{fail("iam-user-mfa"), []string{"ListMFADevices MFADevices emptied", "ListMFADevices MFADevices.member dropped"}},
		{fail("ecr-storage"), []string{"DescribeImages(ACTIVE) imageDetails emptied"}},
		{fail("ecr-lifecycle-policy"), []string{
			"GetLifecyclePolicy lifecyclePolicyText.rules emptied", "GetLifecyclePolicy lifecyclePolicyText.rules[] dropped",
		}},
		{noGroup, []string{"DescribeLogGroups logGroups emptied", "DescribeLogGroups logGroups[] dropped"}},
		{fail("logs-retention"), []string{ // so it is written that events never expire
			"DescribeLogGroups logGroups[].retentionInDays dropped", "DescribeLogGroups logGroups[].retentionInDays emptied",
		}},
		{noVPC, []string{"DescribeVpcs vpcSet emptied", "DescribeVpcs vpcSet.item dropped"}},
		{changes{"vpc-subnets": "fail", "vpc-internet-route": "fail"}, []string{"DescribeSubnets subnetSet emptied"}},
		{fail("vpc-internet-route"), []string{
			"DescribeInternetGateways internetGatewaySet emptied",
			"DescribeInternetGateways internetGatewaySet.item dropped",
			"DescribeInternetGateways internetGatewaySet.item.attachmentSet emptied",
			"DescribeInternetGateways internetGatewaySet.item.attachmentSet.item dropped",
			"DescribeRouteTables routeTableSet.item.routeSet emptied",
			"DescribeRouteTables routeTableSet.item.routeSet.item dropped",
		}},
		{fail("billing-alarm"), []string{
			// An answer without the one list is whole where it has the other: not every protocol writes an empty one.
			"DescribeAlarms MetricAlarms dropped", "DescribeAlarms MetricAlarms emptied", "DescribeAlarms MetricAlarms[] dropped",
			"DescribeAlarms MetricAlarms[].AlarmActions dropped", "DescribeAlarms MetricAlarms[].AlarmActions emptied",
			"DescribeAlarms MetricAlarms[].AlarmActions[] dropped", "DescribeAlarms MetricAlarms[].AlarmActions[] emptied",
			"DescribeAlarms MetricAlarms[].Dimensions dropped", "DescribeAlarms MetricAlarms[].Dimensions emptied",
			"DescribeAlarms MetricAlarms[].Dimensions[] dropped",
			"ListSubscriptionsByTopic Subscriptions emptied", "ListSubscriptionsByTopic Subscriptions.member dropped",
		}},
	}
}

// expectation is what may come of an answer without a part of it.
type expectation struct {
	exact   changes  // exactly this
	unknown []string // exactly these steps are unknown
	may     []string // some of these steps may be unknown
}

// expected says what comes of taking a part away: exactly, where the part is a single value that is not there at all.
func expected(m answerMutant) expectation {
	for _, a := range absences() {
		if slices.Contains(a.parts, m.name) {
			return expectation{exact: a.changes}
		}
	}
	part, dropped := strings.CutSuffix(m.name, " dropped")
	var e expectation
	for _, d := range decidingParts() {
		if d.question != m.question {
			continue
		}
		e.may = append(e.may, d.steps...)
		if dropped && m.single && slices.Contains(d.parts, strings.TrimPrefix(part, d.question+" ")) {
			e.unknown = d.steps
		}
	}
	if dropped && m.single {
		e.may = nil
	}
	return e
}
