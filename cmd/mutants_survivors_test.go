package cmd

import "strings"

// survivor is a spoiled account that no step loses a point for. The report still says what is wrong.
type survivor struct {
	mutant string // how the names of the mutants begin
	step   string
	says   string // a part of the step's advice
	why    string
}

// survivors are all of them, with the reason why they live.
func survivors() []survivor {
	const (
		keyAge, privilege = "iam-access-key-age", "iam-least-privilege"
		useful            = "the lab is about the last step to everything; a wide right may be what the work needs"
		late              = "somebody is told, only later than is good"
		free              = "the lab asks for scans; that this kind costs money is the owner's decision"
	)
	return []survivor{
		{"an inactive old key", keyAge, "delete the inactive key", "an inactive key opens nothing"},
		{"two active keys", keyAge, "2 keys are active", "two young keys are what replacing a key looks like in the middle"},
		{"a key that nobody uses", keyAge, "never used", "CIS 1.11 says 45 days, the lab says how old a key may be"},
		{"a key that was used long ago", keyAge, "last used", "the same"},
		{"IAMFullAccess on ", privilege, "the way to every other right", useful},
		{"everything under a condition", privilege, "under a condition", useful},
		{"a whole service", privilege, "every action of ec2", useful},
		{"everything but one service", privilege, "every action except", useful},

		{"a stray repository", "ecr-repository", "stray repository docker-apiatest", "the right one is there too"},
		{"the image archived", "ecr-image", "archive", "it was pushed, and can be restored"},
		{"an image for arm64 only", "ecr-image", "X86_64", "a task can be told to run on ARM64"},
		{"enhanced scanning all the time", "ecr-scan-on-push", "costs money", free},
		{"a finding of high severity", "ecr-no-critical-findings", "high severity", "the lab asks for no critical one"},
		{"an old scan", "ecr-no-critical-findings", "40 days old", "nobody says that a new scan would find more"},
		{"a rule for tags that no image has", "ecr-lifecycle-policy", "match none", "tags to come may match"},

		{"a retention policy of the account", "logs-retention", "keep-a-week", "the answer already holds what is in force"},
		{"a default VPC with other addresses", "vpc-default", "10.0.0.0/16", "it works all the same"},
		{"a switch that blocks the internet", "vpc-internet-route", "Block Public Access", "the switch may have exceptions"},

		{"an alarm in another currency", "billing-alarm", "EUR", "accounts that pay in it have metrics in it"},
		{"a threshold of 60 USD", "billing-alarm", "60 USD is high", late},
		{"the average of the charges", "billing-alarm", "Average", late},
		{"a period of five minutes", "billing-alarm", "300 s", "the alarm waits for data and rings in the end"},
		{"the alarm rings", "billing-alarm", "rings", "that is what it is for"},
		{"the alarm never had data", "billing-alarm", "no data", "a new account has its first charges later"},
		{"a mute rule", "billing-alarm", "holidays", "a mute rule ends by itself"},
		{"a budget beside a silent alarm", "billing-alarm", "it has no action", "one way to be told is enough"},
		{"a budget beside an alarm on one service", "billing-alarm", "ServiceName", "the same"},
		{"a budget that tells late", "billing-alarm", "100 %", late},
		{"a budget that takes credits off", "billing-alarm", "credits", late},
		{"a budget of today's form that takes credits off", "billing-alarm", "credits", late},
		{"a budget that is not healthy", "billing-alarm", "unhealthy", "AWS mends it or says why"},

		{"version 1 of the AWS CLI", "cli-configured", "version 1", "every command of the lab works with it"},
		{"another Region", "cli-configured", "eu-west-1", "the commands of the lab name their Region"},
		{"a token that has ended", "ecr-docker-login", "sign in again", "every token ends after 12 hours: it was there"},
		{"files with secrets", "git-no-aws-keys", "terraform.tfstate", "nothing is in the repository yet"},
		{"nothing is ignored", "git-no-aws-keys", ".env", "the same"},
	}
}

// survives finds the explanation of a mutant that changed nothing.
func survives(name string) (survivor, bool) {
	for _, s := range survivors() {
		if strings.HasPrefix(name, s.mutant) {
			return s, true
		}
	}
	return survivor{}, false
}
