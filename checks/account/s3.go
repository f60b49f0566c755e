package account

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/labcheck/labcheck/checks/facts"
)

// BucketKey asks about one bucket, which Owner (an account) is expected to have. Where it is in another Region than
// Region, it is asked for there.
type BucketKey struct {
	Region string `json:"region"`
	Owner  string `json:"owner"`
	Name   string `json:"name"`
}

// Bucket says where a bucket is.
type Bucket struct {
	Exists bool   `json:"exists"`
	Region string `json:"region,omitempty"`
}

// BucketHead asks whether a bucket is there. A bucket of another account is as one that may not be looked at. The
// answer to a HEAD does not say what is wrong: then its location is asked for, which does.
var BucketHead = &facts.Read[BucketKey, Bucket]{
	Name:       "s3.bucket",
	Operations: []string{"s3:HeadBucket", "s3:GetBucketLocation"},
	Actions:    []string{"s3:ListBucket", "s3:GetBucketLocation"},
	Fetch: func(ctx context.Context, a *facts.Access, key BucketKey) (Bucket, error) {
		in := map[string]any{"Bucket": key.Name, "ExpectedBucketOwner": key.Owner}
		head, err := Ask[struct{ BucketRegion string }](ctx, a, "s3:HeadBucket", key.Region, in)
		switch {
		case absent(err, "NotFound", "NoSuchBucket"):
			return Bucket{}, nil
		case err == nil:
			return Bucket{Exists: true, Region: head.BucketRegion}, nil
		}
		out, err := Ask[struct{ LocationConstraint string }](ctx, a, "s3:GetBucketLocation", key.Region, in)
		switch {
		case absent(err, "NotFound", "NoSuchBucket"):
			return Bucket{}, nil
		case err != nil:
			return Bucket{}, err
		}
		named := map[string]string{"": "us-east-1", "EU": "eu-west-1"} // as of old
		return Bucket{Exists: true, Region: cmp.Or(named[out.LocationConstraint], out.LocationConstraint)}, nil
	},
}

// BucketsKey asks for the account's buckets, of all Regions.
type BucketsKey struct {
	Region string `json:"region"`
}

// Buckets are the names of the account's buckets.
var Buckets = &facts.Read[BucketsKey, []string]{
	Name:       "s3.buckets",
	Operations: []string{"s3:ListBuckets"},
	Actions:    []string{"s3:ListAllMyBuckets"},
	Fetch: func(ctx context.Context, a *facts.Access, key BucketsKey) ([]string, error) {
		out, err := Ask[struct{ Buckets []struct{ Name string } }](ctx, a, "s3:ListBuckets", key.Region, nil)
		if err == nil && out.Buckets == nil {
			err = tooLittle("s3:ListBuckets")
		}
		names := []string{}
		for _, b := range out.Buckets {
			if b.Name == "" {
				return nil, tooLittle("s3:ListBuckets")
			}
			names = append(names, b.Name)
		}
		return names, err
	},
}

// ObjectsKey asks for the objects of a bucket whose keys begin with Prefix.
type ObjectsKey struct {
	Region string `json:"region"`
	Owner  string `json:"owner"`
	Bucket string `json:"bucket"`
	Prefix string `json:"prefix"`
}

