//go:build conformance

package conformance

// stray is what zsh made of "$REPO:latest": the image went to docker-apiatest.
func stray() story {
	return story{name: "docker-apiatest", scenarios: []scenario{
		{
			name: "the image is in the stray repository",
			types: `
				aws ecr create-repository --repository-name docker-apiatest --region us-east-1
				docker push $ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/docker-apiatest`,
			says: table{"ecr-repository": "found docker-apiatest, did you mean it?"},
		},
		{
			name:  "the right repository is there, and empty",
			types: `aws ecr create-repository --repository-name docker-api --region us-east-1`,
			changes: table{
				"ecr-repository":           "pass",
				"ecr-image":                "fail",
				"ecr-scan-on-push":         "fail",
				"ecr-no-critical-findings": "blocked by ecr-image",
				"ecr-lifecycle-policy":     "fail",
				"ecr-storage":              "blocked by ecr-image",
			},
			says: table{"ecr-repository": "docker-apiatest", "ecr-image": "found an image in docker-apiatest"},
		},
		{
			name: "the image is pushed again, with braces",
			types: `
				docker tag docker-api:latest $ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/docker-api:latest
				docker push $ACCOUNT.dkr.ecr.us-east-1.amazonaws.com/docker-api:latest`,
			changes: table{"ecr-image": "pass", "ecr-no-critical-findings": "fail", "ecr-storage": "pass"},
		},
	}}
}

// registry is what else goes wrong in ECR.
func registry() story {
	return story{name: "the registry", scenarios: []scenario{
		{
			name:  "the repository is in another Region",
			types: `aws ecr create-repository --repository-name docker-api --region us-west-2`,
			says:  table{"ecr-repository": "us-west-2"},
		},
		{
			name:  "that Region is graded",
			flags: []string{"--region", "us-west-2"},
			changes: table{
				"ecr-repository":           "pass",
				"ecr-image":                "fail",
				"ecr-scan-on-push":         "fail",
				"ecr-no-critical-findings": "blocked by ecr-image",
				"ecr-lifecycle-policy":     "fail",
				"ecr-storage":              "blocked by ecr-image",
			},
			says: table{"ecr-image": "the repository is empty"},
		},
		{
			name:    "the tag is misspelt",
			types:   `docker push $ACCOUNT.dkr.ecr.us-west-2.amazonaws.com/docker-api:lastest`,
			flags:   []string{"--region", "us-west-2"},
			changes: table{"ecr-storage": "pass"},
			says:    table{"ecr-image": "found the tag lastest, did you mean it?"},
		},
		{
			name:    "the tag is what the lab was told",
			flags:   []string{"--region", "us-west-2", "--set", "tag=lastest"},
			changes: table{"ecr-image": "pass", "ecr-no-critical-findings": "fail"},
		},
		{
			name: "scanning is off on the repository, and a rule of the registry covers it",
			types: `aws ecr put-registry-scanning-configuration --region us-west-2 --scan-type BASIC --rules '[{
				"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "docker-*", "filterType": "WILDCARD"}]}]'`,
			flags: []string{"--region", "us-west-2", "--set", "tag=lastest"},
			changes: table{
				"ecr-scan-on-push":         "pass",
				"ecr-no-critical-findings": "unknown not_yet_consistent", // a scan may follow the push
			},
		},
		{
			name:    "an image of 600 MB",
			types:   `IMAGE_BYTES=600000000 docker push $ACCOUNT.dkr.ecr.us-west-2.amazonaws.com/docker-api:latest`,
			flags:   []string{"--region", "us-west-2"},
			changes: table{"ecr-storage": "fail"},
			says:    table{"ecr-storage": "790.0 MB of 500 MB"},
		},
		{
			name: "a Region that the emulator does not have", // it answers HTTP 500 with a page
			anew: true, flags: []string{"--region", "us-east-9"},
			changes: unreadable(regional()...),
			calls:   map[string]int{"ecr:GetLifecyclePolicy": 1, "logs:DescribeLogGroups": 1, "ec2:DescribeVpcs": 1},
		},
	}}
}
