package reporttest

import (
	"encoding/json"
	"time"

	"github.com/labcheck/labcheck/checks"
	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/grade"
	"github.com/labcheck/labcheck/reports"
)

// call is a request that was answered.
func call(operation, id string) []facts.Call {
	return []facts.Call{{
		Operation: operation, Region: "us-east-1", RequestID: id, At: started.Add(300 * time.Millisecond),
	}}
}

// unknown is the step as it is when it could not be looked at.
func unknown(s reports.Step, reason facts.Reason, detail string) reports.Step {
	s.Verdict, s.Share, s.Reason, s.Detail, s.Evidence = checks.Unknown, 0, reason, detail, nil
	for i := range s.Findings {
		s.Findings[i].Verdict, s.Findings[i].Found = checks.Unknown, ""
	}
	return s
}

func rootMFA(v checks.Verdict) reports.Step {
	return reports.Step{
		ID: "iam-root-mfa", Section: "Account", Check: "iam-root-mfa", Title: "The root user has an MFA device",
		Step: grade.Step{Verdict: v, Points: 10, Required: true},
		Findings: []checks.Finding{{
			Subject: "root user of account 123456789012", Verdict: v, LookedAt: "the account summary of IAM",
			Found: "MFA is on for the root user", Expected: "MFA is on for the root user",
			Advice: "the device is a virtual one; a security key cannot be copied",
		}},
		Why:      "Whoever has the root password alone can close the account.",
		Fix:      checks.Fix{Console: "IAM › Dashboard › Add MFA for root user", ConsoleOnly: true},
		Hints:    []string{"Which user can never be limited by a policy?", "Look at the dashboard of IAM."},
		Evidence: call("iam:GetAccountSummary", "1a5d8f0e-0001"),
	}
}

func repository(v checks.Verdict) reports.Step {
	return reports.Step{
		ID: "ecr-repository", Section: "ECR", Check: "ecr-repository", Title: "The ECR repository of the lab exists",
		Step: grade.Step{Verdict: v, Points: 8, Required: true},
		Findings: []checks.Finding{{
			Subject: "ECR repository docker-api", Verdict: v, LookedAt: "2 ECR repositories in us-east-1",
			Found:    "123456789012.dkr.ecr.us-east-1.amazonaws.com/docker-api",
			Expected: "a private repository docker-api in us-east-1",
		}},
		Why: "A push needs a repository that is there already.",
		Fix: checks.Fix{
			Commands: commands("aws ecr create-repository --repository-name docker-api --region us-east-1"),
			Console:  "ECR › Private registry › Repositories › Create repository",
		},
		Evidence: call("ecr:DescribeRepositories", "1a5d8f0e-0002"),
	}
}

func scanOnPush() reports.Step {
	return reports.Step{
		ID: "ecr-scan-on-push", Section: "ECR", Check: "ecr-scan-on-push", Title: "Images are scanned when they are pushed",
		Step: grade.Step{Verdict: checks.Fail, Points: 4},
		Findings: []checks.Finding{{
			Subject: "ECR repository docker-api", Verdict: checks.Fail,
			LookedAt: "the scanning configuration of ECR repository docker-api in us-east-1",
			Found:    "scan on push is off", Expected: "scan on push is on",
			NearMiss: "scan on push is on for docker-apiatest",
		}},
		Why: "Scanning finds known vulnerabilities before the image runs anywhere.",
		Fix: checks.Fix{
			Commands: commands(
				"aws ecr put-image-scanning-configuration --repository-name docker-api --image-scanning-configuration " +
					"scanOnPush=true --region us-east-1",
			),
			Console: "ECR › Private registry › Repositories › docker-api › Edit › Scan on push",
		},
		Pages: checks.Pages{
			Docs:    "AmazonECR/latest/userguide/image-scanning.html",
			Console: "ecr/private-registry/repositories?region=" + checks.PageRegion,
		},
		Hints: []string{
			"When is the cheapest moment to learn that an image has a hole?", "Look at the settings of the repository.",
			"Turn on “scan on push”.",
		},
		Evidence: call("ecr:BatchGetRepositoryScanningConfiguration", "1a5d8f0e-0003"),
	}
}

