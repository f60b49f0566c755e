package sandbox

var logsService = service{
	id:        "logs",
	protocols: []protocol{awsJSON11},
	target:    "Logs_20140328",
	codes:     errorCodes{denied: "AccessDeniedException", throttled: "ThrottlingException", invalid: "InvalidParameterException"},
}
