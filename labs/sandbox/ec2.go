package sandbox

var ec2Service = service{
	id:        "ec2",
	protocols: []protocol{ec2Query},
	namespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
	codes:     errorCodes{denied: "UnauthorizedOperation", throttled: "RequestLimitExceeded", invalid: "MissingParameter"},
}
