package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/labs/sandbox"
)

func TestBadRegionalStates(t *testing.T) {
	for name, c := range map[string]struct{ regional, want string }{
		"null region":     {`null`, `regions.us-east-1: null cannot stand for anything here`},
		"null repository": {`{"ecr": {"repositories": [null]}}`, `regions.us-east-1.ecr.repositories[0]: null`},
		"null VPC":        {`{"ec2": {"network": {"vpcs": [null]}}}`, `regions.us-east-1.ec2.network.vpcs[0]: null`},
		"repository name": {
			`{"ecr": {"repositories": [{"name": "Docker-API"}]}}`, `"Docker-API" is not a name for a repository`,
		},
		"two repositories": {
			`{"ecr": {"repositories": [{"name": "app"}, {"name": "app"}]}}`, `there are two repositories "app"`,
		},
		"mutability": {
			`{"ecr": {"repositories": [{"name": "app", "tagMutability": "SOMETIMES"}]}}`, `repository app: `,
		},
		"no push": {
			`{"ecr": {"repositories": [{"name": "app", "images": [{"size": 1}]}]}}`,
			`image 1: pushed and size are needed`,
		},
		"no size": {
			`{"ecr": {"repositories": [{"name": "app", "images": [{"pushed": "-1h"}]}]}}`,
			`image 1: pushed and size are needed`,
		},
		"tag": {
			`{"ecr": {"repositories": [{"name": "app", "images": [{"pushed": "-1h", "size": 1, "tags": ["a b"]}]}]}}`,
			`"a b" is not a tag`,
		},
		"platform": {
			`{"ecr": {"repositories": [{"name": "app", "images": [{"pushed": "-1h", "size": 1, "platforms": ["linux"]}]}]}}`,
			`"linux" is not a platform`,
		},
		"log group name": {`{"logs": {"groups": [{"name": "a b"}]}}`, `"a b" is not a name for a log group`},
		"two log groups": {`{"logs": {"groups": [{"name": "a"}, {"name": "a"}]}}`, `there are two log groups "a"`},
		"public access":  {`{"ec2": {"blockPublicAccess": "yes"}}`, `not "yes"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := sandbox.Parse(stateWith(c.regional), now)
			require.ErrorContains(t, err, c.want)
		})
	}
}
