package standard_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/labcheck/labcheck/checks/api"
	"github.com/labcheck/labcheck/checks/facts"
)

// An operation may be asked if its name says that it reads, if it gives away no secret, and if it costs nothing. Nobody
// keeps a list of the operations that may be asked: the catalogue, checks/README.md, is generated with one line for
// each of them, so that the change which brings a new one shows it.
//
// Of the 7,340 operations with such a verb whose access level AWS tells (Service Authorization Reference, September
// 2026) 32 are not at the levels Read and List: secretWord finds 18 of them, noReads 5, and 9 only read.
var (
	readingVerb = regexp.MustCompile(`^[a-z0-9-]+:(BatchGet|Describe|Get|Head|List)[A-Z]`)
	// secretWord names a credential, or an address that works for whoever has it.
	secretWord = regexp.MustCompile(`AccessDetails|Credential|Password|Secret|Token|U(rl|RL)`)
	// paid is what AWS bills for each request: Cost Explorer, and metrics in bulk.
	paid = regexp.MustCompile(`^(ce|costexplorer):|:GetMetric(Data|WidgetImage)$`)
)

// noReads are the operations, of whichever service, whose names do not tell that they do more than read.
var noReads = map[string]string{
	"BatchGetUserAccessTasks": "starts a task for each user",
	"GetActivityTask":         "takes a task away from its worker",
	"GetConnection":           "returns the password of a database",
	"GetConnections":          "returns the passwords of databases",
	"GetConsoleOutput":        "returns what a server wrote as it started, which may hold passwords",
	"GetDataAccess":           "mints credentials for a bucket",
	"GetFunction":             "returns an address of the code that works for whoever has it",
	"GetId":                   "makes an identity",
	"GetLatestConfiguration":  "returns whatever is stored, and each answer only once",
	"GetLaunchTemplateData":   "returns the user data of a server, which may hold passwords",
	"GetLayerVersion":         "returns an address of the code that works for whoever has it",
	"GetObject":               "returns whatever is stored",
	"GetParameter":            "returns a secret, decrypted",
	"GetParameterHistory":     "returns secrets, decrypted",
	"GetParameters":           "returns secrets, decrypted",
	"GetParametersByPath":     "returns secrets, decrypted",
	"GetSessionEndpoint":      "mints a token for a session",
	"GetWhatsAppMessageMedia": "copies a file into a bucket",
}

// whyNot says why an operation, such as "ecr:PutImage", may not be asked; "" if it may.
func whyNot(operation string) string {
	_, name, _ := strings.Cut(operation, ":")
	switch {
	case !readingVerb.MatchString(operation):
		return "its name is not that of a read"
	case secretWord.MatchString(name):
		return "by its name it returns a secret"
	case paid.MatchString(operation):
		return "it costs money"
	}
	return noReads[name]
}

func TestWhatMayBeAsked(t *testing.T) {
	for _, operation := range []string{
		"ecr:DescribeImages", "ecr:BatchGetImage", "iam:GetLoginProfile", "iam:ListAccessKeys", "s3:HeadBucket",
	} {
		assert.Empty(t, whyNot(operation), operation)
	}
	for _, operation := range []string{
		"ecr:DeleteRepository", "ecr:PutImage", "iam:GenerateCredentialReport", "sts:AssumeRole", "iam:Getaway",
		"DescribeImages",
		"ecr:GetAuthorizationToken", "sts:GetSessionToken", "sts:GetFederationToken", "sso:GetRoleCredentials",
		"secretsmanager:GetSecretValue", "ec2:GetPasswordData", "ecr:GetDownloadUrlForLayer", "ssm:GetParameter",
		"lightsail:GetInstanceAccessDetails", "emr:GetOnClusterAppUIPresignedURL", "s3control:GetDataAccess",
		"costexplorer:GetCostAndUsage", "cloudwatch:GetMetricData",
	} {
		assert.NotEmpty(t, whyNot(operation), operation)
	}
}

// actionsOf are the IAM actions that an operation needs: the one of its own name, but for those that AWS documents
// otherwise.
func actionsOf(operation string) []string {
	switch service, _, _ := strings.Cut(operation, ":"); {
	case operation == "sts:GetCallerIdentity":
		return nil // nobody can be denied it
	case service == "s3", service == "s3control": // whose actions are named otherwise than its operations
		if o, err := api.Find(operation); err == nil {
			return o.Actions
		}
	case service == "budgets":
		return []string{"budgets:ViewBudget"}
	case operation == "ecr:DescribeImageScanFindings":
		return []string{operation, "inspector2:ListCoverage", "inspector2:ListFindings"}
	}
	return []string{operation}
}

func TestReadsAreNamedOnceAndOnlyRead(t *testing.T) {
	names := map[string]facts.Source{}
	for _, c := range registry(t).All() {
		for _, s := range c.Sources() {
			d := s.Describe()
			if len(d.Operations) == 1 && d.Name == d.Operations[0] { // by name: the list of package api says what is allowed
				o, err := api.Find(d.Name)
				if assert.NoError(t, err) {
					assert.ElementsMatch(t, o.Actions, d.Actions, d.Name)
				}
				continue
			}
			if strings.HasPrefix(d.Name, "left.") { // so do the lists of what is left
				var actions []string
				for _, operation := range d.Operations {
					if o, err := api.Find(operation); assert.NoError(t, err) {
						actions = append(actions, o.Actions...)
					}
				}
				assert.ElementsMatch(t, actions, d.Actions, d.Name)
				continue
			}
			if other, ok := names[d.Name]; ok {
				assert.Same(t, other, s, "two reads are named %s", d.Name)
			}
			names[d.Name] = s
			for _, op := range d.Operations {
				assert.Empty(t, whyNot(op), "read %s may not call %s", d.Name, op)
				assert.Subset(t, d.Actions, actionsOf(op), "read %s calls %s and leaves an IAM action out", d.Name, op)
			}
			for _, action := range d.Actions {
				assert.Regexp(t, `^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$`, action, "read %s", d.Name)
			}
		}
	}
}
