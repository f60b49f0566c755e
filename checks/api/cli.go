package api

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// How the AWS CLI makes "describe-db-instances" of "DescribeDBInstances": botocore's xform_name.
	manyAtEnd = regexp.MustCompile(`[A-Z]{2,}s$`)
	firstCap  = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	endCap    = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// CLIName is how the AWS CLI writes a name of AWS's models: "describe-db-instances", "load-balancer-arns".
func CLIName(name string) string {
	if many := manyAtEnd.FindString(name); many != "" {
		name = strings.TrimSuffix(name, many) + "-" + strings.ToLower(many)
	}
	name = firstCap.ReplaceAllString(name, "$1-$2")
	return strings.ToLower(strings.TrimPrefix(endCap.ReplaceAllString(name, "$1-$2"), "-"))
}

// CLIService is how the AWS CLI calls a service: its command "s3" copies files, and "s3api" asks S3.
func CLIService(service string) string {
	if service == "s3" {
		return "s3api"
	}
	return service
}

// writing are the verbs of operations that change something.
var writing = strings.Fields(`abort accept add allocate apply assign associate attach attest authorize cancel change
	complete confirm continue copy create deactivate delete deploy deregister detach disable disassociate enable
	encrypt execute export import invite invoke merge modify move publish purchase purge put reboot rebuild receive
	recover redrive register reject release remove reorder replace request reset resize restart restore resume
	retire revoke rollback rotate run schedule send set setup start stop submit subscribe suspend swap switch tag
	terminate transact unassign undeprecate unlink unsubscribe untag update upgrade upload write`)

// FindCLI returns an operation by the words of the AWS CLI, such as "s3api" and "get-bucket-versioning". The error is a
// *Refusal that says what to ask in its place, in the same words.
func FindCLI(service, command string) (*Operation, error) {
	name := "aws " + service + " " + command
	if service == "s3" {
		return nil, &Refusal{name, `"aws s3" is a program of many requests; one of them is asked by "aws s3api", ` +
			"such as aws s3api list-buckets, get-bucket-versioning or list-objects-v2"}
	}
	if service == "s3api" {
		service = "s3"
	}
	known := Operations(service)
	if known == nil {
		services := Services()
		for i, s := range services {
			services[i] = CLIService(s)
		}
		return nil, &Refusal{name, "no service that may be read has the name " + service + near(service, services)}
	}
	if i := slices.IndexFunc(known, func(o string) bool { return CLIName(o) == command }); i >= 0 {
		return Find(service + ":" + known[i])
	}
	if reason := refusal(service + ":" + modelName(command)); reason != "" {
		return nil, &Refusal{name, reason}
	}
	commands := make([]string, len(known))
	for i, o := range known {
		commands[i] = CLIName(o)
	}
	verb, thing, _ := strings.Cut(command, "-")
	if !slices.Contains(writing, verb) {
		return nil, &Refusal{name, "it is not on the list of what may be read" + near(command, commands)}
	}
	reason := "it changes the account, and a check only reads"
	for _, seen := range []string{"get-" + thing, "describe-" + thing, "describe-" + thing + "s", "list-" + thing + "s"} {
		if slices.Contains(commands, seen) {
			return nil, &Refusal{name, reason + "; what it changes is seen by aws " + CLIService(service) + " " + seen}
		}
	}
	return nil, &Refusal{name, reason + ": paste the line with which you see what it did"}
}

// modelName is what a name of the AWS CLI most likely is in AWS's models.
func modelName(command string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(command, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}
