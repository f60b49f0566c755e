package account

import (
	"context"
	"strings"
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
			return LastUsed{}, key.ID.maskIn(err)
		}
		if out.AccessKeyLastUsed == nil || out.AccessKeyLastUsed.ServiceName == nil { // "N/A" of a key that was never used
			return LastUsed{}, facts.Errorf(facts.InvalidResponse, "the answer does not hold the key's last use")
		}
		return LastUsed{At: out.AccessKeyLastUsed.LastUsedDate}, nil
	},
}

// shownOfKey is how much of an access key id is shown, in characters from its end: enough to tell two keys apart.
const shownOfKey = 4

// AccessKeyID is the id of an access key. It names a credential, so it leaves the program masked: in texts, reports and
// recordings it is "…" and its last four characters. Convert it with string() for an API call only.
type AccessKeyID string

// String implements fmt.Stringer with the masked id.
func (id AccessKeyID) String() string {
	runes := []rune(string(id))
	if len(runes) > shownOfKey {
		runes = runes[len(runes)-shownOfKey:]
	}
	return "…" + string(runes)
}

// GoString implements fmt.GoStringer with the masked id.
func (id AccessKeyID) GoString() string { return id.String() }

// MarshalText implements encoding.TextMarshaler with the masked id. Masking twice changes nothing, so a recorded id can
// be recorded again.
func (id AccessKeyID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler. It masks: a facts file that holds a whole id is not spread
// further.
func (id *AccessKeyID) UnmarshalText(text []byte) error {
	*id = AccessKeyID(AccessKeyID(text).String())
	return nil
}

// maskIn masks the id in the words of an error: IAM repeats what it was asked.
func (id AccessKeyID) maskIn(err error) error {
	e := *facts.AsError(err)
	e.Detail = strings.ReplaceAll(e.Detail, string(id), id.String())
	return &e
}
