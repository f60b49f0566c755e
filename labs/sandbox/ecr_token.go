package sandbox

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
)

// tokenLife is how long a registry password is good for.
const tokenLife = 12 * time.Hour

// registryUser is the user name that goes with every registry password.
const registryUser = "AWS"

type authorizationTokenOutput struct {
	Data []authorizationData `wire:"authorizationData"`
}

type authorizationData struct {
	Token    string    `wire:"authorizationToken"`
	Expires  time.Time `wire:"expiresAt"`
	Endpoint string    `wire:"proxyEndpoint"`
}

// getAuthorizationToken hands out a password for the registry of the request's Region.
func getAuthorizationToken(r *request, _ *none) (*authorizationTokenOutput, error) {
	expires := r.Now.Add(tokenLife)
	return &authorizationTokenOutput{Data: []authorizationData{{
		Token:    base64.StdEncoding.EncodeToString([]byte(registryUser + ":" + r.Caller.password(r.Region, expires))),
		Expires:  expires,
		Endpoint: r.registryEndpoint(),
	}}}, nil
}

// RegistryLogin returns the user and the password with which the state's caller signs in to the registry of a Region, as "aws ecr
// get-login-password" prints it. It is good for twelve hours.
func (a *Account) RegistryLogin(region string) (user, password string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return registryUser, a.state.Caller.password(region, a.options.Now().Add(tokenLife))
}

// A registryPass is what a registry password stands for.
type registryPass struct {
	AccessKeyID string `json:"accessKeyId"` // of the caller that asked for it, whose permissions it has
	Region      string `json:"region"`
}

// A registryPassword is the content of a password: JSON of the form of ECR's own. Nothing is kept on the side, so that a login outlives
// a restart of the practice account, as it should within its twelve hours.
type registryPassword struct {
	Payload    []byte `json:"payload"` // a registryPass; ECR's is encrypted
	DataKey    []byte `json:"datakey"` // the seal over payload and expiration
	Version    string `json:"version"`
	Type       string `json:"type"`
	Expiration int64  `json:"expiration"` // seconds since 1970
}

// password writes a password for the registry of a Region.
func (c Caller) password(region string, expires time.Time) string {
	payload, err := json.Marshal(registryPass{AccessKeyID: c.AccessKeyID, Region: region})
	if err != nil {
		panic(err) // strings can always be written
	}
	text, err := json.Marshal(registryPassword{
		Payload: payload, DataKey: c.seal(payload, expires.Unix()), Version: "2", Type: "DATA_KEY", Expiration: expires.Unix(),
	})
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(text)
}

// seal proves that a password was written for the caller by the account that knows the caller's secret key.
func (c Caller) seal(payload []byte, expiration int64) []byte {
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
	if user != registryUser || err != nil || json.Unmarshal(text, &password) != nil || json.Unmarshal(password.Payload, &pass) != nil {
		return registryPassword{}, registryPass{}, errBadPassword
	}
	return password, pass, nil
}

// admit checks the password of a request to the registry: which Region's registry it opens, and for whom.
func (a *Account) admit(req *http.Request) (region string, who Caller, err error) {
	password, pass, err := readPassword(req)
	if err != nil {
		return "", Caller{}, err
	}
	who, problem := a.caller(pass.AccessKeyID)
	switch {
	case problem == keyExpired:
		return "", Caller{}, errOldPassword
	case problem != "", !enabledRegion(pass.Region), !hmac.Equal(password.DataKey, who.seal(password.Payload, password.Expiration)):
		return "", Caller{}, errBadPassword
	case a.options.Now().Unix() >= password.Expiration:
		return "", Caller{}, errOldPassword
	default:
		return pass.Region, who, nil
	}
}

// registryHost is the name that docker knows the registry by. AWS gives every account a name of its own in every Region; an account that
// is served behind a port has no such name: its registry is where its services are, at the address that the caller came to, and the
// password says which account and Region are meant.
func (r *request) registryHost() string {
	if r.atAWS() {
		return r.accountID() + ".dkr.ecr." + r.Region + ".amazonaws.com"
	}
	return r.host
}

// registryEndpoint is the registry's address with its scheme. Docker speaks plain HTTP to loopback addresses without being told.
func (r *request) registryEndpoint() string {
	if r.atAWS() {
		return "https://" + r.registryHost()
	}
	return "http://" + r.registryHost()
}

// atAWS says whether the request came by a name of AWS, as it does in this process.
func (r *request) atAWS() bool {
	return strings.HasSuffix(r.host, ".amazonaws.com") || strings.HasSuffix(r.host, ".api.aws")
}
