package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
)

// answers is a door behind which each request gets the next of these answers, and the last one from then on.
type answers struct {
	settings Settings
	pages    []page
	asked    []string // address and body of each request
}

type page struct {
	status  int
	headers map[string]string
	body    string
}

func (a *answers) Settings(context.Context, string) (Settings, error) { return a.settings, nil }

func (a *answers) Call(ctx context.Context, r *Request) error {
	request, _ := smithyhttp.NewStackRequest().(*smithyhttp.Request)
	if err := errors.Join(r.Serialize(ctx, request), r.Endpoint.Apply(request)); err != nil {
		return err
	}
	asked := request.URL.String()
	if body := request.GetStream(); body != nil {
		text, _ := io.ReadAll(body)
		asked += " " + string(text)
	}
	a.asked = append(a.asked, asked)
	p := a.pages[min(len(a.asked), len(a.pages))-1]
	response := &http.Response{
		StatusCode: p.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(p.body)),
		ContentLength: int64(len(p.body)),
	}
	for name, value := range p.headers {
		response.Header.Set(name, value)
	}
	return r.Deserialize(ctx, &smithyhttp.Response{Response: response})
}

// query asks an operation for what an expression names, and returns what it gives.
func query(t *testing.T, a *answers, operation, expression string, in map[string]any) (any, error) {
	t.Helper()
	o, err := Find(operation)
	require.NoError(t, err)
	keep := o.Everything()
	if expression != "" {
		keep, err = o.Select(expression, Shown)
		require.NoError(t, err, expression)
	}
	typed, problems := o.CheckInput(in)
	require.Empty(t, problems)
	answer, err := o.Read(t.Context(), a, "us-east-1", typed, keep)
	if err != nil {
		return nil, err
	}
	if expression == "" {
		return answer, nil
	}
	result, err := Search(expression, answer)
	require.NoError(t, err)
	return result, nil
}

func ok(bodies ...string) *answers {
	a := &answers{}
	for _, body := range bodies {
		a.pages = append(a.pages, page{status: 200, body: body})
	}
	return a
}

// Nothing of an answer is held but what the expression names.
func TestOnlyWhatIsNamedIsKept(t *testing.T) {
	const body = `{"taskDefinition": {"family": "web", "containerDefinitions": [
		{"name": "a", "image": "i", "environment": [{"name": "KEY", "value": "secret"}], "cpu": 1, "dockerLabels": {"x": "1",
		"y": "2"}}, {"name": "b", "cpu": 2}], "networkMode": "awsvpc"}}`
	in := map[string]any{"taskDefinition": "web"}
	o, err := Find("ecs:DescribeTaskDefinition")
	require.NoError(t, err)
	typed, problems := o.CheckInput(in)
	require.Empty(t, problems)
	for expression, want := range map[string]any{
		"taskDefinition.family": map[string]any{"taskDefinition": map[string]any{"family": "web"}},
		"taskDefinition.containerDefinitions[?cpu > `1`].name": map[string]any{"taskDefinition": map[string]any{
			"containerDefinitions": []any{map[string]any{"name": "a", "cpu": 1.0}, map[string]any{"name": "b", "cpu": 2.0}},
		}},
		"length(taskDefinition.containerDefinitions)": map[string]any{"taskDefinition": map[string]any{
			"containerDefinitions": []any{nil, nil},
		}},
		"taskDefinition.containerDefinitions[0].dockerLabels.y": map[string]any{"taskDefinition": map[string]any{
			"containerDefinitions": []any{map[string]any{"dockerLabels": map[string]any{"y": "2"}}, map[string]any{}},
		}},
		"taskDefinition.containerDefinitions[].length(dockerLabels)": nil, // below
	} {
		if want == nil {
			continue
		}
		keep, err := o.Select(expression, Value)
		require.NoError(t, err)
		got, err := o.Read(t.Context(), ok(body), "us-east-1", typed, keep)
		require.NoError(t, err)
		require.Equal(t, want, got, expression)
	}
	got, err := query(t, ok(body), "ecs:DescribeTaskDefinition", "", in)
	require.NoError(t, err)
	require.NotContains(t, toText(got), "secret")
	require.Contains(t, toText(got), "awsvpc")
}

