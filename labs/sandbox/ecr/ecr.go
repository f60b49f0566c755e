// Package ecr is the Amazon Elastic Container Registry of the practice account. It is two things: a service of AWS with
// signed requests, and a registry to which docker pushes and from which it pulls, behind a password that the service
// hands out (registry*.go). Both work on the same repositories.
package ecr

import "github.com/labcheck/labcheck/labs/sandbox/wire"

// Service is the Amazon Elastic Container Registry, with the registry that docker speaks to. An account keeps up to
// 1 GiB of image layers, in memory.
var Service = WithLayerBytes(1 << 30)

// WithLayerBytes is [Service] with another limit of image layers, in bytes. A push that needs more is refused.
func WithLayerBytes(layerBytes int64) *wire.Service {
	return &wire.Service{
		API:   api,
		Codes: wire.ErrorCodes{Invalid: "InvalidParameterException"},
		Operations: []wire.Operation{
			wire.Change("BatchDeleteImage", batchDeleteImage),
			wire.Op("BatchGetImage", batchGetImage),
			wire.Op("BatchGetRepositoryScanningConfiguration", batchGetRepositoryScanningConfiguration),
			wire.Change("CreateRepository", createRepository),
			wire.Change("DeleteRepository", deleteRepository),
			wire.Op("DescribeImageScanFindings", describeImageScanFindings),
			wire.Op("DescribeImages", describeImages),
			wire.Op("DescribeRepositories", describeRepositories),
			wire.Op("GetAuthorizationToken", getAuthorizationToken),
			wire.Op("GetLifecyclePolicy", getLifecyclePolicy),
			wire.Op("GetRegistryScanningConfiguration", getRegistryScanningConfiguration),
			wire.Op("ListImages", listImages),
			wire.Change("PutImage", putImage),
			wire.Change("PutImageScanningConfiguration", putImageScanningConfiguration),
			wire.Change("PutImageTagMutability", putImageTagMutability),
			wire.Change("PutLifecyclePolicy", putLifecyclePolicy),
			wire.Change("PutRegistryScanningConfiguration", putRegistryScanningConfiguration),
			wire.Change("StartImageScan", startImageScan),
		},
		Parts: []wire.AnyPart{Part},
		Site:  registrySite(layerBytes),
	}
}

// paging is how every ECR list is paged.
var paging = wire.Paging{
	Size: 100, Max: 1000, BadSize: "InvalidParameterException", BadToken: "InvalidParameterException",
}

// registry is the registry of the request's Region.
func registry(r *wire.Request) *State { return Part.Of(r) }

// findRepository finds a repository, or fails as every operation on a missing repository does.
func findRepository(r *wire.Request, name string) (*Repository, error) {
	repo, ok := registry(r).repository(name)
	if !ok {
		return nil, wire.Failf("RepositoryNotFoundException",
			"The repository with name '%s' does not exist in the registry with id '%s'", name, r.AccountID())
	}
	return repo, nil
}

// within ends most of ECR's messages: which repository, of which registry.
func within(r *wire.Request, repo *Repository) string {
	return "the repository with name '" + repo.Name + "' in the registry with id '" + r.AccountID() + "'"
}

// badECR is the answer to a parameter that ECR refuses.
func badECR(parameter, constraint string) error {
	return wire.Failf("InvalidParameterException",
		"Invalid parameter at '%s' failed to satisfy constraint: '%s'", parameter, constraint)
}
