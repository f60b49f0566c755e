package iam

import (
	"iter"
	"net/http"
	"slices"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// maxAccessKeys is how many access keys a user can have.
const maxAccessKeys = 2

// keyOwner finds the keys that a request is about: those of the named user, of the calling user, or of root when root
// asks. name is the owner's user name, which root does not have.
func keyOwner(r *wire.Request, in *string) (keys *[]*AccessKey, name string, err error) {
	if in == nil && r.Caller.IsRoot() {
		return &RootUser.Of(r).AccessKeys, "", nil
	}
	u, err := userOrSelf(r, in)
	if err != nil {
		return nil, "", err
	}
	return &u.AccessKeys, u.Name, nil
}

func createAccessKey(r *wire.Request, in *createAccessKeyInput) (*createAccessKeyOutput, error) {
	keys, name, err := keyOwner(r, in.UserName)
	if err != nil {
		return nil, err
	}
	if len(*keys) >= maxAccessKeys {
		e := wire.Failf("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: %d", maxAccessKeys)
		e.Status = http.StatusConflict
		return nil, e
	}
	key := &AccessKey{
		ID:      wire.NewKeyID(wire.LongTermKey, r.Account.Unique()),
		Secret:  wire.NewKeySecret(r.Account.Unique()),
		Created: wire.At(r.Now),
	}
	if err := r.Account.IssueKey(key.ID); err != nil {
		return nil, err
	}
	*keys = append(*keys, key)
	return &createAccessKeyOutput{AccessKey: accessKeyWire{
		UserName:        wire.Present(name),
		AccessKeyId:     key.ID,
		Status:          key.status(),
		CreateDate:      key.Created,
		SecretAccessKey: key.Secret,
	}}, nil
}

func deleteAccessKey(r *wire.Request, in *deleteAccessKeyInput) (*wire.None, error) {
	keys, _, err := keyOwner(r, in.UserName)
	if err != nil {
		return nil, err
	}
	i := indexKey(*keys, in.AccessKeyId)
	if i < 0 {
		return nil, noSuchKey(in.AccessKeyId)
	}
	*keys = slices.Delete(*keys, i, i+1)
	r.Account.RevokeKey(in.AccessKeyId)
	return &wire.None{}, nil
}

func updateAccessKey(r *wire.Request, in *updateAccessKeyInput) (*wire.None, error) {
	keys, _, err := keyOwner(r, in.UserName)
	if err != nil {
		return nil, err
	}
	i := indexKey(*keys, in.AccessKeyId)
	if i < 0 {
		return nil, noSuchKey(in.AccessKeyId)
	}
	if in.Status != "Active" && in.Status != "Inactive" {
		return nil, wire.Failf(
			"ValidationError", "Value '%s' at 'status' failed to satisfy constraint: "+
				"Member must satisfy enum value set: [Active, Inactive]", in.Status,
		)
	}
	(*keys)[i].Inactive = in.Status == "Inactive"
	return &wire.None{}, nil
}

func indexKey(keys []*AccessKey, id string) int {
	return slices.IndexFunc(keys, func(k *AccessKey) bool { return k.ID == id })
}

func noSuchKey(id string) error {
	return noSuchEntity("The Access Key with id %s cannot be found.", id)
}

func listAccessKeys(r *wire.Request, in *listAccessKeysInput) (*listAccessKeysOutput, error) {
	keys, name, err := keyOwner(r, in.UserName)
	if err != nil {
		return nil, err
	}
	out := &listAccessKeysOutput{}
	show := func(k *AccessKey) accessKeyMetadataWire {
		return accessKeyMetadataWire{
			UserName: wire.Present(name), AccessKeyId: &k.ID, Status: new(k.status()), CreateDate: k.Created,
		}
	}
	out.AccessKeyMetadata, out.IsTruncated, out.Marker, err = onePage(in.Marker, in.MaxItems, *keys, show)
	return out, err
}

// getAccessKeyLastUsed tells when a key was used. One that never was has no date, and "N/A" for the rest.
func getAccessKeyLastUsed(r *wire.Request, in *getAccessKeyLastUsedInput) (*getAccessKeyLastUsedOutput, error) {
	u, key := findKey(r, in.AccessKeyId)
	if key == nil {
		return nil, noSuchKey(in.AccessKeyId)
	}
	used := &accessKeyLastUsedWire{ServiceName: "N/A", Region: "N/A"}
	if !key.Used.IsZero() {
		used = &accessKeyLastUsedWire{LastUsedDate: key.Used, ServiceName: key.UsedService, Region: key.UsedRegion}
	}
	return &getAccessKeyLastUsedOutput{UserName: &u.Name, AccessKeyLastUsed: used}, nil
}

// findKey finds an access key of an IAM user; both are nil when there is none.
func findKey(r *wire.Request, id string) (*User, *AccessKey) {
	for _, u := range Part.Of(r).Users {
		if i := indexKey(u.AccessKeys, id); i >= 0 {
			return u, u.AccessKeys[i]
		}
	}
	return nil, nil
}

// deleteRootKeys ends the keys of root, also the one that is calling.
func deleteRootKeys(r *wire.Request) {
	root := RootUser.Of(r)
	for _, key := range root.AccessKeys {
		r.Account.RevokeKey(key.ID)
	}
	root.AccessKeys = nil
}

// Keys are the long-term keys of all users and of root. A key of a state file may leave its secret to the account's own
// credentials.
func (authority) Keys(r *wire.Request) iter.Seq[wire.Key] {
	return func(yield func(wire.Key) bool) {
		for _, u := range Part.Of(r).Users {
			for _, key := range u.AccessKeys {
				if !yield(key.of(userARN(r, u), u.ID)) {
					return
				}
			}
		}
		for _, key := range RootUser.Of(r).AccessKeys {
			if !yield(key.of("arn:aws:iam::"+r.AccountID()+":root", r.AccountID())) {
				return
			}
		}
	}
}

// of is the key with its owner.
func (k *AccessKey) of(arn, userID string) wire.Key {
	return wire.Key{
		Caller:   wire.Caller{ARN: arn, UserID: userID, AccessKeyID: k.ID, SecretAccessKey: k.Secret},
		Inactive: k.Inactive,
	}
}
