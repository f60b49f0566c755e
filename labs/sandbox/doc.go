// Package sandbox is a practice account: a small AWS that runs inside this process and speaks the real wire protocols, so that grading
// in practice runs the very code that grades a real account.
//
// One file holds one service. A service is a plain value that lists its operations; an operation is a function from one small typed
// input to one small typed output, whose fields carry wire tags. One codec per protocol reads and writes those tags, so that a new
// operation is one function, two structs and one line in the list.
//
// An [Account] answers in this process; a [Server] puts many of them behind one address, kept apart, with the registry protocol and with
// [Simulation]s of what no API does.
//
// Requests are believed as AWS believes them: signed with an access key that the account issued. Then the policies of the caller (user,
// groups or role, and the permissions boundary) must allow the action. They are read by action alone: a statement counts for every
// resource and under every condition, and denials name the resource "*". Trust policies and service control policies are not read, root
// may do everything, and so may a caller of whom the state says nothing but the name.
//
// It knows only the operations that the labs read, that their fixes run and that their notes show. Anything else is answered as AWS
// answers an operation that does not exist, and is said on [Options.Log].
package sandbox