func lifecycle() reports.Step {
	return reports.Step{
		ID: "ecr-lifecycle", Section: "ECR", Check: "ecr-lifecycle", Title: "Old images are removed by a lifecycle policy",
		Step: grade.Step{Verdict: checks.Unknown, Points: 4}, Reason: facts.AccessDenied,
		MissingAction: "ecr:GetLifecyclePolicy",
		Detail:        "a service control policy (SCP) of the organization denies ecr:GetLifecyclePolicy",
		Findings: []checks.Finding{{
			Subject: "lifecycle policy of docker-api", LookedAt: "ECR repository docker-api in us-east-1",
			Expected: "a rule that expires images",
		}},
		Why: "Stored images are paid for every month.",
		Fix: checks.Fix{Console: "ECR › Repositories › docker-api › Lifecycle policy", ConsoleOnly: true},
	}
}

func retention() reports.Step {
	return reports.Step{
		ID: "logs-retention", Section: "CloudWatch", Check: "logs-retention", Title: "Logs expire after at most 30 days",
		Step: grade.Step{Verdict: checks.Partial, Share: 50, Points: 5},
		Findings: []checks.Finding{{
			Subject: "log group /ecs/docker-api", Verdict: checks.Partial, LookedAt: "1 log group in us-east-1",
			Found: "retention is 90 days", Expected: "retention is at most 30 days",
		}},
		Why: "Logs that never expire cost a little more every month.",
		Fix: checks.Fix{
			Commands: commands(
				"aws logs put-retention-policy --log-group-name /ecs/docker-api --retention-in-days 7 --region us-east-1",
			),
			Console: "CloudWatch › Log groups › /ecs/docker-api › Edit retention",
		},
		Evidence: call("logs:DescribeLogGroups", "1a5d8f0e-0004"),
	}
}

func alarm() reports.Step {
	return reports.Step{
		ID: "billing-alarm", Section: "Billing", Check: "billing-alarm", Title: "Someone is told when the bill grows",
		Step: grade.Step{Verdict: checks.Fail, Points: 10, Required: true},
		Findings: []checks.Finding{
			{
				Subject: "billing alarm", Verdict: checks.Fail, LookedAt: "0 of 3 CloudWatch alarms in us-east-1",
				Found: "no alarm watches the estimated charges", Expected: "an alarm on EstimatedCharges that tells somebody",
				NearMiss: "alarm my-bill in eu-west-1; billing metrics exist only in us-east-1",
			},
			{
				Subject: "budget", Verdict: checks.Fail, LookedAt: "0 budgets of account 123456789012",
				Found: "no budget", Expected: "or a budget that tells somebody",
			},
		},
		Why: "A forgotten resource is found by its bill, and the earlier the cheaper.",
		Fix: checks.Fix{
			Commands: commands(
				`aws budgets create-budget --account-id 123456789012 ` +
					`--budget '{"BudgetName":"monthly","BudgetLimit":{"Amount":"5","Unit":"USD"},` +
					`"TimeUnit":"MONTHLY","BudgetType":"COST"}' ` +
					`--notifications-with-subscribers '[{"Notification":{"NotificationType":"ACTUAL",` +
					`"ComparisonOperator":"GREATER_THAN","Threshold":80},` +
					`"Subscribers":[{"SubscriptionType":"EMAIL","Address":"YOU@EXAMPLE.COM"}]}]'`,
			),
			Console: "Billing and Cost Management › Budgets › Create budget",
		},
		Hints:    []string{"Who looks at the bill before the end of the month?"},
		Evidence: call("cloudwatch:DescribeAlarms", "1a5d8f0e-0005"),
	}
}

func alarmConfirmed() reports.Step {
	return reports.Step{
		ID: "billing-alarm-confirmed", Section: "Billing", Check: "billing-alarm-confirmed",
		Title: "The person who is told has confirmed the subscription", Step: grade.Step{Verdict: checks.Blocked, Points: 3},
		BlockedBy: []string{"billing-alarm"},
		Findings: []checks.Finding{{
			Subject: "billing alarm", Verdict: checks.Fail, LookedAt: "0 of 3 CloudWatch alarms in us-east-1",
			Found: "no alarm watches the estimated charges", Expected: "a confirmed subscription",
		}},
		Why: "An unconfirmed subscription tells nobody.",
		Fix: checks.Fix{
			Console: "the link in the mail from AWS Notifications", ConsoleOnly: true, Simulate: "confirm-subscriptions",
		},
	}
}

