//go:build conformance

package conformance

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// typing is a line that a person types at a practice account, and what comes of it.
type typing struct {
	line string
	code int // exit code
	// shows are words that must be on the screen.
	shows []string
	// says are words on the practice account's stderr.
	says string
}

// noteworthy are the commands of the notes of module 1.2, as they stand there but for the registry's name: that of a
// practice account is its address.
func noteworthy() []typing {
	return []typing{
		{line: "aws configure"},
		{
			line:  "aws sts get-caller-identity",
			shows: []string{`"UserId": "`, `"Account": "123456789012"`, `"Arn": "arn:aws:iam::123456789012:root"`},
		},
		{
			line: "aws ecr create-repository --repository-name docker-api --region us-east-1",
			shows: []string{
				`"repositoryUri": "$REGISTRY/docker-api"`,
				`"repositoryArn": "arn:aws:ecr:us-east-1:123456789012:repository/docker-api"`,
			},
		},
		{
			line:  "aws ecr describe-repositories --repository-names docker-api",
			shows: []string{`"repositoryUri": "$REGISTRY/docker-api"`},
		},
		{line: "aws ecr list-images --repository-name docker-api", shows: []string{`"imageIds": []`}},
		{
			line: "docker push $REGISTRY/docker-api:latest", code: 1,
			shows: []string{"An image does not exist locally with the tag"},
		},
		{line: "docker tag docker-api:latest $REGISTRY/docker-api:latest"},
		{line: "docker push $REGISTRY/docker-api:latest", code: 1, shows: []string{"401 Unauthorized"}},
		{
			line:  "aws ecr get-login-password --region us-east-1 | docker login --username AWS --password-stdin $REGISTRY",
			shows: []string{"logged in"},
		},
		{line: "docker push $REGISTRY/docker-api:latest", shows: []string{"digest: sha256:"}},
		{line: "docker pull $REGISTRY/docker-api:latest"},
		{
			line:  "aws ecr list-images --repository-name docker-api",
			shows: []string{`"imageTag": "latest"`, `"imageDigest": "sha256:`},
		},
		{
			line: "docker tag docker-api:latest $REGISTRY/docker-apiatest && docker push $REGISTRY/docker-apiatest", code: 1,
			shows: []string{
				"NAME_UNKNOWN: The repository with name 'docker-apiatest' does not exist in the registry with id '123456789012'",
			},
		},
		{
			line:  "aws ec2 describe-vpcs --query 'Vpcs[?IsDefault==`true`]'",
			shows: []string{`"CidrBlock": "172.31.0.0/16"`, `"IsDefault": true`},
		},
		{line: `aws ec2 describe-subnets --filters "Name=vpc-id,Values=vpc-xxx"`, shows: []string{`"Subnets": []`}},
		{line: "aws logs create-log-group --log-group-name /ecs/docker-api"},
		{line: "aws logs put-retention-policy --log-group-name /ecs/docker-api --retention-in-days 7"},
		// version 1 of the AWS CLI has no aws logs tail; what version 2 asks for it is asked here
		{line: "aws logs tail /ecs/docker-api --follow", code: 2, shows: []string{"Invalid choice"}},
		{line: "aws logs filter-log-events --log-group-name /ecs/docker-api", shows: []string{`"events": []`}},
	}
}

// refused are requests that AWS refuses too.
func refused() []typing {
	const unknown = "sandbox: the practice account does not have the "
	return []typing{
		// operations that only AWS has: one for each service, and one of another service
		{
			line: "aws ecr describe-pull-through-cache-rules", code: 255, shows: []string{"(UnknownOperationException)"},
			says: unknown + "operation ecr:DescribePullThroughCacheRules",
		},
		{
			line: "aws logs describe-destinations", code: 255, shows: []string{"(UnknownOperationException)"},
			says: unknown + "operation logs:DescribeDestinations",
		},
		{
			line: "aws budgets describe-budget-actions-for-account --account-id 123456789012", code: 255,
			shows: []string{"(UnknownOperationException)"}, says: unknown + "operation budgets:DescribeBudgetActionsForAccount",
		},
		{
			line: "aws cloudwatch list-dashboards", code: 255, shows: []string{"(UnknownOperationException)"},
			says: unknown + "operation cloudwatch:ListDashboards",
		},
		{
			line: "aws iam list-saml-providers", code: 255, shows: []string{"(InvalidAction)"},
			says: unknown + "operation iam:ListSAMLProviders",
		},
		{
			line: "aws sns list-platform-applications", code: 255, shows: []string{"(InvalidAction)"},
			says: unknown + "operation sns:ListPlatformApplications",
		},
		{
			line: "aws sts get-session-token", code: 255, shows: []string{"(InvalidAction)"},
			says: unknown + "operation sts:GetSessionToken",
		},
		{
			line: "aws ec2 describe-key-pairs", code: 255, shows: []string{"(InvalidAction)"},
			says: unknown + "operation ec2:DescribeKeyPairs",
		},
		{line: "aws kinesis list-streams", code: 255, says: unknown + `service "kinesis"`},
		// keys that the account did not issue
		{
			line: "AWS_SECRET_ACCESS_KEY=wrongEXAMPLEKEY aws sts get-caller-identity", code: 255,
			shows: []string{"(SignatureDoesNotMatch)"},
		},
		{
			line: "AWS_SECRET_ACCESS_KEY=wrongEXAMPLEKEY aws ecr describe-repositories", code: 255,
			shows: []string{"(InvalidSignatureException)"},
		},
		{
			line: "AWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE aws iam list-users", code: 255,
			shows: []string{"(InvalidClientTokenId)"},
		},
		{line: "AWS_ACCESS_KEY_ID=AKIAI44QH8DHBEXAMPLE aws ec2 describe-vpcs", code: 255, shows: []string{"(AuthFailure)"}},
		{
			line: "AWS_SESSION_TOKEN=wrong aws logs describe-log-groups", code: 255,
			shows: []string{"(UnrecognizedClientException)"},
		},
		{line: "aws ecr describe-repositories --no-sign-request", code: 255, shows: []string{"Missing Authentication Token"}},
		// what is not there, and what is there already
		{
			line: "aws ecr describe-repositories --repository-names docker-apiatest", code: 255,
			shows: []string{
				"(RepositoryNotFoundException)",
				"The repository with name 'docker-apiatest' does not exist in the registry with id '123456789012'",
			},
		},
		{
			line: "aws ecr create-repository --repository-name docker-api", code: 255,
			shows: []string{"(RepositoryAlreadyExistsException)"},
		},
		{
			line: "aws logs create-log-group --log-group-name /ecs/docker-api", code: 255,
			shows: []string{"(ResourceAlreadyExistsException)"},
		},
	}
}

