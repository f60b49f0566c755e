package account

import (
	"context"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

// A read that calls what it did not declare is stopped before anything leaves the process.
func TestTheGuardRefusesWhatThePlanDoesNotDeclare(t *testing.T) {
	for operation, call := range map[string]func(context.Context, *ecr.Client) error{
		"ecr:DeleteRepository": func(ctx context.Context, c *ecr.Client) error {
			name := "docker-api"
			_, err := c.DeleteRepository(ctx, &ecr.DeleteRepositoryInput{RepositoryName: &name})
			return err
		},
		"ecr:GetAuthorizationToken": func(ctx context.Context, c *ecr.Client) error {
			_, err := c.GetAuthorizationToken(ctx, &ecr.GetAuthorizationTokenInput{})
			return err
		},
	} {
		t.Run(operation, func(t *testing.T) {
			wayward := &probe{
				Name: "probe.wayward", Operations: []string{"ecr:DescribeRepositories"},
				Fetch: func(ctx context.Context, a *facts.Access, key probeKey) (bool, error) {
					client, err := clientFor(a, key.Region, ecr.NewFromConfig)
					if err != nil {
						return false, err
					}
					return true, call(ctx, client)
				},
			}
			v := openTest(t, roundTrip(func(r *http.Request) (*http.Response, error) {
				t.Error("a request reached the transport: ", r.URL)
				return nil, http.ErrServerClosed
			}), wayward)
			_, err := wayward.Get(v, probeKey{Region: "us-east-1"})
			require.ErrorContains(t, err, "guard refused "+operation)
			require.Equal(t, facts.InternalError, facts.AsError(err).Reason)
			require.Empty(t, v.Evidence())
		})
	}
}

// The configuration for reads of others is guarded and limited like ours, under the prefix that Config documents.
func TestConfigForOthersIsGuarded(t *testing.T) {
	others := &probe{
		Name: "others.log-groups", Operations: []string{"logs:DescribeLogGroups"},
		Fetch: func(ctx context.Context, a *facts.Access, key probeKey) (bool, error) {
			cfg, err := Config(a, key.Region)
			if err != nil {
				return false, err
			}
			client := cloudwatchlogs.NewFromConfig(cfg)
			if _, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{}); err != nil {
				return false, err
			}
			_, err = client.DescribeQueries(ctx, &cloudwatchlogs.DescribeQueriesInput{})
			return false, err
		},
	}
	v := openTest(t, practice(t), others)
	_, err := others.Get(v, probeKey{Region: "us-east-1"})
	require.ErrorContains(t, err, "guard refused logs:DescribeQueries")
	require.Len(t, v.Evidence(), 1)

	_, err = others.Get(v, probeKey{})
	require.Equal(t, facts.NoRegion, facts.AsError(err).Reason)
}
