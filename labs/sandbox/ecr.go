package sandbox

var ecrService = service{
	id:        "ecr",
	protocols: []protocol{awsJSON11},
	target:    "AmazonEC2ContainerRegistry_V20150921",
	codes:     errorCodes{denied: "AccessDeniedException", throttled: "ThrottlingException", invalid: "InvalidParameterException"},
	operations: []operation{
		change("BatchDeleteImage", batchDeleteImage),
		op("BatchGetImage", batchGetImage),
		op("BatchGetRepositoryScanningConfiguration", batchGetRepositoryScanningConfiguration),
		change("CreateRepository", createRepository),
		change("DeleteRepository", deleteRepository),
		op("DescribeImageScanFindings", describeImageScanFindings),
		op("DescribeImages", describeImages),
		op("DescribeRepositories", describeRepositories),
		op("GetAuthorizationToken", getAuthorizationToken),
		op("GetLifecyclePolicy", getLifecyclePolicy),
		op("GetRegistryScanningConfiguration", getRegistryScanningConfiguration),
		op("ListImages", listImages),
		change("PutImage", putImage),
		change("PutImageScanningConfiguration", putImageScanningConfiguration),
		change("PutImageTagMutability", putImageTagMutability),
		change("PutLifecyclePolicy", putLifecyclePolicy),
		change("PutRegistryScanningConfiguration", putRegistryScanningConfiguration),
		change("StartImageScan", startImageScan),
	},
}

// ecrPaging is how every ECR list is paged.
var ecrPaging = paging{size: 100, max: 1000, badSize: "InvalidParameterException", badToken: "InvalidParameterException"}

// registry is the registry of the request's Region.
func (r *request) registry() *ECRState { return &r.regional().ECR }

// repository finds a repository, or fails as every operation on a missing repository does.
func (r *request) repository(name string) (*Repository, error) {
	repo, ok := r.registry().repository(name)
	if !ok {
		return nil, failf("RepositoryNotFoundException", "The repository with name '%s' does not exist in the registry with id '%s'", name, r.accountID())
	}
	return repo, nil
}

// within ends most of ECR's messages: which repository, of which registry.
func (r *request) within(repo *Repository) string {
	return "the repository with name '" + repo.Name + "' in the registry with id '" + r.accountID() + "'"
}

// badECR is the answer to a parameter that ECR refuses.
func badECR(parameter, constraint string) error {
	return failf("InvalidParameterException", "Invalid parameter at '%s' failed to satisfy constraint: '%s'", parameter, constraint)
}
