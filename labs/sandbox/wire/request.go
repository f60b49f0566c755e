package wire

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"iter"
	"strconv"
	"strings"
	"time"
)

// A Request is what an operation knows about the call that it answers. Operations run one at a time, so that they may
// change the state.
type Request struct {
	Region string
	Now    time.Time
	Caller Caller
	// Host is the name or address, and the port, that the client wanted to reach.
	Host string
	// Changes says whether the request may change the state.
	Changes bool
	// Account is the account that the request is for.
	Account Account
}

// An Account is what requests may ask of their account. The practice account implements it; the account's lock is held.
type Account interface {
	// Number is the account's number, of twelve digits.
	Number() string
	// Unique draws 32 bytes that the account never draws again.
	Unique() []byte
	// IssueKey makes the id of a new access key known: a request signed with it reaches the account from now on.
	IssueKey(id string) error
	// RevokeKey ends the account's own credentials, if this is their key.
	RevokeKey(id string)
	// Services are the services that the account has.
	Services() []*Service
	// Memory holds what services remember outside of the state, by [Memory].
	Memory(lifetime Lifetime) *Memories
	Store
}

// AccountID is the twelve-digit number of the account.
func (r *Request) AccountID() string { return r.Account.Number() }

// ARN names a resource of this account in the request's Region.
func (r *Request) ARN(service, resource string) string {
	return "arn:aws:" + service + ":" + r.Region + ":" + r.AccountID() + ":" + resource
}

// Hex returns n (at most 64) hexadecimal digits that no other call returned: the tail of a new resource's id.
func (r *Request) Hex(n int) string { return hex.EncodeToString(r.Account.Unique())[:n] }

// Token returns n (at most 32) unique characters of the alphabet that AWS uses for access key ids and unique ids.
func (r *Request) Token(n int) string { return letters(r.Account.Unique(), n) }

// UUID returns a unique id in the form of a UUID.
func (r *Request) UUID() string { return UUID(r.Account.Unique()) }

// Provided finds the service that implements T, one of the interfaces of this package, for the services that need it.
func Provided[T any](r *Request) (T, bool) {
	for _, s := range r.Account.Services() {
		if provider, ok := s.Provides.(T); ok {
			return provider, true
		}
	}
	var none T
	return none, false
}

// A KeyHolder is a service that issues access keys.
type KeyHolder interface {
	// Keys are the keys that the account knows of, also those that are good for nothing any more.
	Keys(r *Request) iter.Seq[Key]
}

// An Authority is a service that decides what callers may do. Where an account has none, everybody may do everything.
type Authority interface {
	// Denies says why the policies of the request's caller forbid an action, in AWS's words behind "is not authorized
	// to perform"; "": they do not forbid it.
	Denies(r *Request, action string) (reason string)
}

// A RoleHolder is a service that knows roles.
type RoleHolder interface {
	// Role finds a role of the account by its ARN.
	Role(r *Request, arn string) (Role, bool)
}

// A Role is a role as somebody who assumes it needs it.
type Role struct{ Name, ID string }

// A Caller is a principal with credentials.
type Caller struct {
	ARN    string `json:"arn"`
	UserID string `json:"userId"`
	// The credentials open nothing but this practice account.
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken,omitempty"`
	// Revoked reports whether the access key has been deleted.
	Revoked bool `json:"revoked,omitempty"`
}

// IsRoot reports whether the caller is the root user.
func (c Caller) IsRoot() bool { return strings.HasSuffix(c.ARN, ":root") }

// A Key is an access key with the one whom it belongs to.
type Key struct {
	Caller
	// Expires is when the key ends; zero is never.
	Expires time.Time
	// Inactive reports whether the key has been switched off.
	Inactive bool
}

// A KeyProblem says why an access key is good for nothing; "" is a good key.
type KeyProblem string

// The problems of keys.
const (
	KeyUnknown KeyProblem = "unknown" // never issued, deleted, or switched off
	KeyExpired KeyProblem = "expired"
)

// ErrUnknownKey is an access key that no account issued.
var ErrUnknownKey = errors.New("no practice account issued the access key")

// What the ids of access keys begin with.
const (
	LongTermKey  = "AKIA"
	TemporaryKey = "ASIA"
)

// NewKeyID makes an access key's id out of random bytes. It can be told from every id that AWS gives.
func NewKeyID(prefix string, random []byte) string { return prefix + letters(random, 9) + "EXAMPLE" }

// NewKeySecret makes an access key's secret out of random bytes.
func NewKeySecret(random []byte) string { return letters(random, 30) + "EXAMPLEKEY" }

// Draw makes the 32 bytes of the nth unique thing of a kind in an account: the same each time, and others for any other
// thing.
func Draw(kind, account string, n int) []byte {
	sum := sha256.Sum256([]byte("labcheck sandbox " + kind + " " + account + " " + strconv.Itoa(n)))
	return sum[:]
}

// UUID writes bytes, at least 16, in the form of a UUID.
func UUID(b []byte) string {
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
}

// letters writes bytes in the alphabet that AWS uses for access key ids and unique ids.
func letters(b []byte, n int) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)[:n]
}