func toText(v any) string {
	text, err := Search("to_string(@)", v)
	if err != nil {
		return err.Error()
	}
	return text.(string)
}

func TestWhatCannotBeNamed(t *testing.T) {
	for name, want := range map[string]string{
		"ecs:DescribeTaskDefinition taskDefinition.containerDefinitions[].environment":   "is sensitive",
		"ecs:DescribeTaskDefinition taskDefinition.containerDefinitions[].environment[]": "is sensitive",
		"ecs:DescribeTaskDefinition taskDefinition":                                      "name the members",
		"ecs:DescribeTaskDefinition @":                                                   "name the members",
		"ecs:DescribeTaskDefinition *":                                                   "name those that are meant",
		"ecs:DescribeTaskDefinition taskDefinition.*.name":                               "name those that are meant",
		"ecs:DescribeTaskDefinition keys(taskDefinition)":                                "name the members",
		"ecs:DescribeTaskDefinition to_string(taskDefinition)":                           "name the members",
		"ecs:DescribeTaskDefinition taskDefinition == taskDefinition":                    "name the members",
		"ecs:DescribeTaskDefinition taskDefinition.famly":                                "did you mean family?",
		"ecs:DescribeTaskDefinition taskDefinition.family.x":                             "what is not an object",
		"ecs:DescribeTaskDefinition taskDefinition.family[0]":                            "what is no list",
		"ecs:DescribeTaskDefinition taskDefinition.[":                                    "is not an expression",
		"ecs:DescribeTaskDefinition a[":                                                  "is not an expression",
		"ecs:DescribeTaskDefinition taskDefinition.revision + `1`":                       "does not know",
		"ecs:DescribeTaskDefinition upper(taskDefinition.family)":                        "there is no function upper()",
		"ecs:DescribeTaskDefinition lengths(taskDefinition.tags)":                        "did you mean length?",
		"cognito-idp:DescribeUserPoolClient UserPoolClient.ClientSecret":                 "is sensitive",
		"cloudformation:DescribeStacks Stacks[].Outputs[].OutputValue":                   "is sensitive",
		"cloudformation:DescribeStackEvents StackEvents[].ResourceProperties":            "is sensitive",
		"ec2:DescribeInstanceAttribute UserData.Value":                                   "is sensitive",
		"autoscaling:DescribeLaunchConfigurations LaunchConfigurations[].UserData":       "is sensitive",
		"codebuild:BatchGetProjects projects[].source.buildspec":                         "is sensitive",
		"lambda:GetFunctionConfiguration Environment.Variables":                          "is sensitive",
		"elbv2:DescribeRules Rules[].Conditions[].HttpHeaderConfig.Values":               "is sensitive",
		"events:ListTargetsByRule Targets[].InputTransformer.InputTemplate":              "is sensitive",
		"stepfunctions:DescribeExecution input":                                          "is sensitive",
		"s3:ListObjectsV2 KeyCount":                                                      "not in the answer once",
		"s3:HeadBucket " + strings.Repeat("(", 5000):                                     "longer than",
	} {
		operation, expression, _ := strings.Cut(name, " ")
		o, err := Find(operation)
		require.NoError(t, err)
		_, err = o.Select(expression, Value)
		require.ErrorContains(t, err, want, name)
	}
	o, err := Find("ecs:DescribeTaskDefinition")
	require.NoError(t, err)
	keep, err := o.Select("taskDefinition", Presence)
	require.NoError(t, err)
	require.Equal(t, []string{"taskDefinition"}, keep.Members())
	keep, err = o.Select("taskDefinition.containerDefinitions[?essential].{n: name, p: portMappings[].hostPort}", Value)
	require.NoError(t, err)
	require.Equal(t, []string{
		"taskDefinition.containerDefinitions[].essential", "taskDefinition.containerDefinitions[].name",
		"taskDefinition.containerDefinitions[].portMappings[].hostPort",
	}, keep.Members())
}

