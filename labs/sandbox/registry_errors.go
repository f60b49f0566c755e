package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// A registryError is an error answer of the registry. Clients show the code in lower case before the message: "name unknown: ...".
type registryError struct {
	status  int
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e *registryError) Error() string { return e.Code + ": " + e.Message }

func failRegistry(status int, code, format string, args ...any) *registryError {
	return &registryError{status: status, Code: code, Message: fmt.Sprintf(format, args...)}
}

// refuseRegistry answers a request to the registry with an error.
func refuseRegistry(w http.ResponseWriter, req *http.Request, err error) {
	w.Header().Set(registryVersionHeader, registryVersion)
	if errors.Is(err, errNoPassword) {
		w.Header().Set("WWW-Authenticate", `Basic realm="http://`+req.Host+`/",service="ecr.amazonaws.com"`)
		http.Error(w, "Not Authorized", http.StatusUnauthorized)
		return
	}
	e := registryErrorOf(err)
	body, err := json.Marshal(map[string][]*registryError{"errors": {e}})
	if err != nil {
		panic(err) // strings can always be written
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(e.status)
	_, _ = w.Write(body) // a client that went away cannot be told
}

// registryErrorOf turns an error into the registry's form. ECR's registry says in this form what its API would say.
func registryErrorOf(err error) *registryError {
	var own *registryError
	var api *apiError
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, errBadPassword):
		return failRegistry(http.StatusBadRequest, "DENIED", "Your authorization token is not one of this practice account. Run 'aws ecr get-login-password' and 'docker login' again.")
	case errors.Is(err, errOldPassword):
		return failRegistry(http.StatusForbidden, "DENIED", "Your authorization token has expired. Reauthenticate and try again.")
	case !errors.As(err, &api):
		return failRegistry(http.StatusInternalServerError, "UNKNOWN", "%s", err)
	}
	switch api.Code {
	case "RepositoryNotFoundException":
		return failRegistry(http.StatusNotFound, "NAME_UNKNOWN", "%s", api.Message)
	case "ImageNotFoundException":
		return failRegistry(http.StatusNotFound, "MANIFEST_UNKNOWN", "%s", api.Message)
	case "ImageTagAlreadyExistsException":
		return failRegistry(http.StatusBadRequest, "TAG_INVALID", "%s", api.Message)
	case "LayersNotFoundException", "ReferencedImagesNotFoundException":
		return failRegistry(http.StatusBadRequest, "MANIFEST_BLOB_UNKNOWN", "%s", api.Message)
	case "InvalidParameterException":
		return failRegistry(http.StatusMethodNotAllowed, "UNSUPPORTED", "%s", api.Message)
	case ecrService.codes.denied:
		return failRegistry(http.StatusForbidden, "DENIED", "%s", api.Message)
	case ecrService.codes.throttled:
		return failRegistry(http.StatusTooManyRequests, "TOOMANYREQUESTS", "%s", api.Message)
	default:
		return failRegistry(api.status(), "UNKNOWN", "%s", api.Message)
	}
}
