package api

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The models hold what allowed.txt allows and nothing else, with its actions.
func TestTheModelsAreThoseOfTheList(t *testing.T) {
	text, err := os.ReadFile("allowed.txt")
	require.NoError(t, err)
	allowed := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" {
			require.NotContains(t, allowed, fields[0], "twice")
			allowed[fields[0]] = fields[1:]
		}
	}
	n := 0
	for _, service := range Services() {
		for _, name := range Operations(service) {
			o, err := Find(service + ":" + name)
			require.NoError(t, err)
			require.Contains(t, allowed, o.String())
			require.ElementsMatch(t, allowed[o.String()], o.Actions, o)
			n++
		}
	}
	require.Len(t, allowed, n, "make models")
	require.Len(t, Services(), 56)
}

func TestWhyAnOperationIsRefused(t *testing.T) {
	for name, want := range map[string]string{
		"secretsmanager:GetSecretValue": "it gives out a secret (the secret)",
		"ssm:GetParametersByPath":       "it gives out a secret",
		"dynamodb:GetItem":              "it gives out what is stored",
		"cloudwatch:GetMetricData":      "each request costs money",
		"s3:HeadObject":                 "ListObjectsV2 sees it too",
		"s3:ListBukets":                 "did you mean ListBuckets?",
		"s3:PutObject":                  "it is not on the list",
		"s4:ListBuckets":                "no service has that name; did you mean s3?",
		"ListBuckets":                   "an operation is SERVICE:OPERATION",
		"../x:y":                        "no service",
		":":                             "no service",
	} {
		_, err := Find(name)
		require.ErrorContains(t, err, want, name)
		var refusal *Refusal
		require.ErrorAs(t, err, &refusal)
	}
}

func TestAnOperationIsWhatItsModelSays(t *testing.T) {
	o, err := Find("ec2:DescribeVpcs")
	require.NoError(t, err)
	require.Equal(t, "EC2", o.ID)
	require.Equal(t, []string{"ec2:DescribeVpcs"}, o.Actions)
	vpcs := o.Output.Member("Vpcs")
	require.Equal(t, "vpcSet", vpcs.wire)
	require.Equal(t, List, vpcs.Shape.Kind)
	require.Equal(t, Boolean, vpcs.Shape.Element.Shape.Member("IsDefault").Shape.Kind)
	require.True(t, slices.Contains(vpcs.Shape.Element.Shape.Member("State").Shape.Values(), "available"))
	require.Equal(t, []string{"NextToken"}, o.Pages.Out)
	require.Nil(t, o.Output.Member("Nothing"))

	o, err = Find("rds:DescribeDBInstances")
	require.NoError(t, err)
	require.Contains(t, o.ErrorCodes(), "DBInstanceNotFoundFault")
	require.Contains(t, o.ErrorCodes(), "DBInstanceNotFound")
}

func BenchmarkFind(b *testing.B) {
	for _, name := range []string{"sts:GetCallerIdentity", "ec2:DescribeInstances", "sagemaker:DescribeTrainingJob"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Find(name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
