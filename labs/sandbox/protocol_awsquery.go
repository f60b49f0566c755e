package sandbox

import "net/http"

// awsQuery is the AWS Query protocol: lists have member elements, and an answer wraps its result.
var awsQuery = &query{
	memberList: true,
	item:       "member",
	answer: func(s *service, operation string, out object, requestID string) element {
		metadata := member{name: "ResponseMetadata", value: object{{name: "RequestId", value: requestID}}}
		content := object{metadata}
		if len(out) > 0 {
			content = object{{name: operation + "Result", value: out}, metadata}
		}
		return element{name: operation + "Response", namespace: s.namespace, content: content}
	},
	fault: func(s *service, e *apiError, requestID string) element {
		return element{name: "ErrorResponse", namespace: s.namespace, content: object{
			{name: "Error", value: object{
				{name: "Type", value: e.blame()},
				{name: "Code", value: s.queryCode(e)},
				{name: "Message", value: e.Message},
			}},
			{name: "RequestId", value: requestID},
		}}
	},
	door: frontDoor{
		unknownOperation: apiError{Code: "InvalidAction", Message: "Could not find the operation in this version of the API"},
		unreadable:       apiError{Code: "MalformedInput"},
		unsigned: apiError{
			Code: "MissingAuthenticationToken", Message: "Request is missing Authentication Token", Status: http.StatusForbidden,
		},
		rejected: apiError{
			Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid.", Status: http.StatusForbidden,
		},
		incomplete: apiError{Code: "IncompleteSignature", Message: incompleteSignature},
		mismatch:   apiError{Code: "SignatureDoesNotMatch", Message: wrongSignature, Status: http.StatusForbidden},
		expired: apiError{
			Code: "ExpiredToken", Message: "The security token included in the request is expired", Status: http.StatusForbidden,
		},
		skewed: apiError{Code: "SignatureDoesNotMatch", Status: http.StatusForbidden},
		notActive: apiError{
			Code: "OptInRequired", Message: "The AWS Access Key Id needs a subscription for the service", Status: http.StatusForbidden,
		},
		internal:        apiError{Code: "InternalFailure", Message: "An internal error occurred.", Status: http.StatusInternalServerError},
		deniedStatus:    http.StatusForbidden,
		throttledStatus: http.StatusBadRequest,
	},
}