// What gives out secrets, data or costs money is on no list, whatever AWS calls it.
func TestWhatIsNotReadByName(t *testing.T) {
	for _, name := range strings.Fields(`
		acm:ExportCertificate apigateway:GetApiKey apigateway:GetApiKeys cloudformation:GetTemplate cloudfront:GetFunction
		cloudtrail:LookupEvents cloudwatch:GetMetricData codebuild:BatchGetCommandExecutions codepipeline:GetJobDetails
		codepipeline:ListWebhooks cognito-idp:AdminGetUser cognito-idp:ListUsers dynamodb:BatchGetItem dynamodb:GetItem
		dynamodb:Query dynamodb:Scan ec2:ExportClientVpnClientConfiguration ec2:GetConsoleOutput ec2:GetConsoleScreenshot
		ec2:GetFlowLogsIntegrationTemplate ec2:GetLaunchTemplateData ec2:GetPasswordData ecr:GetAuthorizationToken
		ecr:GetDownloadUrlForLayer iam:CreateAccessKey iam:GenerateCredentialReport iam:GetCredentialReport kms:Decrypt
		kms:GenerateDataKey kms:GetParametersForImport lambda:GetFunction lambda:GetLayerVersion lambda:Invoke
		lightsail:DownloadDefaultKeyPair lightsail:GetBucketAccessKeys lightsail:GetInstanceAccessDetails
		lightsail:GetRelationalDatabaseMasterUserPassword logs:FilterLogEvents logs:GetLogEvents logs:GetLogRecord
		logs:GetQueryResults logs:StartQuery rds:DownloadDBLogFilePortion redshift:GetClusterCredentials
		redshift:GetClusterCredentialsWithIAM s3:CreateSession s3:GetObject s3:HeadObject s3:SelectObjectContent
		s3control:GetDataAccess sagemaker:CreatePresignedDomainUrl secretsmanager:BatchGetSecretValue
		secretsmanager:GetSecretValue sqs:ReceiveMessage ssm:GetCommandInvocation ssm:GetDocument ssm:GetParameter
		ssm:GetParameterHistory ssm:GetParameters ssm:GetParametersByPath ssm:StartSession stepfunctions:GetActivityTask
		stepfunctions:GetExecutionHistory sts:AssumeRole sts:AssumeRoleWithWebIdentity sts:GetFederationToken
		sts:GetSessionToken ce:GetCostAndUsage athena:GetQueryResults kinesis:GetRecords codecommit:GetFile
		bedrock:InvokeModel cognito-identity:GetCredentialsForIdentity`) {
		_, err := Find(name)
		require.ErrorAs(t, err, new(*Refusal), name)
	}
}

func TestPagesAreJoined(t *testing.T) {
	a := ok(`{"repositories": [{"repositoryName": "a"}], "nextToken": "1"}`, `{"repositories": [], "nextToken": "2"}`,
		`{"repositories": [{"repositoryName": "b"}]}`)
	got, err := query(t, a, "ecr:DescribeRepositories", "repositories[].repositoryName", nil)
	require.NoError(t, err)
	require.Equal(t, []any{"a", "b"}, got)
	require.Len(t, a.asked, 3)
	require.Contains(t, a.asked[2], `"nextToken":"2"`)

	a = ok(`<ListBucketResult><IsTruncated>true</IsTruncated><EncodingType>url</EncodingType>
		<Contents><Key>a+b</Key></Contents><NextContinuationToken>t</NextContinuationToken></ListBucketResult>`,
		`<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a+c</Key></Contents>
		<NextContinuationToken>t</NextContinuationToken></ListBucketResult>`)
	got, err = query(t, a, "s3:ListObjectsV2", "Contents[].Key", map[string]any{"Bucket": "my-bucket"})
	require.NoError(t, err)
	require.Equal(t, []any{"a b", "a+c"}, got, "only what says that it is in the form of a URL is")
	require.Equal(t, "https://my-bucket.s3.us-east-1.amazonaws.com/?encoding-type=url&list-type=2", a.asked[0])
	require.Contains(t, a.asked[1], "continuation-token=t")

	for name, lie := range map[string]*answers{
		"came twice":  ok(`{"repositories": [], "nextToken": "1"}`),
		"did not end": {pages: endless()},
	} {
		_, err = query(t, lie, "ecr:DescribeRepositories", "repositories[].repositoryName", nil)
		require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason)
		require.ErrorContains(t, err, name)
	}
	// How its pages follow one another is ours to say: see pages.txt.
	got, err = query(t, ok(`{"EventBuses": [{"Name": "a"}], "NextToken": "1"}`, `{"EventBuses": [{"Name": "b"}]}`),
		"events:ListEventBuses", "EventBuses[].Name", nil)
	require.NoError(t, err)
	require.Equal(t, []any{"a", "b"}, got)

	const users = "<ListUsersResponse><ListUsersResult>%s</ListUsersResult></ListUsersResponse>"
	_, err = query(t, ok(
		fmt.Sprintf(users, "<Users><member><UserName>a</UserName></member></Users><IsTruncated>true</IsTruncated>"+
			"<Marker>1</Marker>"),
		fmt.Sprintf(users, "<IsTruncated>false</IsTruncated>")), "iam:ListUsers", "Users[].UserName", nil)
	require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, "a page without its list")

	_, err = query(t, ok(`{"schedules": [], "NextToken": "1"}`), "ecs:ListTasks", "taskArns", nil)
	require.NoError(t, err, "a member that the model does not know is nothing")
}

