package sandbox

import (
	"encoding/json"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/cloudwatch"
	"github.com/labcheck/labcheck/labs/sandbox/ec2"
	"github.com/labcheck/labcheck/labs/sandbox/ecr"
	"github.com/labcheck/labcheck/labs/sandbox/iam"
	"github.com/labcheck/labcheck/labs/sandbox/logs"
	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// A Drill is one thing that breaks in the finished account: something to find and to mend.
type Drill struct {
	// Step is the step of the lab that is not right any more, such as "ecr-image". Those that need it suffer with it.
	Step string
	// Symptom is what somebody who works with the account would see, one or two sentences. It does not tell the cause.
	Symptom string
	spoil   func(*finished)
}

// Break breaks a state that is as the finished account of the lab has it.
func (d Drill) Break(s *State) { d.spoil(takeApart(s)) }

// Drills lists the drills in the order of the lab. The steps about the student's machine (cli-configured, git-no-aws-keys,
// ecr-docker-login) have none: a drill breaks the account, and the files that a served account finds are those of the
// practice shell's home, which are kept when the shell begins again, or the student's own, which nobody but the student
// may break. Nor has vpc-subnets: whatever leaves subnets in one zone breaks vpc-internet-route as well, which wants two too,
// and a drill breaks one step.
func Drills() []Drill {
	return []Drill{
		{
			Step: "iam-root-mfa",
			Symptom: "A colleague signed in to the console as the root user. The e-mail address and the password were enough, " +
				"and nobody was asked for anything else.",
			spoil: func(f *finished) { f.root.MFA = false },
		},
		{
			Step: "iam-root-no-access-keys",
			Symptom: `CloudTrail shows calls from an unknown address. Each has "userIdentity": {"type": "Root", ` +
				`"accessKeyId": "AKIAI44QH8DHBEXAMPLE"}.`,
			spoil: func(f *finished) {
				f.root.AccessKeys = []*iam.AccessKey{{ID: "AKIAI44QH8DHBEXAMPLE", Created: f.alice.Created}}
			},
		},
		{
			Step:    "iam-caller-not-root",
			Symptom: `CloudTrail says "userIdentity": {"type": "Root"} of everything that was done from this machine today.`,
			spoil:   (*finished).workAsRoot,
		},
		{
			Step:    "iam-user-mfa",
			Symptom: "alice signed in to the console on a borrowed computer. Her password was enough, and the browser has kept it.",
			spoil: func(f *finished) {
				f.iam.MFA = nil
				f.letManageThemselves()
			},
		},
		{
			Step:    "iam-access-key-age",
			Symptom: "A laptop that was sold more than a year ago can still push images: nobody ever changed what it signs with.",
			spoil: func(f *finished) {
				f.key.Created = wire.At(f.key.Created.Add(-400 * 24 * time.Hour))
				f.letManageThemselves()
			},
		},
		{
			Step:    "iam-least-privilege",
			Symptom: "aws iam create-user --user-name anybody works, with the very key that pushes the images.",
			spoil: func(f *finished) {
				f.alice.Attached = append(f.alice.Attached, "arn:aws:iam::aws:policy/AdministratorAccess")
			},
		},
		{
			Step: "ecr-repository",
			Symptom: "docker push …/docker-api:latest ends with: name unknown: The repository with name 'docker-api' does not " +
				"exist in the registry with id '123456789012'",
			spoil: func(f *finished) { f.repository.Name = "docker-apiatest" },
		},
		{
			Step:    "ecr-image",
			Symptom: "docker pull …/docker-api:latest ends with: manifest unknown: Requested image not found",
			spoil:   func(f *finished) { f.image.Tags = []string{"lates"} },
		},
		{
			Step: "ecr-scan-on-push",
			Symptom: "Until last week every push brought a list of vulnerabilities some minutes later. The pushes of this week " +
				"bring none.",
			spoil: func(f *finished) { f.repository.ScanOnPush = false },
		},
		{
			Step:    "ecr-no-critical-findings",
			Symptom: "The pipeline refuses to deploy docker-api:latest, although it was built and pushed without an error.",
			spoil: func(f *finished) {
				f.image.Scan = &ecr.Scan{Status: "COMPLETE", Counts: map[string]int32{"CRITICAL": 1}}
			},
		},
		{
			Step:    "ecr-lifecycle-policy",
			Symptom: "Every push of docker-api:latest makes the bill for ECR a little larger, and it never gets smaller again.",
			spoil:   func(f *finished) { f.repository.LifecyclePolicy = nil },
		},
		{
			Step:    "ecr-storage",
			Symptom: "The bill has more than 1 GB of Amazon ECR storage on it. The service has one small image.",
			spoil:   (*finished).keepOldPushes,
		},
		{
			Step: "logs-group",
			Symptom: "A task of the service does not start: failed to create Cloudwatch log stream: " +
				"ResourceNotFoundException: The specified log group does not exist.",
			spoil: func(f *finished) { f.logs.Groups = nil },
		},
		{
			Step:    "logs-retention",
			Symptom: "An auditor asks why what the service said about its customers in its first week can still be read.",
			spoil:   func(f *finished) { f.logGroup.RetentionInDays = nil },
		},
		{
			Step:    "logs-storage",
			Symptom: "The bill has 19 GB of AmazonCloudWatch TimedStorage-ByteHrs on it. The service says little these days.",
			spoil:   func(f *finished) { f.logGroup.StoredBytes = 24 << 30 },
		},
		{
			Step:    "vpc-default",
			Symptom: "aws ec2 run-instances ends with: (VPCIdNotSpecified) No default VPC for this user",
			spoil:   func(f *finished) { f.ec2.Network = &ec2.Network{} },
		},
		{
			Step:    "vpc-internet-route",
			Symptom: "A task of the service does not start: CannotPullContainerError: … dial tcp …:443: i/o timeout",
			spoil: func(f *finished) {
				f.ec2.Network = ec2.DefaultNetwork(drillRegion)
				f.ec2.Network.RouteTables[0].Routes = nil
			},
		},
		{
			Step:    "billing-alarm",
			Symptom: "Yesterday the bill went over 5 USD. The alarm billing-5usd was red all day, and no mail came.",
			spoil: func(f *finished) {
				off := false
				f.alarm.ActionsEnabled = &off
			},
		},
	}
}

// drillRegion is where the finished account has what the drills break.
const drillRegion = "us-east-1"

// finished are the parts of the finished account.
type finished struct {
	state      *State
	root       *iam.Root
	iam        *iam.State
	alice      *iam.User
	key        *iam.AccessKey // hers
	ec2        *ec2.State
	repository *ecr.Repository
	image      *ecr.Image // the newest
	logs       *logs.State
	logGroup   *logs.LogGroup
	alarm      *cloudwatch.Alarm
}

func takeApart(s *State) *finished {
	f := &finished{state: s, root: iam.RootUser.From(s, "", true), iam: iam.Part.From(s, "", true)}
	f.alice = f.iam.Users[0]
	f.key = f.alice.AccessKeys[0]
	f.repository = ecr.Part.From(s, drillRegion, true).Repositories[0]
	f.image = &f.repository.Images[len(f.repository.Images)-1]
	f.logs, f.ec2 = logs.Part.From(s, drillRegion, true), ec2.Part.From(s, drillRegion, true)
	f.logGroup, f.alarm = f.logs.Groups[0], (*cloudwatch.Alarms.From(s, drillRegion, true))[0]
	return f
}

// workAsRoot gives the machine the root user's temporary credentials, as "aws login" does for whoever is signed in as root. The key of
// alice stays what it was.
func (f *finished) workAsRoot() {
	f.key.Secret = f.state.Caller.SecretAccessKey
	f.state.Caller = wire.Caller{
		ARN: "arn:aws:iam::" + f.state.Account + ":root", UserID: f.state.Account,
		AccessKeyID: "ASIAIOSFODNN7EXAMPLE", SecretAccessKey: f.key.Secret, SessionToken: "EXAMPLESESSIONTOKEN",
	}
}

// letManageThemselves gives alice the rights over her own credentials, after AWS's example: without them nobody but the root user could
// mend the drill.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_iam_credentials_console.html
func (f *finished) letManageThemselves() {
	f.alice.Inline = map[string]json.RawMessage{"manage-own-credentials": json.RawMessage(`{
		"Version": "2012-10-17",
		"Statement": [{
			"Effect": "Allow",
			"Action": ["iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey",
				"iam:CreateVirtualMFADevice", "iam:EnableMFADevice"],
			"Resource": ["arn:aws:iam::*:user/${aws:username}", "arn:aws:iam::*:mfa/*"]
		}]
	}`)}
}

// keepOldPushes puts earlier pushes before the image: the tag has moved on from them, and nobody removed them.
func (f *finished) keepOldPushes() {
	var old []ecr.Image
	for day := 4; day > 0; day-- {
		push := *f.image
		push.Tags, push.Size = nil, 300_000_000
		push.Pushed = wire.At(push.Pushed.AddDate(0, 0, -day))
		old = append(old, push)
	}
	f.repository.Images = append(old, f.repository.Images...)
}
