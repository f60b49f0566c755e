//go:build conformance

package conformance

// onlyEmulated are the scenarios that cannot be played on a practice account, with the reason.
func onlyEmulated() map[string]string {
	return map[string]string{
		"the notes: a second account, untouched by the first": "a practice account that is served is " +
			"one account",
		"the notes: what AWS makes in a new account, and the emulator does not": "it is there already",
		"the machine: a key is in the repository": "the keys of a practice account have " +
			"EXAMPLE in them, and are no leak",
		"the machine: a later commit removes the key":      "the same",
		"the machine: the key is removed from the history": "the same",
	}
}

// verdictDifferences are the steps of which labcheck says something else on the practice account: STEP: on the
// emulator, on the practice account.
func verdictDifferences() []difference {
	return []difference{
		{"vpc-internet-route: fail, pass", thePractice, "the default VPC of AWS has an internet gateway and a route to it"},
		{
			"ecr-docker-login: pass, fail", both,
			"the registry of a practice account is at its own address, and the commands sign in to AWS's",
		},
		{
			"ecr-no-critical-findings: unknown not_yet_consistent, pass", thePractice,
			"a push starts a scan where one is asked for",
		},
		{"billing-alarm: pass, unknown not_yet_consistent", thePractice, "a subscription by mail waits for its confirmation"},
		{
			"billing-alarm: unknown invalid_response, fail", thePractice,
			"the emulator lacks the operations that tell whom a budget tells",
		},
		{
			"*: unknown invalid_response, unknown access_denied", thePractice,
			"what the emulator answers to a forbidden question is in no protocol of AWS",
		},
		{
			"*: unknown invalid_response, unknown region_disabled", thePractice,
			"the emulator answers for a Region that there is not with a page",
		},
	}
}

// answerDifferences are what one side alone answers to a read: an operation, or one of its fields with what is below
// it.
func answerDifferences() []difference {
	var list []difference
	only := func(has, right side, why string, what ...string) {
		for _, w := range what {
			list = append(list, difference{"only " + string(has) + ": " + w, right, why})
		}
	}
	// What the emulator has alone.
	only(theEmulator, thePractice, "the emulator lacks the operation, and answers with a page",
		"budgets:DescribeBudgetNotificationsForAccount fails with what is no answer of AWS",
		"budgets:DescribeSubscribersForNotification fails with what is no answer of AWS",
		"ec2:DescribeVpcBlockPublicAccessOptions fails with what is no answer of AWS",
		"monitoring:ListAlarmMuteRules fails with what is no answer of AWS")
	only(theEmulator, thePractice, "AWS leaves the token of the next page out where there is none; null is no token",
		"budgets:DescribeNotificationsForBudget NextToken", "logs:DescribeLogGroups nextToken",
		"logs:DescribeLogStreams nextToken", "logs:FilterLogEvents nextToken")
	only(theEmulator, thePractice, "AWS shows the secret of a device once, when it is made",
		"iam:ListVirtualMFADevices VirtualMFADevices[].Base32StringSeed",
		"iam:ListVirtualMFADevices VirtualMFADevices[].QRCodePNG")
	only(theEmulator, thePractice, "AWS leaves them out where there are none",
		"ec2:DescribeSubnets Subnets[].Tags", "ec2:DescribeVpcs Vpcs[].Tags",
		"ec2:DescribeVpcs Vpcs[].Ipv6CidrBlockAssociationSet",
		"monitoring:DescribeAlarms MetricAlarms[].Metrics", "monitoring:DescribeAlarms MetricAlarms[].StateReasonData")
	only(theEmulator, both, "every scan of the emulator finds the same, and here nothing is found",
		"ecr:DescribeImageScanFindings imageScanFindings.findingSeverityCounts",
		"ecr:DescribeImageScanFindings imageScanFindings.findings")
	only(theEmulator, both, "ECR has it once the policy was applied for the first time, within a day",
		"ecr:GetLifecyclePolicy lastEvaluatedAt")
	only(theEmulator, thePractice, "AWS forecasts a cost once it has seen some weeks of it",
		"budgets:DescribeBudget Budget.CalculatedSpend.ForecastedSpend",
		"budgets:DescribeBudgets Budgets[].CalculatedSpend.ForecastedSpend")
	// What the practice account has alone.
	only(thePractice, thePractice, "the emulator lacks the operation",
		"budgets:DescribeBudgetNotificationsForAccount", "budgets:DescribeSubscribersForNotification",
		"ec2:DescribeVpcBlockPublicAccessOptions", "monitoring:ListAlarmMuteRules")
	only(thePractice, thePractice, "the default VPC of AWS has an internet gateway",
		"ec2:DescribeInternetGateways InternetGateways")
	only(thePractice, thePractice, "AWS has it",
		"budgets:DescribeNotificationsForBudget Notifications[].NotificationState",
		"ec2:DescribeAvailabilityZones AvailabilityZones[].GroupName",
		"ec2:DescribeAvailabilityZones AvailabilityZones[].OptInStatus",
		"ec2:DescribeAvailabilityZones AvailabilityZones[].NetworkBorderGroup",
		"ec2:DescribeRouteTables RouteTables[].PropagatingVgws", "ec2:DescribeSubnets Subnets[].EnableDns64",
		"ecr:DescribeImages imageDetails[].artifactMediaType", "ecr:DescribeImages imageDetails[].imageStatus",
		"iam:ListAccessKeys IsTruncated", "iam:ListGroupPolicies IsTruncated",
		"logs:DescribeLogGroups logGroups[].logGroupClass")
	return list
}
