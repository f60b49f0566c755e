package sandbox

import (
	"fmt"
	"net/http"
)

// An apiError is an error answer of AWS. Each protocol writes it in its own form.
type apiError struct {
	Code    string // as the service's model names it, such as "RepositoryNotFoundException"
	Message string
	Status  int // HTTP status; 0 means 400
}

func (e *apiError) Error() string { return e.Code + ": " + e.Message }

// status is the HTTP status of the answer.
func (e *apiError) status() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// blame says whose fault the error is: "Sender" or "Receiver".
func (e *apiError) blame() string {
	if e.status() >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

// failf makes an apiError with status 400, the usual one.
func failf(code, format string, args ...any) *apiError {
	return &apiError{Code: code, Message: fmt.Sprintf(format, args...)}
}
