package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// stsService is the AWS Security Token Service.
var stsService = service{
	id:        "sts",
	protocols: []protocol{awsQuery},
	namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
	codes:     errorCodes{denied: "AccessDenied", throttled: "Throttling", invalid: "ValidationError"},
	operations: []operation{
		change("AssumeRole", assumeRole),
		op("GetCallerIdentity", getCallerIdentity),
	},
}

const (
	// sessionLife is how long the credentials of an assumed role are good for.
	sessionLife = time.Hour
	// sessionMemory is how long the account still knows credentials that have expired, to say so.
	sessionMemory = 24 * time.Hour
)

type callerIdentityOutput struct {
	ARN     string `wire:"Arn"`
	UserID  string `wire:"UserId"`
	Account string `wire:"Account"`
}

func getCallerIdentity(r *request, _ *none) (*callerIdentityOutput, error) {
	return &callerIdentityOutput{ARN: r.Caller.ARN, UserID: r.Caller.UserID, Account: r.accountID()}, nil
}

type assumeRoleInput struct {
	RoleARN     string `wire:"RoleArn,required"`
	SessionName string `wire:"RoleSessionName,required"`
}

type assumeRoleOutput struct {
	Credentials credentialsWire `wire:"Credentials"`
	User        assumedRoleWire `wire:"AssumedRoleUser"`
}

type credentialsWire struct {
	AccessKeyID     string    `wire:"AccessKeyId"`
	SecretAccessKey string    `wire:"SecretAccessKey"`
	SessionToken    string    `wire:"SessionToken"`
	Expiration      time.Time `wire:"Expiration"`
}

type assumedRoleWire struct {
	ID  string `wire:"AssumedRoleId"`
	ARN string `wire:"Arn"`
}

// assumeRole opens a session of any role of the account: trust policies are not evaluated.
func assumeRole(r *request, in *assumeRoleInput) (*assumeRoleOutput, error) {
	role, err := r.role(in.RoleARN[strings.LastIndex(in.RoleARN, "/")+1:])
	if err != nil || r.roleWire(role).ARN != in.RoleARN {
		return nil, &apiError{
			Code:    "AccessDenied",
			Message: "User: " + r.Caller.ARN + " is not authorized to perform: sts:AssumeRole on resource: " + in.RoleARN,
			Status:  http.StatusForbidden,
		}
	}
	session := &Session{
		Caller: Caller{
			ARN:             "arn:aws:sts::" + r.accountID() + ":assumed-role/" + role.Name + "/" + in.SessionName,
			UserID:          role.ID + ":" + in.SessionName,
			AccessKeyID:     keyID(temporaryKey, r.unique()),
			SecretAccessKey: keySecret(r.unique()),
			SessionToken:    "EXAMPLE" + r.token(32),
		},
		Expires: at(r.Now.Add(sessionLife)),
	}
	if err := r.account.keys.add(r.account, session.AccessKeyID); err != nil {
		return nil, err
	}
	state := r.state()
	state.Sessions = slices.DeleteFunc(state.Sessions, func(old *Session) bool { return r.Now.Sub(old.Expires.Time) > sessionMemory })
	state.Sessions = append(state.Sessions, session)
	return &assumeRoleOutput{
		Credentials: credentialsWire{
			AccessKeyID:     session.AccessKeyID,
			SecretAccessKey: session.SecretAccessKey,
			SessionToken:    session.SessionToken,
			Expiration:      session.Expires.Time,
		},
		User: assumedRoleWire{ID: session.UserID, ARN: session.ARN},
	}, nil
}
