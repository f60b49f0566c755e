package account

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/labcheck/labcheck/checks/facts"
)

// The states of an access key. Another one is kept as it came.
const (
	AccessKeyActive   = "Active"
	AccessKeyInactive = "Inactive"
)

// AccessKey is one access key of an IAM user.
type AccessKey struct {
	ID      AccessKeyID `json:"id"`
	Status  string      `json:"status"`
	Created time.Time   `json:"created"`
	// InUse says that this run's own requests are signed with the key.
	InUse bool `json:"inUse"`
}

// AccessKeys lists the access keys of an IAM user:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
var AccessKeys = &facts.Read[UserKey, []AccessKey]{
	Name:       "iam.access-keys",
	Operations: []string{"iam:ListAccessKeys"},
	Fetch: func(ctx context.Context, a *facts.Access, key UserKey) ([]AccessKey, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return nil, err
		}
		own := ownAccessKey(ctx, a)
		return iamList(func(marker *string) ([]types.AccessKeyMetadata, bool, *string, error) {
			out, err := client.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &key.User, Marker: marker})
			if err != nil {
				return nil, false, nil, err
			}
			return out.AccessKeyMetadata, out.IsTruncated, out.Marker, nil
		}, func(k types.AccessKeyMetadata) (AccessKey, error) {
			id := AccessKeyID(aws.ToString(k.AccessKeyId))
			if id == "" || k.CreateDate == nil || k.Status == "" {
				return AccessKey{}, facts.Errorf(facts.InvalidResponse, "an access key came without its id, status or date")
			}
			return AccessKey{ID: id, Status: string(k.Status), Created: *k.CreateDate, InUse: id == own}, nil
		})
	},
}

// ownAccessKey is the key that this run's requests are signed with, or "" if that cannot be known.
func ownAccessKey(ctx context.Context, a *facts.Access) AccessKeyID {
	d, err := facts.Through[*Door](a)
	if err != nil || d.cfg.Credentials == nil {
		return ""
	}
	credentials, err := d.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return ""
	}
	return AccessKeyID(credentials.AccessKeyID)
}

// LastUsedKey names an access key.
type LastUsedKey struct {
	ID AccessKeyID `json:"id"`
}

// LastUsed is the last use of an access key. AWS notes it once per 15 minutes.
type LastUsed struct {
	// At is nil when the key was never used since AWS began to note it, in April 2015.
	At *time.Time `json:"at,omitempty"`
}

// AccessKeyLastUsed asks when an access key was last used:
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
var AccessKeyLastUsed = &facts.Read[LastUsedKey, LastUsed]{
	Name:       "iam.access-key-last-used",
	Operations: []string{"iam:GetAccessKeyLastUsed"},
	Fetch: func(ctx context.Context, a *facts.Access, key LastUsedKey) (LastUsed, error) {
		client, err := clientFor(a, globalService, iam.NewFromConfig)
		if err != nil {
			return LastUsed{}, err
		}
		out, err := client.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{
			AccessKeyId: aws.String(string(key.ID)),
		})
		if err != nil {
			return LastUsed{}, key.ID.hideIn(err)
		}
		if out.AccessKeyLastUsed == nil || out.AccessKeyLastUsed.ServiceName == nil { // "N/A" of a key that was never used
			return LastUsed{}, facts.Errorf(facts.InvalidResponse, "the answer does not hold the key's last use")
		}
		return LastUsed{At: out.AccessKeyLastUsed.LastUsedDate}, nil
	},
}
