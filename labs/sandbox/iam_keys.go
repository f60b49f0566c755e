package sandbox

import (
	"net/http"
	"slices"
	"time"
)

// What the ids of access keys begin with.
const (
	longTermKey  = "AKIA"
	temporaryKey = "ASIA"
)

// keyID makes an access key's id out of random bytes. It can be told from every id that AWS gives.
func keyID(prefix string, random []byte) string { return prefix + letters(random, 9) + "EXAMPLE" }

// keySecret makes an access key's secret out of random bytes.
func keySecret(random []byte) string { return letters(random, 30) + "EXAMPLEKEY" }

// maxAccessKeys is how many access keys a user can have.
const maxAccessKeys = 2

type accessKeyWire struct {
	UserName   string    `wire:"UserName,omitempty"`
	ID         string    `wire:"AccessKeyId"`
	Status     string    `wire:"Status"`
	CreateDate time.Time `wire:"CreateDate"`
	Secret     string    `wire:"SecretAccessKey,omitempty"` // only when the key is made
}

// keyOwner finds the keys that a request is about: those of the named user, of the calling user, or of root when root asks.
// name is the owner's user name, which root does not have.
func (r *request) keyOwner(in *string) (keys *[]*AccessKey, name string, err error) {
	if in == nil && r.Caller.isRoot() {
		return &r.state().Root.AccessKeys, "", nil
	}
	u, err := r.userOrSelf(in)
	if err != nil {
		return nil, "", err
	}
	return &u.AccessKeys, u.Name, nil
}

type createAccessKeyOutput struct {
	AccessKey accessKeyWire `wire:"AccessKey"`
}

func createAccessKey(r *request, in *userInput) (*createAccessKeyOutput, error) {
	keys, name, err := r.keyOwner(in.UserName)
	if err != nil {
		return nil, err
	}
	if len(*keys) >= maxAccessKeys {
		e := failf("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: %d", maxAccessKeys)
		e.Status = http.StatusConflict
		return nil, e
	}
	key := &AccessKey{ID: keyID(longTermKey, r.unique()), Created: at(r.Now), Secret: keySecret(r.unique())}
	if err := r.account.keys.add(r.account, key.ID); err != nil {
		return nil, err
	}
	*keys = append(*keys, key)
	return &createAccessKeyOutput{accessKeyWire{
		UserName:   name,
		ID:         key.ID,
		Status:     key.status(),
		CreateDate: key.Created.Time,
		Secret:     key.Secret,
	}}, nil
}

type accessKeyInput struct {
	UserName    *string `wire:"UserName"`
	AccessKeyID string  `wire:"AccessKeyId,required"`
}

func deleteAccessKey(r *request, in *accessKeyInput) (*none, error) {
	keys, _, err := r.keyOwner(in.UserName)
	if err != nil {
		return nil, err
	}
	i := indexKey(*keys, in.AccessKeyID)
	if i < 0 {
		return nil, noSuchKey(in.AccessKeyID)
	}
	*keys = slices.Delete(*keys, i, i+1)
	if caller := &r.state().Caller; caller.AccessKeyID == in.AccessKeyID {
		caller.Revoked = true
	}
	return &none{}, nil
}

type updateAccessKeyInput struct {
	accessKeyInput
	Status string `wire:"Status,required"`
}

func updateAccessKey(r *request, in *updateAccessKeyInput) (*none, error) {
	keys, _, err := r.keyOwner(in.UserName)
	if err != nil {
		return nil, err
	}
	i := indexKey(*keys, in.AccessKeyID)
	if i < 0 {
		return nil, noSuchKey(in.AccessKeyID)
	}
	if in.Status != "Active" && in.Status != "Inactive" {
		return nil, failf("ValidationError",
			"Value '%s' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]", in.Status)
	}
	(*keys)[i].Inactive = in.Status == "Inactive"
	return &none{}, nil
}

func indexKey(keys []*AccessKey, id string) int {
	return slices.IndexFunc(keys, func(k *AccessKey) bool { return k.ID == id })
}

func noSuchKey(id string) error {
	return noSuchEntity("The Access Key with id %s cannot be found.", id)
}

type listAccessKeysInput struct {
	userInput
	iamPageInput
}

type listAccessKeysOutput struct {
	iamPageOutput
	Keys []accessKeyWire `wire:"AccessKeyMetadata"`
}

func listAccessKeys(r *request, in *listAccessKeysInput) (*listAccessKeysOutput, error) {
	keys, name, err := r.keyOwner(in.UserName)
	if err != nil {
		return nil, err
	}
	out := &listAccessKeysOutput{}
	out.Keys, out.iamPageOutput, err = iamPage(in.iamPageInput, *keys, func(k *AccessKey) accessKeyWire {
		return accessKeyWire{UserName: name, ID: k.ID, Status: k.status(), CreateDate: k.Created.Time}
	})
	return out, err
}

type lastUsedInput struct {
	AccessKeyID string `wire:"AccessKeyId,required"`
}

type lastUsedOutput struct {
	UserName string       `wire:"UserName"`
	LastUsed lastUsedWire `wire:"AccessKeyLastUsed"`
}

type lastUsedWire struct {
	Date    time.Time `wire:"LastUsedDate"`
	Service string    `wire:"ServiceName"`
	Region  string    `wire:"Region"`
}

// getAccessKeyLastUsed tells when a key was used. One that never was has no date, and "N/A" for the rest.
func getAccessKeyLastUsed(r *request, in *lastUsedInput) (*lastUsedOutput, error) {
	u, key := r.account.accessKey(in.AccessKeyID)
	if key == nil {
		return nil, noSuchKey(in.AccessKeyID)
	}
	out := &lastUsedOutput{UserName: u.Name, LastUsed: lastUsedWire{Service: "N/A", Region: "N/A"}}
	if !key.Used.IsZero() {
		out.LastUsed = lastUsedWire{Date: key.Used.Time, Service: key.UsedService, Region: key.UsedRegion}
	}
	return out, nil
}

// accessKey finds an access key of an IAM user; both are nil when there is none. The caller holds the account's lock.
func (a *Account) accessKey(id string) (*User, *AccessKey) {
	for _, u := range a.state.IAM.Users {
		if i := indexKey(u.AccessKeys, id); i >= 0 {
			return u, u.AccessKeys[i]
		}
	}
	return nil, nil
}
