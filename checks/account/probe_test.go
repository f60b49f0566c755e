package account

import (
	"context"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/labcheck/labcheck/checks/facts"
)

// probe asks one plain operation of a service: what a test of the door needs.
type probe = facts.Read[probeKey, bool]

type probeKey struct {
	Region string `json:"region"`
	N      int    `json:"n"` // tells questions apart
}

func newProbe(operation string, call func(context.Context, *facts.Access, probeKey) error) *probe {
	return &probe{
		Name:       "probe." + operation,
		Operations: []string{operation},
		Fetch: func(ctx context.Context, a *facts.Access, key probeKey) (bool, error) {
			err := call(ctx, a, key)
			return err == nil, err
		},
	}
}

// probes returns one probe for each wire protocol.
func probes() map[string]*probe {
	return map[string]*probe{
		"json": newProbe("ecr:DescribeRepositories", func(ctx context.Context, a *facts.Access, key probeKey) error {
			client, err := clientFor(a, key.Region, ecr.NewFromConfig)
			if err != nil {
				return err
			}
			_, err = client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{})
			return err
		}),
		"query": newProbe("iam:ListUsers", func(ctx context.Context, a *facts.Access, _ probeKey) error {
			client, err := clientFor(a, globalService, iam.NewFromConfig)
			if err != nil {
				return err
			}
			_, err = client.ListUsers(ctx, &iam.ListUsersInput{})
			return err
		}),
		"ec2": newProbe("ec2:DescribeVpcs", func(ctx context.Context, a *facts.Access, key probeKey) error {
			client, err := clientFor(a, key.Region, ec2.NewFromConfig)
			if err != nil {
				return err
			}
			_, err = client.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
			return err
		}),
		"cbor": newProbe("cloudwatch:DescribeAlarms", func(ctx context.Context, a *facts.Access, key probeKey) error {
			client, err := cloudwatchClient(a, key.Region)
			if err != nil {
				return err
			}
			_, err = client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})
			return err
		}),
	}
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// ask asks one probe once through the transport.
func ask(t *testing.T, transport http.RoundTripper, p *probe) error {
	t.Helper()
	_, err := p.Get(openTest(t, transport, p), probeKey{Region: "us-east-1"})
	return err
}
