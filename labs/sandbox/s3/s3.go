// Package s3 is Amazon S3 of the practice account, with the part of S3 Control that is about the whole account: buckets
// and what they hold, as far as a Terraform state needs it. Objects are small and are kept in the state of the account.
//
// Left out: uploads in parts, access control lists, ranges, presigned addresses, storage classes, object locks.
package s3

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Service is Amazon S3.
var Service = &wire.Service{
	API: api,
	Actions: map[string]string{
		"DeleteBucketEncryption":  "PutEncryptionConfiguration",
		"DeleteObjects":           "DeleteObject",
		"DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
		"GetBucketEncryption":     "GetEncryptionConfiguration",
		"GetPublicAccessBlock":    "GetBucketPublicAccessBlock",
		"HeadBucket":              "ListBucket",
		"HeadObject":              "GetObject",
		"ListBuckets":             "ListAllMyBuckets",
		"ListObjectVersions":      "ListBucketVersions",
		"ListObjects":             "ListBucket",
		"ListObjectsV2":           "ListBucket",
		"PutBucketEncryption":     "PutEncryptionConfiguration",
		"PutPublicAccessBlock":    "PutBucketPublicAccessBlock",
	},
	Roots: map[string]string{
		"DeleteObjects":       "DeleteResult",
		"GetBucketLocation":   "LocationConstraint",
		"GetBucketVersioning": "VersioningConfiguration",
		"ListBuckets":         "ListAllMyBucketsResult",
		"ListObjectVersions":  "ListVersionsResult",
		"ListObjects":         "ListBucketResult",
		"ListObjectsV2":       "ListBucketResult",
	},
	Operations: []wire.Operation{
		wire.Change("CreateBucket", createBucket),
		wire.Change("DeleteBucket", deleteBucket),
		wire.Change("DeleteBucketEncryption", deleteBucketEncryption),
		wire.Change("DeleteBucketPolicy", deleteBucketPolicy),
		wire.Change("DeleteObject", deleteObject),
		wire.Change("DeleteObjects", deleteObjects),
		wire.Change("DeletePublicAccessBlock", deletePublicAccessBlock),
		wire.Op("GetBucketEncryption", getBucketEncryption),
		wire.Op("GetBucketLocation", getBucketLocation),
		wire.Op("GetBucketPolicy", getBucketPolicy),
		wire.Op("GetBucketPolicyStatus", getBucketPolicyStatus),
		wire.Op("GetBucketVersioning", getBucketVersioning),
		wire.Op("GetObject", getObject),
		wire.Op("GetPublicAccessBlock", getPublicAccessBlock),
		wire.Op("HeadBucket", headBucket),
		wire.Op("HeadObject", headObject),
		wire.Op("ListBuckets", listBuckets),
		wire.Op("ListObjectVersions", listObjectVersions),
		wire.Op("ListObjects", listObjects),
		wire.Op("ListObjectsV2", listObjectsV2),
		wire.Change("PutBucketEncryption", putBucketEncryption),
		wire.Change("PutBucketPolicy", putBucketPolicy),
		wire.Change("PutBucketVersioning", putBucketVersioning),
		wire.Change("PutObject", putObject),
		wire.Change("PutPublicAccessBlock", putPublicAccessBlock),
	},
	Parts: []wire.AnyPart{Part},
}

// bucketName is the pattern of general purpose buckets.
var bucketName = wire.Grammar{Pattern: regexp.MustCompile(`^[a-z0-9][a-z0-9.-]+[a-z0-9]$`), Longest: 63}

// usEast1 is the Region whose name no bucket has as its location, and whose endpoint knows all buckets.
const usEast1 = "us-east-1"

// find finds a bucket of the account, or fails as every operation on another one does. owner is who the caller expects
// to have it.
func find(r *wire.Request, name string, owner *string) (*Bucket, error) {
	b := Part.Of(r).bucket(name)
	switch {
	case b == nil:
		return nil, &wire.Error{
			Code: "NoSuchBucket", Message: "The specified bucket does not exist", Status: http.StatusNotFound,
		}
	case b.Region != r.Region:
		return nil, wire.WrongRegion(b.Region)
	case b.Owner != "" && b.Owner != r.AccountID(), owner != nil && *owner != r.AccountID():
		return nil, &wire.Error{
			Code: "AccessDenied", Message: "Access Denied", Status: http.StatusForbidden,
			Header: map[string]string{"X-Amz-Bucket-Region": b.Region},
		}
	}
	return b, nil
}

