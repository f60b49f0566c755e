package sandbox

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"time"
)

// A request is what an operation knows about the call that it answers. Operations run one at a time, so that they may change the state.
type request struct {
	account *Account
	Region  string
	Now     time.Time
	Caller  Caller
	host    string // host:port that the request came to, as the client wrote it; "" in this process
}

// state is the account's state.
func (r *request) state() *State { return r.account.state }

// regional is the state of the request's Region.
func (r *request) regional() *Regional { return r.account.state.regional(r.Region) }

// accountID is the twelve-digit number of the account.
func (r *request) accountID() string { return r.account.state.Account }

// arn names a resource of this account in the request's Region.
func (r *request) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + r.Region + ":" + r.accountID() + ":" + resource
}

// hex returns n (at most 64) hexadecimal digits that no other call returned: the tail of a new resource's id.
func (r *request) hex(n int) string { return hex.EncodeToString(r.account.unique())[:n] }

// token returns n (at most 32) unique characters of the alphabet that AWS uses for access key ids and unique ids.
func (r *request) token(n int) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(r.account.unique())[:n]
}

// uuid returns a unique id in the form of a UUID.
func (r *request) uuid() string { return r.account.uuid() }

// unique draws 32 bytes that it never draws again. They come from a counter, so that two runs over the same state make the same ids.
// The caller holds the account's lock.
func (a *Account) unique() []byte {
	a.ids++
	sum := sha256.Sum256(fmt.Appendf(nil, "labcheck sandbox %d", a.ids))
	return sum[:]
}

// uuid draws a unique id in the form of a UUID. The caller holds the account's lock.
func (a *Account) uuid() string {
	h := hex.EncodeToString(a.unique())
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
}