// pastes opens a terminal into which the printed lines of a practice account were pasted. Its clients go through a tap.
func (j *judge) pastes(t *testing.T, s *served) (*terminal, *tap) {
	t.Helper()
	between := taps(t, s.endpoint())
	who := newStudent(t, j.labcheck, practiceTools, between.url, practiceNumber)
	who.environ = append(who.environ, s.key()...)
	who.environ = append(who.environ, "REGISTRY="+strings.TrimPrefix(between.url, "http://"))
	return who.opens(t, "bash"), between
}

// worksWith types what people type at AWS, with the real clients.
func (j *judge) worksWith(t *testing.T) {
	s := j.serves(t)
	x, between := j.pastes(t, s)
	defer func() { j.upholds(t, between.takes()) }()
	expand := strings.NewReplacer("$REGISTRY", strings.TrimPrefix(between.url, "http://"))
	var list []string
	for _, one := range append(noteworthy(), refused()...) {
		shown, code := x.enters(t, one.line)
		wrong := code != one.code || !strings.Contains(s.says.String(), one.says)
		for _, words := range one.shows {
			wrong = wrong || !strings.Contains(shown, expand.Replace(words))
		}
		if wrong {
			list = append(list,
				fmt.Sprintf("%s\nends with %d, not %d, and %q, %q: %s", one.line, code, one.code, one.shows, one.says, shown))
		}
		j.ledger.judged(&j.ledger.commands)
	}
	none(t, list)
	x.seesThePush(t)
	x.asksRealDocker(t)
}

// seesThePush compares what ECR says of the image with the image itself.
func (x *terminal) seesThePush(t *testing.T) {
	t.Helper()
	said, code := x.enters(t, "aws ecr describe-images --repository-name docker-api")
	require.Zero(t, code, said)
	var answer struct {
		Details []struct {
			Digest string   `json:"imageDigest"`
			Tags   []string `json:"imageTags"`
			Size   int      `json:"imageSizeInBytes"`
		} `json:"imageDetails"`
	}
	require.NoError(t, json.Unmarshal([]byte(said), &answer))
	require.Len(t, answer.Details, 1)
	image := answer.Details[0]
	require.Equal(t, []string{"latest"}, image.Tags)
	digest, code := x.enters(t, "crane digest $REGISTRY/docker-api:latest")
	require.Zero(t, code, digest)
	require.Equal(t, image.Digest, strings.TrimSpace(digest))
	text, code := x.enters(t, "crane manifest $REGISTRY/docker-api:latest")
	require.Zero(t, code, text)
	var manifest struct {
		Layers []struct{ Size int } `json:"layers"`
	}
	require.NoError(t, json.Unmarshal([]byte(text), &manifest))
	size := 0
	for _, layer := range manifest.Layers {
		size += layer.Size
	}
	require.Equal(t, size, image.Size)
	x.does(t, "crane validate --remote $REGISTRY/docker-api:latest") // every layer comes back as it went
}

// asksRealDocker does with the real docker what needs no daemon, where there is a docker.
func (x *terminal) asksRealDocker(t *testing.T) {
	t.Helper()
	docker, err := exec.LookPath("docker")
	if err != nil {
		t.Log("there is no docker on this machine: docker login and docker manifest inspect were not tried")
		return
	}
	x.does(t, `rm -rf ~/.docker`,
		`aws ecr get-login-password | `+docker+` login --username AWS --password-stdin $REGISTRY`,
		docker+` manifest inspect --insecure $REGISTRY/docker-api:latest`)
	shown, code := x.enters(t, docker+` manifest inspect --insecure $REGISTRY/docker-apiatest`)
	require.NotZero(t, code, shown)
}