func endless() []page {
	var pages []page
	for i := range maxPages + 1 {
		pages = append(pages, page{status: 200, body: `{"repositories": [], "nextToken": "` + string(rune('a'+i%26)) + `"}`})
	}
	return pages
}

// An answer that says that there is more, and nothing says how to ask for it, is not the whole.
func TestATokenWithoutAPaginator(t *testing.T) {
	for _, service := range Services() {
		for _, name := range Operations(service) {
			o, err := Find(service + ":" + name)
			require.NoError(t, err)
			if o.String() == "sns:ListTagsForResource" || len(o.unpaged()) == 0 || o.protocol(false) != protocolJSON {
				continue
			}
			m := o.unpaged()[0]
			body := `{"` + m.wire + `": "more"}`
			if m.Shape.Kind == Boolean {
				body = `{"` + m.wire + `": true}`
			}
			in := required(o.Input)
			typed, problems := o.CheckInput(in)
			require.Empty(t, problems, o)
			_, err = o.Read(t.Context(), ok(body), "us-east-1", typed, &Selection{shape: o.Output})
			require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, o)
			return
		}
	}
	t.Fatal("every operation has a paginator")
}

// required is an input with what has to be there.
func required(shape *Shape) map[string]any {
	in := map[string]any{}
	if shape == nil {
		return in
	}
	for _, m := range shape.Members {
		if !m.Required {
			continue
		}
		switch m.Shape.Kind {
		case List:
			in[m.Name] = []any{}
		case Structure, Map:
			in[m.Name] = map[string]any{}
		case Boolean:
			in[m.Name] = true
		case Integer, Long, Float, Double, Timestamp:
			in[m.Name] = 1.0
		case Enum:
			in[m.Name] = m.Shape.Values()[0]
		default:
			in[m.Name] = "123456789012"
		}
	}
	return in
}

// A broken answer is an error, never an answer that lacks something.
func TestABrokenAnswerIsNone(t *testing.T) {
	for name, test := range map[string]struct{ operation, expression, body string }{
		"cut off JSON": {
			"ecr:DescribeRepositories", "repositories[].repositoryName",
			`{"repositories": [{"repositoryName": "a"}`,
		},
		"cut off list":      {"ecr:DescribeRepositories", "repositories[].repositoryName", `{"repositories": [`},
		"a text for a list": {"ecr:DescribeRepositories", "repositories[].repositoryName", `{"repositories": "a"}`},
		"a list for text": {
			"ecr:DescribeRepositories", "repositories[].repositoryName",
			`{"repositories": [{"repositoryName": []}]}`,
		},
		"not UTF-8": {
			"ecr:DescribeRepositories", "repositories[].repositoryName",
			"{\"repositories\": [{\"repositoryName\": \"\xff\"}]}",
		},
		"a large number": {"dynamodb:DescribeTable", "Table.ItemCount", `{"Table": {"ItemCount": 9007199254740993}}`},
		"no time": {
			"dynamodb:DescribeTable", "Table.CreationDateTime",
			`{"Table": {"CreationDateTime": "soon"}}`,
		},
		"null": {"dynamodb:DescribeTable", "Table.ItemCount", `null`},
		"cut off XML": {
			"ec2:DescribeVpcs", "Vpcs[].VpcId",
			`<DescribeVpcsResponse><vpcSet><item><vpcId>a</vpcId></item>`,
		},
		"text for elements": {
			"ec2:DescribeVpcs", "Vpcs[].VpcId",
			`<DescribeVpcsResponse><vpcSet>none</vpcSet></DescribeVpcsResponse>`,
		},
		"another answer": {"ec2:DescribeVpcs", "Vpcs[].VpcId", `<html><body>hello</body></html>`},
		"no entry": {
			"iam:GetAccountSummary", "SummaryMap.Users",
			`<R><GetAccountSummaryResult><SummaryMap><entry><key>Users</key></entry></SummaryMap>` +
				`</GetAccountSummaryResult></R>`,
		},
		"no result": {"iam:GetAccountSummary", "SummaryMap.Users", `<R><Other/></R>`},
	} {
		_, err := query(t, ok(test.body), test.operation, test.expression, required(find(t, test.operation).Input))
		require.Error(t, err, name)
	}
}

