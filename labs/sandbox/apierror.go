package sandbox

import (
	"fmt"
	"net/http"
)

// An apiError is an error answer of AWS. Each protocol writes it in its own form.
type apiError struct {
	Code    string // as the service's model names it, such as "RepositoryNotFoundException"
	Message string
	Status  int    // HTTP status; 0 means 400
	Query   string // the code in the Query protocol where that differs from Code
}

func (e *apiError) Error() string { return e.Code + ": " + e.Message }

// status is the HTTP status of the answer.
func (e *apiError) status() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// queryCode is the error's code in the Query protocol.
func (e *apiError) queryCode() string {
	if e.Query != "" {
		return e.Query
	}
	return e.Code
}

// failf makes an apiError with status 400, the usual one.
func failf(code, format string, args ...any) *apiError {
	return &apiError{Code: code, Message: fmt.Sprintf(format, args...)}
}
