package sandbox

import (
	"net/http"
	"regexp"
	"strings"
)

// The registry. ECR is two things: a service of AWS with signed requests (ecr_*.go), and a registry to which docker pushes and from which
// it pulls, behind a password that the service hands out (registry_*.go). Both work on the same repositories.
//
// The registry speaks the HTTP API of Docker's registry, version 2, which is also that of the OCI distribution specification:
// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md. Where ECR is known to differ from it, the registry is like ECR:
//   - a repository must exist before the first push;
//   - a layer is not taken over from another repository ("mounted"), which ECR does only in accounts that switched it on;
//   - nothing is deleted, and referrers are not listed, through this API;
//   - the words of errors are ECR's.
//
// One thing is as the specification has it, because ECR's own way breaks clients: a chunk of a layer is answered with 202, not 201.

// isRegistryPath says whether a request is for the registry, whose paths no API of AWS has.
func isRegistryPath(path string) bool { return path == "/v2" || strings.HasPrefix(path, "/v2/") }

// registryPath is the path of everything in a registry: a repository, a kind of thing in it, and which of them.
var registryPath = regexp.MustCompile(`^/v2/(.+)/(blobs/uploads|blobs|manifests|tags)/([^/]*)$`)

// Every answer of a registry says which API it speaks: clients look for that before they believe a challenge.
const (
	registryVersionHeader = "Docker-Distribution-Api-Version"
	registryVersion       = "registry/2.0"
)

// A registryRoute is a kind of request to the registry.
type registryRoute struct {
	method, kind string
	operation    string // the operation of ECR that the request amounts to, whose permission it needs
	serve        func(*registryCall) error
}

func registryRoutes() []registryRoute {
	return []registryRoute{
		{http.MethodHead, "blobs", "BatchCheckLayerAvailability", (*registryCall).getLayer},
		{http.MethodGet, "blobs", "GetDownloadUrlForLayer", (*registryCall).getLayer},
		{http.MethodPost, "blobs/uploads", "InitiateLayerUpload", (*registryCall).beginUpload},
		{http.MethodPatch, "blobs/uploads", "UploadLayerPart", (*registryCall).continueUpload},
		{http.MethodPut, "blobs/uploads", "CompleteLayerUpload", (*registryCall).completeUpload},
		{http.MethodDelete, "blobs/uploads", "CompleteLayerUpload", (*registryCall).cancelUpload},
		{http.MethodHead, "manifests", "BatchGetImage", (*registryCall).getManifest},
		{http.MethodGet, "manifests", "BatchGetImage", (*registryCall).getManifest},
		{http.MethodPut, "manifests", "PutImage", (*registryCall).putManifest},
		{http.MethodGet, "tags", "ListImages", (*registryCall).listTags},
	}
}

// A registryCall is one request to the registry of one account and Region.
type registryCall struct {
	account *Account
	w       http.ResponseWriter
	req     *http.Request
	region  string
	caller  Caller
	x       exchange // the operation of ECR that the request amounts to
	name    string   // of the repository
	target  string   // the last part of the path: a digest, a tag or the number of an upload
}

// serveRegistry hands a request to the registry of the account that wrote its password.
func (s *Server) serveRegistry(w http.ResponseWriter, req *http.Request) {
	_, pass, err := readPassword(req)
	a := s.shared.keys.owner(pass.AccessKeyID)
	switch {
	case err != nil:
		refuseRegistry(w, req, err)
	case a == nil:
		refuseRegistry(w, req, errBadPassword)
	default:
		a.serveRegistry(w, req)
	}
}

// serveRegistry answers one request to the account's registry.
func (a *Account) serveRegistry(w http.ResponseWriter, req *http.Request) {
	c := &registryCall{account: a, w: w, req: req}
	if err := c.serve(); err != nil {
		refuseRegistry(w, req, err)
	}
}

func (c *registryCall) serve() error {
	var err error
	if c.region, c.caller, err = c.account.admit(c.req); err != nil {
		return err
	}
	c.w.Header().Set(registryVersionHeader, registryVersion)
	if path := c.req.URL.Path; path == "/v2" || path == "/v2/" { // how docker login asks whether the password is good
		c.w.WriteHeader(http.StatusOK)
		return nil
	}
	route, err := c.route()
	if err != nil {
		return err
	}
	c.x = exchange{service: &ecrService, protocol: awsJSON11, operation: route.operation}
	c.x.fault = c.account.fault(c.x.service.id, c.x.operation)
	if err := c.account.travel(c.req.Context(), c.x.fault); err != nil {
		panic(http.ErrAbortHandler) // the server then closes the connection without an answer
	}
	return route.serve(c)
}

// route finds out what a request is about.
func (c *registryCall) route() (registryRoute, error) {
	if match := registryPath.FindStringSubmatch(c.req.URL.Path); match != nil {
		c.name, c.target = match[1], match[3]
		for _, route := range registryRoutes() {
			if route.method == c.req.Method && route.kind == match[2] {
				return route, nil
			}
		}
	}
	return registryRoute{}, failRegistry(http.StatusMethodNotAllowed, "UNSUPPORTED", "The operation is unsupported by the practice registry.")
}

// allowed runs f on the repository, if it exists and the caller may do what the request amounts to.
func (c *registryCall) allowed(f func(*request, *Repository) error) error {
	return c.account.view(c.region, c.caller, func(r *request) error { return c.guarded(r, f) })
}

// changing is allowed for an f that changes the state.
func (c *registryCall) changing(f func(*request, *Repository) error) error {
	return c.account.change(c.region, c.caller, func(r *request) error { return c.guarded(r, f) })
}

func (c *registryCall) guarded(r *request, f func(*request, *Repository) error) error {
	if fail := c.x.faultError(c.caller, r.Now); fail != nil {
		return fail
	}
	if fail := c.x.authorize(c.account, c.caller); fail != nil {
		return fail
	}
	repo, err := r.repository(c.name)
	if err != nil {
		return err
	}
	return f(r, repo)
}

// path is a path in the call's repository.
func (c *registryCall) path(kind, target string) string {
	return "/v2/" + c.name + "/" + kind + "/" + target
}
