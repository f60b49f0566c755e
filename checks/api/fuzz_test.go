package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// fuzzed are operations of every protocol: what of an answer is read, and the input.
var fuzzed = []struct{ operation, expression, protocol string }{
	{"ecs:DescribeTaskDefinition", "taskDefinition.containerDefinitions[].{n: name, p: portMappings[].hostPort}", "json"},
	{"dynamodb:DescribeTable", "Table.[CreationDateTime,ItemCount,KeySchema[].KeyType]", "json"},
	{"eks:DescribeCluster", "cluster.{v: version, t: tags.a, e: createdAt}", "rest-json"},
	{"ec2:DescribeRouteTables", "RouteTables[].[Routes[].State,Tags[].Key]", "ec2"},
	{"iam:GetRole", "Role.[AssumeRolePolicyDocument,CreateDate,Tags[].Key]", "query"},
	{"sqs:GetQueueAttributes", "Attributes.VisibilityTimeout", "json"},
	{"s3:ListObjectsV2", "Contents[].[Key,LastModified,Size]", "rest-xml"},
	{"s3:GetBucketLocation", "LocationConstraint", "rest-xml"},
	{"route53:ListHostedZones", "HostedZones[].Config.PrivateZone", "rest-xml"},
	{"cloudwatch:DescribeAlarms", "MetricAlarms[].[AlarmName,Threshold,StateUpdatedTimestamp,Dimensions[].Name]", "cbor"},
}

// Whatever an endpoint answers, reading it ends, and gives an error or what can be said in JSON. What takes the stack
// of smithy's readers is refused by the door, before it comes here: see checks/account.
func FuzzAnswers(f *testing.F) {
	for i, seed := range []string{
		`{"taskDefinition": {"containerDefinitions": [{"name": "a", "portMappings": [{"hostPort": 80}]}]}}`,
		`{"Table": {"CreationDateTime": 1.7e9, "ItemCount": 3, "KeySchema": [{"KeyType": "HASH"}]}}`,
		`{"cluster": {"version": "1.30", "tags": {"a": "b"}, "createdAt": 1.7e9}}`,
		`<DescribeRouteTablesResponse><routeTableSet><item><routeSet><item><state>active</state></item></routeSet></item>` +
			`</routeTableSet></DescribeRouteTablesResponse>`,
		`<R><GetRoleResult><Role><AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument></Role></GetRoleResult></R>`,
		`{"Attributes": {"VisibilityTimeout": "30"}}`,
		`<ListBucketResult><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>`,
		`<LocationConstraint>eu-west-1</LocationConstraint>`,
		`<R><HostedZones><HostedZone><Config><PrivateZone>true</PrivateZone></Config></HostedZone></HostedZones></R>`,
		"\xa1\x6cMetricAlarms\x81\xa2\x69AlarmName\x61a\x69Threshold\xfb\x40\x14\x00\x00\x00\x00\x00\x00",
	} {
		f.Add(i, http.StatusOK, []byte(seed))
		f.Add(i, http.StatusBadRequest, []byte(`{"__type": "x#NoSuchThing"}`))
		f.Add(i, http.StatusNotFound, []byte(`<ErrorResponse><Error><Code>NoSuchThing</Code></Error></ErrorResponse>`))
	}
	operations := make([]*Operation, len(fuzzed))
	for i, test := range fuzzed {
		var err error
		if operations[i], err = Find(test.operation); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, which, status int, body []byte) {
		which = ((which % len(fuzzed)) + len(fuzzed)) % len(fuzzed)
		if len(body) > 1<<16 { // deeper than that the door lets nothing through
			return
		}
		o := operations[which]
		keep, err := o.Select(fuzzed[which].expression, Value)
		if err != nil {
			t.Fatal(err)
		}
		typed, _ := o.CheckInput(required(o.Input))
		a := &answers{pages: []page{{status: status, body: string(body)}, {status: status, body: "{}"}}}
		answer, err := o.Read(t.Context(), a, "us-east-1", typed, keep)
		if err != nil {
			return
		}
		if _, err := json.Marshal(answer); err != nil {
			t.Errorf("%s cannot be said in JSON: %v", o, err)
		}
	})
}

// Whatever is asked for, the request goes to AWS, or to the endpoint that is configured.
func FuzzEndpoint(f *testing.F) {
	for _, bucket := range []string{
		"my-bucket", "my.bucket", "a/../b", "x.evil.example/", "evil.example#",
		"arn:aws:s3:us-east-1:123456789012:accesspoint/p",
		"arn:aws:s3:us-east-1@evil.example:123456789012:accesspoint/p", "arn:aws:s3::123456789012:accesspoint/a.mrap",
	} {
		f.Add("us-east-1", bucket, "a/key")
	}
	f.Add("us-east-1@evil.example", "b", "k")
	f.Add("evil.example/", "b", "k")
	rules := &Rules{}
	f.Fuzz(func(t *testing.T, region, text, key string) {
		for _, operation := range []string{"s3:GetObjectTagging", "s3control:GetPublicAccessBlock", "ecs:ListClusters"} {
			o := find(t, operation)
			end, err := o.Endpoint(region, Settings{Rules: rules}, map[string]any{"Bucket": text, "Key": key, "AccountId": text})
			if err != nil {
				continue
			}
			host, _, _ := strings.Cut(strings.TrimPrefix(end.URL, "https://"), "/")
			if !strings.HasPrefix(end.URL, "https://") || !isAWS(host) {
				t.Errorf("%s of %q in %q is asked at %s", operation, text, region, end.URL)
			}
		}
	})
}

// isAWS says whether a name is one below AWS's own.
func isAWS(host string) bool {
	for _, suffix := range []string{".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".amazonaws.eu"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}

// Whatever expression is written, it is refused or it names members, and ends.
func FuzzExpression(f *testing.F) {
	for _, test := range fuzzed {
		f.Add(test.expression)
	}
	for _, seed := range []string{
		"a[", "@", "*", "a.b || c[?d] | [0].{x: y}", "sort_by(a, &b)", "`1", "'x", "length(@)",
		"a[::0]",
	} {
		f.Add(seed)
	}
	o := func() *Operation {
		o, err := Find("ecs:DescribeTaskDefinition")
		if err != nil {
			panic(err)
		}
		return o
	}()
	f.Fuzz(func(_ *testing.T, expression string) {
		if keep, err := o.Select(expression, Shown); err == nil {
			_ = keep.Members()
			_, _ = Search(expression, map[string]any{"taskDefinition": map[string]any{"family": "a"}})
		}
	})
}
