package sandbox

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strconv"
	"time"
)

// A request is what an operation knows about the call that it answers. Operations run one at a time, so that they may change the state.
type request struct {
	account *Account
	Region  string
	Now     time.Time
	Caller  Caller
	host    string // as in message
	changes bool   // it may change the state
}

// state is the account's state.
func (r *request) state() *State { return r.account.state }

// regional is the state of the request's Region. A Region that nobody has changed yet is made on demand, and kept only if it may change.
func (r *request) regional() *Regional {
	s := r.state()
	if regional := s.Regions[r.Region]; regional != nil {
		return regional
	}
	regional := &Regional{}
	if r.changes {
		if s.Regions == nil {
			s.Regions = map[string]*Regional{}
		}
		s.Regions[r.Region] = regional
	}
	return regional
}

// accountID is the twelve-digit number of the account.
func (r *request) accountID() string { return r.account.state.Account }

// arn names a resource of this account in the request's Region.
func (r *request) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + r.Region + ":" + r.accountID() + ":" + resource
}

// hex returns n (at most 64) hexadecimal digits that no other call returned: the tail of a new resource's id.
func (r *request) hex(n int) string { return hex.EncodeToString(r.unique())[:n] }

// token returns n (at most 32) unique characters of the alphabet that AWS uses for access key ids and unique ids.
func (r *request) token(n int) string { return letters(r.unique(), n) }

// uuid returns a unique id in the form of a UUID.
func (r *request) uuid() string { return uuidOf(r.unique()) }

// unique draws 32 bytes that the account never draws again. They come from a counter in the state, so that two runs over the same state
// make the same ids, and from the account's number, so that no two accounts do.
func (r *request) unique() []byte {
	s := r.state()
	s.Drawn++
	return draw("resource", s.Account, s.Drawn)
}

// requestID makes the id of one request.
func (a *Account) requestID() string {
	return uuidOf(draw("request", a.state.Account, int(a.requests.Add(1))))
}

// draw makes the bytes of the nth unique thing of a kind in an account.
func draw(kind, account string, n int) []byte {
	sum := sha256.Sum256([]byte("labcheck sandbox " + kind + " " + account + " " + strconv.Itoa(n)))
	return sum[:]
}

// letters writes bytes in the alphabet that AWS uses for access key ids and unique ids.
func letters(b []byte, n int) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)[:n]
}

// uuidOf writes bytes in the form of a UUID.
func uuidOf(b []byte) string {
	h := hex.EncodeToString(b)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:32]
}
