// Package sandbox is a practice account: a small AWS that runs inside this process and speaks the real wire protocols,
// so that grading in practice runs the very code that grades a real account.
//
// Each service is a package below this one, with its state and its operations; package wire is what they stand on. This
// package joins them: a [State] holds what all of them keep, an [Account] answers in this process, and a [Server] puts
// many accounts behind one address, kept apart. It knows which services there are ([Standard]) and nothing of what they
// do. A service of somebody else takes part as well: [Parse] takes it.
//
// Requests are believed as AWS believes them: signed with an access key that the account issued. Then the service that
// decides over permissions, which is IAM, must not deny the action.
//
// It knows only the operations that the labs read, that their fixes run and that their notes show. Anything else is
// answered as AWS answers an operation that does not exist, and is said on [Options.Log].
package sandbox
