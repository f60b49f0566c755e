// Package declared makes a check of a file: reads by the names of AWS's operations, what is expected of the answers in
// JMESPath, the fix, and tests. A teacher who knows "aws SERVICE OPERATION --query EXPRESSION" writes one without Go.
//
// Load reads a file strictly and types it against AWS's own models, so that all that can be wrong with it is told at
// once, with its place, before anything is asked (load.go, question.go, judgement.go). What is left is a plan:
// questions to ask, through package api, and judgements of the answers (evaluate.go), with near misses (near.go) and
// the fix that fits what was found (remedy.go). The result is a checks.Check like any other: nothing else knows in
// which language a check is written. Prove tries a check on its tests and on spoiled ones (proof.go).
//
// A read by name is one for each operation of a check, and its key holds the Region and the input: that is the identity
// which checks share answers by, and which recordings keep. What is kept of an answer is what the expressions of the
// plan's checks name, and nothing else.
//
// The checks that are built in stand in the folders of their topics, one file each, named after its id: Folder knows
// the ids by the files' names and reads a file when its check is looked up.
//
// Of the contract's grammar "absent" need not be said where any exists came before, not only one of the read itself:
// its own example leaves it out there. An absence that nothing decides is unknown. That something exists is a finding
// of its own only where nothing is said of what it is like: the line about a step is then what its author wrote.
package declared
