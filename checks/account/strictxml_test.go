package account

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"
)

func TestTextWhereElementsBelongIsFound(t *testing.T) {
	summary := newElements(&iam.GetAccountSummaryOutput{})
	users, groups, tables := newElements(&iam.ListUsersOutput{}), newElements(&iam.ListGroupsOutput{}), newElements(&ec2.DescribeRouteTablesOutput{})
	for _, c := range []struct {
		known elements
		body  string
		found bool
	}{
		{users, `<R><Users>none</Users></R>`, true},
		{users, `<R><Users><member><UserName>Users</UserName><Tags>none</Tags></member></Users></R>`, true},
		{users, `<R><Users> <member> <UserName>alice</UserName> </member> </Users><IsTruncated>false</IsTruncated></R>`, false},
		{summary, `<R><SummaryMap><entry><key>a</key><value>1</value></entry><entry><key>b</key></entry></SummaryMap></R>`, true},
		{summary, `<R><SummaryMap><entry><value>1</value><key>a</key></entry><entry><key>b</key><value>0</value></entry></SummaryMap></R>`, false},
		{users, `<R><SomethingNew>2027</SomethingNew></R>`, false},
		{groups, `<R><Users>a name of another answer</Users></R>`, false},
		{tables, `<R><routeTableSet><item><routeSet>none</routeSet></item></routeTableSet></R>`, true},
		{tables, `<R><requestId>1</requestId><routeTableSet><item><routeTableId>rtb-1</routeTableId></item></routeTableSet></R>`, false},
	} {
		require.Equal(t, c.found, c.known.checkText([]byte(c.body)) != nil, c.body)
	}
}
