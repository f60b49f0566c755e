package account

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/labcheck/labcheck/checks/facts"
	"github.com/labcheck/labcheck/labs/sandbox"
)

// s3State has buckets with what the reads must tell apart.
const s3State = `{
	"account": "123456789012",
	"caller": {
		"arn": "arn:aws:iam::123456789012:user/alice", "userId": "AIDACKCEVSQ6C2EXAMPLE",
		"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	},
	"root": {},
	"s3": {
		"publicAccessBlock": {
			"blockPublicAcls": true, "ignorePublicAcls": true, "blockPublicPolicy": false, "restrictPublicBuckets": false
		},
		"buckets": [
			{"name": "state", "region": "us-east-1", "created": "-72h", "versioning": "Enabled",
			 "publicAccessBlock": {
				"blockPublicAcls": false, "ignorePublicAcls": false, "blockPublicPolicy": true, "restrictPublicBuckets": true
			 },
			 "objects": [
				{"key": "a/terraform.tfstate", "version": "1", "modified": "-2h", "body": "12345"},
				{"key": "a/terraform.tfstate.tflock", "version": "2", "modified": "-1h", "body": "1"},
				{"key": "b", "version": "3", "modified": "-2h", "body": "1"},
				{"key": "gone", "version": "4", "modified": "-2h", "body": "1"},
				{"key": "gone", "version": "5", "modified": "-1h", "deleted": true},
				{"key": "back", "version": "6", "modified": "-3h", "deleted": true},
				{"key": "back", "version": "7", "modified": "-1h", "body": "1"}
			 ]},
			{"name": "in-europe", "region": "eu-west-1", "created": "-72h",
			 "policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",` +
	`\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::in-europe/*\"}]}"},
			{"name": "anothers", "region": "us-east-1", "created": "-72h", "owner": "210987654321"}
		]
	}
}`

func askS3[K comparable, V any](t *testing.T, read *facts.Read[K, V], key K) (V, error) {
	t.Helper()
	state, err := sandbox.Parse([]byte(s3State), testNow())
	require.NoError(t, err)
	value, err := read.Get(openTest(t, sandbox.New(state, sandbox.Options{Now: testNow}), read), key)
	data, jsonErr := json.Marshal(value)
	require.NoError(t, jsonErr)
	var again V
	require.NoError(t, json.Unmarshal(data, &again))
	require.Equal(t, value, again)
	return value, err
}

