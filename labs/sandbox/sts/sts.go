// Package sts is the AWS Security Token Service of the practice account.
package sts

import (
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// Service is the AWS Security Token Service.
var Service = &wire.Service{
	API: api,
	Operations: []wire.Operation{
		wire.Change("AssumeRole", assumeRole),
		wire.Op("GetCallerIdentity", getCallerIdentity),
	},
	Parts:    []wire.AnyPart{Sessions},
	Provides: holder{},
}

// Sessions are the temporary credentials of those who assumed a role.
var Sessions = &wire.Part[[]*Session]{Key: "sessions"}

// A Session is somebody who assumed a role, for a while.
type Session struct {
	wire.Caller
	Expires wire.Time `json:"expires"`
}

// holder issues the keys of sessions.
type holder struct{}

var _ wire.KeyHolder = holder{}

// Keys are the keys of all sessions that are not forgotten.
func (holder) Keys(r *wire.Request) iter.Seq[wire.Key] {
	return func(yield func(wire.Key) bool) {
		for _, session := range *Sessions.Of(r) {
			if !yield(wire.Key{Caller: session.Caller, Expires: session.Expires.Time}) {
				return
			}
		}
	}
}

const (
	// sessionLife is how long the credentials of an assumed role are good for.
	sessionLife = time.Hour
	// sessionMemory is how long the account still knows credentials that have expired, to say so.
	sessionMemory = 24 * time.Hour
)

func getCallerIdentity(r *wire.Request, _ *getCallerIdentityInput) (*getCallerIdentityOutput, error) {
	return &getCallerIdentityOutput{Arn: &r.Caller.ARN, UserId: &r.Caller.UserID, Account: new(r.AccountID())}, nil
}

// assumeRole opens a session of any role of the account: trust policies are not evaluated.
func assumeRole(r *wire.Request, in *assumeRoleInput) (*assumeRoleOutput, error) {
	role, ok := findRole(r, in.RoleArn)
	if !ok {
		return nil, &wire.Error{
			Code: "AccessDenied",
			Message: "User: " + r.Caller.ARN + " is not authorized to perform: sts:AssumeRole on resource: " +
				in.RoleArn,
			Status: http.StatusForbidden,
		}
	}
	session := &Session{
		Caller: wire.Caller{
			ARN:             "arn:aws:sts::" + r.AccountID() + ":assumed-role/" + role.Name + "/" + in.RoleSessionName,
			UserID:          role.ID + ":" + in.RoleSessionName,
			AccessKeyID:     wire.NewKeyID(wire.TemporaryKey, r.Account.Unique()),
			SecretAccessKey: wire.NewKeySecret(r.Account.Unique()),
			SessionToken:    "EXAMPLE" + r.Token(32),
		},
		Expires: wire.At(r.Now.Add(sessionLife)),
	}
	if err := r.Account.IssueKey(session.AccessKeyID); err != nil {
		return nil, err
	}
	sessions := Sessions.Of(r)
	*sessions = slices.DeleteFunc(
		*sessions, func(old *Session) bool { return r.Now.Sub(old.Expires.Time) > sessionMemory },
	)
	*sessions = append(*sessions, session)
	return &assumeRoleOutput{
		Credentials: &credentialsWire{
			AccessKeyId:     session.AccessKeyID,
			SecretAccessKey: session.SecretAccessKey,
			SessionToken:    session.SessionToken,
			Expiration:      session.Expires,
		},
		AssumedRoleUser: &assumedRoleUserWire{AssumedRoleId: session.UserID, Arn: session.ARN},
	}, nil
}

// findRole asks the service that knows roles.
func findRole(r *wire.Request, arn string) (wire.Role, bool) {
	roles, ok := wire.Provided[wire.RoleHolder](r)
	if !ok {
		return wire.Role{}, false
	}
	return roles.Role(r, arn)
}
