//go:build conformance

package conformance

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/stretchr/testify/require"
)

// TestConformanceFindsWrongAnswers spoils answers, each in one way that AWS's models know to be wrong.
func TestConformanceFindsWrongAnswers(t *testing.T) {
	models := openLibrary(t)
	const (
		repositories = `{"repositories": [{"repositoryName": "docker-api", "createdAt": 1, "imageTagMutability": "MUTABLE"}]}`
		users        = `<ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListUsersResult>` +
			`<Users><member><Path>/</Path><UserName>bob</UserName><UserId>AIDAI44QH8DHBEXAMPLE</UserId>` +
			`<Arn>arn:aws:iam::123456789012:user/bob</Arn>` +
			`<CreateDate>2026-11-23T05:12:00Z</CreateDate></member></Users><IsTruncated>false</IsTruncated></ListUsersResult>` +
			`<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></ListUsersResponse>`
		vpcs = `<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>` +
			`<vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault></item></vpcSet></DescribeVpcsResponse>`
		missing = `{"__type": "RepositoryNotFoundException", "message": "no"}`
	)
	for _, answer := range []struct {
		scope, operation string // of the request
		status           int
		body             string
		spoil            []string // pairs: what is replaced
	}{
		{"ecr", "DescribeRepositories", http.StatusOK, repositories, []string{
			`"repositoryName"`, `"repositoryname"`, // an unknown field
			`"docker-api"`, `7`, `"docker-api"`, `null`, `"docker-api"`, `"D"`, // wrong types, and a name that is none
			`1`, `"2026-11-23T05:12:00Z"`, // a time as text
			`"MUTABLE"`, `"mutable"`, // not one of the values
		}},
		{"ecr", "DescribeRepositories", http.StatusBadRequest, missing, []string{
			"RepositoryNotFoundException", "ImageNotFoundException", // not of this operation
			`"RepositoryNotFoundException"`, `""`,
		}},
		{"iam", "ListUsers", http.StatusOK, users, []string{
			`<Arn>arn:aws:iam::123456789012:user/bob</Arn>`, ``, // required
			`<Path>/</Path>`, `<Path>/</Path><Path>/</Path>`,
			`member>`, `item>`, // another protocol's list
			`false`, `no`, `2026-11-23T05:12:00Z`, `1795410720`,
			`ListUsersResult>`, `Result>`, `ListUsersResponse`, `Response`, `iam.amazonaws`, `sts.amazonaws`,
		}},
		{"ec2", "DescribeVpcs", http.StatusOK, vpcs, []string{
			`vpcId`, `VpcId`, `item>`, `member>`, `true`, `1`, `requestId`, `RequestId`,
		}},
	} {
		request := wireRequest(answer.scope, answer.operation)
		require.Empty(t, models.judges(t, request.answered(answer.status, "", answer.body)).problems, answer.body)
		for i := 0; i < len(answer.spoil); i += 2 {
			spoilt := strings.ReplaceAll(answer.body, answer.spoil[i], answer.spoil[i+1])
			require.NotEqual(t, answer.body, spoilt)
			require.NotEmpty(t, models.judges(t, request.answered(answer.status, "", spoilt)).problems, spoilt)
		}
		require.NotEmpty(t, models.judges(t, request.answered(answer.status, "text/html", answer.body)).problems,
			"another type of content")
	}
	alarms, err := cbor.Marshal(map[string]any{"MetricAlarms": []any{map[string]any{"AlarmName": "a", "Threshold": 5.0}}})
	require.NoError(t, err)
	request := wireRequest("monitoring", "DescribeAlarms")
	require.Empty(t, models.judges(t, request.answered(http.StatusOK, "", string(alarms))).problems)
	spoilt := strings.ReplaceAll(string(alarms), "AlarmName", "alarmName")
	require.NotEmpty(t, models.judges(t, request.answered(http.StatusOK, "", spoilt)).problems)
}

// wireRequest is a request in the protocol that the SDK speaks to the service.
func wireRequest(scope, operation string) *exchange {
	e := &exchange{asked: []byte("Action=" + operation)}
	e.request = &http.Request{Header: http.Header{}, URL: &url.URL{}}
	e.request.Header.Set("Authorization",
		"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/"+scope+"/aws4_request")
	switch scope {
	case "ecr":
		e.request.Header.Set("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921."+operation)
	case "monitoring":
		e.request.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
		e.request.URL.Path = "/service/GraniteServiceVersion20100801/operation/" + operation
	}
	return e
}

// answered is the request with an answer of a type; "" is the right one.
func (e exchange) answered(status int, contentType, body string) *exchange {
	if contentType == "" {
		contentType = map[string]string{"ecr": "application/x-amz-json-1.1", "monitoring": "application/cbor"}[e.service()]
	}
	if contentType == "" {
		contentType = "text/xml"
	}
	e.response = &http.Response{StatusCode: status, Header: http.Header{}}
	e.response.Header.Set("Content-Type", contentType)
	e.response.Header.Set("X-Amzn-Requestid", "1")
	e.response.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	e.content = []byte(body)
	return &e
}
