// Package workstation holds the reads that look at the student's own machine: how the AWS CLI is set up, where Docker
// is logged in, and whether an AWS key is in the git repository of the current folder.
//
// The Door opens a machine. It reads files, the environment and the output of two programs, git and aws; it never
// writes, never asks a credential helper and never starts anything else. Files on this machine hold secrets, so a read
// keeps facts about them (there is a key, it ends in these four characters) and never a value: see mask.go.
package workstation