func find(t *testing.T, operation string) *Operation {
	t.Helper()
	o, err := Find(operation)
	require.NoError(t, err)
	return o
}

func TestValuesAreThoseOfTheCLI(t *testing.T) {
	for name, test := range map[string]struct {
		operation, expression, body string
		want                        any
	}{
		"seconds": {
			"dynamodb:DescribeTable", "Table.CreationDateTime",
			`{"Table": {"CreationDateTime": 1.7e9}}`,
			"2023-11-14T22:13:20+00:00",
		},
		"milliseconds": {
			"dynamodb:DescribeTable", "Table.CreationDateTime",
			`{"Table": {"CreationDateTime": 1700000000.123}}`,
			"2023-11-14T22:13:20.123000+00:00",
		},
		"an empty member of XML": {
			"ec2:DescribeVpcs", "Vpcs[].Tags",
			`<DescribeVpcsResponse><vpcSet><item><tagSet/></item></vpcSet></DescribeVpcsResponse>`,
			[]any{[]any{}},
		},
		"a policy": {
			"iam:GetRole", "Role.AssumeRolePolicyDocument.Version",
			`<R><GetRoleResult><Role><AssumeRolePolicyDocument>` +
				`%7B%22Version%22%3A%222012-10-17%22%7D</AssumeRolePolicyDocument></Role></GetRoleResult></R>`,
			"2012-10-17",
		},
		"a Region": {
			"s3:GetBucketLocation", "LocationConstraint",
			`<?xml version="1.0"?><LocationConstraint xmlns="x">eu-west-1</LocationConstraint>`,
			"eu-west-1",
		},
		"the first Region": {"s3:GetBucketLocation", "LocationConstraint", `<LocationConstraint xmlns="x"/>`, nil},
		"the same, at length": {
			"s3:GetBucketLocation", "LocationConstraint", `<LocationConstraint xmlns="x"></LocationConstraint>`, nil,
		},
	} {
		got, err := query(t, ok(test.body), test.operation, test.expression, required(find(t, test.operation).Input))
		require.NoError(t, err, name)
		require.Equal(t, test.want, got, name)
	}
}

// A bucket in another Region is asked for there, once.
func TestABucketInAnotherRegion(t *testing.T) {
	there := page{status: 200, body: `<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>`}
	elsewhere := page{status: 301, headers: map[string]string{"X-Amz-Bucket-Region": "eu-west-1"}, body: "<Error/>"}
	in := map[string]any{"Bucket": "my-bucket"}
	a := &answers{pages: []page{elsewhere, there}}
	got, err := query(t, a, "s3:GetBucketVersioning", "Status", in)
	require.NoError(t, err)
	require.Equal(t, "Enabled", got)
	require.Equal(t, "https://my-bucket.s3.eu-west-1.amazonaws.com/?versioning=", a.asked[1])

	a = &answers{pages: []page{elsewhere}}
	_, err = query(t, a, "s3:GetBucketVersioning", "Status", in)
	require.ErrorContains(t, err, "the bucket is in eu-west-1")
	require.Len(t, a.asked, 2)

	elsewhere.headers = map[string]string{"X-Amz-Bucket-Region": "evil.example/"}
	a = &answers{pages: []page{elsewhere}}
	_, err = query(t, a, "s3:GetBucketVersioning", "Status", in)
	require.ErrorContains(t, err, "is not the name of a Region")
	require.Len(t, a.asked, 1, "what an answer says is no address")
}
