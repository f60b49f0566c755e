package sandbox

import (
	"encoding/base64"
	"fmt"
	"time"
)

// tokenLife is how long a registry password is good for.
const tokenLife = 12 * time.Hour

type authorizationTokenOutput struct {
	Data []authorizationData `wire:"authorizationData"`
}

type authorizationData struct {
	Token    string    `wire:"authorizationToken"`
	Expires  time.Time `wire:"expiresAt"`
	Endpoint string    `wire:"proxyEndpoint"`
}

// getAuthorizationToken hands out a password of ECR's form that opens nothing: it is the same for everybody and says so.
func getAuthorizationToken(r *request, _ *none) (*authorizationTokenOutput, error) {
	expires := r.Now.Add(tokenLife)
	password := fmt.Sprintf(`{"payload":"EXAMPLE","datakey":"EXAMPLE","version":"2","type":"DATA_KEY","expiration":%d}`, expires.Unix())
	password = base64.StdEncoding.EncodeToString([]byte(password))
	return &authorizationTokenOutput{Data: []authorizationData{{
		Token:    base64.StdEncoding.EncodeToString([]byte("AWS:" + password)),
		Expires:  expires,
		Endpoint: "https://" + r.registryHost(),
	}}}, nil
}
