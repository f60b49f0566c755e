package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// A request is what an operation knows about the call that it answers. Operations run one at a time, so that they may change the state.
type request struct {
	account *Account
	Region  string
	Now     time.Time
	Caller  Caller
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
// They come from a counter, so that two runs over the same state make the same ids.
func (r *request) hex(n int) string { return r.account.hex(n) }

// hex draws the next unique digits. The caller holds the account's lock.
func (a *Account) hex(n int) string {
	a.ids++
	sum := sha256.Sum256(fmt.Appendf(nil, "labcheck sandbox %d", a.ids))
	return hex.EncodeToString(sum[:])[:n]
}

// token draws n (at most 32) unique characters of the alphabet that AWS uses for access key ids and unique ids.
func (r *request) token(n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	r.account.ids++
	sum := sha256.Sum256(fmt.Appendf(nil, "labcheck sandbox %d", r.account.ids))
	var b strings.Builder
	for _, c := range sum[:n] {
		b.WriteByte(alphabet[int(c)%len(alphabet)])
	}
	return b.String()
}