// createBucket makes a bucket as S3 makes them since April 2023: encrypted, and never public.
func createBucket(r *wire.Request, in *createBucketInput) (*createBucketOutput, error) {
	location := usEast1
	if c := in.CreateBucketConfiguration; c != nil && c.LocationConstraint != nil {
		location = *c.LocationConstraint
		if location == usEast1 {
			return nil, wire.Failf("InvalidLocationConstraint", "The specified location-constraint is not valid")
		}
	}
	if location != r.Region {
		return nil, wire.Failf(
			"IllegalLocationConstraintException", "The %s location constraint is incompatible for the region specific "+
				"endpoint this request was sent to.", location,
		)
	}
	if !bucketName.Takes(in.Bucket) || strings.Contains(in.Bucket, "..") {
		return nil, wire.Failf("InvalidBucketName", "The specified bucket is not valid.")
	}
	s := Part.Of(r)
	if b := s.bucket(in.Bucket); b != nil {
		taken := &wire.Error{Code: "BucketAlreadyExists", Status: http.StatusConflict, Message: "The requested bucket name " +
			"is not available. The bucket namespace is shared by all users of the system. Please select a different name " +
			"and try again."}
		switch {
		case b.Owner != "" && b.Owner != r.AccountID():
			return nil, taken
		case b.Region == usEast1 && r.Region == usEast1:
			return &createBucketOutput{Location: new("/" + in.Bucket)}, nil
		}
		taken.Code, taken.Message = "BucketAlreadyOwnedByYou",
			"Your previous request to create the named bucket succeeded and you already own it."
		return nil, taken
	}
	all := new(true)
	s.Buckets = append(s.Buckets, &Bucket{
		Name: in.Bucket, Region: location, Created: wire.At(r.Now),
		PublicAccessBlock: &publicAccessBlockConfigurationWire{
			BlockPublicAcls: all, IgnorePublicAcls: all, BlockPublicPolicy: all, RestrictPublicBuckets: all,
		},
	})
	return &createBucketOutput{Location: new("/" + in.Bucket)}, nil
}

func deleteBucket(r *wire.Request, in *deleteBucketInput) (*wire.None, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if len(b.Objects) > 0 {
		message := "The bucket you tried to delete is not empty"
		if b.Versioning != "" {
			message += ". You must delete all versions in the bucket."
		}
		return nil, &wire.Error{Code: "BucketNotEmpty", Message: message, Status: http.StatusConflict}
	}
	s := Part.Of(r)
	s.Buckets = slices.DeleteFunc(s.Buckets, func(other *Bucket) bool { return other == b })
	return &wire.None{}, nil
}

func headBucket(r *wire.Request, in *headBucketInput) (*headBucketOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &headBucketOutput{BucketRegion: &b.Region, AccessPointAlias: new(false)}, nil
}

// getBucketLocation answers for the buckets of all Regions.
func getBucketLocation(r *wire.Request, in *getBucketLocationInput) (*getBucketLocationOutput, error) {
	if b := Part.Of(r).bucket(in.Bucket); b != nil && r.Region == usEast1 {
		r.Region = b.Region
	}
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Region == usEast1 {
		return &getBucketLocationOutput{}, nil
	}
	return &getBucketLocationOutput{LocationConstraint: &b.Region}, nil
}

func listBuckets(r *wire.Request, in *listBucketsInput) (*listBucketsOutput, error) {
	out := &listBucketsOutput{Buckets: []bucketWire{}, Owner: owner(r)}
	var own []*Bucket
	for _, b := range Part.Of(r).Buckets {
		mine := b.Owner == "" || b.Owner == r.AccountID()
		elsewhere := in.BucketRegion != nil && *in.BucketRegion != b.Region
		if mine && !elsewhere && strings.HasPrefix(b.Name, wire.Value(in.Prefix)) {
			own = append(own, b)
		}
	}
	slices.SortFunc(own, func(a, b *Bucket) int { return strings.Compare(a.Name, b.Name) })
	some, next, err := wire.Page(bucketPaging, own, in.MaxBuckets, in.ContinuationToken)
	if err != nil {
		return nil, err
	}
	for _, b := range some {
		shown := bucketWire{Name: &b.Name, CreationDate: b.Created}
		if in.MaxBuckets != nil || in.Prefix != nil || in.BucketRegion != nil { // only a paged answer says the Region
			shown.BucketRegion = &b.Region
		}
		out.Buckets = append(out.Buckets, shown)
	}
	out.ContinuationToken, out.Prefix = next, in.Prefix
	return out, nil
}

