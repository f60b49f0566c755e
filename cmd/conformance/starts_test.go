//go:build conformance

package conformance

import (
	"crypto/rand"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs"
	catalogue "github.com/labcheck/labcheck/labs/lab"
)

// start is a practice account from which the closed loop begins: everything in it is fixed by what labcheck prints.
type start struct {
	name string
	// flags are those of labcheck sandbox shell; without any the account is finished, with edits.
	flags []string
	edits []edit
	// breaks are commands that are typed first, in the order of the list.
	breaks []string
	// broken are the steps that are not green then, without those that wait for another.
	broken []string
	// untapped leaves nothing between the clients and the practice account.
	untapped bool
}

// beginning are the flags of labcheck sandbox shell.
func (s start) beginning(t *testing.T) []string {
	if len(s.flags) == 0 {
		return []string{"--from", edited(t, s.edits)}
	}
	return s.flags
}

// starts are the states and the drills that labcheck has, and what else leads to other fixes.
func starts(t *testing.T) []start {
	t.Helper()
	list := []start{
		{
			name: "fresh", flags: []string{"--from", "fresh"}, untapped: true,
			broken: []string{
				"iam-root-mfa", "iam-caller-not-root", "ecr-repository", "ecr-docker-login", "logs-group", "billing-alarm",
			},
		},
		{
			name: "half-done", flags: []string{"--from", "half-done"},
			broken: []string{
				"iam-user-mfa", "iam-least-privilege", "ecr-image", "ecr-scan-on-push", "ecr-lifecycle-policy",
				"logs-retention", "billing-alarm",
			},
		},
	}
	drills, err := firstLab(t).Drills()
	require.NoError(t, err)
	for _, d := range drills.Drills {
		list = append(list, start{name: "drill " + d.Step, flags: []string{"--break", d.Step}, broken: []string{d.Step}})
	}
	list = append(list, start{
		name: "the root user, whose keys were pasted into the shell", flags: []string{"--break", "iam-caller-not-root"},
		breaks: []string{
			`export AWS_ACCESS_KEY_ID=$(aws configure get aws_access_key_id)`,
			`export AWS_SECRET_ACCESS_KEY=$(aws configure get aws_secret_access_key)`,
			`export AWS_SESSION_TOKEN=$(aws configure get aws_session_token)`,
		},
		broken: []string{"iam-caller-not-root"},
	})
	return append(append(list, identities()...), append(networks(), machines()...)...)
}

// firstLab is the lab whose drills there are.
func firstLab(t *testing.T) *catalogue.Lab {
	t.Helper()
	l, err := catalogue.Catalogue{Builtin: labs.Files}.Find(labs.First())
	require.NoError(t, err)
	return l
}

// identities are users with other keys, devices and policies than in the states.
func identities() []start {
	const (
		alice  = "iam.users.0"
		admin  = "arn:aws:iam::aws:policy/AdministratorAccess"
		groups = "iam.groups"
	)
	everything := map[string]any{
		"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"}},
	}
	return []start{
		{
			name: "an administrator by a group and by an inline policy",
			edits: []edit{
				{
					groups,
					[]any{
						map[string]any{"name": "admins", "id": "AGPAI44QH8DHBEXAMPLE", "created": "-504h", "attached": []any{admin}},
					},
				},
				{alice + ".groups", []any{"admins"}},
				{alice + ".inline", map[string]any{"all": everything}},
			},
			broken: []string{"iam-least-privilege"},
		},
		{
			name: "two old keys, and an MFA device that waits to be enabled",
			edits: []edit{
				{alice + ".inline", map[string]any{"all": everything}},
				{alice + ".accessKeys", []any{
					map[string]any{"id": "AKIAIOSFODNN7EXAMPLE", "created": "-9600h"},
					map[string]any{"id": "AKIAI44QH8DHBEXAMPLE", "created": "-9700h", "inactive": true},
				}},
				{"iam.mfaDevices", []any{map[string]any{"serial": "arn:aws:iam::123456789012:mfa/alice"}}},
			},
			broken: []string{"iam-user-mfa", "iam-access-key-age", "iam-least-privilege"},
		},
	}
}

// networks are default VPCs that are broken in other ways than in the drill.
func networks() []start {
	const (
		vpc     = `vpc=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text)`
		gateway = `gateway=$(aws ec2 describe-internet-gateways ` +
			`--query 'InternetGateways[0].InternetGatewayId' --output text)`
		detach = `aws ec2 detach-internet-gateway --internet-gateway-id "$gateway" --vpc-id "$vpc"`
		remove = `aws ec2 delete-internet-gateway --internet-gateway-id "$gateway"`
	)
	return []start{
		{
			name: "no internet gateway, and subnets in one zone",
			breaks: []string{
				vpc, gateway, detach, remove,
				`for subnet in $(aws ec2 describe-subnets --query 'Subnets[1:].SubnetId' --output text); do
					aws ec2 delete-subnet --subnet-id "$subnet"
				done`,
			},
			broken: []string{"vpc-subnets", "vpc-internet-route"},
		},
		{
			name:   "an internet gateway that is attached to nothing",
			breaks: []string{vpc, gateway, detach},
			broken: []string{"vpc-internet-route"},
		},
		{
			name: "a route to an internet gateway that is gone",
			breaks: []string{
				vpc, gateway, detach, remove,
				`gateway=$(aws ec2 create-internet-gateway --query InternetGateway.InternetGatewayId --output text)`,
				`aws ec2 attach-internet-gateway --internet-gateway-id "$gateway" --vpc-id "$vpc"`,
			},
			broken: []string{"vpc-internet-route"},
		},
	}
}

// machines are what is wrong on the student's machine.
func machines() []start {
	// Keys of the practice account have EXAMPLE in them, and what documentation has for a key is no leak.
	leaked, secret := "AKIA"+rand.Text()[:16], base64.StdEncoding.EncodeToString([]byte(rand.Text() + rand.Text()))[:40]
	ownKeys := map[string]any{
		"Version":   "2012-10-17",
		"Statement": []any{map[string]any{"Effect": "Allow", "Action": "iam:UpdateAccessKey", "Resource": "*"}},
	}
	return []start{{
		name: "the machine",
		edits: []edit{
			{"iam.users.0.inline", map[string]any{"keys": ownKeys}},
			{"iam.users.0.accessKeys", []any{
				map[string]any{"id": "AKIAIOSFODNN7EXAMPLE", "created": "-480h"},
				map[string]any{"id": leaked, "created": "-480h"},
			}},
		},
		breaks: []string{
			`unset AWS_REGION AWS_DEFAULT_REGION`,
			`sed -i /region/d "$AWS_CONFIG_FILE"`,
			`rm "$DOCKER_CONFIG/config.json"`,
			`printf '%s\n' ` + leaked + ` ` + secret + ` >../keys-to-remove.txt`,
			`printf 'aws_access_key_id = %s\naws_secret_access_key = %s\n' ` + leaked + ` ` + secret + ` >key && git add key`,
			`git -c user.name=alice -c user.email=alice@example.com commit --quiet --message 'Add everything'`,
			`git clone --quiet --no-local . ../clone && cd ../clone`, // git filter-repo wants a fresh clone
		},
		broken: []string{"cli-configured", "git-no-aws-keys", "ecr-docker-login"},
	}}
}
