// Package sandbox is a practice account: a small AWS that runs inside this process and speaks the real wire protocols, so that grading
// in practice runs the very code that grades a real account.
//
// One file holds one service. A service is a plain value that lists its operations; an operation is a function from one small typed
// input to one small typed output, whose fields carry wire tags. One codec per protocol reads and writes those tags, so that a new
// operation is one function, two structs and one line in the list.
//
// What it does not do: it checks no signature (an access key id that the account knows is enough), it evaluates no IAM policy (denials
// are injected with a [Fault]), and it knows only the operations that the labs read and that their fixes run. Anything else is answered
// as AWS answers an operation that does not exist, and is said on [Options.Log].
package sandbox