var bucketPaging = wire.Paging{
	Size: 10000, Max: 10000, BadSize: "InvalidArgument", BadToken: "InvalidArgument",
}

// owner is how S3 names the owner of a bucket. The id is one that AWS would give nobody.
func owner(r *wire.Request) *ownerWire {
	return &ownerWire{ID: new(strings.Repeat("0", 52) + r.AccountID())}
}

func getBucketVersioning(r *wire.Request, in *getBucketVersioningInput) (*getBucketVersioningOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	return &getBucketVersioningOutput{Status: wire.Present(b.Versioning)}, nil
}

// Versioning is switched on and suspended, never off again.
const (
	enabled   = "Enabled"
	suspended = "Suspended"
)

func putBucketVersioning(r *wire.Request, in *putBucketVersioningInput) (*wire.None, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	status := wire.Value(in.VersioningConfiguration.Status)
	if status != enabled && status != suspended {
		return nil, wire.Failf("IllegalVersioningConfigurationException",
			"The Versioning element must be specified")
	}
	b.Versioning = status
	return &wire.None{}, nil
}

func getBucketEncryption(r *wire.Request, in *getBucketEncryptionInput) (*getBucketEncryptionOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	rules := b.Encryption
	if rules == nil {
		rules = &serverSideEncryptionConfigurationWire{Rules: []serverSideEncryptionRuleWire{{
			ApplyServerSideEncryptionByDefault: &serverSideEncryptionByDefaultWire{SSEAlgorithm: "AES256"},
			BucketKeyEnabled:                   new(false),
		}}}
	}
	return &getBucketEncryptionOutput{ServerSideEncryptionConfiguration: rules}, nil
}

func putBucketEncryption(r *wire.Request, in *putBucketEncryptionInput) (*wire.None, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Encryption = &in.ServerSideEncryptionConfiguration
	return &wire.None{}, nil
}

func deleteBucketEncryption(r *wire.Request, in *deleteBucketEncryptionInput) (*wire.None, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Encryption = nil
	return &wire.None{}, nil
}

func getBucketPolicy(r *wire.Request, in *getBucketPolicyInput) (*getBucketPolicyOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Policy == "" {
		return nil, noPolicy()
	}
	return &getBucketPolicyOutput{Policy: &b.Policy}, nil
}

func noPolicy() error {
	return &wire.Error{
		Code: "NoSuchBucketPolicy", Message: "The bucket policy does not exist", Status: http.StatusNotFound,
	}
}

func putBucketPolicy(r *wire.Request, in *putBucketPolicyInput) (*wire.None, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	public, err := isPublic(in.Policy)
	if err != nil {
		return nil, wire.Failf("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
	}
	if block := b.PublicAccessBlock; public && block != nil && wire.Value(block.BlockPublicPolicy) {
		return nil, &wire.Error{
			Code: "AccessDenied", Status: http.StatusForbidden,
			Message: "User: " + r.Caller.ARN + ` is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::` +
				b.Name + `" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
		}
	}
	b.Policy = in.Policy
	return &wire.None{}, nil
}

func deleteBucketPolicy(r *wire.Request, in *deleteBucketPolicyInput) (*wire.None, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	b.Policy = ""
	return &wire.None{}, nil
}

func getBucketPolicyStatus(r *wire.Request, in *getBucketPolicyStatusInput) (*getBucketPolicyStatusOutput, error) {
	b, err := find(r, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Policy == "" {
		return nil, noPolicy()
	}
	public, err := isPublic(b.Policy)
	return &getBucketPolicyStatusOutput{PolicyStatus: &policyStatusWire{IsPublic: &public}}, err
}

// isPublic says whether a policy lets everybody in. S3 looks at conditions too; here one that has any is not public.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func isPublic(policy string) (bool, error) {
	var document struct{ Statement json.RawMessage }
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		return false, err
	}
	type statement struct {
		Effect    string
		Principal any
		Condition map[string]any
	}
	var list []statement
	if json.Unmarshal(document.Statement, &list) != nil {
		var single statement
		if err := json.Unmarshal(document.Statement, &single); err != nil {
			return false, err
		}
		list = []statement{single}
	}
	return slices.ContainsFunc(list, func(s statement) bool {
		return s.Effect == "Allow" && len(s.Condition) == 0 && everybody(s.Principal)
	}), nil
}

// everybody says whether a principal is anybody at all.
func everybody(principal any) bool {
	switch p := principal.(type) {
	case string:
		return p == "*"
	case []any:
		return slices.ContainsFunc(p, everybody)
	case map[string]any:
		return everybody(p["AWS"])
	default:
		return false
	}
}