func holdsS3[K comparable, V any](t *testing.T, want V, read *facts.Read[K, V], key K) {
	t.Helper()
	got, err := askS3(t, read, key)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func bucketKey(name string) BucketKey { return BucketKey{"us-east-1", "123456789012", name} }

func TestBuckets(t *testing.T) {
	holdsS3(t, []string{"in-europe", "state"}, Buckets, BucketsKey{"us-east-1"})
	holdsS3(t, Bucket{Exists: true, Region: "us-east-1"}, BucketHead, bucketKey("state"))
	holdsS3(t, Bucket{Exists: true, Region: "eu-west-1"}, BucketHead, bucketKey("in-europe"))
	holdsS3(t, Bucket{}, BucketHead, bucketKey("stat"))
	_, err := askS3(t, BucketHead, bucketKey("anothers"))
	require.Equal(t, facts.AccessDenied, facts.AsError(err).Reason, "another's bucket is as one that may not be looked at")
}

func TestObjects(t *testing.T) {
	key := func(bucket, prefix string) ObjectsKey { return ObjectsKey{"us-east-1", "123456789012", bucket, prefix} }
	holdsS3(t, []Object{
		{"a/terraform.tfstate", 5, testNow().Add(-2 * time.Hour)},
		{"a/terraform.tfstate.tflock", 1, testNow().Add(-time.Hour)},
	}, Objects, key("state", "a/terraform.tfstate"))
	holdsS3(t, []Object{}, Objects, key("state", "gone"))
	holdsS3(t, []Object{}, Objects, key("in-europe", ""))
	holdsS3(t, []Object{}, Objects, key("none", ""))
	holdsS3(t, []string{"gone"}, DeletedObjects, key("state", ""))
	holdsS3(t, []string{}, DeletedObjects, key("none", ""))
}

func TestPublicAccess(t *testing.T) {
	account := PublicBlock{BlockPublicAcls: true, IgnorePublicAcls: true}
	bucket := PublicBlock{BlockPublicPolicy: true, RestrictPublicBuckets: true}
	holdsS3(t, account, AccountBlock, PublicBlockKey{"us-east-1", "123456789012"})
	holdsS3(t, BucketPublicBlock{PublicBlock: bucket}, BucketBlock, bucketKey("state"))
	holdsS3(t, BucketPublicBlock{}, BucketBlock, bucketKey("in-europe"))
	holdsS3(t, BucketPublicBlock{NoBucket: true}, BucketBlock, bucketKey("none"))
	require.Empty(t, account.Missing(bucket))
	require.Equal(t, []string{"BlockPublicPolicy", "RestrictPublicBuckets"}, account.Missing(PublicBlock{}))
	holdsS3(t, true, BucketPolicyStatus, bucketKey("in-europe"))
	holdsS3(t, false, BucketPolicyStatus, bucketKey("state"))
	holdsS3(t, false, BucketPolicyStatus, bucketKey("none"))
}

func TestNoBucketsAtAll(t *testing.T) {
	none := answer(200, "application/xml", `<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`+
		"<Owner/><Buckets>\n</Buckets></ListAllMyBucketsResult>")
	names, err := Buckets.Get(openTest(t, none, Buckets), BucketsKey{"us-east-1"})
	require.NoError(t, err)
	require.Empty(t, names)
}

// An answer that leaves out what decides is refused: it must not pass for "no".
func TestS3AnswersThatSayTooLittle(t *testing.T) {
	const top = `xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`
	objects := ObjectsKey{"us-east-1", "123456789012", "state", ""}
	for name, c := range map[string]struct {
		answer string
		ask    func(*facts.View) error
	}{
		"a policy status without its word": {
			`<PolicyStatus ` + top + `/>`, asking(BucketPolicyStatus, bucketKey("state")),
		},
		"a block with three settings": {
			`<PublicAccessBlockConfiguration ` + top + `><BlockPublicAcls>true</BlockPublicAcls>` +
				`<IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>` +
				`</PublicAccessBlockConfiguration>`, asking(BucketBlock, bucketKey("state")),
		},
		"an object without a key": {
			`<ListBucketResult ` + top + `><IsTruncated>false</IsTruncated><Contents>` +
				`<LastModified>2026-11-23T10:00:00.000Z</LastModified></Contents></ListBucketResult>`,
			asking(Objects, objects),
		},
		"an object without a time": {
			`<ListBucketResult ` + top + `><IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents>` +
				`</ListBucketResult>`, asking(Objects, objects),
		},
		"a delete marker that may be an old one": {
			`<ListVersionsResult ` + top + `><IsTruncated>false</IsTruncated><DeleteMarker><Key>a</Key></DeleteMarker>` +
				`</ListVersionsResult>`, asking(DeletedObjects, objects),
		},
		"a bucket without a name": {
			`<ListAllMyBucketsResult ` + top + `><Buckets><Bucket/></Buckets></ListAllMyBucketsResult>`,
			asking(Buckets, BucketsKey{"us-east-1"}),
		},
		"no list of buckets": {
			`<ListAllMyBucketsResult ` + top + `><Owner/></ListAllMyBucketsResult>`, asking(Buckets, BucketsKey{"us-east-1"}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			v := openTest(t, answer(200, "application/xml", c.answer),
				BucketPolicyStatus, BucketBlock, Objects, DeletedObjects, Buckets)
			err := c.ask(v)
			require.Error(t, err)
			require.Equal(t, facts.InvalidResponse, facts.AsError(err).Reason, "%v", err)
		})
	}
}