func passwordPolicy() reports.Step {
	return reports.Step{
		ID: "iam-password-policy", Section: "Account", Check: "iam-password-policy", Title: "Passwords are long",
		Step: grade.Step{Verdict: checks.Unknown, Points: 2}, Reason: facts.Timeout, Detail: "no answer within 20s",
		Findings: []checks.Finding{{
			Subject: "password policy", LookedAt: "the password policy of account 123456789012",
			Expected: "at least 14 characters",
		}},
		Why: "Short passwords are guessed.",
	}
}

func leftOut() reports.Step {
	const why = "this account's people are managed in IAM Identity Center"
	return reports.Step{
		ID: "iam-user-mfa", Section: "Account", Check: "iam-user-mfa", Title: "The daily user has an MFA device",
		Step: grade.Step{Verdict: checks.Skipped, Points: 6},
		Findings: []checks.Finding{{
			Subject: "arn:aws:iam::123456789012:user/alice", Verdict: checks.Skipped, Found: why,
		}},
		Why: "A stolen password alone is then worth nothing.",
	}
}

func cliConfigured() reports.Step {
	return reports.Step{
		ID: "cli-region", Section: "Workstation", Check: "cli-region", Title: "The AWS CLI has a default Region",
		Step: grade.Step{Verdict: checks.Fail, Points: 3},
		Findings: []checks.Finding{{
			Subject: "profile iam-user", Verdict: checks.Fail, LookedAt: "the AWS CLI's configuration on this machine",
			Found: "the profile has no Region", Expected: "a default Region",
		}},
		Why: "Commands without a Region fail or land elsewhere.",
		Fix: checks.Fix{Commands: commands("aws configure set region us-east-1 --profile iam-user")},
	}
}

func gitIgnores() reports.Step {
	return reports.Step{
		ID: "git-no-keys", Section: "Workstation", Check: "git-no-keys", Title: "No access key is in the git repository",
		Step:     grade.Step{Verdict: checks.Pass, Points: 3},
		Findings: []checks.Finding{{Subject: "git repository", LookedAt: "this folder", Expected: "no access key"}},
		Why:      "A key that was pushed once is known to the world.",
	}
}

// commands are command lines as a report has them.
func commands(lines ...string) []checks.Command {
	list := make([]checks.Command, len(lines))
	for i, line := range lines {
		list[i] = checks.ReadCommand(line)
	}
	return list
}

// recording are some facts of the run of a report: an answer with the account in a name and in a value, another
// account, names that differ in capitals only, and a refusal.
func recording(r *reports.Report) *facts.Recording {
	return &facts.Recording{
		Schema: facts.RecordingSchema, Started: r.Started, Source: string(r.Source),
		Site: facts.ParseSite(r.Target.Account, r.Target.Caller, "AIDACKCEVSQ6C2EXAMPLE", r.Target.Region),
		Facts: []facts.Fact{
			{
				Read: "budgets.budgets", Key: json.RawMessage(`{"account":"` + r.Target.Account + `"}`),
				Error: &facts.FactError{
					Reason: facts.AccessDenied, Operation: "budgets:DescribeBudgets", MissingAction: "budgets:ViewBudget",
					Detail: r.Target.Caller + " is not authorized",
				},
			},
			{
				Read: "cloudwatch.alarms", Key: json.RawMessage(`{"region":"us-east-1","namespace":"<AWS> \u0026 others"}`),
				Value: json.RawMessage(`{"onAlarm": ["arn:aws:sns:us-east-1:210987654321:alerts"],
					"dimensions": {"LinkedAccount": "` + r.Target.Account + `", "linkedaccount": "345678901234", "` +
					r.Target.Account + `": "\u200b"}}`),
				Calls: r.Steps[0].Evidence,
			},
		},
	}
}
