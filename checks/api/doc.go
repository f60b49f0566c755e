// Package api reads AWS by name: any operation of allowed.txt, as "aws SERVICE OPERATION --query EXPRESSION" does.
//
// An Operation is what AWS's own models say of it, unpacked when it is first asked for (model.go). Its input is checked
// against the model (input.go). The endpoint follows AWS's own rules, evaluated (endpoint.go). Requests and answers go
// through the protocols of smithy-go, over schemas that are built for the one call (schema.go, value.go): the schema of
// an answer has the members that a Selection names and no other, so that nothing else is ever held (selection.go). All
// pages are read and joined as the AWS CLI joins them (pages.go).
//
// The package sends nothing itself: a Caller does, which is the door to an account (checks/account). What goes wrong on
// the way is the door's to explain.
//
// What may be asked is closed: allowed.txt, reviewed by hand, with refused.txt for what reads by name and is refused,
// and sensitive.txt for what cannot be named. The models are taken from botocore by "make models"; where they do not
// say how the pages of a list follow one another, pages.txt does.
package api

import "embed"

// models are the models of the services, and rules the rules of their endpoints: see generate.
//
//go:embed models
var models embed.FS

//go:embed rules
var rules embed.FS

//go:embed refused.txt
var refused string