// Object is one object, without what is in it.
type Object struct {
	Key      string    `json:"key"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
}

// EmptyState is the largest state of Terraform's without a resource, in bytes: one that was just emptied has 181, one
// with a small resource 786.
const EmptyState = 300

// HoldsState says whether an object is most likely a state with a resource in it.
func (o Object) HoldsState() bool { return strings.HasSuffix(o.Key, ".tfstate") && o.Size > EmptyState }

// Objects lists objects. It never asks for one: that would need a right to read what is in it. A bucket that is not
// there has none.
var Objects = &facts.Read[ObjectsKey, []Object]{
	Name:       "s3.objects",
	Operations: []string{"s3:ListObjectsV2"},
	Actions:    []string{"s3:ListBucket"},
	Fetch: func(ctx context.Context, a *facts.Access, key ObjectsKey) ([]Object, error) {
		type object struct {
			Key          string
			Size         int64
			LastModified string
		}
		out, err := Ask[struct{ Contents []object }](ctx, a, "s3:ListObjectsV2", key.Region, map[string]any{
			"Bucket": key.Bucket, "Prefix": key.Prefix, "ExpectedBucketOwner": key.Owner,
		})
		list := []Object{}
		for _, o := range out.Contents {
			modified, timeErr := time.Parse(time.RFC3339, o.LastModified)
			if o.Key == "" || timeErr != nil {
				return nil, tooLittle("s3:ListObjectsV2")
			}
			list = append(list, Object{o.Key, o.Size, modified.UTC()})
		}
		if absent(err, "NoSuchBucket", "NotFound") {
			return list, nil
		}
		return list, err
	},
}

// DeletedObjects are the keys of objects that were deleted and have older versions.
var DeletedObjects = &facts.Read[ObjectsKey, []string]{
	Name:       "s3.deleted-objects",
	Operations: []string{"s3:ListObjectVersions"},
	Actions:    []string{"s3:ListBucketVersions"},
	Fetch: func(ctx context.Context, a *facts.Access, key ObjectsKey) ([]string, error) {
		type marker struct {
			Key      string
			IsLatest *bool
		}
		out, err := Ask[struct{ DeleteMarkers []marker }](ctx, a, "s3:ListObjectVersions", key.Region, map[string]any{
			"Bucket": key.Bucket, "Prefix": key.Prefix, "ExpectedBucketOwner": key.Owner,
		})
		keys := []string{}
		for _, m := range out.DeleteMarkers {
			if m.Key == "" || m.IsLatest == nil {
				return nil, tooLittle("s3:ListObjectVersions")
			}
			if *m.IsLatest {
				keys = append(keys, m.Key)
			}
		}
		if absent(err, "NoSuchBucket", "NotFound") {
			return keys, nil
		}
		return keys, err
	},
}

// PublicBlock are the four settings that keep buckets from being public. They are all off where nobody set any.
type PublicBlock struct {
	BlockPublicAcls       bool `json:"blockPublicAcls,omitempty"`
	IgnorePublicAcls      bool `json:"ignorePublicAcls,omitempty"`
	BlockPublicPolicy     bool `json:"blockPublicPolicy,omitempty"`
	RestrictPublicBuckets bool `json:"restrictPublicBuckets,omitempty"`
}

// Missing names the settings that neither of two blocks has on.
func (b PublicBlock) Missing(other PublicBlock) []string {
	missing := []string{}
	for _, setting := range []struct {
		name string
		on   bool
	}{
		{"BlockPublicAcls", b.BlockPublicAcls || other.BlockPublicAcls},
		{"IgnorePublicAcls", b.IgnorePublicAcls || other.IgnorePublicAcls},
		{"BlockPublicPolicy", b.BlockPublicPolicy || other.BlockPublicPolicy},
		{"RestrictPublicBuckets", b.RestrictPublicBuckets || other.RestrictPublicBuckets},
	} {
		if !setting.on {
			missing = append(missing, setting.name)
		}
	}
	return missing
}

// publicBlockOf asks for a block; one that is not there is all off.
func publicBlockOf(
	ctx context.Context, a *facts.Access, operation, region string, input map[string]any,
) (PublicBlock, error) {
	type block struct {
		BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets *bool
	}
	out, err := Ask[struct{ PublicAccessBlockConfiguration block }](ctx, a, operation, region, input)
	if absent(err, "NoSuchPublicAccessBlockConfiguration") {
		return PublicBlock{}, nil
	}
	if err != nil {
		return PublicBlock{}, err
	}
	b := out.PublicAccessBlockConfiguration
	for _, setting := range []*bool{
		b.BlockPublicAcls, b.IgnorePublicAcls, b.BlockPublicPolicy, b.RestrictPublicBuckets,
	} {
		if setting == nil { // S3 names all four
			return PublicBlock{}, tooLittle(operation)
		}
	}
	return PublicBlock{
		*b.BlockPublicAcls, *b.IgnorePublicAcls, *b.BlockPublicPolicy, *b.RestrictPublicBuckets,
	}, nil
}

// BucketPublicBlock is the public access block of one bucket.
type BucketPublicBlock struct {
	PublicBlock
	// NoBucket says that there is no such bucket.
	NoBucket bool `json:"noBucket,omitempty"`
}

// BucketBlock asks for the public access block of one bucket.
var BucketBlock = &facts.Read[BucketKey, BucketPublicBlock]{
	Name:       "s3.public-access-block",
	Operations: []string{"s3:GetPublicAccessBlock"},
	Actions:    []string{"s3:GetBucketPublicAccessBlock"},
	Fetch: func(ctx context.Context, a *facts.Access, key BucketKey) (BucketPublicBlock, error) {
		block, err := publicBlockOf(ctx, a, "s3:GetPublicAccessBlock", key.Region, map[string]any{
			"Bucket": key.Name, "ExpectedBucketOwner": key.Owner,
		})
		if absent(err, "NoSuchBucket") {
			return BucketPublicBlock{NoBucket: true}, nil
		}
		return BucketPublicBlock{PublicBlock: block}, err
	},
}

// PublicBlockKey asks for what holds for all buckets of an account.
type PublicBlockKey struct {
	Region  string `json:"region"`
	Account string `json:"account"`
}

// AccountBlock is the public access block of the whole account. An organization's shows here too.
var AccountBlock = &facts.Read[PublicBlockKey, PublicBlock]{
	Name:       "s3.account-public-access-block",
	Operations: []string{"s3control:GetPublicAccessBlock"},
	Actions:    []string{"s3:GetAccountPublicAccessBlock"},
	Fetch: func(ctx context.Context, a *facts.Access, key PublicBlockKey) (PublicBlock, error) {
		return publicBlockOf(ctx, a, "s3control:GetPublicAccessBlock", key.Region, map[string]any{"AccountId": key.Account})
	},
}

// BucketPolicyStatus says whether a bucket has a policy that lets everybody in.
var BucketPolicyStatus = &facts.Read[BucketKey, bool]{
	Name:       "s3.policy-status",
	Operations: []string{"s3:GetBucketPolicyStatus"},
	Fetch: func(ctx context.Context, a *facts.Access, key BucketKey) (bool, error) {
		type status struct{ IsPublic *bool }
		out, err := Ask[struct{ PolicyStatus status }](ctx, a, "s3:GetBucketPolicyStatus", key.Region, map[string]any{
			"Bucket": key.Name, "ExpectedBucketOwner": key.Owner,
		})
		if absent(err, "NoSuchBucketPolicy", "NoSuchBucket") {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if out.PolicyStatus.IsPublic == nil {
			return false, tooLittle("s3:GetBucketPolicyStatus")
		}
		return *out.PolicyStatus.IsPublic, nil
	},
}

// tooLittle is about an answer without a member that S3 always sends, and on which a verdict would depend.
func tooLittle(operation string) error {
	return facts.Errorf(facts.InvalidResponse, "%s leaves out a part of its answer", operation)
}
