package sandbox

var ecrService = service{
	id:        "ecr",
	protocols: []protocol{awsJSON11},
	target:    "AmazonEC2ContainerRegistry_V20150921",
	codes:     errorCodes{denied: "AccessDeniedException", throttled: "ThrottlingException", invalid: "InvalidParameterException"},
}
