// Package account holds the reads that ask AWS. It is the only importer of the AWS SDK: the types of its reads are ours.
//
// Open opens an account as a Door: a configuration that is guarded and limited, and the clients made from it. Each file
// of reads belongs to one service. A read turns "not found" codes from an allow-list, in a complete answer, into data;
// every other error leaves the SDK's own call already classified as a *facts.Error.
//
// What every request goes through, from the outside in:
//
//	errors.go    each error becomes a *facts.Error with one reason
//	guard.go     an operation that the plan did not declare is refused before anything leaves the process
//	limits.go    20 s for a call with its retries, at most 8 requests per service at a time, 5 s for an attempt
//	retries.go   5 attempts of what may pass
//	strictxml.go an answer that has text where a list belongs is refused
//	answers.go   an answer that is not in AWS's protocols is refused, and not asked for again
//	evidence.go  each answered request is noted
//
// None of this is on the clients with which the SDK fetches the credentials themselves: they ask operations that are on
// no list, such as sts:AssumeRole. What goes wrong there is explained in signin.go.
package account
