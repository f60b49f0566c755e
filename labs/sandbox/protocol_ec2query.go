package sandbox

import "net/http"

// ec2Query is EC2's own dialect of the Query protocol: lists in requests are flat, and an answer is not wrapped.
var ec2Query = &query{
	upperFirst: true,
	item:       "item",
	answer: func(s *service, operation string, out object, requestID string) element {
		content := append(object{{name: "requestId", value: requestID}}, out...)
		return element{name: operation + "Response", namespace: s.namespace, content: content}
	},
	fault: func(_ *service, e *apiError, requestID string) element {
		return element{name: "Response", content: object{
			{name: "Errors", value: object{
				{name: "Error", value: object{{name: "Code", value: e.Code}, {name: "Message", value: e.Message}}},
			}},
			{name: "RequestID", value: requestID},
		}}
	},
	door: frontDoor{
		unknownOperation: apiError{Code: "InvalidAction", Message: "The action is not valid for this web service"},
		unreadable:       apiError{Code: "InvalidParameterValue"},
		unsigned: apiError{
			Code: "AuthFailure", Message: "AWS was not able to validate the provided access credentials", Status: http.StatusUnauthorized,
		},
		rejected: apiError{
			Code: "AuthFailure", Message: "AWS was not able to validate the provided access credentials", Status: http.StatusUnauthorized,
		},
		incomplete: apiError{Code: "IncompleteSignature", Message: incompleteSignature},
		// EC2 does not tell a wrong secret from a wrong key.
		mismatch: apiError{
			Code: "AuthFailure", Message: "AWS was not able to validate the provided access credentials", Status: http.StatusUnauthorized,
		},
		expired: apiError{Code: "RequestExpired", Message: "Request has expired."},
		skewed:  apiError{Code: "RequestExpired"},
		notActive: apiError{
			Code:    "OptInRequired",
			Message: "You are not subscribed to this service. Please go to https://aws.amazon.com to subscribe.", Status: http.StatusUnauthorized,
		},
		internal:        apiError{Code: "InternalError", Message: "An internal error has occurred", Status: http.StatusInternalServerError},
		deniedStatus:    http.StatusForbidden,
		throttledStatus: http.StatusServiceUnavailable,
	},
}
