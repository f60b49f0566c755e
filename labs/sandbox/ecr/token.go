package ecr

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labcheck/labcheck/labs/sandbox/wire"
)

// tokenLife is how long a registry password is good for.
const tokenLife = 12 * time.Hour

// registryUser is the user name that goes with every registry password.
const registryUser = "AWS"

// getAuthorizationToken hands out a password for the registry of the request's Region.
func getAuthorizationToken(r *wire.Request, _ *getAuthorizationTokenInput) (*getAuthorizationTokenOutput, error) {
	expires := r.Now.Add(tokenLife)
	login := registryUser + ":" + password(r.Caller, r.Region, expires)
	return &getAuthorizationTokenOutput{AuthorizationData: []authorizationDataWire{{
		AuthorizationToken: new(base64.StdEncoding.EncodeToString([]byte(login))),
		ExpiresAt:          wire.At(expires),
		ProxyEndpoint:      new(registryEndpoint(r)),
	}}}, nil
}

// Login returns the user and the password with which a caller signs in to the registry of a Region, as
// "aws ecr get-login-password" prints it. It is good for twelve hours from now.
func Login(caller wire.Caller, region string, now time.Time) (user, secret string) {
	return registryUser, password(caller, region, now.Add(tokenLife))
}

// A registryPass is what a registry password stands for.
type registryPass struct {
	AccessKeyID string `json:"accessKeyId"` // of the caller that asked for it, whose permissions it has
	Region      string `json:"region"`
}

// A registryPassword is the content of a password: JSON of the form of ECR's own. Nothing is kept on the side, so that
// a login outlives a restart of the practice account, as it should within its twelve hours.
type registryPassword struct {
	Payload    []byte `json:"payload"` // a registryPass; ECR's is encrypted
	DataKey    []byte `json:"datakey"` // the seal over payload and expiration
	Version    string `json:"version"`
	Type       string `json:"type"`
	Expiration int64  `json:"expiration"` // seconds since 1970
}

// password writes a password for the registry of a Region.
func password(c wire.Caller, region string, expires time.Time) string {
	payload, err := json.Marshal(registryPass{AccessKeyID: c.AccessKeyID, Region: region})
	if err != nil {
		panic(err) // strings can always be written
	}
	text, err := json.Marshal(registryPassword{
		Payload: payload, DataKey: seal(c, payload, expires.Unix()),
		Version: "2", Type: "DATA_KEY", Expiration: expires.Unix(),
	})
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(text)
}

// seal proves that a password was written for the caller by the account that knows the caller's secret key.
func seal(c wire.Caller, payload []byte, expiration int64) []byte {
	h := hmac.New(sha256.New, []byte(c.SecretAccessKey))
	_, _ = fmt.Fprintf(h, "%d %s", expiration, payload) // a hash takes everything
	return h.Sum(nil)
}

var (
	errNoPassword  = errors.New("there is no registry password")
	errBadPassword = errors.New("the registry password is not one of this account")
	errOldPassword = errors.New("the registry password has expired")
)

// readPassword reads the password that a request to the registry carries. It does not check it.
func readPassword(req *http.Request) (registryPassword, registryPass, error) {
	user, secret, ok := req.BasicAuth()
	if !ok {
		return registryPassword{}, registryPass{}, errNoPassword
	}
	var password registryPassword
	var pass registryPass
	text, err := base64.StdEncoding.DecodeString(secret)
	if user != registryUser || err != nil ||
		json.Unmarshal(text, &password) != nil || json.Unmarshal(password.Payload, &pass) != nil {
		return registryPassword{}, registryPass{}, errBadPassword
	}
	return password, pass, nil
}

// admit checks the password of a request to the registry: which Region's registry it opens, and for whom.
func admit(door wire.Door, req *http.Request) (region string, who wire.Caller, err error) {
	password, pass, err := readPassword(req)
	if err != nil {
		return "", wire.Caller{}, err
	}
	who, problem := door.KeyOwner(pass.AccessKeyID)
	switch {
	case problem == wire.KeyExpired:
		return "", wire.Caller{}, errOldPassword
	case problem != "", !wire.EnabledRegion(pass.Region),
		!hmac.Equal(password.DataKey, seal(who, password.Payload, password.Expiration)):
		return "", wire.Caller{}, errBadPassword
	case door.Now().Unix() >= password.Expiration:
		return "", wire.Caller{}, errOldPassword
	default:
		return pass.Region, who, nil
	}
}

// registryHost is the name that docker knows the registry by. AWS gives every account a name of its own in every
// Region; an account that is served behind a port has no such name: its registry is where its services are, at the
// address that the caller came to, and the password says which account and Region are meant.
func registryHost(r *wire.Request) string {
	if atAWS(r) {
		return r.AccountID() + ".dkr.ecr." + r.Region + ".amazonaws.com"
	}
	return r.Host
}

// registryEndpoint is the registry's address with its scheme. Docker speaks plain HTTP to loopback addresses without
// being told.
func registryEndpoint(r *wire.Request) string {
	if atAWS(r) {
		return "https://" + registryHost(r)
	}
	return "http://" + registryHost(r)
}

// atAWS says whether the request came by a name of AWS, as it does in this process.
func atAWS(r *wire.Request) bool {
	return strings.HasSuffix(r.Host, ".amazonaws.com") || strings.HasSuffix(r.Host, ".api.aws")
}
