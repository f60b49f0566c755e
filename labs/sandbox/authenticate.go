package sandbox

import (
	"fmt"
	"time"
)

// authenticate finds out who sent a request, or why AWS's front door would not believe it.
func (a *Account) authenticate(x *exchange, m *message) (Caller, *apiError) {
	door := x.protocol.frontDoor()
	if !x.signed {
		return Caller{}, x.unsigned(m)
	}
	caller, problem := a.caller(x.signature.accessKeyID)
	switch {
	case problem == keyExpired:
		return Caller{}, &door.expired
	case problem != "" || !enabledRegion(x.signature.region):
		return Caller{}, &door.rejected
	case a.options.AnySecret:
		return caller, nil
	case caller.SessionToken != m.header.Get("X-Amz-Security-Token"):
		return Caller{}, &door.rejected
	case !x.signature.signs(m, caller.SecretAccessKey):
		return Caller{}, &door.mismatch
	}
	if m.received.IsZero() {
		return caller, nil
	}
	if signed, ok := m.signedAt(); !ok || m.received.Sub(signed).Abs() > signatureLife {
		return Caller{}, door.outOfTime(signed, m.received)
	}
	return caller, nil
}

// unsigned is the answer to a request without a whole signature.
func (x *exchange) unsigned(m *message) *apiError {
	door := x.protocol.frontDoor()
	if m.header.Get("Authorization") == "" {
		return &door.unsigned
	}
	return &door.incomplete
}

// outOfTime is the answer to a request that was signed too long ago, or in the future.
func (d frontDoor) outOfTime(signed, now time.Time) *apiError {
	e := d.skewed
	format, limit, sign := "Signature expired: %s is now earlier than %s (%s %s 5 min.)", now.Add(-signatureLife), "-"
	if signed.After(now) {
		format, limit, sign = "Signature not yet current: %s is still later than %s (%s %s 5 min.)", now.Add(signatureLife), "+"
	}
	e.Message = fmt.Sprintf(format, signed.Format(signatureTime), limit.Format(signatureTime), now.Format(signatureTime), sign)
	return &e
}

// A keyProblem says why an access key is good for nothing; "" is a good key.
type keyProblem string

const (
	keyUnknown keyProblem = "unknown" // never issued, deleted, or switched off
	keyExpired keyProblem = "expired"
)

// caller finds who an access key belongs to.
func (a *Account) caller(id string) (Caller, keyProblem) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.state
	for _, session := range s.Sessions {
		if session.AccessKeyID != id {
			continue
		}
		if a.options.Now().After(session.Expires.Time) {
			return Caller{}, keyExpired
		}
		return session.Caller, ""
	}
	if u, key := a.accessKey(id); key != nil {
		return s.keyCaller(key, "arn:aws:iam::"+s.Account+":user"+u.path()+u.Name, u.ID)
	}
	if i := indexKey(s.Root.AccessKeys, id); i >= 0 {
		return s.keyCaller(s.Root.AccessKeys[i], "arn:aws:iam::"+s.Account+":root", s.Account)
	}
	if s.Caller.AccessKeyID == id && !s.Caller.Revoked {
		return s.Caller, ""
	}
	return Caller{}, keyUnknown
}

// keyCaller is who calls with a long-term key. A key of a state file may leave its secret to the state's caller.
func (s *State) keyCaller(key *AccessKey, arn, userID string) (Caller, keyProblem) {
	secret := key.Secret
	if secret == "" && s.Caller.AccessKeyID == key.ID {
		secret = s.Caller.SecretAccessKey
	}
	if key.Inactive || secret == "" {
		return Caller{}, keyUnknown
	}
	return Caller{ARN: arn, UserID: userID, AccessKeyID: key.ID, SecretAccessKey: secret}, ""
}
