package sandbox

import (
	"embed"
	"encoding/json"
	"strings"
	"sync"
	"time"
)

// policyFiles are the policies of AWS that the account knows, by path and name, as AWS publishes them (November 2026):
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html. Of those with hundreds of actions only the part is
// here that is about the services of the practice account: Billing, SecurityAudit, ViewOnlyAccess, ReadOnlyAccess and the like.
//
//go:embed policies
var policyFiles embed.FS

const awsManagedPrefix = "arn:aws:iam::aws:policy/"

// awsManagedPolicy finds one of AWS's own policies.
func awsManagedPolicy(arn string) (*Policy, bool) {
	name, ok := strings.CutPrefix(arn, awsManagedPrefix)
	if !ok {
		return nil, false
	}
	document, err := policyFiles.ReadFile("policies/" + name + ".json")
	if err != nil {
		return nil, false
	}
	i := strings.LastIndex(name, "/") + 1
	return &Policy{
		Name:     name[i:],
		Path:     "/" + name[:i],
		ID:       "ANPAAWSMANAGEDEXAMPLE",
		Created:  at(time.Date(2015, time.February, 6, 18, 39, 46, 0, time.UTC)),
		Document: json.RawMessage(document),
	}, true
}

// A library keeps AWS's policies that have been read, so that the accounts that share it share them. The zero value is empty.
type library struct {
	mu        sync.Mutex
	documents map[string]*policyDocument // by ARN
}

// document reads one of AWS's policies, once. One that AWS does not have grants nothing.
func (l *library) document(arn string) *policyDocument {
	l.mu.Lock()
	defer l.mu.Unlock()
	if d := l.documents[arn]; d != nil {
		return d
	}
	p, ok := awsManagedPolicy(arn)
	if !ok {
		return &policyDocument{}
	}
	if l.documents == nil {
		l.documents = map[string]*policyDocument{}
	}
	l.documents[arn] = readPolicy(p.Document)
	return l.documents[arn]
}
