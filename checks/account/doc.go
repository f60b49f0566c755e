// Package account holds the reads that ask AWS. It is the only importer of the AWS SDK: the types of its reads are ours.
//
// The Door opens an account: it holds the guarded and limited configuration and one client per service and Region. Each
// file of reads belongs to one service. A read turns "not found" codes from an allow-list, in a complete answer, into
// data; every other error leaves the SDK's own middleware already classified as a *facts.Error (see errors.go).
package account
